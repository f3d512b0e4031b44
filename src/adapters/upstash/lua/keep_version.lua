-- keep_version: remembers a version, unless what stands, a version or a drop, is as new or newer.
-- KEYS: 1 the key, "at until concert version"
-- ARGV: 1 now, ms, or "" for Redis's own clock · 2 concert · 3 version
--       4 at, ms: when its look began · 5 until, ms
--       6 how long it stands against older ones, ms, though it be over before
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local at = tonumber(ARGV[4])
if at > now or tonumber(ARGV[5]) <= now then return 0 end
local newest = tonumber(string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) ') or -1)
if newest <= now and newest >= at then return 0 end
local entry = table.concat({ ARGV[4], ARGV[5], ARGV[2], ARGV[3] }, ' ')
redis.call('SET', KEYS[1], entry, 'PX', ARGV[6])
return 1
