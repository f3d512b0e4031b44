-- join, most often: a new fan behind others and far from the front, or among fans who gather.
-- KEYS: 1 see `room.lua` · 2 set of the active rooms
-- ARGV: 4 fan · 5 a random number from 0 to below 1 · of the token that came along: 6 epoch or "",
--   7 order, 8 time at which it was made, ms · 9 1 to accept rules that were not checked lately
--   10 name of the room
-- Returns {created (1 or 0), epoch, order of the token, standing as in `status_fast_path.lua`},
-- {'NO_RULES'}, {'UNCHECKED_RULES'}, or {'CLOSED', rules as JSON}
local fan, random, order = ARGV[4], tonumber(ARGV[5]), nil

local function gather()
  local salt, inner, outer = unpack(call('HMGET', DRAW, 'salt', 'inner', 'outer'))
  if not salt then return nil end
  local name = pseudonym(fan, salt)
  if call('ZADD', GATHERED, 'NX', text(draw_value(name, inner, outer)), fan) == 0 then return nil end
  return answer({ 1, R.epoch, -R.first - call('HINCRBY', ROOM, 'gatherings', 1), 'GATHERED', name })
end

read(POLL_FIELDS)
local has_token = ARGV[6] ~= '' and ARGV[6] ~= R.epoch
if R.epoch ~= 0 and now < R.due and not has_token and R.joins == 1 and R.drawing == 0
  and call('HEXISTS', CALLED, fan) == 0 then
  order = R.tickets + 1
  if R.gathers == 1 then
    local is_new = call('HEXISTS', LEFT, fan) == 0 and not call('ZSCORE', WAITING, fan)
    local gathered = is_new and gather()
    if gathered then return gathered end
  elseif order > R.near and order > R.called + 1
    and call('ZADD', WAITING, 'NX', text(order), fan) == 1 then
    call('HINCRBY', ROOM, 'tickets', 1)
    local ahead, is = ahead_of(fan, order)
    local after = poll_after_seconds(ahead, random)
    return answer({ 1, R.epoch, order, 'WAITING', order, ahead, is, 0, after })
  end
end
