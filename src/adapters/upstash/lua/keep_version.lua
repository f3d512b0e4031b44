-- keep_version: remembers a version until then, unless one is remembered longer.
-- KEYS: 1 the key, "until version"
-- ARGV: 1 now, ms, or "" for Redis's own clock · 2 version · 3 until, ms
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local till = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+)')
local left = tonumber(ARGV[3]) - now
if left < 1 or till and tonumber(till) >= tonumber(ARGV[3]) then return 0 end
redis.call('SET', KEYS[1], ARGV[3] .. ' ' .. ARGV[2], 'PX', string.format('%.0f', left))
return 1
