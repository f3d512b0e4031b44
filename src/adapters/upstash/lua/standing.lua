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

-- How many stand before a fan, by their tickets: whoever has yet to draw one stands behind those
-- who have, and in front of those who joined after the opening.
local function rank_of(fan, order)
  local rank = call('ZRANK', WAITING, fan)
  if R.lot ~= 2 or not rank then return rank end
  local _, to = latest_draw()
  return order > to and rank + call('ZCARD', GATHERED) or rank
end

local function rank_of_undrawn(fan)
  local _, to = latest_draw()
  return call('ZCOUNT', WAITING, '-inf', int(to)) + call('ZRANK', GATHERED, fan), to
end

-- The answer to the fan of a place that stood when the act began: {'W', ahead, rank, expires,
-- promoted, over, order or "", rules, count the stock (0 unless the caller `counts`)} | {'A', expires, order, rules} |
-- {'L', pseudonym, rules} | {'G'}. Being told ADMITTED is showing up.
local function standing(fan, found, counts)
  local order, rank, ahead = found.order, nil, nil
  if found.state == 'G' and call('ZSCORE', GATHERED, fan) then
    if R.lot ~= 2 then return { 'L', pseudonym(fan), rules } end
    rank, order = rank_of_undrawn(fan)
    ahead, order = ahead_to_tell(order, rank), ''
  else
    order = order or tonumber(call('ZSCORE', WAITING, fan) or nil)
    rank = order and rank_of(fan, order)
    if rank then
      ahead = ahead_to_tell(order, rank)
    else
      local text = call('HGET', CALLED, fan)
      local place = text and read_place(text)
      if not place or order and place.order ~= order then return { 'G' } end
      order = place.order
      if place.state == 'A' then
        if not place.shown then
          place.shown, place.till = true, now + admission_ms
          call('ZADD', ADMITTED, int(place.till), fan)
          save_place(fan, place)
          set('due', math.min(R.due, place.till))
        end
        return { 'A', int(place.till), int(order), rules }
      end
      rank = call('ZRANK', RETURNED, fan)
      ahead = rank
    end
    order = int(order)
  end
  local since = math.max(R.formed == -1 and now or R.formed, now - WINDOW_MS)
  return {
    'W', ahead, rank, int(now + waiting_ms), promotions_in_window(), int(now - since), order, rules,
    counts and count_stock() or 0,
  }
end
