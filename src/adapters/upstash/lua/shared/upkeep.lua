-- Upkeep: every act ends lapsed places and promotes the heads of the line, a bounded number of
-- each. Most calls have nothing to do. All functions are inside `upkeep`, so that such calls do not
-- create them. KEYS and ARGV: see `room.lua`.

-- Expires places if that is due or `forced`. Promotes fans if places were expired or have changed.
-- `new_fan` is a fan who joined in this act. `release` is the number of fans to promote although
-- the room is HELD. Returns the number of expired places, the number of admissions, and whether
-- another call would find work.
local function upkeep(forced, new_fan, release)
local is_due = forced or now >= R.due
if not is_due and not changed then return 0, 0, false end

local SWEPT_BLOCKS = 8

-- Ends lapsed admissions. A fan who did not show up for the first time is parked.
local function expire_admitted()
  local fans = call('ZRANGEBYSCORE', ADMITTED, '-inf', int(now), 'LIMIT', 0, BATCH)
  if #fans == 0 then return 0 end
  local places, ended, parked, kept = call('HMGET', CALLED, unpack(fans)), {}, {}, {}
  for i, fan in ipairs(fans) do
    local place = current_place(read_place(places[i]))
    if place then
      parked[#parked + 1], parked[#parked + 2] = int(place.time_ms), fan
      kept[#kept + 1], kept[#kept + 2] = fan, place_text(place)
    else
      ended[#ended + 1] = fan
    end
  end
  touch()
  call('ZREM', ADMITTED, unpack(fans))
  if #ended > 0 then call('HDEL', CALLED, unpack(ended)) end
  if #parked > 0 then
    call('ZADD', PARKED, unpack(parked))
    call('HSET', CALLED, unpack(kept))
  end
  return #fans
end

-- Removes fans whose score in `set_key` is reached from each of `sets` and from `called`.
local function expire_called(set_key, until_ms, sets)
  local fans = call('ZRANGEBYSCORE', set_key, '-inf', int(until_ms), 'LIMIT', 0, BATCH)
  if #fans == 0 then return 0 end
  touch()
  for _, key in ipairs(sets) do call('ZREM', key, unpack(fans)) end
  call('HDEL', CALLED, unpack(fans))
  return #fans
end

-- Removes the silent fans of one block. Stores the lower bound of the last calls of the others.
local function sweep_block(block)
  local text, parts, dropped = read_block(block), {}, 0
  local earliest, run_from, run_to
  local function drop_run()
    if run_from then call('ZREMRANGEBYSCORE', WAITING, int(run_from), int(run_to)) end
    run_from = nil
  end
  for slot = 0, BLOCK - 1 do
    local called_ms, order = time_at(text, slot), block * BLOCK + slot
    local silent = called_ms and called_ms + waiting_ms <= now
    if silent then
      dropped = dropped + 1
      run_from, run_to = run_from or order, order
      if order < R.first then call('HDEL', LOWEST_AHEAD, int(order)) end
    elseif called_ms then
      drop_run()
      earliest = math.min(earliest or called_ms, called_ms)
    end
    parts[slot + 1] = silent and EMPTY_SLOT or sub(text, slot * WIDTH + 1, slot * WIDTH + WIDTH)
  end
  drop_run()
  if dropped > 0 then
    touch()
    write_block(block, table.concat(parts), true)
  end
  if earliest then call('ZADD', BLOCKS, int(earliest), int(block)) end
  return dropped
end

-- Sweeps blocks within the bounds. Returns the number of removed fans, and whether blocks are left.
local function expire_waiting()
  local silent_ms, dropped = int(now - waiting_ms), 0
  local due = call('ZRANGEBYSCORE', BLOCKS, '-inf', silent_ms, 'LIMIT', 0, SWEPT_BLOCKS + 1)
  for i, block in ipairs(due) do
    if i > SWEPT_BLOCKS or dropped + BLOCK > BATCH then return dropped, true end
    dropped = dropped + sweep_block(tonumber(block))
  end
  return dropped, false
end

local function first_score(key)
  local first = call('ZRANGE', key, 0, 0, 'WITHSCORES')
  return tonumber(first[2]) or NEVER
end

-- Expires a bounded number of places. Returns their number, and whether more are left. Stores when
-- the next place lapses.
local function expire()
  local admissions = expire_admitted()
  local turns = expire_called(PARKED, now, { PARKED })
  local returns = expire_called(SILENT, now - waiting_ms, { SILENT, RETURNED })
  local places, more = expire_waiting()
  save_blocks()
  more = more or math.max(admissions, turns, returns) >= BATCH
  local next_call = math.min(first_score(BLOCKS), first_score(SILENT)) + waiting_ms
  set('due', more and 0 or math.min(first_score(ADMITTED), first_score(PARKED), next_call))
  return admissions + turns + returns + places, more
end

-- Takes at most `limit` heads out of `waiting`, in ticket order. Silent fans are dropped. Returns
-- the number of fans taken, and the number dropped.
local function take_waiting(limit, admit)
  local heads = call('ZRANGE', WAITING, 0, limit - 1, 'WITHSCORES')
  if #heads == 0 then return 0, 0 end
  call('ZREMRANGEBYRANK', WAITING, 0, #heads / 2 - 1)
  local dropped, last_slot = 0, {}
  for i = 1, #heads, 2 do
    local fan, order = heads[i], tonumber(heads[i + 1])
    local called_ms = last_call(order)
    if called_ms and called_ms + waiting_ms <= now then
      dropped = dropped + 1
    else
      admit(fan, { state = 'A', order = order, missed = false })
    end
    if order < R.first then call('HDEL', LOWEST_AHEAD, int(order)) end
    local block, slot = locate(order)
    last_slot[block] = slot
  end
  -- No fan waits with a lower ticket, so the slots before are cleared too.
  for block, slot in pairs(last_slot) do
    local free = (slot + 1) * WIDTH
    if blocks[block] then
      write_block(block, string.rep(EMPTY_SLOT, slot + 1) .. sub(blocks[block], free + 1), true)
    end
  end
  return #heads / 2, dropped
end

-- The same for `returned`.
local function take_returned(limit, admit)
  local fans = call('ZRANGE', RETURNED, 0, limit - 1)
  if #fans == 0 then return 0, 0 end
  call('ZREMRANGEBYRANK', RETURNED, 0, #fans - 1)
  call('ZREM', SILENT, unpack(fans))
  local places, dropped = call('HMGET', CALLED, unpack(fans)), 0
  for i, fan in ipairs(fans) do
    local place = current_place(read_place(places[i]))
    if place then
      admit(fan, { state = 'A', order = place.order, missed = true })
    else
      dropped = dropped + 1
      call('HDEL', CALLED, fan)
    end
  end
  return #fans, dropped
end

-- Counts admissions in buckets. `waited` of them are fans who had waited: only these count for the
-- pace.
local function count_admissions(admitted, waited)
  if admitted == 0 then return end
  local bucket = floor(now / BUCKET_MS)
  local newest = call('ZRANGE', METER, -1, -1, 'WITHSCORES')
  if not newest[2] or tonumber(newest[2]) < bucket then
    local totals = table.concat({ int(bucket), int(R.admitted), int(R.promoted) }, ':')
    call('ZADD', METER, int(bucket), totals)
    call('ZREMRANGEBYSCORE', METER, '-inf', '(' .. int(bucket - WINDOW_MS / BUCKET_MS - 1))
  end
  set('admitted', R.admitted + admitted)
  set('promoted', R.promoted + waited)
end

local function count_in_line()
  local undrawn = R.draw_phase == 2 and call('ZCARD', GATHERED) or 0
  return call('ZCARD', WAITING) + call('ZCARD', RETURNED) + undrawn
end

-- How many fans may be promoted now, as capacity, state, stock and rate allow; without the rate;
-- and the arrival time by the rate. A fan who joins an empty line is admitted into a free slot,
-- even if no seat is left.
local function quota()
  local wanted = state == 'H' and release or 0
  if may_promote then wanted = R.budget < 0 and NEVER or R.budget end
  if may_promote and new_fan and wanted == 0 and count_in_line() == 1 then wanted = 1 end
  if wanted == 0 then return 0, 0 end
  wanted = math.max(0, math.min(wanted, capacity - call('ZCARD', ADMITTED)))
  local by_rate, from = admissions_allowed_by_rate()
  return math.min(wanted, by_rate), wanted, from
end

-- Promotes the fans that the quota allows. Returns the number of admissions, the number of dropped
-- fans, and whether it stopped at its bound. During a draw an act takes at most as many heads as it
-- has drawn tickets before, so that no fan passes gathered fans without a ticket.
local function promote()
  local allowed, wanted, from = quota()
  local left = R.draw_phase == 2 and SHARE or BATCH
  local admitted, waited, dropped, ends, places = 0, 0, 0, {}, {}
  local function admit(fan, place)
    place.time_ms = now + window_ms
    admitted = admitted + 1
    if fan ~= new_fan then waited = waited + 1 end
    ends[#ends + 1], ends[#ends + 2] = int(place.time_ms), fan
    places[#places + 1], places[#places + 2] = fan, place_text(place)
  end
  while allowed > admitted and left > 0 do
    local limit = math.min(allowed - admitted, left)
    local taken, silent = take_returned(limit, admit)
    if taken == 0 then taken, silent = take_waiting(limit, admit) end
    if taken == 0 then break end
    left, dropped = left - taken, dropped + silent
  end
  if admitted > 0 then
    call('ZADD', ADMITTED, unpack(ends))
    call('HSET', CALLED, unpack(places))
    set('due', math.min(R.due, now + window_ms))
    if from then set('tat', from + admitted * interval) end
    if R.budget > 0 then set('budget', math.max(0, R.budget - admitted)) end
  end
  if admitted + dropped > 0 then set('active', now) end
  count_admissions(admitted, waited)
  local in_line = count_in_line()
  local more = left == 0 and admitted < allowed and in_line > 0
  if more then set('due', 0) end
  if may_promote and in_line > 0 and admitted == allowed and admitted < wanted then
    local next_ms = math.ceil((from + admitted * interval) - tolerance)
    set('due', math.min(R.due, math.max(now + 1, next_ms)))
  end
  if in_line == 0 then
    if R.formed ~= -1 then set('formed', -1) end
  elseif R.formed == -1 then
    set('formed', now)
    set('promoted_before_line', R.promoted)
  end
  return admitted, dropped, more
end
local expired, admitted, dropped, more, more_heads = 0, 0, 0, false, false
if is_due then expired, more = expire() end
if R.draw_phase == 2 then draw_share() end
admitted, dropped, more_heads = promote()
return expired + dropped, admitted, more or more_heads or R.draw_phase == 2
end
