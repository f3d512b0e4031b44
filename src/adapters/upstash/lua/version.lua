-- version: which version of a seat map is remembered.
-- KEYS: 1 the key of the date, "at until concert version"
-- ARGV: 1 now, ms, or "" for Redis's own clock · 2 the concert that it is asked for as a date of
-- Answers {version or "", now}. A version from the future, of a clock that went back, is not told.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local at, till, concert, version =
  string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+) (%d+) (.*)$')
local stands = concert == ARGV[2] and tonumber(at) <= now and now < tonumber(till)
return { stands and version or '', string.format('%.0f', now) }
