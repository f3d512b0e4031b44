-- look: where a fan stands, for support. It is no call of the fan.
-- ARGV: 6 fan
-- Answers {state, order, ahead or "", end ms}, or {} when there is no live place.

if R.epoch == '-' then return {} end
local fan = ARGV[6]
upkeep(false)
local seen = {}
local order = tonumber(call('ZSCORE', WAITING, fan) or nil)
if order then
  if find(fan, order) then
    local ends_ms = last_call(order) + waiting_ms
    seen = { 'W', int(order), int(call('ZRANK', WAITING, fan)), int(ends_ms) }
  end
else
  local place = live_called(fan)
  if place and place.state == 'R' then
    local rank = call('ZRANK', RETURNED, fan)
    seen = { 'W', int(place.order), int(rank), int(place.till + waiting_ms) }
  elseif place then
    seen = { place.state, int(place.order), '', int(place.till) }
  end
end
save()
return seen
