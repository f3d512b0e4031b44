-- join, everything else. KEYS and ARGV: see `prologue.lua` and `join_fast_path.lua`
if not begin() then return { 'NO_RULES' } end
local earlier_epoch, earlier_order = ARGV[6], tonumber(ARGV[7])

local function joined(created, token_order, reply)
  return answer({ created, R.epoch, token_order, unpack(reply) })
end

-- The order that a token of an earlier epoch brings, once for each fan; nil when it brings nothing.
local function order_of_earlier()
  local made_at = tonumber(ARGV[8])
  if earlier_epoch == '' or earlier_epoch == R.epoch or R.gathers == 1 then return nil end
  if not takes_earlier() or made_at <= R.created - waiting_ms or made_at < R.made_at then
    return nil
  end
  if not use_up_earlier(fan) then return nil end
  local of = earlier_order
  if of < 0 then
    local name = R.draw_id ~= 0 and pseudonym(fan, R.draw_salt)
    local share = name and draw_value(name, R.draw_inner, R.draw_outer) / DRAW_VALUES or 0
    local before = min((floor(-of / TICKET_SPAN) - 1) * TICKET_SPAN, R.first - 2 * TICKET_SPAN)
    of = before + 1 + floor(share * (TICKET_SPAN - 2))
  elseif of > R.first then
    of = R.first - TICKET_SPAN + math.fmod(of - R.first, TICKET_SPAN)
  end
  set('rejoins', 1)
  set('hold', R.created + longest_poll(live()) * 1000 + show_up_ms)
  set('due', 0)
  return of
end

-- Of one fan only the last place is known.
local function forget_last_place()
  over[fan] = nil
  if not read_called(fan) then return end
  write_called(fan, nil)
  proofs[fan] = nil
  call('ZREM', PROOFS, fan)
end

-- A fan who left the lobby, or was erased, and gathers again has tokens that must not bring the new
-- place.
local function gather_again()
  forget_last_place()
  local erased = pseudonym(fan, R.epoch)
  local numbers = call('HMGET', LEFT, fan, erased)
  local left = numbers[1] or numbers[2]
  if left then
    call('HDEL', LEFT, fan, erased)
    call('HSET', AGAIN, fan, left)
    set('has_again', 1)
  end
  set('active_at', now)
  local gathered = gather()
  if gathered then R.gatherings = -gathered[3] - R.first end
  return gathered
end

local function is_unchecked()
  return ARGV[9] ~= '1' and now - R.checked_at > RULES_CHECK_MS and not has_fans()
end

local token_order = order_now(fan)
if not token_order and R.gatherings > 0 and call('ZSCORE', GATHERED, fan) then
  token_order = -R.first - R.gatherings
end
if token_order then
  local reply = tell(fan, token_order, random)
  if reply[1] ~= 'GONE' then return finish(joined(0, gathered_order_of(token_order), reply)) end
end
if is_unchecked() then return finish({ 'UNCHECKED_RULES' }) end
order = order_of_earlier()
if not order and R.joins == 0 then return finish({ 'CLOSED', R.rules }) end
-- Who has a place, or gets the old order back, has passed a challenge before.
if not order and R.challenge == 1 and ARGV[11] ~= '1' then return finish({ 'CHALLENGE' }) end
if R.registered == 0 then
  call('SADD', KEYS[2], ARGV[10])
  set('registered', 1)
end
if not order and R.gathers == 1 then
  -- Nobody gathers before all who did for the last draw have their tickets.
  return finish(R.drawing == 0 and gather_again() or { 'CLOSED', R.rules })
end
if not order then
  order = R.tickets + 1
  set('tickets', order)
end
forget_last_place()
local is_alone = R.waiting == 0
call('ZADD', WAITING, text(order), fan)
set('waiting', R.waiting + 1)
set('active_at', now)
-- Far places are found by the log of issued tickets.
if order <= R.near then
  prove(fan, now)
  call('ZADD', CALLS, text(live()), call_name(fan, order))
end
if is_alone and order > R.first then upkeep(0, true) end
return finish(joined(1, order, tell(fan, order, random)))
