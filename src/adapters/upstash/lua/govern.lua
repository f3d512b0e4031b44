-- govern: gives the room its rules, unless those that it follows are of the same version or a
-- higher one.
-- KEYS: the last one is the set of all rooms
-- ARGV: 4 room · 5 rules, without the seats to hope for · 6 their version · 7 longest poll, ms
--   8 id of the draw, or "" · 9 its salt · 10 its inner and 11 its outer key, in hex

call('SADD', KEYS[#KEYS], ARGV[4])
if rules ~= '-' and tonumber(ARGV[6]) <= version then return 0 end

if rules ~= '-' and poll_max * 1000 > tonumber(ARGV[7]) then
  set('poll_until', math.max(now < R.poll_until and R.poll_until or 0, now + poll_max * 1000))
  set('poll_then', poll_ms)
end
rules = ARGV[5] .. ':' .. (rules == '-' and 'S' or sub(rules, -1))
state = sub(rules, 1, 1)
set('due', 0)

local function unhex(text)
  return (string.gsub(text, '..', function(byte) return string.char(tonumber(byte, 16)) end))
end
local known = call('HGET', DRAW, 'id')
local is_new = ARGV[8] ~= '' and ARGV[8] ~= known
-- With another draw in sight that of those who have gathered is over.
open_lot(is_new)
local prefix = R.lot == 2 and 'next_' or ''
if is_new then
  call('HSET', DRAW, prefix .. 'id', ARGV[8], prefix .. 'salt', ARGV[9],
    prefix .. 'inner', unhex(ARGV[10]), prefix .. 'outer', unhex(ARGV[11]))
end
if not is_new or R.lot ~= 2 then
  call('HDEL', DRAW, 'next_id', 'next_salt', 'next_inner', 'next_outer')
end
save()
return 1
