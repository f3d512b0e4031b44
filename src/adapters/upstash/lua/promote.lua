-- promote: one share of upkeep and nothing else.
-- ARGV: 4 how many heads go in although the room is held
-- Answers {expired, admitted, more, last active ms or "", opened by itself, count the stock}.

if rules == '-' then return { 0, 0, 0, '', 0, 0 } end
set('ticked', now)
local opened = state == 'o' and 1 or 0
if R.epoch == '-' then
  save()
  return { 0, 0, 0, '', opened, 0 }
end
local expired, admitted, more = 0, 0, false
-- An empty room costs little: the cron looks into it all month.
local gathered = R.lot > 0 and call('ZCARD', GATHERED) or 0
if gathered + call('ZCARD', WAITING) + call('HLEN', CALLED) > 0 then
  set('active', now)
  expired, admitted, more = upkeep(true, nil, tonumber(ARGV[4]))
end
-- Once nobody can rejoin any more, and all who did are through, nothing of it is needed.
local over = R.rejoins > 0 and now >= R.created + waiting_ms
if over and call('ZCOUNT', WAITING, '-inf', '(' .. int(R.first)) == 0 then
  call('UNLINK', REJOINED, TOLD)
  set('rejoins', 0)
end
local count = count_stock()
save()
return { expired, admitted, more and 1 or 0, int(R.active), opened, count }
