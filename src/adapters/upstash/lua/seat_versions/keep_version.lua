-- keep_version: stores a version, unless a version or a drop with the same or a later time is
-- stored.
-- KEYS: 1 the key of the schedule: "at until concert version", times in ms
-- ARGV: 1 now, ms; "" for the clock of Redis · 2 concert · 3 version
--   4 time of the check before the load, ms · 5 end of the version, ms
--   6 time for which the entry prevents older ones, ms; longer than the version itself
-- Returns 1, or 0 when nothing is stored.
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
