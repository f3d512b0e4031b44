-- version: the stored version of a seat map.
-- KEYS: 1 the key of the schedule: "at until concert version", times in ms
-- ARGV: 1 now, ms; "" for the clock of Redis · 2 concert of the schedule
-- Returns {version or "", now (ms)}. A version with a time in the future is not returned: the clock
-- was set back.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local at, until_ms, concert, version =
  string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+) (%d+) (.*)$')
local is_current = concert == ARGV[2] and tonumber(at) <= now and now < tonumber(until_ms)
return { is_current and version or '', string.format('%.0f', now) }
