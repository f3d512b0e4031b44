-- What answers have in common.

-- How many stand ahead, and whether that is EXACT, AT_MOST or AT_LEAST; nil when the fan does not
-- wait. `order` is that of the ticket, and the fan has not returned. The number never rises, unless
-- fans rejoin in front.
local function ahead_of(fan, order)
  local re_forms = R.rejoins == 1 or now < R.hold
  local ahead = order - R.called - 1
  if R.rejoins == 1 then ahead = ahead + call('ZCOUNT', WAITING, 0, text(R.first)) end
  if order > R.first and (order > R.near or ahead > EXACT_AHEAD) then
    return ahead, re_forms and 'AT_LEAST' or 'AT_MOST'
  end
  local rank = call('ZRANK', WAITING, fan)
  if not rank then return nil end
  if order > R.first then rank = min(ahead, rank - R.returned) else rank = rank - R.returned end
  return rank, re_forms and 'AT_LEAST' or 'EXACT'
end

-- The answer of a script: `told`, then now (ms), count the stock (1 or 0), the front document.
local function answer(told, counts)
  told[#told + 1], told[#told + 2], told[#told + 3] = now, counts and 1 or 0, R.front
  return told
end
