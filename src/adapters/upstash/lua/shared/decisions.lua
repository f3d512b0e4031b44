-- Decisions that read no key. Functions of the same names in the domain follow the same rules.

-- As `pollAfterSeconds`.
local function poll_after_seconds(ahead, random)
  local keeps_place = max(1, floor(waiting_ms / 2000))
  local shortest, longest = min(R.poll_min, keeps_place), min(R.poll_max, keeps_place)
  if ahead <= 0 then return shortest end
  local per_second = R.pace > 0 and R.pace or R.capacity / ASSUMED_TURNOVER_SECONDS
  if R.per_minute > 0 then per_second = min(per_second, R.per_minute / 60) end
  local highest = min(longest / 1.2, longest - 1)
  local base = max(shortest, min(highest, 0.2 * ahead / per_second))
  return min(longest, floor(base + max(1, 0.2 * base) * random + 0.5))
end

-- Returns how many may go in now, and how many slots are free for them. `budget` is nil without a
-- limit by the stock.
local function allowance(release, budget)
  local slots = max(0, R.capacity - R.inside)
  if R.promotes == 0 then slots = min(slots, release) end
  if budget then slots = min(slots, max(0, budget)) end
  if R.interval == 0 then return slots, slots end
  local left_ms = now + R.tolerance - max(R.arrival, now)
  return min(slots, left_ms < 0 and 0 or floor(left_ms / R.interval) + 1), slots
end

local function corrected_arrival() return min(R.arrival, now + R.tolerance + R.interval) end

local function sampled_pace(pace, called, over_ms)
  local sample = called * 1000 / over_ms
  return pace == 0 and sample or pace + min(1, over_ms / PACE_MEMORY_MS) * (sample - pace)
end

local function near_limit(called, pace, window_ms)
  return called + max(LEAST_NEAR, ceil(NEAR_MARGIN * pace * window_ms / 1000))
end

-- Live ms; `due_ms` is nil for a fan who only called as far.
local function show_up_deadline(due_ms, near_since_ms, window_ms)
  return due_ms and due_ms + show_up_ms or near_since_ms + window_ms
end

local function outage_began_ms(due_ms, told_ms)
  if now - R.acted_at <= SILENCE_MS then return nil end
  if R.far_raise_at + told_ms <= R.acted_at then return due_ms end
  return min(due_ms or NEVER, R.acted_at + PACE_SAMPLE_MS)
end

local function remembered_share(over_ms) return max(0, min(1, 1 - over_ms / TURN_MEMORY_MS)) end
