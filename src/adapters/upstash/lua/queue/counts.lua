-- counts: the number of fans in each state.
-- KEYS and ARGV 1 to 3: see `room.lua`
-- Returns {gathered, waiting, admitted, parked, admitted within the last minute, last tick (ms) or
-- "", epoch or "", rules}, or {} without rules.

if rules == '-' then return {} end
local ticked = R.ticked == -1 and '' or int(R.ticked)
if R.epoch == '-' then
  save()
  return { 0, 0, 0, 0, 0, ticked, '', rules }
end
upkeep(false)
local minute = int(floor((now - 60000) / BUCKET_MS) + 1)
local oldest = call('ZRANGEBYSCORE', METER, minute, '+inf', 'LIMIT', 0, 1)[1]
local before = oldest and tonumber(string.match(oldest, ':(%d+):')) or R.admitted
save()
return {
  R.draw_phase > 0 and call('ZCARD', GATHERED) or 0,
  call('ZCARD', WAITING) + call('ZCARD', RETURNED), call('ZCARD', ADMITTED), call('ZCARD', PARKED),
  R.admitted - before, ticked, R.epoch, rules,
}
