-- look: where a fan stands, for support. It is no call of the fan.
-- ARGV: 4 fan
-- Answers {state, epoch, order in the token, order of the ticket or "", ahead or "", end ms or ""},
-- or {} when there is no live place.

if R.epoch == '-' then return {} end
local fan = ARGV[4]
upkeep(false)
local seen = {}
local order = tonumber(call('ZSCORE', WAITING, fan) or nil)
local place = order and find(fan, order) or not order and live_called(fan)
if place then
  local letter, ahead, ends_ms = place.state, '', place.till
  if letter == 'W' then
    ahead, ends_ms = int(rank_of(fan, order)), last_call(order) + waiting_ms
  elseif letter == 'R' then
    letter, ahead, ends_ms = 'W', int(call('ZRANK', RETURNED, fan)), place.till + waiting_ms
  end
  seen = { letter, R.epoch, int(order_in_token(place)), int(place.order), ahead, int(ends_ms) }
elseif not order and R.lot > 0 and call('ZSCORE', GATHERED, fan) then
  local gathers = R.lot == 1
  local ahead = gathers and '' or int(rank_of_undrawn(fan))
  seen = { gathers and 'L' or 'W', R.epoch, int(order_in_token({ state = 'G' })), '', ahead, '' }
end
save()
return seen
