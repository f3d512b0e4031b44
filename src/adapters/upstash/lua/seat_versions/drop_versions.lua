-- drop_versions: replaces each version by the time of the drop. A version whose check began before
-- that time is not stored.
-- KEYS: the keys of the schedules: "at until concert version", times in ms
-- ARGV: 1 now, ms; "" for the clock of Redis · 2 TTL of the entry, ms
-- Returns the number of keys.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local mark = string.format('%.0f 0 ', now)
for _, key in ipairs(KEYS) do redis.call('SET', key, mark, 'PX', ARGV[2]) end
return #KEYS
