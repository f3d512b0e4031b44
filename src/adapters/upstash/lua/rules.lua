-- What the room is ruled by. The rules are one text in which nothing is empty, "-" for what is not
-- set, with ":" between: state, version, opening time in ms, capacity, admissions a minute,
-- interval and tolerance of their pace in ms, admission in ms, hold in ms, least and longest poll
-- in seconds; and the seats to hope for: S(ome), H(eld), N(one).
-- States: C(losed), L(obby), O(pen), H(eld), D(raining); "o" is a C or L whose time has come.

local state, version, opens_at, capacity, interval, tolerance, admission_ms, poll_max = string.match(
  rules, '^(%a):(%d+):([^:]+):(%d+):[^:]+:([^:]+):([^:]+):(%d+):%d+:%d+:(%d+)')
version, opens_at, capacity = tonumber(version), tonumber(opens_at), tonumber(capacity)
interval, tolerance = tonumber(interval), tonumber(tolerance)
admission_ms, poll_max = tonumber(admission_ms), tonumber(poll_max)

if (state == 'C' or state == 'L') and opens_at and opens_at <= now then
  state, rules = 'o', 'o' .. sub(rules, 2)
  set('due', 0)
end
local is_open = state == 'O' or state == 'o'
local may_promote = is_open or state == 'D'

-- Whoever was told to poll later, by rules that have changed since, still has the time for it.
local poll_ms = (poll_max or 0) * 1000
if now < R.poll_until then poll_ms = math.max(poll_ms, R.poll_then) end
local window_ms = poll_ms + tonumber(ARGV[2])

-- A clock that went back, or a pace that was raised, keeps nobody waiting for longer than one interval.
if interval and R.tat > now + tolerance + interval then set('tat', now + tolerance + interval) end

local RECOUNT_MS = 5000

-- Whether the caller is to have the stock counted again: one is, every few seconds, while seats
-- are few and somebody waits for them.
local function count_stock()
  if R.budget < 0 or R.formed == -1 or now < R.count_at then return 0 end
  set('count_at', now + RECOUNT_MS)
  return 1
end

-- How many may be admitted now by the pace (see `admissionPace`), and the time from which that
-- counts; any number without one.
local function paced_admissions()
  if not interval then return NEVER end
  local from = math.max(R.tat, now)
  return math.max(0, floor((now + tolerance - from) / interval) + 1), from
end

local function save()
  save_blocks()
  if not written or rules == '-' then return end
  local in_window = R.formed == -1 and 0 or promotions_in_window()
  local next_bucket = (floor(now / BUCKET_MS) + 1) * BUCKET_MS
  local soon_until = R.rejoins > 0 and 0 or math.min(R.due, next_bucket)
  if (state == 'C' or state == 'L') and opens_at then soon_until = math.min(soon_until, opens_at) end
  if R.budget >= 0 and R.formed ~= -1 then soon_until = math.min(soon_until, R.count_at) end
  call('SET', ROOM, format(
    '%s %s' .. string.rep(' %.0f', 8) .. ' %s' .. string.rep(' %.0f', 11) .. ' %.17g'
      .. string.rep(' %.0f', 5),
    rules, R.epoch, soon_until, R.created, R.formed, in_window, R.tickets, R.active, R.first, R.lot,
    R.draws, R.gatherings, R.draw_next, R.returns, R.ticked, R.due, R.admitted, R.promoted,
    R.promoted_then, R.pace_from, R.pace_before, R.rejoins, R.tat, R.stock_of, R.budget, R.count_at,
    R.poll_then, R.poll_until))
end
