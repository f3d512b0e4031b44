-- join: gives the fan the one place they have, or a new one: among those who gather, or at the end
-- of the line. `join_soon` has gone before.
-- ARGV: 4 fan · 5 epoch for a room that has none · 6 ms and 7 tickets that one step of the order
--   spans · 8 orders that a gathered fan of an earlier epoch may try · 9 epoch of the token that
--   came along, or "" · 10 its order
-- Answers {created, epoch, order, standing…}, {'-'} when there are no rules, and {'C', rules} when
-- nobody may join. Again: the same place, created 0.

if rules == '-' then return { '-' } end

local function live()
  if R.lot > 0 and call('ZSCORE', GATHERED, fan) then return { state = 'G' } end
  local order = tonumber(call('ZSCORE', WAITING, fan) or nil)
  if order then return find(fan, order) end
  return live_called(fan)
end

local function draw_of(prefix)
  return call('HMGET', DRAW, prefix .. 'salt', prefix .. 'inner', prefix .. 'outer')
end

-- The draw that waited is the present one, and the list of the last one makes way for the next.
local function begin_gathering()
  local next_draw = call('HMGET', DRAW, 'next_id', 'next_salt', 'next_inner', 'next_outer')
  if next_draw[1] then
    call('DEL', DRAW)
    call('HSET', DRAW, 'id', next_draw[1], 'salt', next_draw[2], 'inner', next_draw[3], 'outer', next_draw[4])
  end
  if R.draw_next > 0 then
    call('UNLINK', DRAWN)
    set('draw_next', 0)
  end
  set('lot', 1)
end

-- Whether a fan may gather: not before all who did earlier have their tickets, and not without a
-- draw, which would not be fair.
local function may_gather()
  if state ~= 'L' or call('EXISTS', DRAW) == 0 then return false end
  return R.lot ~= 2 or call('EXISTS', GATHERED) == 0
end

-- The order in this epoch of one from an earlier one; see `orderAfterReset` and
-- `orderOfGatheredAfterReset`. Taken ones are left to whoever has them.
local function order_of_earlier(earlier, span, probes)
  if earlier >= 0 then
    if earlier >= R.first then
      earlier = earlier - span * (floor((earlier - R.first) / span) + 1)
    end
    probes = 1
  else
    local draw = draw_of('next_')
    if not draw[3] then draw = draw_of('') end
    local share = draw[3] and value_in(draw, fan) / 2 ^ 52 or 0
    local before = math.min(floor(-earlier / span) * span - span, R.first - 2 * span)
    earlier = before + 1 + floor(share * (span - probes - 1))
  end
  for order = earlier, earlier + probes - 1 do
    if call('ZADD', REJOINED, 'NX', int(R.tickets), int(order)) == 1 then return order end
  end
end

-- A ticket of an earlier epoch counts once, and a fan has one, for the waiting time after the reset.
-- Who has used theirs is marked by a score that no ticket has.
local function may_rejoin()
  if ARGV[9] == '' or ARGV[9] == R.epoch then return false end
  return R.epoch == '-' or now < R.created + waiting_ms and not call('ZSCORE', REJOINED, fan)
end

local function next_order(rejoins)
  if rejoins then
    call('ZADD', REJOINED, -1, fan)
    local order = order_of_earlier(tonumber(ARGV[10]), tonumber(ARGV[7]), tonumber(ARGV[8]))
    if order then
      set('rejoins', R.rejoins + 1)
      return order
    end
  end
  set('tickets', R.tickets + 1)
  return R.tickets
end

local function new_place(gathers, rejoins)
  if R.epoch == '-' then
    R.epoch, R.created = ARGV[5], now
    set('first', floor(now / tonumber(ARGV[6])) * tonumber(ARGV[7]))
    set('tickets', R.first)
  end
  touch()
  if gathers then
    if R.lot == 0 or call('EXISTS', GATHERED) == 0 then begin_gathering() end
    -- After a draw in this epoch the fan may have tokens of a place that has ended since.
    if R.draws ~= '-' then forget_gathered(fan) end
    set('gatherings', R.gatherings + 1)
    call('ZADD', GATHERED, int(value_in(draw_of(''), fan)), fan)
    return { state = 'G' }
  end
  local place = { state = 'W', order = next_order(rejoins) }
  call('ZADD', WAITING, int(place.order), fan)
  record_call(place.order)
  return place
end

local place, created, fresh = live(), 0, nil
if place then
  recorded(fan, place)
else
  -- Whoever had a ticket when the line was wiped gets it back, whatever the room has come to since.
  local rejoins = may_rejoin()
  local gathers = state == 'L' and not (rejoins and tonumber(ARGV[10]) >= 0)
  if gathers and may_gather() or not gathers and (is_open or state == 'H' or rejoins) then
    created, fresh = 1, fan
    place = new_place(gathers, rejoins)
  end
end
upkeep(false, fresh)
local told = place and standing(fan, place)
save()
if not told then return { 'C', rules } end
return { created, R.epoch, int(order_in_token(place)), unpack(told) }
