-- join: gives the fan the one place they have, or a new one at the end of the line. `join_soon`
-- has gone before.
-- ARGV: 6 fan · 7 epoch for a room that has none · 8 ms and 9 tickets that one step of the order
--   spans · 10 epoch of the token that came along, or "" · 11 its order
-- Answers {created, epoch, order, standing…}. Again: the same place, created 0.

if R.epoch == '-' then
  R.epoch, R.created = ARGV[7], now
  set('first', floor(now / tonumber(ARGV[8])) * tonumber(ARGV[9]))
  set('tickets', R.first)
end

local function live()
  local order = tonumber(call('ZSCORE', WAITING, fan) or nil)
  if order then return find(fan, order) end
  return live_called(fan)
end

-- A ticket of an earlier epoch counts once, and a fan has one, for the waiting time after the reset.
-- Who has used theirs is marked by a score that no ticket has.
local function next_order()
  local earlier_epoch, earlier, span = ARGV[10], tonumber(ARGV[11]), tonumber(ARGV[9])
  local is_earlier = earlier_epoch ~= '' and earlier_epoch ~= R.epoch
  if is_earlier and now < R.created + waiting_ms and call('ZADD', REJOINED, 'NX', -1, fan) == 1 then
    if earlier >= R.first then
      earlier = earlier - span * (floor((earlier - R.first) / span) + 1)
    end
    if call('ZADD', REJOINED, 'NX', int(R.tickets), int(earlier)) == 1 then
      set('rejoins', R.rejoins + 1)
      return earlier
    end
  end
  set('tickets', R.tickets + 1)
  return R.tickets
end

local place, created, fresh = live(), 0, nil
if place then
  recorded(fan, place)
else
  created, fresh = 1, fan
  place = { state = 'W', order = next_order() }
  touch()
  call('ZADD', WAITING, int(place.order), fan)
  record_call(place.order)
end
upkeep(false, fresh)
local told = standing(fan, place.order)
save()
return { created, R.epoch, int(place.order), unpack(told) }
