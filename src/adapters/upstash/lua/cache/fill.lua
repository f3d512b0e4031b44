-- fill: replaces exactly this lease by the value. The TTL of the value begins when the lease was
-- taken.
-- KEYS: 1 the key
-- ARGV: 1 now, ms; "" for the clock of Redis · 2 lease id · 3 value · 4 TTL, ms
-- Returns 1, or 0 when the key has another entry or the TTL is over.
local entry = redis.call('GET', KEYS[1])
local taken, id = string.match(entry or '', '^L(%d+):(.*)$')
if id ~= ARGV[2] then return 0 end
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local left = tonumber(ARGV[4]) - (now - tonumber(taken))
if left < 1 then
  redis.call('DEL', KEYS[1])
  return 0
end
redis.call('SET', KEYS[1], 'V' .. ARGV[3], 'PX', string.format('%.0f', left))
return 1
