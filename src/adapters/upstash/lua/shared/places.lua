-- Functions that find, keep alive and remove places. KEYS and ARGV: see `room.lua`.

local changed = false

local function touch()
  changed = true
  set('active', now)
end

local function remove_waiting(fan, order)
  touch()
  call('ZREM', WAITING, fan)
  put_calls(order, EMPTY_SLOT, true)
  if order < R.first then call('HDEL', LOWEST_AHEAD, int(order)) end
end

local SET_OF = { A = ADMITTED, P = PARKED, R = RETURNED }
local function remove_called(fan, place)
  touch()
  call('ZREM', SET_OF[place.state], fan)
  if place.state == 'R' then call('ZREM', SILENT, fan) end
  call('HDEL', CALLED, fan)
end

-- The place of `called` at the present time; nil when it has ended.
local function current_place(place)
  if place.state == 'A' and place.time_ms <= now then
    if place.shown or place.missed then return nil end
    local ends_ms = place.time_ms + waiting_ms
    place = { state = 'P', order = place.order, missed = true, shown = false, time_ms = ends_ms }
  end
  if place.state == 'P' and place.time_ms <= now then return nil end
  if place.state == 'R' and place.time_ms + waiting_ms <= now then return nil end
  return place
end

-- The live place of `called` at the present time, also if the bounded upkeep is behind.
local function live_called(fan)
  local text = call('HGET', CALLED, fan)
  if not text then return nil end
  local before = read_place(text)
  local place = current_place(before)
  if not place then
    remove_called(fan, before)
  elseif place ~= before then
    touch()
    call('ZREM', ADMITTED, fan)
    call('ZADD', PARKED, int(place.time_ms), fan)
    save_place(fan, place)
    set('due', math.min(R.due, place.time_ms))
  end
  return place
end

-- The live place of this order: { state = 'W' }, a place of `called`, or { state = 'G' } for a
-- gathered fan without a ticket. A negative order means the gathered place and the ticket drawn for
-- it. It is invalid when the fan has ended that place, also if the fan has gathered again.
local function find_live(fan, order)
  if order < 0 then
    local quit = tonumber(call('HGET', QUIT, fan) or nil)
    if quit and -order - R.first <= quit then return nil end
    if R.draw_phase > 0 and call('ZSCORE', GATHERED, fan) then return { state = 'G' } end
    order = tonumber(call('ZSCORE', WAITING, fan) or nil)
    if not order then
      local place = live_called(fan)
      return place and is_drawn(place.order) and place or nil
    end
    if not is_drawn(order) then return nil end
  end
  local called_ms = last_call(order)
  if called_ms then
    if called_ms + waiting_ms > now then return { state = 'W', order = order } end
    remove_waiting(fan, order)
    return nil
  end
  local place = live_called(fan)
  return place and place.order == order and place or nil
end

-- Applies a call of the fan: a waiting place stays alive, a parked fan returns.
local function apply_call(fan, place)
  if place.state == 'W' then
    record_call(place.order)
  elseif place.state == 'R' then
    place.time_ms = now
    call('ZADD', SILENT, int(now), fan)
    save_place(fan, place)
  elseif place.state == 'P' then
    changed = true
    set('returns', R.returns + 1)
    call('ZREM', PARKED, fan)
    call('ZADD', RETURNED, int(R.returns), fan)
    call('ZADD', SILENT, int(now), fan)
    place.state, place.time_ms = 'R', now
    save_place(fan, place)
    set('due', math.min(R.due, now + waiting_ms))
  end
end

-- Invalidates all tokens of gathered places that the fan has received so far.
local function invalidate_gathered_tokens(fan) call('HSET', QUIT, fan, int(R.gatherings)) end

local function remove(fan, place)
  if place.state == 'W' then
    remove_waiting(fan, place.order)
  elseif place.state == 'G' then
    touch()
    call('ZREM', GATHERED, fan)
    invalidate_gathered_tokens(fan)
  else
    remove_called(fan, place)
  end
end
