-- Functions that read and write the keys of the room. KEYS and ARGV: see `room.lua`.

local ROOM = KEYS[1]
local WAITING, CALLS, BLOCKS = ROOM .. ':waiting', ROOM .. ':calls', ROOM .. ':blocks'
local CALLED, ADMITTED, PARKED = ROOM .. ':called', ROOM .. ':admitted', ROOM .. ':parked'
local RETURNED, SILENT, METER = ROOM .. ':returned', ROOM .. ':silent', ROOM .. ':meter'
local REJOINED, LOWEST_AHEAD = ROOM .. ':rejoined', ROOM .. ':lowest_ahead'
local GATHERED, QUIT = ROOM .. ':gathered', ROOM .. ':quit'
local DRAW, DRAWN = ROOM .. ':draw', ROOM .. ':drawn'
local BATCH = 256
local EMPTY_SLOT = '\0\0\0\0\0'
local BUCKET_MS = 5000
local NEVER = 2 ^ 53

local sub = string.sub
local function int(number) return format('%.0f', number) end

-- The other fields of the record:
--   first                 the order before the first ticket
--   draw_phase            0 no fan has gathered; 1 fans gather; 2 the draw is in progress
--   draws                 the ticket ranges of all draws: "from-to", from exclusive, to inclusive,
--                         with "," between; "-" before the first draw
--   gatherings            the number of fans who have gathered in this epoch
--   draw_next             the next ticket to draw: 1 more than the last ticket of the published
--                         list; 0 without a list
--   returns               the number of parked fans who have returned
--   ticked                the last `promote`, ms
--   due                   before this time no place lapses, and no fan can be promoted unless a
--                         place changes, ms
--   admitted, promoted    the number of all admissions, and of admissions of fans who had waited
--   promoted_before_line  the value of `promoted` when the line formed
--   pace_from             the bucket in which the window of the pace begins
--   pace_before           the value of `promoted` before this bucket
--   rejoins               the number of used tickets of earlier epochs
--   tat                   theoretical arrival time (GCRA) of the next admission, ms
--   stock_as_of           when the stock was counted, ms
--   budget                how many more fans the stock allows to be admitted; -1 without a limit
--   recount_at            when the stock must be counted again, ms
--   old_poll              the longest poll of earlier rules, ms
--   old_poll_until        until when fans may use `old_poll`, ms
local R = {}
R.first, R.draw_phase, R.draws, R.gatherings, R.draw_next, R.returns, R.ticked, R.due, R.admitted,
  R.promoted, R.promoted_before_line, R.pace_from, R.pace_before, R.rejoins, R.tat, R.stock_as_of,
  R.budget, R.recount_at, R.old_poll, R.old_poll_until =
  string.match(other_fields, '(%S+)' .. string.rep(' (%S+)', 19))
local draws = R.draws
R.created, R.formed, R.tickets, R.active = created, formed, tickets, active
for field, text in pairs(R) do R[field] = tonumber(text) end
R.draws = draws
R.epoch = epoch

local written = now >= tonumber(fast_until)
local function set(field, number)
  R[field] = number
  written = true
end

-- The last calls of fans. An act reads each block once and writes it at the end.
local blocks, changed_blocks, cleared = {}, {}, {}

local function locate(order)
  local slot = math.fmod(order, BLOCK)
  return (order - slot) / BLOCK, slot
end

local function read_block(block)
  if blocks[block] == nil then blocks[block] = call('HGET', CALLS, int(block)) end
  return blocks[block]
end

local function write_block(block, text, clears)
  blocks[block], changed_blocks[block] = text, true
  cleared[block] = cleared[block] or clears
end

-- A time is stored as ms since the epoch began, plus 1. 0 is an empty slot.
local function time_at(text, slot)
  local a, b, c, d, e = string.byte(text, slot * WIDTH + 1, slot * WIDTH + WIDTH)
  local kept = (((a * 256 + b) * 256 + c) * 256 + d) * 256 + e
  return kept > 0 and R.created + kept - 1 or nil
end

local function pack_time(time_ms)
  local left, bytes = math.max(time_ms - R.created, 0) + 1, {}
  for i = WIDTH, 1, -1 do
    bytes[i] = left % 256
    left = floor(left / 256)
  end
  return string.char(unpack(bytes))
end

local function last_call(order)
  local block, slot = locate(order)
  local text = read_block(block)
  return text and time_at(text, slot)
end

-- Writes one or more entries of one block, from this order on.
local function put_calls(order, entry, clears)
  local block, slot = locate(order)
  local text = read_block(block)
  if not text then
    text = string.rep(EMPTY_SLOT, BLOCK)
    call('ZADD', BLOCKS, int(now), int(block))
    set('due', math.min(R.due, now + waiting_ms))
  end
  local at = slot * WIDTH
  write_block(block, sub(text, 1, at) .. entry .. sub(text, at + #entry + 1), clears)
end

local function record_call(order) put_calls(order, pack_time(now)) end

-- Places of `called`: state A(dmitted), P(arked) or R(eturned). `time_ms` is the end of an
-- admission or of a parked place; for a returned fan it is the last call.

local function read_place(text)
  local state, order, missed, shown, time_ms = string.match(text, '^(%u) (%d+) (%d) (%d) (%d+)$')
  return {
    state = state, order = tonumber(order), missed = missed == '1', shown = shown == '1',
    time_ms = tonumber(time_ms),
  }
end

local function place_text(place)
  local missed, shown = place.missed and '1' or '0', place.shown and '1' or '0'
  return table.concat({ place.state, int(place.order), missed, shown, int(place.time_ms) }, ' ')
end

local function save_place(fan, place) call('HSET', CALLED, fan, place_text(place)) end

local function save_blocks()
  for block in pairs(changed_blocks) do
    if cleared[block] and not string.find(blocks[block], '[^%z]') then
      call('HDEL', CALLS, int(block))
      call('ZREM', BLOCKS, int(block))
      blocks[block] = false
    else
      call('HSET', CALLS, int(block), blocks[block])
    end
  end
  changed_blocks = {}
end

-- The promotions of waiting fans since the line formed, within the window.
local function promotions_in_window()
  local from = floor((now - WINDOW_MS) / BUCKET_MS)
  if R.pace_from ~= from then
    local oldest = call('ZRANGEBYSCORE', METER, int(from), '+inf', 'LIMIT', 0, 1)[1]
    set('pace_from', from)
    set('pace_before', oldest and tonumber(string.match(oldest, ':(%d+)$')) or R.promoted)
  end
  return R.promoted - math.max(R.pace_before, R.promoted_before_line)
end
