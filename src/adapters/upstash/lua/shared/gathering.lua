-- The fans who gather before the opening, and the draw of their order.
-- KEYS and ARGV: see `room.lua`.
--
-- The hash `draw` has the fields id, salt, inner and outer. The last two are the seed of the draw,
-- padded like the key of an HMAC (RFC 2104). The fields with the prefix "next_" are the next draw.
-- It becomes the present draw when all gathered fans of the present draw have tickets.

-- Identifies the fan in the published list.
local function pseudonym(fan, salt)
  return sub(redis.sha1hex((salt or call('HGET', DRAW, 'salt') or '') .. fan), 1, 16)
end

local function is_drawn(order)
  for from, to in string.gmatch(R.draws, '(%d+)%-(%d+)') do
    if order > tonumber(from) and order <= tonumber(to) then return true end
  end
  return false
end

-- The tickets of the latest draw: the first number is exclusive, the second inclusive.
local function latest_draw()
  local from, to = string.match(R.draws, '(%d+)%-(%d+)$')
  return tonumber(from), tonumber(to)
end

-- The order in the token of a place. A gathered fan has no ticket before the draw, so the token has
-- the number of gatherings, and keeps it after the draw. Every number since the fan gathered is
-- valid.
local function order_in_token(place)
  local gathered = place.state == 'G' or is_drawn(place.order)
  return gathered and -(R.first + R.gatherings) or place.order
end

-- Reserves the tickets of all gathered fans when the room has opened.
local MOST_DRAWS = 16
local function begin_draw(at_once)
  if R.draw_phase ~= 1 or not at_once and (state == 'C' or state == 'L') then return end
  local fans = call('ZCARD', GATHERED)
  if fans == 0 then return set('draw_phase', 0) end
  local draw = int(R.tickets) .. '-' .. int(R.tickets + fans)
  local draws, known = string.gsub(R.draws, '%d+%-', '%0')
  -- The two oldest ranges become one. Fans who joined between them then count as gathered fans.
  if known >= MOST_DRAWS then draws = string.gsub(draws, '^(%d+)%-%d+,%d+%-', '%1-') end
  set('draws', known == 0 and draw or draws .. ',' .. draw)
  set('draw_next', R.tickets + 1)
  set('tickets', R.tickets + fans)
  set('draw_phase', 2)
  set('due', 0)
end
-- It runs first in every act, so that a fan who joins in the act gets a later ticket.
begin_draw()
