-- keep_version: remembers a version until then, unless one is remembered longer.
-- KEYS: 1 the key, "since until version"
-- ARGV: 1 now, ms, or "" for Redis's own clock · 2 version · 3 until, ms
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local since, till = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)')
local left = tonumber(ARGV[3]) - now
local longer = since and tonumber(since) <= now and tonumber(till) >= tonumber(ARGV[3])
if left < 1 or longer then return 0 end
local entry = table.concat({ string.format('%.0f', now), ARGV[3], ARGV[2] }, ' ')
redis.call('SET', KEYS[1], entry, 'PX', string.format('%.0f', left))
return 1
