-- The keys and fields of one room.

-- Sorted set: fan with a slot who has not shown up yet -> deadline, live ms.
local TURNS = ROOM .. ':turns'
-- Sorted set: fan who showed up -> end of the admission, ms.
local ADMITTED = ROOM .. ':admitted'
-- Sorted set: near limit -> live ms at which it was set.
local RAISES = ROOM .. ':raises'
-- Sorted set: ticket -> ms by which it and all before it were issued.
local ISSUED = ROOM .. ':issued'
-- Hash: fan who left what they had gathered -> number of gatherings until then. A fan who was erased
-- there has a pseudonym in it, by the epoch as the salt.
local LEFT = ROOM .. ':left'
-- Hash: fan who gathered again after that -> the same number.
local AGAIN = ROOM .. ':again'
-- Sorted set: "before:last" orders of a draw -> number of gatherings until then.
local LOTS = ROOM .. ':lots'
-- List: pseudonyms of the latest draw in ticket order.
local LIST = ROOM .. ':list'
-- Set: pseudonyms, by the epoch as the salt, of the fans whose tokens of earlier epochs bring nothing
-- any more: they rejoined, or were erased. It ends when no such token counts.
local REJOINED = ROOM .. ':rejoined'
-- Hash: number of a span of time -> sample of the line in it; see `promote.lua`. It has samples of
-- an hour at most, and stays until the room is removed.
local HISTORY = ROOM .. ':history'

-- Fields of the hash. Times are ms, flags 1 or 0.
--   layout                    the version of what this room consists of
--   removed_version, removed_until  of a room without an epoch: rules up to this version are kept
--                             out until then
--   epoch, created, first     the epoch, its beginning, the order before its first ticket
--   ttl, ttl_at               the longest waiting TTL that callers may have sent, and when one of
--                             them noted it last
--   version, checked_at       of the rules; when they were last applied, changed or not
--   made_at                   when the room was made: older tokens bring nothing
--   rules                     the rules as answers need them, JSON; this part never reads it
--   joins, gathers, promotes, releases  flags of the room's state
--   opens_at                  when the fields `opening_…` replace those without it; 0: never
--   has_opened                1 when that has happened
--   opened_draw               id of the draw whose opening has begun
--   capacity, interval, tolerance, admission_ms, poll_min, poll_max (s)  from the rules; the
--                             interval is 0 without a rate
--   challenge                 1 if a new place needs a passed challenge
--   old_poll, old_poll_until  a longer poll of earlier rules (s), and until when it counts, live
--   draw_id, draw_seed, draw_salt, draw_inner, draw_outer  the present draw, with the two keys of
--                             its HMAC; next_…: the draw that comes after it
--   has_left                  1 while `left` is not empty
--   has_again                 1 since somebody gathered again in this epoch
--   tickets                   the last issued order
--   called, near              the highest order taken from the line, and the highest near one
--   near_at, far_raise_at     when `near` rose, and when it last reached fans who were far
--   pace                      expected orders called a second; 0 while nobody goes in
--   counted_at, sampled_…     see `speed.lua`: until when slots are counted, and the last sample
--   lost, acted_at            ms in which no fan could call; the last upkeep of a line with fans
--   outages                   the last outages: live ms of the beginning, `lost` before; JSON
--   due                       before this time upkeep finds nothing to do
--   inside, parked, waiting, returned  how many have slots, are parked, wait (about; 0 when nobody
--                             does), and wait after a missed turn
--   ends_at                   before this time no turn and no admission ends
--   returns, admitted_total, missed_total  counters: returns, slots given, turns missed
--   arrival                   theoretical arrival time (GCRA) of the next admission
--   seats                     SOME, HELD or NONE; `stock_as_of`, `available`: of the last count
--   stock_at                  when that count was stored
--   count_at                  when the stock must be counted again; 0: never
--   limited_since, limited_admitted, limited_over  since when the stock limits admissions, how
--                             many there were, and how many of them are over
--   over_at, over_then        when the last of these ended; how many had when the last count began
--   sample_…, earlier_…       `limited_over` before the first end of each of two spans, and its time
--   gatherings, drawn_gatherings  counters of gathered fans, and how many of them were drawn
--   drawing, drawn            1 while a draw goes on; the last drawn order
--   lot_before, lot_last, lot_gatherings, opened_at  the latest draw: orders, gatherings before
--   hold, rejoins             nobody is promoted before `hold`; 1 while fans rejoin after a reset
--   aged, age_at, issued_at   ageing: last order looked at, the next time, the last log entry
--   active_at, ticked_at, registered  the last time with fans; the last cron; in the active rooms
--   noted_at                  the last sample of the history; later if it came early
--   recent                    admissions by time bucket, JSON
--   front                     the document about the front of the line, JSON
local TEXT_FIELDS = {}
for _, field in ipairs({ 'epoch', 'rules', 'opening_rules', 'opened_draw', 'seats', 'recent', 'outages', 'front',
  'draw_id', 'draw_seed', 'draw_salt', 'draw_inner', 'draw_outer', 'next_id', 'next_seed',
  'next_salt', 'next_inner', 'next_outer' }) do TEXT_FIELDS[field] = true end

local changed = {}

local function set(field, value)
  R[field], changed[field] = value, true
end

-- Programs with different settings may call side by side. A place ends by the longest TTL that may
-- be in an answer, until it has run out since it was noted last.
local function apply_longest_ttl()
  local has_run_out = now >= R.ttl_at + R.ttl + OLD_TTL_KEPT_MS
  if told_ttl_ms < R.ttl and not has_run_out then
    waiting_ms = R.ttl
  elseif told_ttl_ms ~= R.ttl or math.abs(now - R.ttl_at) > TTL_NOTED_MS then
    set('ttl', told_ttl_ms)
    set('ttl_at', now)
  end
end

local function read_all()
  R = setmetatable({}, { __index = function() return 0 end })
  local all = call('HGETALL', ROOM)
  for i = 1, #all, 2 do
    local field, value = all[i], all[i + 1]
    R[field] = TEXT_FIELDS[field] and value or tonumber(value)
  end
  if R.epoch == 0 then return end
  if R.layout ~= LAYOUT then error('LINE_LAYOUT ' .. text(R.layout)) end
  apply_longest_ttl()
end

local function save()
  local fields = {}
  for field in pairs(changed) do
    local value = R[field]
    fields[#fields + 1] = field
    fields[#fields + 1] = type(value) == 'number' and text(value) or value
  end
  if #fields > 0 then call('HSET', ROOM, unpack(fields)) end
  changed = {}
end

local function call_name(fan, order) return fan .. ':' .. (order < 0 and 'returned' or text(order)) end

-- Whether a token of an earlier epoch may bring its order. The first draw of the epoch ends that: else
-- nobody who has such a token would need to gather.
local function takes_earlier() return now < R.created + waiting_ms and R.drawn_gatherings == 0 end

-- Returns whether the fan's tokens of earlier epochs counted until now. Only while `takes_earlier`.
local function use_up_earlier(fan)
  local is_first = call('SADD', REJOINED, pseudonym(fan, R.epoch)) == 1
  call('PEXPIRE', REJOINED, text(R.created + waiting_ms - now))
  return is_first
end
