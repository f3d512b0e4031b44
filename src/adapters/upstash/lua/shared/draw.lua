-- Who gathered, and the draw that gives them tickets.

-- "before:last", the tickets of the draw of a gathering with this number; nil before its opening.
local function lot_of(number)
  return call('ZRANGEBYSCORE', LOTS, text(number), '+inf', 'LIMIT', 0, 1)[1]
end

-- A failover lost the gatherings up to this one. Later ones need other numbers. In the middle of a
-- draw nobody gathers, so that the lost ones were of this draw.
local function gathered_up_to(number)
  set('gatherings', number)
  if R.drawing == 0 then return end
  call('ZADD', LOTS, text(number), text(R.lot_before) .. ':' .. text(R.lot_last))
  set('drawn_gatherings', number)
end

-- Whether the fan has left the gathered place with this number and gathered again.
local function is_of_left_place(fan, number)
  return R.has_again == 1 and number <= tonumber(call('HGET', AGAIN, fan) or 0)
end

-- A token of a fan who gathered has the order -(first + number of the gathering), and keeps it.
-- Returns what it stands for: 'GATHERED' before the opening, 'UNDRAWN' between the opening and the
-- ticket, the order of the ticket, or nil when the place is over.
local function order_of_gathered(fan, token_order, order_now)
  local number = -token_order - R.first
  if is_of_left_place(fan, number) then return nil end
  if number > R.gatherings then gathered_up_to(number) end
  local function is_of(lot)
    local before, last = match(lot, '(%d+):(%d+)')
    return order_now and order_now > tonumber(before) and order_now <= tonumber(last), tonumber(last)
  end
  local lot = lot_of(number)
  if lot and is_of(lot) then return order_now end
  local is_gathered = call('ZSCORE', GATHERED, fan)
  if not lot and is_gathered and R.drawing == 0 then return 'GATHERED' end
  -- The fan was drawn before the lost number was seen.
  lot = lot or call('ZREVRANGE', LOTS, 0, 0)[1]
  if not lot then return nil end
  local is_mine, last = is_of(lot)
  if is_mine then return order_now end
  return R.drawing == 1 and last == R.lot_last and is_gathered and 'UNDRAWN' or nil
end

-- The order in the tokens of a drawn place from before the draw; of another place its own order.
local function gathered_order_of(order)
  if order <= R.first or R.drawn_gatherings == 0 then return order end
  local lots = call('ZREVRANGE', LOTS, 0, LOTS_LOOKED_AT - 1, 'WITHSCORES')
  for i = 1, #lots, 2 do
    local before, last = match(lots[i], '(%d+):(%d+)')
    if order > tonumber(before) and order <= tonumber(last) then
      return -R.first - tonumber(lots[i + 1])
    end
  end
  return order
end

-- The next draw takes the place of the present one when that has given all its tickets.
local function use_next_draw()
  if R.drawing == 1 or R.next_id == 0 or R.next_id == '' then return end
  for _, field in ipairs({ 'id', 'seed', 'salt', 'inner', 'outer' }) do
    set('draw_' .. field, R['next_' .. field])
    set('next_' .. field, '')
  end
  call('UNLINK', LIST)
  set('lot_before', 0)
  set('lot_last', 0)
end

-- Reserves a range of tickets for all who gathered. The draw says which one each gets.
local function open_lot()
  local count = call('ZCARD', GATHERED)
  if R.drawing == 1 or count == 0 then return end
  call('ZADD', LOTS, text(R.gatherings), text(R.tickets) .. ':' .. text(R.tickets + count))
  set('lot_gatherings', R.drawn_gatherings)
  set('drawn_gatherings', R.gatherings)
  set('lot_before', R.tickets)
  set('lot_last', R.tickets + count)
  set('drawn', R.tickets)
  set('tickets', R.tickets + count)
  set('opened_at', now)
  set('drawing', 1)
  set('opened_draw', R.draw_id)
  call('ZADD', ISSUED, text(now), text(R.tickets))
  call('UNLINK', LIST)
end

-- Gives tickets to the next fans in the order of their values. A fan who is near at once was last
-- asked to call within the longest poll of `told_ms`.
local function draw_share(told_ms)
  local fans, orders, names, calls = call('ZRANGE', GATHERED, 0, DRAW_BATCH - 1), {}, {}, {}
  for i, fan in ipairs(fans) do
    local order = R.drawn + i
    orders[2 * i - 1], orders[2 * i], names[i] = text(order), fan, pseudonym(fan, R.draw_salt)
    if order <= R.near then
      local score = call_score(live(), told_ms / 1000)
      calls[#calls + 1], calls[#calls + 2] = text(score), call_name(fan, order)
    end
  end
  if #fans > 0 then
    call('ZREMRANGEBYRANK', GATHERED, 0, #fans - 1)
    call('ZADD', WAITING, unpack(orders))
    call('RPUSH', LIST, unpack(names))
    if #calls > 0 then call('ZADD', CALLS, unpack(calls)) end
    set('drawn', R.drawn + #fans)
    set('waiting', R.waiting + #fans)
  end
  if #fans == DRAW_BATCH and call('ZCARD', GATHERED) > 0 then return end
  -- A ticket of a fan who left after the opening and before the ticket was drawn is nobody's.
  set('drawn', R.lot_last)
  set('drawing', 0)
  call('UNLINK', LEFT)
  set('has_left', 0)
  use_next_draw()
end

-- The value of the ticket with this order in the published list.
local function value_at(order)
  if order <= R.lot_before then return 0 end
  local name = call('LINDEX', LIST, text(order - R.lot_before - 1))
  return name and draw_value(name, R.draw_inner, R.draw_outer) or DRAW_VALUES
end

-- The part of the front document about the latest draw; nil when none of its fans can wait.
local function front_lot()
  if R.lot_last <= R.lot_before or R.called >= R.lot_last then return nil end
  return {
    seed = R.draw_seed, gatheringsBefore = R.lot_gatherings, openedAtMs = text(R.opened_at),
    before = text(R.lot_before), tickets = R.lot_last - R.lot_before,
    calledValue = text(value_at(R.called)),
    nearValue = text(value_at(min(R.near, R.drawn))),
  }
end
