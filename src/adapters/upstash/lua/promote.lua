-- promote: one share of upkeep and nothing else.
-- Answers {expired, admitted, more, last active ms or ""}.

set('ticked', now)
if R.epoch == '-' then
  save()
  return { 0, 0, 0, '' }
end
local expired, admitted, more = 0, 0, false
-- An empty room costs little: the cron looks into it all month.
if call('ZCARD', WAITING) + call('HLEN', CALLED) > 0 then
  set('active', now)
  expired, admitted, more = upkeep(true)
end
-- Once nobody can rejoin any more, and all who did are through, nothing of it is needed.
local over = R.rejoins > 0 and now >= R.created + waiting_ms
if over and call('ZCOUNT', WAITING, '-inf', '(' .. int(R.first)) == 0 then
  call('UNLINK', REJOINED, TOLD)
  set('rejoins', 0)
end
save()
return { expired, admitted, more and 1 or 0, int(R.active) }
