-- overview: the rooms with the longest lines, as they are; it moves nobody.
-- KEYS: the set of the active rooms
-- ARGV: now, ms, or "" for the clock of Redis · what the keys of rooms begin with · the most rooms
-- Returns {now, number of active rooms, rooms…}; a room is {name, gathered, waiting, fields, samples}.
local call = redis.call
local active, lines = call('SMEMBERS', KEYS[1]), {}
for _, name in ipairs(active) do
  local key = ARGV[2] .. '{' .. name .. '}'
  if call('HGET', key, 'layout') == 'LAYOUT' then
    lines[#lines + 1] = { name, call('ZCARD', key .. ':gathered'), call('ZCARD', key .. ':waiting') }
  end
end
table.sort(lines, function(one, other)
  local here, there = one[2] + one[3], other[2] + other[3]
  return here > there or here == there and one[1] < other[1]
end)
local time = call('TIME')
local reply = { tonumber(ARGV[1]) or time[1] * 1000, #active }
for i = 1, math.min(#lines, tonumber(ARGV[3])) do
  local line = lines[i]
  local key = ARGV[2] .. '{' .. line[1] .. '}'
  line[4] = call('HMGET', key, 'front', 'inside', 'parked', 'tickets', 'first', 'admitted_total',
    'missed_total', 'returns', 'stock_at', 'available', 'ticked_at', 'drawing')
  line[5] = call('HVALS', key .. ':history')
  reply[i + 2] = line
end
return reply
