-- version: which version of a seat map is remembered.
-- KEYS: 1 the key, "until version" · ARGV: 1 now, ms, or "" for Redis's own clock
-- Answers {version or "", now}.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local till, version = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (.*)$')
return { till and tonumber(till) > now and version or '', string.format('%.0f', now) }
