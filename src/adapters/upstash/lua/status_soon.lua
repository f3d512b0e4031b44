-- status, the two most frequent answers: the fan waits, or is admitted, as before, and nothing is
-- due. Everything else is left to `status`.
-- ARGV: 6 fan · 7 order · 8 epoch of the token

if epoch ~= ARGV[8] then return { 'X' } end
local fan, order = ARGV[6], tonumber(ARGV[7])
if now < tonumber(soon) then
  local slot, since_created = math.fmod(order, BLOCK), now - created
  local block, at = format('%.0f', (order - slot) / BLOCK), slot * WIDTH
  local calls_key = KEYS[1] .. ':calls'
  local text = call('HGET', calls_key, block)
  local a, b, c, d, e = 0, 0, 0, 0, 0
  if text then a, b, c, d, e = string.byte(text, at + 1, at + WIDTH) end
  local kept = (((a * 256 + b) * 256 + c) * 256 + d) * 256 + e
  if kept == 0 then
    local of_order, till = string.match(call('HGET', KEYS[1] .. ':called', fan) or '', '^A (%d+) %d 1 (%d+)$')
    if tonumber(of_order) == order and tonumber(till) > now then return { 'A', till } end
  elseif kept - 1 + waiting_ms > since_created and since_created >= 0 then
    local left = since_created + 1
    local low = left % 16777216
    local called = string.char(floor(left / 4294967296), floor(left / 16777216) % 256,
      floor(low / 65536), floor(low / 256) % 256, low % 256)
    call('HSET', calls_key, block,
      string.sub(text, 1, at) .. called .. string.sub(text, at + WIDTH + 1))
    local rank = call('ZRANK', KEYS[1] .. ':waiting', fan)
    local over_ms = math.min(now - formed, WINDOW_MS)
    return { 'W', rank, rank, format('%.0f', now + waiting_ms), paced, over_ms }
  end
end
