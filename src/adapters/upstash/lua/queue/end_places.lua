-- end_places: ends exactly these places, all of them before any promotion.
-- KEYS: see `room.lua`
-- ARGV: 1 to 3: see `room.lua` · from 4 on three per place: fan, order, epoch
-- Returns the epoch of the room, or "" before the first place.

local of_this_epoch = false
for i = 4, #ARGV, 3 do
  local fan, order, epoch = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  if epoch == R.epoch then
    of_this_epoch = true
    local place = find_live(fan, order)
    if place then remove(fan, place) end
  end
end
if of_this_epoch then upkeep(false) end
save()
return R.epoch == '-' and '' or R.epoch
