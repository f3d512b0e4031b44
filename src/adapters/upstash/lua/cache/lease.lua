-- lease: takes the lease of a key without an entry. Returns the entry of the key afterwards.
-- KEYS: 1 the key
-- ARGV: 1 now, ms; "" for the clock of Redis · 2 lease id · 3 lease TTL, ms
-- The entry of a value is "V" and its text. The entry of a lease is "L", its time in ms, ":" and
-- its id.
local entry = redis.call('GET', KEYS[1])
if entry then return entry end
local now = ARGV[1]
if now == '' then
  local time = redis.call('TIME')
  now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end
local lease = 'L' .. now .. ':' .. ARGV[2]
redis.call('SET', KEYS[1], lease, 'PX', ARGV[3])
return lease
