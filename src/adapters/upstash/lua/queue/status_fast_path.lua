-- The fast path of status: the fan still waits, is admitted or has gathered, and no upkeep is due.
-- `status` handles all other cases.
-- KEYS: see `room.lua`
-- ARGV: 1 to 3: see `room.lua` · 4 fan · 5 order · 6 epoch of the token
-- Returns the same as `status`, or continues.

if epoch ~= ARGV[6] then return { 'X' } end
local fan, order = ARGV[4], tonumber(ARGV[5])
if now < tonumber(fast_until) then
  local ticket, from, to, text = order, order - 1, order, nil
  if order < 0 then
    -- The place of a gathered fan, as in `find_live`. `status` handles more than one draw.
    local first, phase
    first, phase, from, to = string.match(other_fields, '^(%d+) (%d) (%d*)%-(%d*) ')
    local quit = first and call('HGET', KEYS[1] .. ':quit', fan)
    if quit and -order - first <= tonumber(quit) then return { 'G' } end
    if phase == '1' and call('ZSCORE', KEYS[1] .. ':gathered', fan) then
      local salt = call('HGET', KEYS[1] .. ':draw', 'salt') or ''
      return { 'L', string.sub(redis.sha1hex(salt .. fan), 1, 16), rules }
    end
    from, to = tonumber(from) or 0, tonumber(to) or 0
    ticket = phase == '0' and tonumber(call('ZSCORE', KEYS[1] .. ':waiting', fan) or nil)
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
  local stored = (((a * 256 + b) * 256 + c) * 256 + d) * 256 + e
  if stored == 0 then
    local ticket_order, ends_ms = string.match(
      call('HGET', KEYS[1] .. ':called', fan) or '', '^A (%d+) %d 1 (%d+)$')
    local admitted = tonumber(ticket_order)
    if admitted and admitted > from and admitted <= to and tonumber(ends_ms) > now then
      return { 'A', ends_ms, ticket_order, rules }
    end
  elseif stored - 1 + waiting_ms > since_created and since_created >= 0 then
    local left = since_created + 1
    local low = left % 16777216
    local called = string.char(floor(left / 4294967296), floor(left / 16777216) % 256,
      floor(low / 65536), floor(low / 256) % 256, low % 256)
    call('HSET', calls_key, block,
      string.sub(text, 1, at) .. called .. string.sub(text, at + WIDTH + 1))
    local rank = call('ZRANK', KEYS[1] .. ':waiting', fan)
    local over_ms = math.min(now - formed, WINDOW_MS)
    return {
      'W', rank, rank, format('%.0f', now + waiting_ms), recent_promotions, over_ms,
      format('%.0f', ticket), rules, 0,
    }
  end
end
