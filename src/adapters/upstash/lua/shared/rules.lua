-- The rules of the room, the rate of admissions, and the end of an act.
-- KEYS and ARGV: see `room.lua`.
--
-- The rules are one text with ":" between the fields and "-" for a field that is not set: state,
-- version, opening time (ms), capacity, admissions per minute, GCRA interval (ms), GCRA tolerance
-- (ms), admission TTL (ms), hold TTL (ms), shortest poll (s), longest poll (s), stock outlook.
-- States: C(losed), L(obby), O(pen), H(eld), D(raining); "o" is C or L after its opening time.
-- Stock outlooks: S(ome), H(eld), N(one).

local state, version, opens_at, capacity, interval, tolerance, admission_ms, poll_max =
  string.match(rules, '^(%a):(%d+):([^:]+):(%d+):[^:]+:([^:]+):([^:]+):(%d+):%d+:%d+:(%d+)')
version, opens_at, capacity = tonumber(version), tonumber(opens_at), tonumber(capacity)
interval, tolerance = tonumber(interval), tonumber(tolerance)
admission_ms, poll_max = tonumber(admission_ms), tonumber(poll_max)

if (state == 'C' or state == 'L') and opens_at and opens_at <= now then
  state, rules = 'o', 'o' .. sub(rules, 2)
  set('due', 0)
end
local is_open = state == 'O' or state == 'o'
local may_promote = is_open or state == 'D'

-- A fan who uses a longer poll of earlier rules keeps the window of that poll.
local poll_ms = (poll_max or 0) * 1000
if now < R.old_poll_until then poll_ms = math.max(poll_ms, R.old_poll) end
local window_ms = poll_ms + tonumber(ARGV[2])

-- After a step back of the clock or a raise of the rate, the wait is at most one interval.
if interval and R.tat > now + tolerance + interval then set('tat', now + tolerance + interval) end

local RECOUNT_MS = 5000

-- 1 if the caller must have the stock counted again. That is one caller per interval, while the
-- stock limits admissions and fans wait.
local function claim_recount()
  if R.budget < 0 or R.formed == -1 or now < R.recount_at then return 0 end
  set('recount_at', now + RECOUNT_MS)
  return 1
end

-- How many fans the rate allows to be admitted now (see `admissionPace`), and the arrival time of
-- the first of them. NEVER is no limit.
local function admissions_allowed_by_rate()
  if not interval then return NEVER end
  local from = math.max(R.tat, now)
  return math.max(0, floor((now + tolerance - from) / interval) + 1), from
end

local function save()
  save_blocks()
  if not written or rules == '-' then return end
  local in_window = R.formed == -1 and 0 or promotions_in_window()
  local next_bucket = (floor(now / BUCKET_MS) + 1) * BUCKET_MS
  local fast_until_ms = R.rejoins > 0 and 0 or math.min(R.due, next_bucket)
  if (state == 'C' or state == 'L') and opens_at then
    fast_until_ms = math.min(fast_until_ms, opens_at)
  end
  if R.budget >= 0 and R.formed ~= -1 then fast_until_ms = math.min(fast_until_ms, R.recount_at) end
  call('SET', ROOM, format(
    '%s %s' .. string.rep(' %.0f', 8) .. ' %s' .. string.rep(' %.0f', 11) .. ' %.17g'
      .. string.rep(' %.0f', 5),
    rules, R.epoch, fast_until_ms, R.created, R.formed, in_window, R.tickets, R.active, R.first,
    R.draw_phase, R.draws, R.gatherings, R.draw_next, R.returns, R.ticked, R.due, R.admitted,
    R.promoted, R.promoted_before_line, R.pace_from, R.pace_before, R.rejoins, R.tat, R.stock_as_of,
    R.budget, R.recount_at, R.old_poll, R.old_poll_until))
end
