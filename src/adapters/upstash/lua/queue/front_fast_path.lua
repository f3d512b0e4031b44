-- front, most often: nothing is due. A count of the stock is due only when upkeep is.
local values = call('HMGET', ROOM, 'due', 'front')
if values[1] and now < tonumber(values[1]) then return { now, 0, values[2] } end
