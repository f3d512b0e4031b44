-- Decisions that read no key. Functions of the same names in the domain follow the same rules.

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

local function near_limit(called, pace, told_ms)
  local window_ms = told_ms + show_up_ms
  return called + max(LEAST_NEAR, ceil(pace * (window_ms + max(told_ms, window_ms / 2)) / 1000))
end

-- Live ms; `due_ms` is nil for a fan who only called as far.
local function show_up_deadline(due_ms, near_since_ms, window_ms)
  return due_ms and due_ms + show_up_ms or near_since_ms + window_ms
end

-- A silence is an outage when it is longer. A short time to show up must not pass in it.
local function silence_ms() return min(SILENCE_MS, max(PACE_SAMPLE_MS, show_up_ms)) end

local function outage_ms(due_ms, told_ms)
  if now - R.acted_at <= silence_ms() then return 0 end
  local is_far_due = R.far_raise_at + told_ms > R.acted_at
  local began_ms = min(due_ms or now, is_far_due and R.acted_at + PACE_SAMPLE_MS or now)
  return min(now - began_ms, floor(waiting_ms * LONGEST_OUTAGE_SHARE))
end

-- When a fan with this score called, live ms.
local function time_of_call(score)
  local due_ms = floor(score)
  return due_ms - floor((score - due_ms) * INTERVAL_UNITS + 0.5) * 1000
end

