-- counts: how many stand where.
-- Answers {waiting, admitted, parked, admitted within the last minute, last tick ms or "", epoch or ""}.

local ticked = R.ticked == -1 and '' or int(R.ticked)
if R.epoch == '-' then return { 0, 0, 0, 0, ticked, '' } end
upkeep(false)
local minute = int(floor((now - 60000) / BUCKET_MS) + 1)
local oldest = call('ZRANGEBYSCORE', METER, minute, '+inf', 'LIMIT', 0, 1)[1]
local before = oldest and tonumber(string.match(oldest, ':(%d+):')) or R.admitted
save()
return {
  call('ZCARD', WAITING) + call('ZCARD', RETURNED), call('ZCARD', ADMITTED), call('ZCARD', PARKED),
  R.admitted - before, ticked, R.epoch,
}
