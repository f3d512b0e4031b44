-- status: where a place stands. It is a call of its fan. `status_soon` has gone before.
-- Answers {standing…}, or {'X'} when the room is of another epoch.

local place = find(fan, order)
if place then recorded(fan, place) end
upkeep(false)
local told = place and standing(fan, place, true) or { 'G' }
save()
return told
