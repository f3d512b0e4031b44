-- The records of called fans, and the ends of places.

-- A record is "STATE order since end cause":
--   CALLED, CALLED_AGAIN  has a slot since `since` (ms), and until `end` (live ms) to show up; AGAIN
--                         after a missed turn
--   ADMITTED              showed up; has the slot since `since` (ms), until `end` (ms)
--   PARKED, RETURNED      missed the turn; came back and waits for the next slot
--   ENDED                 `since` (ms) the place is over, and its cause
local function parse_called(record)
  if not record then return nil end
  local state, order, since, ends, cause = match(record, '^(%S+) (%S+) (%S+) (%S+) (%S+)$')
  return { state = state, order = tonumber(order), since = tonumber(since), ends = tonumber(ends),
    cause = cause }
end

local function called_record(place)
  return table.concat({ place.state, text(place.order), text(place.since or 0),
    text(place.ends or 0), place.cause or '-' }, ' ')
end

-- Records that this act has read or changed; the changed ones are written once, at the end.
local records, written = {}, {}

local function read_called(fan)
  if records[fan] == nil then records[fan] = parse_called(call('HGET', CALLED, fan)) or false end
  return records[fan] or nil
end

-- Reads the records of many fans at once.
local function read_called_of(fans)
  if #fans == 0 then return end
  for i, record in ipairs(call('HMGET', CALLED, unpack(fans))) do
    if records[fans[i]] == nil then records[fans[i]] = parse_called(record) or false end
  end
end

local function write_called(fan, place)
  records[fan], written[fan] = place or false, true
end

-- The entries of `proofs` that this act makes, written once.
local proofs = {}

local function prove(fan, at) proofs[fan] = at end

-- The fans whose places have ended, and of whom nothing else is known: what they gathered before
-- means nothing any more.
local over = {}

local function save_records()
  local fields, removed = {}, {}
  for fan in pairs(written) do
    if records[fan] then
      fields[#fields + 1], fields[#fields + 2] = fan, called_record(records[fan])
    else
      removed[#removed + 1] = fan
    end
  end
  if #removed > 0 then call('HDEL', CALLED, unpack(removed)) end
  if #fields > 0 then call('HSET', CALLED, unpack(fields)) end
  local entries = {}
  for fan, at in pairs(proofs) do
    entries[#entries + 1], entries[#entries + 2] = text(at), fan
  end
  if #entries > 0 then call('ZADD', PROOFS, unpack(entries)) end
  if R.gatherings > 0 and next(over) then
    local ended = {}
    for fan in pairs(over) do ended[#ended + 1] = fan end
    call('HDEL', AGAIN, unpack(ended))
  end
  written, proofs, over = {}, {}, {}
end

-- Places that this act ended because their time was over.
local expired = 0

-- The states with a slot, and the sorted set of their fans.
local HAS_SLOT = { CALLED = TURNS, CALLED_AGAIN = TURNS, ADMITTED = ADMITTED }

local function begin_turn(is_again)
  count_slots()
  set('inside', R.inside + 1)
  -- The fan was counted as absent at the missed turn.
  if is_again then set('tally_absent', R.tally_absent - 1) end
end

-- Of the admissions that the stock limits: how many are over, and how many were some seconds ago.
local function end_limited_admission()
  if now - R.sample_at >= COUNT_TAKES_MS then
    set('earlier_at', R.sample_at)
    set('earlier_over', R.sample_over)
    set('sample_at', now)
    set('sample_over', R.limited_over)
  end
  set('limited_over', R.limited_over + 1)
  set('over_at', now)
end

-- The time of a missed turn does not count: the next absent fan is overdue before the turn.
local function end_turn(place, outcome)
  count_slots()
  set('inside', R.inside - 1)
  if R.limited_since > 0 and place.since > R.limited_since then end_limited_admission() end
  if outcome ~= 'TURN_MISSED' then return set('ended', R.ended + 1) end
  set('tally_absent', R.tally_absent + 1)
  set('slot_ms', max(0, R.slot_ms - (now - place.since)))
end

-- Keeps for a while how the place of a called fan ended.
local function record_end(fan, order, cause)
  if cause == 'TURN_MISSED' then set('missed_total', R.missed_total + 1) end
  write_called(fan, { state = 'ENDED', order = order, since = now, cause = cause })
  prove(fan, now + ENDED_KEPT_MS - waiting_ms)
  if now + ENDED_KEPT_MS < R.age_at then set('age_at', now + ENDED_KEPT_MS) end
end

-- The fan missed the turn. The next call within the waiting TTL brings the next free slot.
local function park(fan, order)
  set('parked', R.parked + 1)
  set('missed_total', R.missed_total + 1)
  write_called(fan, { state = 'PARKED', order = order })
  prove(fan, now)
end

-- Applies to one fan what has lapsed: a turn that was missed, an admission that is over.
local function end_lapsed_place(fan, place)
  expired = expired + 1
  if place.state == 'ADMITTED' then
    end_turn(place, 'ADMISSION_LAPSED')
    return record_end(fan, place.order, 'ADMISSION_LAPSED')
  end
  end_turn(place, 'TURN_MISSED')
  if place.state == 'CALLED' then return park(fan, place.order) end
  record_end(fan, place.order, 'TURN_MISSED')
end

-- The record of the fan's place, or of the last one, also when the bounded upkeep is behind.
local function called_place(fan)
  local place = read_called(fan)
  local slot = place and HAS_SLOT[place.state]
  if slot and place.ends <= (slot == TURNS and live() or now) then
    call('ZREM', slot, fan)
    end_lapsed_place(fan, place)
  end
  return read_called(fan)
end

-- Ends the place of a fan who was called, or waits with this order; its end is known later for
-- called fans, and when an operator removes the place. Returns whether a slot came free.
local function end_place(fan, order, cause)
  local place = read_called(fan)
  if place and place.state == 'ENDED' then place = nil end
  local slot = place and HAS_SLOT[place.state]
  if slot then
    call('ZREM', slot, fan)
    end_turn(place, cause)
  elseif place and place.state == 'PARKED' then
    set('parked', R.parked - 1)
  else
    call('ZREM', WAITING, fan)
    call('ZREM', CALLS, call_name(fan, place and -1 or order))
    if place then set('returned', R.returned - 1) end
    set('waiting', R.waiting - 1)
  end
  if place or cause == 'REMOVED' then record_end(fan, order, cause)
  else
    over[fan] = true
    call('ZREM', PROOFS, fan)
  end
  return slot ~= nil
end
