-- What the answers have in common, in fast paths too.

-- As `pollAfterSeconds` in the domain.
local function poll_after_seconds(ahead, random)
  local keeps_place = max(1, floor(told_ttl_ms / 2000))
  local shortest, longest = min(R.poll_min, keeps_place), min(R.poll_max, keeps_place)
  if ahead <= 0 then return shortest end
  local highest = min(longest / (1 + POLL_JITTER), longest - MIN_POLL_JITTER_SECONDS)
  local base = max(shortest, min(highest, POLL_SHARE_OF_WAIT * ahead / R.pace))
  return min(longest, floor(base + max(MIN_POLL_JITTER_SECONDS, POLL_JITTER * base) * random + 0.5))
end

-- The score of a near fan in `calls`: the live ms by which to call, and the interval (s) of the answer as
-- its fraction. As `callScore` in the domain.
local function call_score(live_ms, after)
  return live_ms + after * 1000 + min(after, INTERVAL_UNITS - 1) / INTERVAL_UNITS
end

-- How many stand ahead, and whether that is EXACT, AT_MOST or AT_LEAST; nil when the fan does not
-- wait. `order` is that of the ticket, and the fan has not returned. The number never rises, unless
-- fans rejoin in front.
local function ahead_of(fan, order)
  local re_forms = R.rejoins == 1 or now < R.hold
  local ahead = order - R.called - 1
  if R.rejoins == 1 then ahead = ahead + call('ZCOUNT', WAITING, 0, text(R.first)) end
  local is_behind_undrawn = R.drawing == 1 and order > R.drawn
  if order > R.first and (order > R.near or ahead > EXACT_AHEAD or is_behind_undrawn) then
    return ahead, re_forms and 'AT_LEAST' or 'AT_MOST'
  end
  local rank = call('ZRANK', WAITING, fan)
  if not rank then return nil end
  if order > R.first then rank = min(ahead, rank - R.returned) else rank = rank - R.returned end
  return rank, re_forms and 'AT_LEAST' or 'EXACT'
end

-- The answer of a script: `reply`, then now (ms), count the stock (1 or 0), the front document.
local function answer(reply, counts)
  reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = now, counts and 1 or 0, R.front
  return reply
end
