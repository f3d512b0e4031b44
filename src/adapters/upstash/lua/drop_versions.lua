-- drop_versions: leaves in place of each version the time before which no look may have begun.
-- KEYS: the keys, "at until concert version"
-- ARGV: 1 now, ms, or "" for Redis's own clock · 2 how long that stands, ms
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local mark = string.format('%.0f 0 ', now)
for _, key in ipairs(KEYS) do redis.call('SET', key, mark, 'PX', ARGV[2]) end
return #KEYS
