-- The fast path of join: a new fan joins the end of an existing line or gathers with other fans,
-- and no upkeep is due. `join` handles all other cases.
-- KEYS and ARGV: see `room.lua` and `join.lua`
-- Returns the same as `join`, or continues.

local fan, state = ARGV[4], string.byte(rules)
local has_no_earlier_token = ARGV[9] == '' or ARGV[9] == epoch
local is_quiet = now < tonumber(fast_until) and has_no_earlier_token
-- State L (76): the first lobby of the epoch, and no fan waits.
if is_quiet and state == 76 and formed == '-1' then
  local first, gatherings, rest = string.match(other_fields, '^(%d+) 1 %- (%d+) (.*)')
  if first and call('HEXISTS', KEYS[1] .. ':called', fan) == 0 then
    local draw = call('HMGET', KEYS[1] .. ':draw', 'salt', 'inner', 'outer')
    local gathered_key = KEYS[1] .. ':gathered'
    if draw[3]
      and call('ZADD', gathered_key, 'NX', format('%.0f', draw_value(draw, fan)), fan) == 1 then
      local number = gatherings + 1
      call('SET', KEYS[1], table.concat({
        rules, epoch, fast_until, created, formed, recent_promotions, tickets, format('%.0f', now),
        first, '1 -', format('%.0f', number), rest,
      }, ' '))
      local name = string.sub(redis.sha1hex(draw[1] .. fan), 1, 16)
      return { 1, epoch, format('%.0f', -(first + number)), 'L', name, rules }
    end
  end
end
-- States O (79), o (111), H (72): no fan gathers. During a draw upkeep is always due.
local takes_fans = state == 79 or state == 111 or state == 72
if is_quiet and formed ~= '-1' and takes_fans then
  local order, left = tickets + 1, now - created + 1
  local slot = math.fmod(order, BLOCK)
  local block, at = format('%.0f', (order - slot) / BLOCK), slot * WIDTH
  local calls_key, waiting_key = KEYS[1] .. ':calls', KEYS[1] .. ':waiting'
  local text = call('HGET', calls_key, block)
  local ticket = format('%.0f', order)
  if text and left > 0 and call('HEXISTS', KEYS[1] .. ':called', fan) == 0
    and call('ZADD', waiting_key, 'NX', ticket, fan) == 1 then
    local low = left % 16777216
    local called = string.char(floor(left / 4294967296), floor(left / 16777216) % 256,
      floor(low / 65536), floor(low / 256) % 256, low % 256)
    call('HSET', calls_key, block,
      string.sub(text, 1, at) .. called .. string.sub(text, at + WIDTH + 1))
    call('SET', KEYS[1], table.concat({
      rules, epoch, fast_until, created, formed, recent_promotions, ticket, format('%.0f', now),
      other_fields,
    }, ' '))
    local rank = call('ZCARD', waiting_key) - 1
    local over_ms = math.min(now - formed, WINDOW_MS)
    return {
      1, epoch, ticket, 'W', rank, rank, format('%.0f', now + waiting_ms), recent_promotions,
      over_ms, ticket, rules, 0,
    }
  end
end
