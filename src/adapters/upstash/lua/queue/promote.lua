-- promote: one bounded part of the upkeep.
-- KEYS: see `room.lua`
-- ARGV: 1 to 3: see `room.lua` · 4 maximum number of fans to promote although the room is HELD
-- Returns {expired, admitted, more, last active (ms) or "", has opened, count the stock}. The third
-- and the last two values are 1 or 0.

if rules == '-' then return { 0, 0, 0, '', 0, 0 } end
set('ticked', now)
local opened = state == 'o' and 1 or 0
if R.epoch == '-' then
  save()
  return { 0, 0, 0, '', opened, 0 }
end
local expired, admitted, more = 0, 0, false
-- The cron runs this for an empty room all month, so that case must be cheap.
local gathered = R.draw_phase > 0 and call('ZCARD', GATHERED) or 0
if gathered + call('ZCARD', WAITING) + call('HLEN', CALLED) > 0 then
  set('active', now)
  expired, admitted, more = upkeep(true, nil, tonumber(ARGV[4]))
end
-- These keys are not needed when the time to rejoin is over and no rejoined fan waits.
local over = R.rejoins > 0 and now >= R.created + waiting_ms
if over and call('ZCOUNT', WAITING, '-inf', '(' .. int(R.first)) == 0 then
  call('UNLINK', REJOINED, LOWEST_AHEAD)
  set('rejoins', 0)
end
local count = claim_recount()
save()
return { expired, admitted, more and 1 or 0, int(R.active), opened, count }
