-- Where the place of a token stands. Asking is a call of its fan: an admitted fan shows up, a
-- parked fan returns, a waiting place is proven.

-- The order of the fan's live place, if any; of a gathered fan who has no ticket none.
local function order_now(fan)
  local place = called_place(fan)
  if place and place.state ~= 'ENDED' then return place.order end
  local order = tonumber(call('ZSCORE', WAITING, fan) or nil)
  return order
end

-- {'WAITING', order, ahead, is, is near, poll after (s)}. `ahead_order` is negative for a returned
-- fan, whose place is in front of all orders.
local function waiting_answer(fan, order, has_returned, random)
  local ahead, is
  if has_returned then ahead, is = call('ZRANK', WAITING, fan), 'EXACT'
  else ahead, is = ahead_of(fan, order) end
  local after = poll_after_seconds(ahead, random)
  local is_near = has_returned or order <= R.near
  if is_near then
    local name = call_name(fan, has_returned and -1 or order)
    local score = call_score(live(), after)
    -- A call that is sent twice, or from two tabs, does not bring the time forward by which the fan
    -- was to call.
    if call('ZADD', CALLS, 'XX', 'GT', 'CH', text(score), name) == 0 then
      local earlier = call('ZSCORE', CALLS, name)
      -- Until the first answer as near arrives, the fan calls as an answer to a far place says.
      local longest = max(after, longest_poll(live()))
      if not earlier then call('ZADD', CALLS, text(call_score(live(), longest)), name)
      -- The entry keeps the time of the earlier call, so this one needs a proof.
      elseif tonumber(earlier) > score then prove(fan, now) end
    end
  else
    prove(fan, now)
  end
  return { 'WAITING', order, ahead, is, is_near and 1 or 0, after }
end

local function show_up(fan, place)
  if place.state == 'ADMITTED' then return end
  call('ZREM', TURNS, fan)
  place.state, place.ends = 'ADMITTED', now + R.admission_ms
  call('ZADD', ADMITTED, text(place.ends), fan)
  write_called(fan, place)
  if place.ends < R.ends_at then set('ends_at', place.ends) end
end

local function return_to_line(fan, place)
  set('returns', R.returns + 1)
  set('returned', R.returned + 1)
  set('parked', R.parked - 1)
  set('waiting', R.waiting + 1)
  call('ZADD', WAITING, text(RETURNED_ORDERS + R.returns), fan)
  prove(fan, now)
  write_called(fan, { state = 'RETURNED', order = place.order })
  set('due', 0)
end

-- Why the place of a token ended, if the record of the fan's last place is about it. Who was removed
-- before the draw has a negative order there.
local function end_cause(fan, token_order)
  local place = read_called(fan)
  if not place or place.state ~= 'ENDED' then return '-' end
  local of = place.order
  local is_same = token_order == of
  if token_order < 0 and of < 0 and token_order > of then
    local number = -token_order - R.first
    is_same = not is_of_left_place(fan, number) and lot_of(number) == lot_of(-of - R.first)
  end
  if token_order < 0 and of > 0 then
    is_same = order_of_gathered(fan, token_order, of) == of
  end
  return is_same and place.cause or '-'
end

-- {'WAITING' …} | {'UNDRAWN', pseudonym} | {'GATHERED', pseudonym} | {'ADMITTED', order, end}
-- | {'GONE', cause or '-'}
local function standing(fan, token_order, random)
  local order, place = token_order, called_place(fan)
  if order < 0 then order = order_of_gathered(fan, order, order_now(fan)) end
  if order == 'GATHERED' or order == 'UNDRAWN' then
    if order == 'UNDRAWN' then prove(fan, now) end
    return { order, pseudonym(fan, R.draw_salt) }
  end
  if not order or order ~= order_now(fan) then
    return { 'GONE', end_cause(fan, token_order) }
  end
  if not place or place.state == 'ENDED' then return waiting_answer(fan, order, false, random) end
  if HAS_SLOT[place.state] then
    show_up(fan, place)
    return { 'ADMITTED', order, place.ends }
  end
  if place.state == 'PARKED' then return_to_line(fan, place) end
  return waiting_answer(fan, order, true, random)
end

-- The standing, after `begin`. Who returned goes in at once when there is a slot.
local function tell(fan, order, random)
  local reply = standing(fan, order, random)
  if R.due > 0 then return reply end
  upkeep()
  return reply[1] == 'WAITING' and standing(fan, order, random) or reply
end
