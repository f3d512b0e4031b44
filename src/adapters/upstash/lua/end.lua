-- end: ends exactly these places, all of them before anybody is promoted.
-- ARGV: from 4 on, three for each place: fan, order, epoch
-- Answers the epoch of the room, or "".

local of_this_epoch = false
for i = 4, #ARGV, 3 do
  local fan, order, epoch = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  if epoch == R.epoch then
    of_this_epoch = true
    local place = find(fan, order)
    if place then remove(fan, place) end
  end
end
if of_this_epoch then upkeep(false) end
save()
return R.epoch == '-' and '' or R.epoch
