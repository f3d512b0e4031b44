-- find_place: the live place of a fan, or how the last one ended. It is no call of the fan.
-- KEYS: see `room.lua`
-- ARGV: 4 fan
-- Returns {state, epoch, order as in a token, order of the ticket or "", ahead or "", end (ms) or
-- ""}, {'ENDED', order, time (ms), cause}, or {}.
read_all()
if not R.epoch then return {} end
if now >= R.due then upkeep() end
save_records()
save()
local fan = ARGV[4]
local place, token_order = read_called(fan), text(-R.first - R.gatherings)
local order = tonumber(call('ZSCORE', WAITING, fan) or nil)
if place and place.state ~= 'ENDED' then
  local of, ahead, ends, state = text(place.order), '', '', 'ADMITTED'
  if place.state == 'ADMITTED' then ends = text(place.ends)
  elseif HAS_SLOT[place.state] then ends = text(call('ZSCORE', TURNS, fan) + R.lost)
  else
    state = place.state == 'PARKED' and 'PARKED' or 'WAITING'
    ends = text(call('ZSCORE', PROOFS, fan) + waiting_ms)
    if state == 'WAITING' then ahead = call('ZRANK', WAITING, fan) end
  end
  return { state, R.epoch, of, of, ahead, ends }
end
if order then
  local proven = max(tonumber(call('ZSCORE', PROOFS, fan) or 0),
    tonumber(call('ZSCORE', CALLS, call_name(fan, order)) or -R.lost) + R.lost)
  local ahead = call('ZRANK', WAITING, fan) - R.returned
  return { 'WAITING', R.epoch, text(order), text(order), ahead,
    proven > 0 and text(proven + waiting_ms) or '' }
end
if call('ZSCORE', GATHERED, fan) then
  local state = R.drawing == 1 and 'WAITING' or 'GATHERED'
  return { state, R.epoch, token_order, '', '', '' }
end
if place then return { 'ENDED', text(place.order), text(place.since), place.cause } end
return {}
