-- find_place: the live place of a fan, or how the last one ended. It is no call of the fan.
-- KEYS: see `prologue.lua`
-- ARGV: 4 fan
-- Returns {state, epoch, order as in a token, order of the ticket or "", ahead or "", end (ms) or
-- ""}, {'UNDRAWN', epoch, order as in a token, pseudonym, now, front document}, {'ENDED', order, time
-- (ms), cause}, or {}.
if not begin() then return {} end
local fan, place = ARGV[4], called_place(ARGV[4])
local order = tonumber(call('ZSCORE', WAITING, fan) or nil)
finish()

-- When the place was proven last: by a call as near, by a proof, or when the ticket was issued.
local function proven_at()
  local called = order and tonumber(call('ZSCORE', CALLS, call_name(fan, order)) or nil)
  local proof = tonumber(call('ZSCORE', PROOFS, fan) or nil)
  if called or proof then return min(now, max(proof or 0, called and called_at(called) or 0)) end
  local issued = call('ZRANGE', ISSUED, 0, -1, 'WITHSCORES')
  for i = 1, #issued, 2 do
    if tonumber(issued[i]) >= order then return tonumber(issued[i + 1]) end
  end
  return now
end

local function view(state, of, ahead, ends_ms)
  return { state, R.epoch, of, of, ahead or '', ends_ms }
end

if place and place.state ~= 'ENDED' then
  if place.state == 'ADMITTED' then return view('ADMITTED', place.order, nil, place.ends) end
  if HAS_SLOT[place.state] then
    return view('ADMITTED', place.order, nil, call('ZSCORE', TURNS, fan) + R.lost)
  end
  if place.state == 'PARKED' then return view('PARKED', place.order, nil, proven_at() + waiting_ms) end
  return view('WAITING', place.order, call('ZRANK', WAITING, fan), proven_at() + waiting_ms)
end
if order then return view('WAITING', order, (ahead_of(fan, order)), proven_at() + waiting_ms) end
if call('ZSCORE', GATHERED, fan) then
  local token_order = -R.first - R.gatherings
  if R.drawing == 0 then return { 'GATHERED', R.epoch, token_order, '', '', '' } end
  local name = pseudonym(fan, R.draw_salt)
  return { 'UNDRAWN', R.epoch, token_order, name, now, R.front }
end
if place then return { 'ENDED', place.order, place.since, place.cause } end
return {}
