-- Those who gather before the opening, and the draw that decides their order.
--
-- `draw` keeps id, salt, inner and outer: the last two are the seed of the draw, padded as HMAC
-- pads its key (RFC 2104). The same with "next_" before it is a draw that comes once everybody who
-- has gathered for the present one has drawn a ticket.

-- What the published list calls the fan.
local function pseudonym(fan, salt)
  return sub(redis.sha1hex((salt or call('HGET', DRAW, 'salt') or '') .. fan), 1, 16)
end

local function is_drawn(order)
  for from, to in string.gmatch(R.draws, '(%d+)%-(%d+)') do
    if order > tonumber(from) and order <= tonumber(to) then return true end
  end
  return false
end

-- The tickets of the latest draw: after the first number, up to the second.
local function latest_draw()
  local from, to = string.match(R.draws, '(%d+)%-(%d+)$')
  return tonumber(from), tonumber(to)
end

-- Which order a token carries: whoever gathered keeps to that, since they have no other until they
-- have drawn. It is known by the number of gatherings, and any of them since the fan's own will do.
local function order_in_token(place)
  local gathered = place.state == 'G' or is_drawn(place.order)
  return gathered and -(R.first + R.gatherings) or place.order
end

-- Once the room has opened, whoever gathered has a ticket: which one, the draw says.
local MOST_DRAWS = 16
local function open_lot(at_once)
  if R.lot ~= 1 or not at_once and (state == 'C' or state == 'L') then return end
  local fans = call('ZCARD', GATHERED)
  if fans == 0 then return set('lot', 0) end
  local draw = int(R.tickets) .. '-' .. int(R.tickets + fans)
  local draws, known = string.gsub(R.draws, '%d+%-', '%0')
  -- The oldest are taken for one, and whoever joined between them for one who gathered.
  if known >= MOST_DRAWS then draws = string.gsub(draws, '^(%d+)%-%d+,%d+%-', '%1-') end
  set('draws', known == 0 and draw or draws .. ',' .. draw)
  set('draw_next', R.tickets + 1)
  set('tickets', R.tickets + fans)
  set('lot', 2)
  set('due', 0)
end
-- Before anything else in an act: whoever joins in it comes after them.
open_lot()
