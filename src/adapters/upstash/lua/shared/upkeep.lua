-- The upkeep, which whatever call comes next does: it opens the room, draws, ends what has lapsed
-- and promotes the heads of the line. PROMOTION_BATCH of each at most.

-- Deadlines do not come nearer while no fan could call. A silence is an outage when a fan was due
-- to call in it, or when fans who last called as far became near shortly before.
local function find_outage(told_ms)
  if now - R.acted_at <= SILENCE_MS then return end
  local due = call('ZRANGEBYSCORE', CALLS, '(' .. text(R.acted_at - R.lost),
    text(live() - PACE_SAMPLE_MS), 'WITHSCORES', 'LIMIT', 0, 1)[2]
  local began_ms = due and tonumber(due) + R.lost
  if not began_ms and R.far_raise_at + told_ms > R.acted_at then
    began_ms = R.acted_at + PACE_SAMPLE_MS
  end
  if began_ms then set('lost', R.lost + min(now - began_ms, waiting_ms * LONGEST_OUTAGE_SHARE)) end
end

local function open_if_due()
  if R.opens_at > 0 and R.opens_at <= now then
    for _, field in ipairs({ 'joins', 'gathers', 'promotes', 'releases', 'rules' }) do
      set(field, R['opening_' .. field])
    end
    set('opens_at', 0)
    set('has_opened', 1)
    set('opened_draw', call('HGET', DRAW, 'id') or '')
  end
  local undrawn = R.gatherings > R.drawn_gatherings
  if undrawn and R.gathers == 0 and (R.joins == 1 or R.promotes == 1) then open_lot() end
end

-- Turns whose fan did not show up, and admissions that have lapsed.
local function end_lapsed()
  local turns = call('ZRANGEBYSCORE', TURNS, '-inf', text(live()), 'LIMIT', 0, PROMOTION_BATCH)
  for _, fan in ipairs(turns) do
    local place = read_called(fan)
    end_turn(place, 'TURN_MISSED')
    if place.state == 'CALLED_AGAIN' then record_end(fan, place.order, 'TURN_MISSED')
    else park(fan, place.order) end
  end
  if #turns > 0 then call('ZREM', TURNS, unpack(turns)) end
  local over = call('ZRANGEBYSCORE', ADMITTED, '-inf', text(now), 'LIMIT', 0, PROMOTION_BATCH)
  for _, fan in ipairs(over) do
    local place = read_called(fan)
    end_turn(place, 'ADMISSION_LAPSED')
    record_end(fan, place.order, 'ADMISSION_LAPSED')
  end
  if #over > 0 then call('ZREM', ADMITTED, unpack(over)) end
  expired = expired + #turns + #over
  local next_turn = tonumber(call('ZRANGE', TURNS, 0, 0, 'WITHSCORES')[2])
  local next_end = tonumber(call('ZRANGE', ADMITTED, 0, 0, 'WITHSCORES')[2])
  set('ends_at', min(next_turn and next_turn + R.lost or NEVER, next_end or NEVER))
end

-- How many more fans the stock allows; nil without a limit.
local function stock_budget()
  if R.limited_since == 0 then return nil end
  return max(0, R.available - (R.limited_admitted - R.over_old))
end

-- How many may go in now, and how many slots are free for them; as `allowance` in the domain.
local function allowance(release, is_new_and_alone)
  local slots = max(0, R.capacity - R.inside)
  local budget = stock_budget()
  if R.promotes == 0 then slots = min(slots, R.releases == 1 and release or 0)
  elseif budget then slots = min(slots, max(budget, is_new_and_alone and 1 or 0)) end
  if R.interval == 0 then return slots, slots end
  local left_ms = now + R.tolerance - max(R.arrival, now)
  return min(slots, left_ms < 0 and 0 or floor(left_ms / R.interval) + 1), slots
end

-- Since when the order is near, live ms. An order that is not near becomes it now.
local raises
local function near_since(order)
  raises = raises or call('ZRANGE', RAISES, 0, -1, 'WITHSCORES')
  for i = 1, #raises, 2 do
    if tonumber(raises[i]) >= order then return tonumber(raises[i + 1]) end
  end
  return live()
end

