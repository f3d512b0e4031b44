-- Places: finding the live one, recording calls, ending.

local changed = false

local function touch()
  changed = true
  set('active', now)
end

local function remove_waiting(fan, order)
  touch()
  call('ZREM', WAITING, fan)
  put(order, NOBODY, true)
  if order < R.first then call('HDEL', TOLD, int(order)) end
end

local SET_OF = { A = ADMITTED, P = PARKED, R = RETURNED }
local function remove_called(fan, place)
  touch()
  call('ZREM', SET_OF[place.state], fan)
  if place.state == 'R' then call('ZREM', SILENT, fan) end
  call('HDEL', CALLED, fan)
end

-- What time has made of a place of `called`: nil when it is over.
local function lapsed(place)
  if place.state == 'A' and place.till <= now then
    if place.shown or place.missed then return nil end
    place = { state = 'P', order = place.order, missed = true, shown = false, till = place.till + waiting_ms }
  end
  if place.state == 'P' and place.till <= now then return nil end
  if place.state == 'R' and place.till + waiting_ms <= now then return nil end
  return place
end

-- The live place of `called`, lapsed to the present moment whatever upkeep has come to.
local function live_called(fan)
  local text = call('HGET', CALLED, fan)
  if not text then return nil end
  local before = read_place(text)
  local place = lapsed(before)
  if not place then
    remove_called(fan, before)
  elseif place ~= before then
    touch()
    call('ZREM', ADMITTED, fan)
    call('ZADD', PARKED, int(place.till), fan)
    save_place(fan, place)
    set('due', math.min(R.due, place.till))
  end
  return place
end

-- The live place of this order: { state = 'W' }, a place of `called`, or { state = 'G' } of whoever
-- has not drawn a ticket yet. A negative order stands for what the fan gathered, and for the ticket
-- drawn for it, unless the fan has ended it and gathered anew.
local function find(fan, order)
  if order < 0 then
    local quit = tonumber(call('HGET', QUIT, fan) or nil)
    if quit and -order - R.first <= quit then return nil end
    if R.lot > 0 and call('ZSCORE', GATHERED, fan) then return { state = 'G' } end
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

-- The fan makes a call of their own: it keeps a waiting place alive and brings a parked fan back.
local function recorded(fan, place)
  if place.state == 'W' then
    record_call(place.order)
  elseif place.state == 'R' then
    place.till = now
    call('ZADD', SILENT, int(now), fan)
    save_place(fan, place)
  elseif place.state == 'P' then
    changed = true
    set('returns', R.returns + 1)
    call('ZREM', PARKED, fan)
    call('ZADD', RETURNED, int(R.returns), fan)
    call('ZADD', SILENT, int(now), fan)
    place.state, place.till = 'R', now
    save_place(fan, place)
    set('due', math.min(R.due, now + waiting_ms))
  end
end

-- From now on the tokens of what the fan has gathered so far stand for nothing.
local function forget_gathered(fan) call('HSET', QUIT, fan, int(R.gatherings)) end

local function remove(fan, place)
  if place.state == 'W' then
    remove_waiting(fan, place.order)
  elseif place.state == 'G' then
    touch()
    call('ZREM', GATHERED, fan)
    forget_gathered(fan)
  else
    remove_called(fan, place)
  end
end
