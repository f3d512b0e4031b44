-- status, the most frequent answers: the fan waits, is admitted, or has gathered, as before, and
-- nothing is due. Everything else is left to `status`.
-- ARGV: 4 fan · 5 order · 6 epoch of the token

if epoch ~= ARGV[6] then return { 'X' } end
local fan, order = ARGV[4], tonumber(ARGV[5])
if now < tonumber(soon) then
  local ticket, from, to, text = order, order - 1, order, nil
  if order < 0 then
    -- The place of a fan who gathered, as `find` has it; more than one draw is left to that.
    local first, lot
    first, lot, from, to = string.match(others, '^(%d+) (%d) (%d*)%-(%d*) ')
    local quit = first and call('HGET', KEYS[1] .. ':quit', fan)
    if quit and -order - first <= tonumber(quit) then return { 'G' } end
    if lot == '1' and call('ZSCORE', KEYS[1] .. ':gathered', fan) then
      local salt = call('HGET', KEYS[1] .. ':draw', 'salt') or ''
      return { 'L', string.sub(redis.sha1hex(salt .. fan), 1, 16), rules }
    end
    from, to = tonumber(from) or 0, tonumber(to) or 0
    ticket = lot == '0' and tonumber(call('ZSCORE', KEYS[1] .. ':waiting', fan) or nil)
    if ticket and (ticket <= from or ticket > to) then return { 'G' } end
  end
  local since_created, a, b, c, d, e = now - created, 0, 0, 0, 0, 0
  local slot, block, at, calls_key
  if ticket then
    slot, calls_key = math.fmod(ticket, BLOCK), KEYS[1] .. ':calls'
    block, at = format('%.0f', (ticket - slot) / BLOCK), slot * WIDTH
    text = call('HGET', calls_key, block)
    if text then a, b, c, d, e = string.byte(text, at + 1, at + WIDTH) end
  end
  local kept = (((a * 256 + b) * 256 + c) * 256 + d) * 256 + e
  if kept == 0 then
    local of_order, till = string.match(
      call('HGET', KEYS[1] .. ':called', fan) or '', '^A (%d+) %d 1 (%d+)$')
    local admitted = tonumber(of_order)
    if admitted and admitted > from and admitted <= to and tonumber(till) > now then
      return { 'A', till, of_order, rules }
    end
  elseif kept - 1 + waiting_ms > since_created and since_created >= 0 then
    local left = since_created + 1
    local low = left % 16777216
    local called = string.char(floor(left / 4294967296), floor(left / 16777216) % 256,
      floor(low / 65536), floor(low / 256) % 256, low % 256)
    call('HSET', calls_key, block,
      string.sub(text, 1, at) .. called .. string.sub(text, at + WIDTH + 1))
    local rank = call('ZRANK', KEYS[1] .. ':waiting', fan)
    local over_ms = math.min(now - formed, WINDOW_MS)
    return {
      'W', rank, rank, format('%.0f', now + waiting_ms), paced, over_ms, format('%.0f', ticket),
      rules, 0,
    }
  end
end