-- Takes one head out of the line: it gets a slot, is parked, or its place ends. `due_ms` is the
-- time by which the fan was told to call, live ms. See `showUpDeadline` in the domain.
local function take_head(fan, order, due_ms, window_ms, slots)
  local was_parked = order < 0
  local deadline_ms = due_ms and due_ms + show_up_ms or near_since(order) + window_ms
  if was_parked then
    set('returned', R.returned - 1)
    order = read_called(fan).order
  end
  -- A rejoined fan counts for the pace, although `called` is above the order.
  if order <= R.first then set('pace_called', R.pace_called - 1) end
  if order > R.called then set('called', order) end
  if deadline_ms > live() then
    write_called(fan, { state = was_parked and 'CALLED_AGAIN' or 'CALLED', order = order, since = now })
    begin_turn()
    slots[#slots + 1], slots[#slots + 2] = text(deadline_ms), fan
    if deadline_ms + R.lost < R.ends_at then set('ends_at', deadline_ms + R.lost) end
  elseif was_parked then
    record_end(fan, order, 'TURN_MISSED')
  else
    park(fan, order)
  end
end

-- Takes heads until `allowed` have a slot. Returns how many do, and whether it stopped at a bound.
local function take_heads(allowed, window_ms)
  local went, left, slots = 0, PROMOTION_BATCH, {}
  while went < allowed and left > 0 and R.waiting > 0 do
    local count = min(allowed - went, left)
    -- After a reset only returned fans go in until `hold`. Nobody passes fans without a ticket.
    local highest = now < R.hold and '(0' or R.drawing == 1 and text(R.drawn)
    if highest then count = min(count, call('ZCOUNT', WAITING, '-inf', highest)) end
    local heads = count > 0 and call('ZPOPMIN', WAITING, count) or {}
    if #heads == 0 then
      if not highest then set('waiting', 0) end
      break
    end
    local names = {}
    for i = 1, #heads, 2 do names[#names + 1] = call_name(heads[i], tonumber(heads[i + 1])) end
    local dues, before = call('ZMSCORE', CALLS, unpack(names)), #slots
    for i = 1, #heads, 2 do
      local due = tonumber(dues[(i + 1) / 2])
      take_head(heads[i], tonumber(heads[i + 1]), due, window_ms, slots)
    end
    call('ZREM', CALLS, unpack(names))
    went, left = went + (#slots - before) / 2, left - #names
    set('waiting', max(1, R.waiting - #names))
    if #names < count then set('waiting', 0) end
  end
  if #slots > 0 then call('ZADD', TURNS, unpack(slots)) end
  return went, left == 0 and went < allowed and R.waiting > 0
end

-- Counts admissions by time bucket for the last minute.
local function count_admissions(went)
  if went == 0 then return end
  local bucket, kept = floor(now / ADMISSION_BUCKET_MS), {}
  for _, entry in ipairs(cjson.decode(R.recent)) do
    if entry[1] > bucket - 60000 / ADMISSION_BUCKET_MS then kept[#kept + 1] = entry end
  end
  local last = kept[#kept]
  if last and last[1] == bucket then last[2] = last[2] + went else kept[#kept + 1] = { bucket, went } end
  set('recent', cjson.encode(kept))
  set('admitted_total', R.admitted_total + went)
  set('recent_promoted', R.recent_promoted + went)
  if R.limited_since > 0 and now > R.limited_since then set('limited_admitted', R.limited_admitted + went) end
end

-- Keeps how many limited admissions were over some seconds ago: a count of the stock that arrives
-- now began after that.
local function sample_over()
  if R.limited_since == 0 or now < R.over_at + COUNT_TAKES_MS then return end
  set('over_old', R.over_new)
  set('over_new', R.limited_over)
  set('over_at', now)
end

-- As `sampledPace` in the domain. What was measured long ago counts less.
local function sample_pace()
  local over_ms = now - R.pace_at
  if over_ms < PACE_SAMPLE_MS then return end
  local pace = (R.called - R.pace_called) * 1000 / over_ms
  if R.pace > 0 then pace = R.pace + min(1, over_ms / PACE_MEMORY_MS) * (pace - R.pace) end
  set('pace', pace)
  set('recent_called', R.recent_called + R.called - R.pace_called)
  local kept = max(0, 1 - over_ms / TURN_MEMORY_MS)
  for _, outcome in ipairs({ 'PAID', 'LEFT', 'ADMISSION_LAPSED', 'TURN_MISSED' }) do
    set(outcome .. '_turns', R[outcome .. '_turns'] * kept)
    set(outcome .. '_ms', R[outcome .. '_ms'] * kept)
  end
  set('recent_called', R.recent_called * kept)
  set('recent_promoted', R.recent_promoted * kept)
  set('pace_at', now)
  set('pace_called', R.called)
  set('waiting', call('ZCARD', WAITING))
end

-- Near is who can be called within the window. The limit never falls.
local function raise_near(window_ms)
  local wish = R.called + max(LEAST_NEAR, ceil(NEAR_MARGIN * R.pace * window_ms / 1000))
  if R.drawing == 1 then wish = min(wish, R.drawn) end
  if wish <= R.near then return false end
  if now < R.near_at + NEAR_STEP_MS then return true end
  if min(wish, R.tickets) > min(R.near, R.tickets) then set('far_raise_at', now) end
  set('near', wish)
  set('near_at', now)
  call('ZADD', RAISES, text(live()), text(wish))
  local vetted = call('ZREVRANGEBYSCORE', RAISES, text(live() - window_ms), '-inf', 'LIMIT', 0, 1)[1]
  if vetted then
    call('ZREMRANGEBYSCORE', RAISES, '-inf', '(' .. call('ZSCORE', RAISES, vetted))
  end
  return false
end

-- The time of the next upkeep. `held_back` have a slot and no admission by the rate.
local function next_due(more, held_back, wants_near)
  local due = min(R.ends_at, R.age_at, R.opens_at > 0 and R.opens_at or NEVER)
  if R.drawing == 1 then due = min(due, now + DRAW_STEP_MS) end
  if R.waiting > 0 or R.inside > 0 then due = min(due, R.pace_at + PACE_SAMPLE_MS) end
  if R.waiting > 0 then
    if wants_near then due = min(due, R.near_at + NEAR_STEP_MS) end
    if now < R.hold then due = min(due, R.hold) end
    if R.count_at > 0 then due = min(due, R.count_at) end
    if held_back then due = min(due, max(now + 1, ceil(R.arrival - R.tolerance))) end
  end
  return more and now or due
end

local function has_fans()
  if R.waiting + R.inside + R.parked > 0 then return true end
  return R.gatherings > R.drawn_gatherings and call('ZCARD', GATHERED) > 0
end

-- Nobody can rejoin any more, and all who did are through.
local function end_rejoining()
  if R.rejoins == 0 or now < R.created + waiting_ms then return end
  if call('ZCOUNT', WAITING, 0, text(R.first)) > 0 then return end
  set('rejoins', 0)
  call('UNLINK', REJOINED)
end

-- Returns how many got a slot, and whether another act would find more to do. At most `release`
-- heads are promoted although the state promotes nobody. `is_new_and_alone`: the caller has just
-- joined an empty line, and goes in also when no seat is left.
local function upkeep(release, is_new_and_alone)
  local old_poll = now < R.old_poll_until and R.old_poll or 0
  local told_ms = max(R.poll_max, old_poll) * 1000
  local window_ms = told_ms + show_up_ms
  find_outage(told_ms)
  open_if_due()
  if R.drawing == 1 then draw_share(told_ms) end
  if now >= R.ends_at then end_lapsed() end
  if now >= R.age_at then age_places() end
  log_issued()
  sample_over()

  -- After a raise of the rate or a step back of the clock the next one is at most an interval late.
  local latest = now + R.tolerance + R.interval
  if R.arrival > latest then set('arrival', latest) end
  local from = max(R.arrival, now)
  local allowed, slots = allowance(release, is_new_and_alone)
  local went, more = take_heads(allowed, window_ms)
  count_admissions(went)
  if R.interval > 0 and went > 0 then set('arrival', from + went * R.interval) end
  if R.waiting == 0 and now >= R.hold and R.drawing == 0 then
    set('called', max(R.called, R.tickets))
    set('pace_at', now)
    set('pace_called', R.called)
  end
  sample_pace()
  local wants_near = raise_near(window_ms)
  end_rejoining()
  if has_fans() then set('active_at', now) end
  set('acted_at', R.waiting + R.inside > 0 and now or NEVER)
  set('due', next_due(more or now >= R.age_at, went == allowed and allowed < slots, wants_near))
  refresh_front()
  return went, more or R.drawing == 1 or R.due <= now
end
