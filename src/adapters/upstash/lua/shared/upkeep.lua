-- The upkeep, which whatever call comes next does: it opens the room, draws, ends what has lapsed
-- and promotes the heads of the line. One act changes PROMOTION_BATCH places at most, and ages
-- AGEING_BATCH.

-- By when the first fan was to call since the last act, live ms: one who waits near, or was
-- called. Nil when it was not some seconds ago.
local function first_due()
  local acted_at, first = R.acted_at - R.lost, NEVER
  for key, grace_ms in pairs({ [CALLS] = 0, [TURNS] = show_up_ms }) do
    -- A score of `calls` has a fraction; see `callScore` in the domain.
    local after = '(' .. text(acted_at + grace_ms + (key == CALLS and 1 - 1 / INTERVAL_UNITS or 0))
    local score = call('ZRANGEBYSCORE', key, after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
    if score then first = min(first, floor(score) - grace_ms) end
  end
  return first <= live() - PACE_SAMPLE_MS and first or nil
end

-- The longest poll, s, that fans could follow then: a longer one of earlier rules counts for a while.
local function longest_poll(live_ms)
  return max(R.poll_max, live_ms < R.old_poll_until and R.old_poll or 0)
end

-- Deadlines do not come nearer while no fan could call.
local function stop_clock_in_outage()
  if now - R.acted_at <= silence_ms() then return end
  local due = first_due()
  local outage = outage_ms(due and due + R.lost, longest_poll(R.acted_at - R.lost) * 1000)
  if outage == 0 then return end
  local outages = cjson.decode(R.outages)
  outages[#outages + 1] = { live() - outage, R.lost }
  if #outages > OUTAGES_KEPT then table.remove(outages, 1) end
  set('outages', cjson.encode(outages))
  set('lost', R.lost + outage)
  -- Nobody can end a turn in an outage.
  set('counted_at', R.counted_at + outage)
end

local function open_if_due()
  if R.opens_at > 0 and R.opens_at <= now then
    for _, field in ipairs({ 'joins', 'gathers', 'promotes', 'releases', 'rules' }) do
      set(field, R['opening_' .. field])
    end
    set('opens_at', 0)
    set('has_opened', 1)
    set('opened_draw', R.draw_id == 0 and '' or R.draw_id)
  end
  local undrawn = R.gatherings > R.drawn_gatherings
  if undrawn and R.gathers == 0 and (R.joins == 1 or R.promotes == 1) then open_lot() end
end

-- Turns whose fan did not show up, and admissions that have lapsed; at most `left` of them. Returns
-- how many more places this act may change.
local function end_lapsed(left)
  for _, slot in ipairs({ TURNS, ADMITTED }) do
    local at = slot == TURNS and live() or now
    local fans = left > 0 and call('ZRANGEBYSCORE', slot, '-inf', text(at), 'LIMIT', 0, left) or {}
    read_called_of(fans)
    if #fans > 0 then call('ZREM', slot, unpack(fans)) end
    for _, fan in ipairs(fans) do end_lapsed_place(fan, read_called(fan)) end
    left = left - #fans
  end
  local next_turn = tonumber(call('ZRANGE', TURNS, 0, 0, 'WITHSCORES')[2])
  local next_end = tonumber(call('ZRANGE', ADMITTED, 0, 0, 'WITHSCORES')[2])
  set('ends_at', min(next_turn and next_turn + R.lost or NEVER, next_end or NEVER))
  return left
end

-- The time of the next upkeep. `held_back` have a slot and no admission by the rate.
local function next_due(more, held_back, wants_near)
  local due = min(R.ends_at, R.age_at, R.opens_at > 0 and R.opens_at or NEVER)
  if R.drawing == 1 then due = min(due, now + DRAW_STEP_MS) end
  if R.waiting > 0 or R.inside > 0 then due = min(due, now + PACE_SAMPLE_MS) end
  -- The tickets of an empty line are called then.
  if now < R.hold then due = min(due, R.hold) end
  if R.waiting > 0 then
    if wants_near then due = min(due, R.near_at + NEAR_STEP_MS) end
    if R.limited_since > 0 then due = min(due, R.count_at) end
    if held_back then due = min(due, max(now + 1, ceil(R.arrival - R.tolerance))) end
  end
  return more and now or due
end

-- How many gathered, if `has_fans` has counted them.
local gathered_count

local function has_fans()
  if R.waiting + R.inside > 0 then return true end
  if R.gatherings <= R.drawn_gatherings then return false end
  gathered_count = call('ZCARD', GATHERED)
  return gathered_count > 0
end

-- Nobody can rejoin any more, and all who did are through.
local function end_rejoining()
  if R.rejoins == 0 or now < R.created + waiting_ms then return end
  if call('ZCOUNT', WAITING, 0, text(R.first)) > 0 then return end
  set('rejoins', 0)
end

-- Returns how many got a slot, and whether another act would find more to do. At most `release`
-- heads are promoted although the state promotes nobody. `is_new_and_alone`: the caller has just
-- joined an empty line, and goes in also when no seat is left.
local function upkeep(release, is_new_and_alone)
  stop_clock_in_outage()
  local told_ms = longest_poll(live()) * 1000
  open_if_due()
  -- An act that draws changes half as many places besides.
  local left = R.drawing == 1 and ceil(PROMOTION_BATCH / 2) or PROMOTION_BATCH
  if R.drawing == 1 then draw_share(told_ms) end
  if now >= R.ends_at then left = end_lapsed(left) end
  -- A busy act leaves ageing to the next one.
  if now >= R.age_at and left >= PROMOTION_BATCH / 2 then age_places() end
  log_issued()

  if R.arrival > corrected_arrival() then set('arrival', corrected_arrival()) end
  local from, budget = max(R.arrival, now), R.promotes == 1 and stock_budget() or nil
  if budget == 0 and is_new_and_alone then budget = 1 end
  local allowed, slots = allowance(R.releases == 1 and release or 0, budget)
  local went, more = take_heads(allowed, left, told_ms + show_up_ms, is_new_and_alone)
  count_admissions(went)
  if R.interval > 0 and went > 0 then set('arrival', from + went * R.interval) end
  if R.waiting == 0 and now >= R.hold and R.drawing == 0 then
    set('called', max(R.called, R.tickets))
  end
  measure(R.promotes == 1 and stock_budget() ~= 0)
  local wants_near = raise_near(told_ms)
  end_rejoining()
  if R.parked > 0 or has_fans() then set('active_at', now) end
  set('acted_at', R.waiting + R.inside > 0 and now or NEVER)
  set('due', next_due(more or now >= R.age_at, went == allowed and allowed < slots, wants_near))
  refresh_front()
  return went, more or R.drawing == 1 or R.due <= now
end

-- Reads the room and does what is due. Returns whether the room has rules.
local function begin()
  read_all()
  if R.epoch ~= 0 and now >= R.due then upkeep() end
  return R.epoch ~= 0
end

local function finish(reply)
  save_records()
  save()
  return reply
end
