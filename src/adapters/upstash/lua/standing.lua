-- What a fan is told.

-- A told position never rises, whoever rejoins in front. For a ticket of this epoch, those who
-- rejoined after it are taken off; for one of an earlier epoch, the lowest number told is kept.
local function ahead_to_tell(order, rank)
  if R.rejoins == 0 then return rank end
  if order >= R.first then
    local after = call('ZCOUNT', REJOINED, int(order), '+inf')
    return rank - math.min(after, call('ZCOUNT', WAITING, '-inf', '(' .. int(R.first)))
  end
  local told = tonumber(call('HGET', TOLD, int(order)) or nil)
  if told and told <= rank then return told end
  call('HSET', TOLD, int(order), rank)
  return rank
end

-- The answer to a fan: {'W', ahead, rank, expires, promoted, over} | {'A', expires} | {'G'}.
-- Being told ADMITTED is showing up.
local function standing(fan, order)
  local rank = call('ZRANK', WAITING, fan)
  local place
  if not rank then
    local text = call('HGET', CALLED, fan)
    place = text and read_place(text)
    if not place or place.order ~= order then return { 'G' } end
  end
  if place and place.state == 'A' then
    if not place.shown then
      place.shown, place.till = true, now + admission_ms
      call('ZADD', ADMITTED, int(place.till), fan)
      save_place(fan, place)
      set('due', math.min(R.due, place.till))
    end
    return { 'A', int(place.till) }
  end
  if place then rank = call('ZRANK', RETURNED, fan) end
  local ahead = place and rank or ahead_to_tell(order, rank)
  local since = math.max(R.formed == -1 and now or R.formed, now - WINDOW_MS)
  return { 'W', ahead, rank, int(now + waiting_ms), promotions_in_window(), int(now - since) }
end
