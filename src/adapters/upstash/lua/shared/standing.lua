-- The standing of a fan, as an answer contains it. KEYS and ARGV: see `room.lua`.

-- The number ahead that the fan receives. It never rises when other fans rejoin in front. For a
-- ticket of this epoch, the fans who rejoined after it are subtracted. For a ticket of an earlier
-- epoch, the lowest number that was sent is kept.
local function reported_ahead(order, rank)
  if R.rejoins == 0 then return rank end
  if order >= R.first then
    local after = call('ZCOUNT', REJOINED, int(order), '+inf')
    return rank - math.min(after, call('ZCOUNT', WAITING, '-inf', '(' .. int(R.first)))
  end
  local lowest = tonumber(call('HGET', LOWEST_AHEAD, int(order)) or nil)
  if lowest and lowest <= rank then return lowest end
  call('HSET', LOWEST_AHEAD, int(order), rank)
  return rank
end

-- The number of fans ahead of a fan with a ticket. Gathered fans without a ticket are behind fans
-- with a drawn ticket and ahead of fans who joined after the opening.
local function rank_of(fan, order)
  local rank = call('ZRANK', WAITING, fan)
  if R.draw_phase ~= 2 or not rank then return rank end
  local _, to = latest_draw()
  return order > to and rank + call('ZCARD', GATHERED) or rank
end

local function rank_of_undrawn(fan)
  local _, to = latest_draw()
  return call('ZCOUNT', WAITING, '-inf', int(to)) + call('ZRANK', GATHERED, fan), to
end

-- The standing of a fan whose place was live when the act began. A fan who receives ADMITTED shows
-- up.
--   {'W', ahead, rank, end (ms), promotions, their time (ms), order or "", rules, count the stock}
--     The last value is 0 unless `may_count`.
--   {'A', end (ms), order, rules}
--   {'L', pseudonym, rules}
--   {'G'}
local function standing(fan, found, may_count)
  local order, rank, ahead = found.order, nil, nil
  if found.state == 'G' and call('ZSCORE', GATHERED, fan) then
    if R.draw_phase ~= 2 then return { 'L', pseudonym(fan), rules } end
    rank, order = rank_of_undrawn(fan)
    ahead, order = reported_ahead(order, rank), ''
  else
    order = order or tonumber(call('ZSCORE', WAITING, fan) or nil)
    rank = order and rank_of(fan, order)
    if rank then
      ahead = reported_ahead(order, rank)
    else
      local text = call('HGET', CALLED, fan)
      local place = text and read_place(text)
      if not place or order and place.order ~= order then return { 'G' } end
      order = place.order
      if place.state == 'A' then
        if not place.shown then
          place.shown, place.time_ms = true, now + admission_ms
          call('ZADD', ADMITTED, int(place.time_ms), fan)
          save_place(fan, place)
          set('due', math.min(R.due, place.time_ms))
        end
        return { 'A', int(place.time_ms), int(order), rules }
      end
      rank = call('ZRANK', RETURNED, fan)
      ahead = rank
    end
    order = int(order)
  end
  local since = math.max(R.formed == -1 and now or R.formed, now - WINDOW_MS)
  return {
    'W', ahead, rank, int(now + waiting_ms), promotions_in_window(), int(now - since), order, rules,
    may_count and claim_recount() or 0,
  }
end
