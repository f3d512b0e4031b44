-- apply_rules: replaces the rules of the room, unless its rules have the same or a higher version.
-- KEYS: see `room.lua`; the last one is the set of all rooms
-- ARGV: 1 to 3: see `room.lua` · 4 room · 5 rules, without the stock outlook
--   6 version of the rules · 7 longest poll, ms · 8 id of the draw, or "" · 9 salt of the draw
--   10 inner key of the draw, hex · 11 outer key of the draw, hex
-- Returns 1, or 0 when the rules of the room stay.

call('SADD', KEYS[#KEYS], ARGV[4])
if rules ~= '-' and tonumber(ARGV[6]) <= version then return 0 end

if rules ~= '-' and poll_max * 1000 > tonumber(ARGV[7]) then
  local until_ms = now < R.old_poll_until and R.old_poll_until or 0
  set('old_poll_until', math.max(until_ms, now + poll_max * 1000))
  set('old_poll', poll_ms)
end
rules = ARGV[5] .. ':' .. (rules == '-' and 'S' or sub(rules, -1))
state = sub(rules, 1, 1)
set('due', 0)

local function unhex(text)
  return (string.gsub(text, '..', function(byte) return string.char(tonumber(byte, 16)) end))
end
local known = call('HGET', DRAW, 'id')
local is_new = ARGV[8] ~= '' and ARGV[8] ~= known
-- A new draw ends the gathering for the present draw.
begin_draw(is_new)
local prefix = R.draw_phase == 2 and 'next_' or ''
if is_new then
  call('HSET', DRAW, prefix .. 'id', ARGV[8], prefix .. 'salt', ARGV[9],
    prefix .. 'inner', unhex(ARGV[10]), prefix .. 'outer', unhex(ARGV[11]))
end
if not is_new or R.draw_phase ~= 2 then
  call('HDEL', DRAW, 'next_id', 'next_salt', 'next_inner', 'next_outer')
end
save()
return 1
