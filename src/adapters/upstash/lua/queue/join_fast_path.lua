-- join, most often: a new fan behind others, or among fans who gather.
-- KEYS: 1 see `prologue.lua` · 2 set of the active rooms
-- ARGV: 4 fan · 5 a random number from 0 to below 1 · of the token that came along: 6 epoch or "",
--   7 order, 8 time at which it was made, ms · 9 1 to accept rules that were not checked lately
--   10 name of the room · 11 1 if the fan passed a challenge
-- Returns {created (1 or 0), epoch, order of the token, standing as in `status_fast_path.lua`},
-- {'NO_RULES'}, {'UNCHECKED_RULES'}, {'CHALLENGE'}, or {'CLOSED', rules as JSON}
local fan, random, order = ARGV[4], tonumber(ARGV[5]), nil

local values = call('HMGET', ROOM, 'epoch', 'front', 'due', 'called', 'near', 'pace', 'first', 'poll_min',
  'poll_max', 'rejoins', 'hold', 'tickets', 'lost', 'returned', 'drawing', 'waiting', 'draw_salt',
  'draw_inner', 'draw_outer', 'joins', 'gathers', 'has_left', 'checked_at', 'registered', 'layout', 'ttl',
  'ttl_at', 'challenge')
local number = function(i) return tonumber(values[i] or 0) end
R = {
  epoch = values[1], front = values[2], due = number(3), called = number(4), near = number(5),
  pace = number(6), first = number(7), poll_min = number(8), poll_max = number(9),
  rejoins = number(10), hold = number(11), tickets = number(12), lost = number(13),
  returned = number(14), drawing = number(15), waiting = number(16), draw_salt = values[17],
  draw_inner = values[18], draw_outer = values[19],
}
local joins, gathers = values[20] == '1', values[21] == '1'

-- The fan gathers. Nil when the fan has gathered already, or the room has no draw.
local function gather()
  if not R.draw_salt or R.draw_salt == 0 then return nil end
  local name = pseudonym(fan, R.draw_salt)
  local value = text(draw_value(name, R.draw_inner, R.draw_outer))
  if call('ZADD', GATHERED, 'NX', value, fan) == 0 then return nil end
  return answer({ 1, R.epoch, -R.first - call('HINCRBY', ROOM, 'gatherings', 1), 'GATHERED', name })
end

local lacks_challenge = values[28] == '1' and ARGV[11] ~= '1'
local brings_token = ARGV[6] ~= '' and ARGV[6] ~= R.epoch
-- Who has a record was called, or removed.
if R.epoch and is_familiar(values[25], values[26], values[27]) and now < R.due and joins and R.drawing == 0 and not brings_token
  and not lacks_challenge and call('HEXISTS', CALLED, fan) == 0 then
  order = R.tickets + 1
  if gathers then
    -- The lobby may be empty: then its rules must have been checked, and the room may be idle.
    local is_ready = now - number(23) <= RULES_CHECK_MS and values[24] == '1'
    local gathered = is_ready and R.waiting == 0 and values[22] ~= '1' and gather()
    if gathered then return gathered end
  elseif order > R.called + 1 and call('ZADD', WAITING, 'NX', text(order), fan) == 1 then
    call('HSET', ROOM, 'tickets', text(order), 'waiting', text(R.waiting + 1))
    local ahead, is = ahead_of(fan, order)
    local after = poll_after_seconds(ahead, random)
    local is_near = order <= R.near
    if is_near then
      call('ZADD', PROOFS, text(now), fan)
      call('ZADD', CALLS, text(call_score(live(), after)), fan .. ':' .. text(order))
    end
    return answer({ 1, R.epoch, order, 'WAITING', order, ahead, is, is_near and 1 or 0, after })
  end
end
