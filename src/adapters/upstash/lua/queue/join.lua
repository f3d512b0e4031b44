-- join: returns the live place of the fan, or gives a new one in the lobby or at the end of the
-- line. `join_fast_path` runs before.
-- KEYS: see `room.lua`
-- ARGV: 1 to 3: see `room.lua` · 4 fan · 5 epoch for a room without one
--   6 time step of epochs, ms · 7 tickets per time step
--   8 orders that a gathered fan of an earlier epoch may try
--   9 epoch of the earlier token, or "" · 10 order of the earlier token
-- Returns {created (1 or 0), epoch, order, standing…}, {'-'} without rules, and {'C', rules} when
-- joining is not allowed. A repeated call returns the same place with created 0.

if rules == '-' then return { '-' } end

local function live()
  if R.draw_phase > 0 and call('ZSCORE', GATHERED, fan) then return { state = 'G' } end
  local order = tonumber(call('ZSCORE', WAITING, fan) or nil)
  if order then return find_live(fan, order) end
  return live_called(fan)
end

local function draw_of(prefix)
  return call('HMGET', DRAW, prefix .. 'salt', prefix .. 'inner', prefix .. 'outer')
end

-- The next draw becomes the present one. The published list of the last draw is removed.
local function begin_gathering()
  local next_draw = call('HMGET', DRAW, 'next_id', 'next_salt', 'next_inner', 'next_outer')
  if next_draw[1] then
    call('DEL', DRAW)
    call('HSET', DRAW, 'id', next_draw[1], 'salt', next_draw[2], 'inner', next_draw[3],
      'outer', next_draw[4])
  end
  if R.draw_next > 0 then
    call('UNLINK', DRAWN)
    set('draw_next', 0)
  end
  set('draw_phase', 1)
end

-- Whether a fan may gather. All fans of an earlier draw must have tickets. A lobby without a draw
-- has no fair order.
local function may_gather()
  if state ~= 'L' or call('EXISTS', DRAW) == 0 then return false end
  return R.draw_phase ~= 2 or call('EXISTS', GATHERED) == 0
end

-- The order in this epoch for an order of an earlier epoch; see `orderAfterReset` and
-- `orderOfGatheredAfterReset`. Nil when all candidates are used.
local function order_of_earlier(earlier, span, probes)
  if earlier >= 0 then
    if earlier >= R.first then
      earlier = earlier - span * (floor((earlier - R.first) / span) + 1)
    end
    probes = 1
  else
    local draw = draw_of('next_')
    if not draw[3] then draw = draw_of('') end
    local share = draw[3] and draw_value(draw, fan) / 2 ^ 52 or 0
    local before = math.min(floor(-earlier / span) * span - span, R.first - 2 * span)
    earlier = before + 1 + floor(share * (span - probes - 1))
  end
  for order = earlier, earlier + probes - 1 do
    if call('ZADD', REJOINED, 'NX', int(R.tickets), int(order)) == 1 then return order end
  end
end

-- A fan may use one ticket of an earlier epoch, within the waiting TTL after the reset. A fan who
-- has used it has the score -1, which no ticket has.
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
    if R.draw_phase == 0 or call('EXISTS', GATHERED) == 0 then begin_gathering() end
    -- After a draw in this epoch the fan may have tokens of a place that has ended.
    if R.draws ~= '-' then invalidate_gathered_tokens(fan) end
    set('gatherings', R.gatherings + 1)
    call('ZADD', GATHERED, int(draw_value(draw_of(''), fan)), fan)
    return { state = 'G' }
  end
  local place = { state = 'W', order = next_order(rejoins) }
  call('ZADD', WAITING, int(place.order), fan)
  record_call(place.order)
  return place
end

local place, created, new_fan = live(), 0, nil
if place then
  apply_call(fan, place)
else
  -- A fan who had a ticket when the store was wiped gets it back in every state of the room.
  local rejoins = may_rejoin()
  local gathers = state == 'L' and not (rejoins and tonumber(ARGV[10]) >= 0)
  if gathers and may_gather() or not gathers and (is_open or state == 'H' or rejoins) then
    created, new_fan = 1, fan
    place = new_place(gathers, rejoins)
  end
end
upkeep(false, new_fan)
local answer = place and standing(fan, place)
save()
if not answer then return { 'C', rules } end
return { created, R.epoch, int(order_in_token(place)), unpack(answer) }
