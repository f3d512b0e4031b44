-- lease: takes the lease of an empty key, and tells what stands under the key afterwards.
-- KEYS: 1 the key · ARGV: 1 now, ms, or "" for Redis's own clock · 2 lease id · 3 lease TTL, ms
-- A value is kept as "V" and its text, a lease as "L", when it was taken in ms, ":" and its id.
local standing = redis.call('GET', KEYS[1])
if standing then return standing end
local now = ARGV[1]
if now == '' then
  local time = redis.call('TIME')
  now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end
local lease = 'L' .. now .. ':' .. ARGV[2]
redis.call('SET', KEYS[1], lease, 'PX', ARGV[3])
return lease
