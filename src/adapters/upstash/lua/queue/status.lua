-- status: the standing of a place. It counts as a call of its fan. `status_fast_path` runs before.
-- KEYS and ARGV 1 to 6: see `room.lua` and `status_fast_path.lua`
-- Returns {standing…}, or {'X'} when the room has another epoch.

local place = find_live(fan, order)
if place then apply_call(fan, place) end
upkeep(false)
local answer = place and standing(fan, place, true) or { 'G' }
save()
return answer
