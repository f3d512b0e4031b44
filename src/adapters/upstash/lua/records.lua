-- Reading and writing what the room keeps.

local ROOM = KEYS[1]
local WAITING, CALLS, BLOCKS = ROOM .. ':waiting', ROOM .. ':calls', ROOM .. ':blocks'
local CALLED, ADMITTED, PARKED = ROOM .. ':called', ROOM .. ':admitted', ROOM .. ':parked'
local RETURNED, SILENT, METER = ROOM .. ':returned', ROOM .. ':silent', ROOM .. ':meter'
local REJOINED, TOLD = ROOM .. ':rejoined', ROOM .. ':told'
local GATHERED, QUIT = ROOM .. ':gathered', ROOM .. ':quit'
local DRAW, DRAWN = ROOM .. ':draw', ROOM .. ':drawn'
local BATCH = 256
local NOBODY = '\0\0\0\0\0'
local BUCKET_MS = 5000
local NEVER = 2 ^ 53

local sub = string.sub
local function int(number) return format('%.0f', number) end

-- The rest of the record:
--   first             the order before the first ticket
--   lot               0 nobody has gathered; 1 fans gather; 2 they draw their tickets, a share an act
--   draws             the tickets of all draws: "from-to", after "from" and up to "to", with ","
--                     between; "-" before the first
--   gatherings        how many have gathered
--   draw_next         the next ticket to draw, and 1 more than the last of the published list; 0
--                     while there is no list
--   returns, ticked   how many parked fans have come back; the last `promote`, ms
--   due               before this time nothing lapses, and nobody can be promoted unless a place
--                     changes, ms
--   admitted, promoted, promoted_then   all admissions; those out of the line; and when it formed
--   pace_from, pace_before   the promotions before this bucket
--   rejoins           how many tickets of earlier epochs were used
--   tat               theoretical time of the next admission by the pace, ms
--   stock_of, budget, count_at   when the stock was counted, ms; how many may go in for it, -1 for
--                     any number; when it is to be counted again, ms
--   poll_then, poll_until    longer polls, ms, that fans were told before the rules changed, and
--                     until when these last
local R = {}
R.first, R.lot, R.draws, R.gatherings, R.draw_next, R.returns, R.ticked, R.due, R.admitted,
  R.promoted, R.promoted_then, R.pace_from, R.pace_before, R.rejoins, R.tat, R.stock_of, R.budget,
  R.count_at, R.poll_then, R.poll_until = string.match(others, '(%S+)' .. string.rep(' (%S+)', 19))
local draws = R.draws
R.created, R.formed, R.tickets, R.active = created, formed, tickets, active
for field, text in pairs(R) do R[field] = tonumber(text) end
R.draws = draws
R.epoch = epoch

local written = now >= tonumber(soon)
local function set(field, number)
  R[field] = number
  written = true
end

-- When fans last called: blocks are read once and written at the end.
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

-- A time is kept as ms since the room was made, plus 1: 0 says that nobody waits there.
local function time_at(text, slot)
  local a, b, c, d, e = string.byte(text, slot * WIDTH + 1, slot * WIDTH + WIDTH)
  local kept = (((a * 256 + b) * 256 + c) * 256 + d) * 256 + e
  return kept > 0 and R.created + kept - 1 or nil
end

local function packed(time_ms)
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

-- Writes one entry or more, of one block, from this order on.
local function put(order, entry, clears)
  local block, slot = locate(order)
  local text = read_block(block)
  if not text then
    text = string.rep(NOBODY, BLOCK)
    call('ZADD', BLOCKS, int(now), int(block))
    set('due', math.min(R.due, now + waiting_ms))
  end
  local at = slot * WIDTH
  write_block(block, sub(text, 1, at) .. entry .. sub(text, at + #entry + 1), clears)
end

local function record_call(order) put(order, packed(now)) end

-- Places of those who were called: state A(dmitted), P(arked) or R(eturned). `till` is the end of
-- an admission or a parked place, and the last call of a returned fan.

local function read_place(text)
  local state, order, missed, shown, till = string.match(text, '^(%u) (%d+) (%d) (%d) (%d+)$')
  return {
    state = state, order = tonumber(order), missed = missed == '1', shown = shown == '1',
    till = tonumber(till),
  }
end

local function place_text(place)
  local missed, shown = place.missed and '1' or '0', place.shown and '1' or '0'
  return table.concat({ place.state, int(place.order), missed, shown, int(place.till) }, ' ')
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

-- The promotions out of the line since it formed, within the window.
local function promotions_in_window()
  local from = floor((now - WINDOW_MS) / BUCKET_MS)
  if R.pace_from ~= from then
    local oldest = call('ZRANGEBYSCORE', METER, int(from), '+inf', 'LIMIT', 0, 1)[1]
    set('pace_from', from)
    set('pace_before', oldest and tonumber(string.match(oldest, ':(%d+)$')) or R.promoted)
  end
  return R.promoted - math.max(R.pace_before, R.promoted_then)
end
