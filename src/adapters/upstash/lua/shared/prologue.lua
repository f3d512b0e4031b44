-- The part with which every script of the queue begins: arguments, and what its fast path needs.
-- KEYS: 1 the hash of the room's fields. The other keys of the room begin with its name.
-- ARGV: 1 now, ms since 1970, or "" for the clock of Redis · 2 time to show up, ms
--   3 waiting TTL, ms. The arguments of each script begin at 4.

local call, floor, ceil, max, min = redis.call, math.floor, math.ceil, math.max, math.min
local match = string.match

local ROOM = KEYS[1]
-- Sorted set: fan -> order. A fan who missed a turn and came back: RETURNED + number of the return.
local WAITING = ROOM .. ':waiting'
-- Hash: fan who was called -> record; see `records.lua`.
local CALLED = ROOM .. ':called'
-- Sorted set: "fan:order" of a near fan -> live ms by which the fan was to call; see
-- `call_score`.
local CALLS = ROOM .. ':calls'
-- Sorted set: fan -> ms of the last proof. Places are looked at when it is the waiting TTL ago.
local PROOFS = ROOM .. ':proofs'
-- Sorted set: fan who gathered and has no ticket yet -> value in the draw.
local GATHERED = ROOM .. ':gathered'

local now = tonumber(ARGV[1])
if not now then
  local time = call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
end
local show_up_ms, told_ttl_ms = tonumber(ARGV[2]), tonumber(ARGV[3])
-- The waiting TTL that applies: that of the caller, or a longer one of other callers that has not
-- run out; see `room.lua`.
local waiting_ms = told_ttl_ms

-- What a fast path must know: the room has this layout, and the caller's waiting TTL is noted.
local function is_familiar(layout, ttl, ttl_at)
  if layout ~= 'LAYOUT' then return false end
  ttl = tonumber(ttl or 0)
  return told_ttl_ms < ttl or told_ttl_ms == ttl and now - tonumber(ttl_at) <= TTL_NOTED_MS
end

-- The fields that this act has read or set; see `room.lua`. A number that was never set is 0.
local R

-- All digits of a number, which string.format's %d and the concatenation of Lua do not give.
local function text(number) return string.format('%.17g', number) end

-- The time without those in which no fan could call. Deadlines of calls run by it.
local function live() return now - R.lost end
