-- front, most often: nothing is due. A count of the stock is due only when upkeep is.
local values = call('HMGET', ROOM, 'due', 'front', 'layout', 'ttl', 'ttl_at')
if values[1] and now < tonumber(values[1]) and is_familiar(values[3], values[4], values[5]) then
  return { now, 0, values[2] }
end
