-- join, the most frequent answers: a new fan goes to the end of a line that stands, or gathers where
-- others have, and nothing is due. Everything else is left to `join`.

local fan, state = ARGV[4], string.byte(rules)
local brings_nothing = ARGV[9] == '' or ARGV[9] == epoch
-- L: the first lobby of the epoch, with nobody in line from before.
if now < tonumber(soon) and state == 76 and formed == '-1' and brings_nothing then
  local first, gatherings, rest = string.match(others, '^(%d+) 1 %- (%d+) (.*)')
  if first and call('HEXISTS', KEYS[1] .. ':called', fan) == 0 then
    local draw = call('HMGET', KEYS[1] .. ':draw', 'salt', 'inner', 'outer')
    if draw[3] and call('ZADD', KEYS[1] .. ':gathered', 'NX', format('%.0f', value_in(draw, fan)), fan) == 1 then
      local number = gatherings + 1
      call('SET', KEYS[1], table.concat({
        rules, epoch, soon, created, formed, paced, tickets, format('%.0f', now), first, '1 -',
        format('%.0f', number), rest,
      }, ' '))
      local name = string.sub(redis.sha1hex(draw[1] .. fan), 1, 16)
      return { 1, epoch, format('%.0f', -(first + number)), 'L', name, rules }
    end
  end
end
-- O, o, H: nobody gathers, and whoever did has drawn, or else something is due.
local takes_fans = state == 79 or state == 111 or state == 72
if now < tonumber(soon) and formed ~= '-1' and takes_fans and brings_nothing then
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
      rules, epoch, soon, created, formed, paced, ticket, format('%.0f', now), others,
    }, ' '))
    local rank = call('ZCARD', waiting_key) - 1
    local over_ms = math.min(now - formed, WINDOW_MS)
    return {
      1, epoch, ticket, 'W', rank, rank, format('%.0f', now + waiting_ms), paced, over_ms, ticket,
      rules, 0,
    }
  end
end
