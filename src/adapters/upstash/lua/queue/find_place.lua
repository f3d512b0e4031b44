-- find_place: the place of a fan, for the operator. It does not count as a call of the fan.
-- KEYS: see `room.lua`
-- ARGV: 1 to 3: see `room.lua` · 4 fan
-- Returns {state, epoch, order in the token, order of the ticket or "", ahead or "", end (ms) or
-- ""}, or {} without a live place.

if R.epoch == '-' then return {} end
local fan = ARGV[4]
upkeep(false)
local view = {}
local order = tonumber(call('ZSCORE', WAITING, fan) or nil)
local place = order and find_live(fan, order) or not order and live_called(fan)
if place then
  local letter, ahead, ends_ms = place.state, '', place.time_ms
  if letter == 'W' then
    ahead, ends_ms = int(rank_of(fan, order)), last_call(order) + waiting_ms
  elseif letter == 'R' then
    letter, ahead, ends_ms = 'W', int(call('ZRANK', RETURNED, fan)), place.time_ms + waiting_ms
  end
  view = { letter, R.epoch, int(order_in_token(place)), int(place.order), ahead, int(ends_ms) }
elseif not order and R.draw_phase > 0 and call('ZSCORE', GATHERED, fan) then
  local gathers = R.draw_phase == 1
  local ahead = gathers and '' or int(rank_of_undrawn(fan))
  view = { gathers and 'L' or 'W', R.epoch, int(order_in_token({ state = 'G' })), '', ahead, '' }
end
save()
return view
