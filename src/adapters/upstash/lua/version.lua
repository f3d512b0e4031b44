-- version: which version of a seat map is remembered.
-- KEYS: 1 the key, "since until version" · ARGV: 1 now, ms, or "" for Redis's own clock
-- Answers {version or "", now}. A version from the future, of a clock that went back, is not told.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local since, till, version = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+) (.*)$')
local stands = since and tonumber(since) <= now and now < tonumber(till)
return { stands and version or '', string.format('%.0f', now) }
