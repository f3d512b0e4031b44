-- join, the most frequent answer: a new fan goes to the end of a line that stands, and nothing is
-- due. Everything else is left to `join`.

local fan = ARGV[6]
local brings_nothing = ARGV[10] == '' or ARGV[10] == epoch
if now < tonumber(soon) and formed ~= '-1' and brings_nothing then
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
      epoch, soon, created, formed, paced, ticket, format('%.0f', now), others,
    }, ' '))
    local rank = call('ZCARD', waiting_key) - 1
    local over_ms = math.min(now - formed, WINDOW_MS)
    return { 1, epoch, ticket, 'W', rank, rank, format('%.0f', now + waiting_ms), paced, over_ms }
  end
end
