-- How fast the line moves, from the turns measured lately. Functions of the same names in
-- `line_speed.ts` of the domain say why.
--   ended, slot_ms            turns that ended and were used; ms for which slots were held by them
--   surprise                  the sum of squared differences of `ended` from what was expected
--   tally_called, tally_absent  orders called; those of them whose fan used no slot

local function turns_together()
  return R.ended == 0 and 1 or max(1, min(R.ended, R.surprise / R.ended))
end

local function slot_seconds()
  if R.ended == 0 then return ASSUMED_TURNOVER_SECONDS end
  local seconds, turns = R.slot_ms / 1000, R.ended + turns_together() / 2
  local is_long = seconds / turns > ASSUMED_TURNOVER_SECONDS
  local missing = max(0, (is_long and R.capacity or min(R.capacity, FEWEST_TURNS)) - turns)
  local mean = (seconds + missing * ASSUMED_TURNOVER_SECONDS) / (turns + missing)
  return max(SHORTEST_TURN_SECONDS, mean)
end

local function used_share()
  local used = max(0, R.tally_called - R.tally_absent) + 1
  return max(LEAST_USED_SHARE, used / (R.tally_called + 1))
end

local function orders_per_second()
  return 1 / (used_share() * max(slot_seconds() / R.capacity, R.interval / 1000))
end

local function remembered_share(ended)
  local remembered = max(FEWEST_TURNS, REMEMBERED_TURNOVERS * R.capacity)
  return remembered / (remembered + ended)
end

local function count_slots()
  set('slot_ms', R.slot_ms + R.inside * (now - R.counted_at))
  set('counted_at', now)
end

-- One sample of the speed, when it is due. Earlier turns count less then. A line that does not move
-- has the pace 0.
local function measure(is_moving)
  count_slots()
  if now - R.sampled_at >= PACE_SAMPLE_MS then
    local ended = R.ended - R.sampled_ended
    local seconds = max(0, R.slot_ms - R.sampled_slot_ms) / 1000
    set('surprise', R.surprise + (ended - seconds / slot_seconds()) ^ 2)
    local share = remembered_share(ended)
    for _, field in ipairs({ 'ended', 'slot_ms', 'surprise', 'tally_called', 'tally_absent' }) do
      set(field, R[field] * share)
    end
    set('sampled_at', now)
    set('sampled_ended', R.ended)
    set('sampled_slot_ms', R.slot_ms)
  end
  set('pace', is_moving and orders_per_second() or 0)
end
