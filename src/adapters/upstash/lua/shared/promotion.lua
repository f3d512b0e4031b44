-- Who goes in: how many, and which heads.

-- How many more fans the stock allows; nil without a limit.
local function stock_budget()
  if R.limited_since == 0 then return nil end
  return max(0, R.available - (R.limited_admitted - R.over_then))
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
-- time by which the fan was to call, live ms. See `showUpDeadline` in the domain.
local function take_head(fan, order, due_ms, window_ms, slots, is_alone)
  local was_parked = order < 0
  local deadline_ms = show_up_deadline(due_ms, not due_ms and near_since(order), window_ms)
  if was_parked then
    set('returned', R.returned - 1)
    order = read_called(fan).order
  end
  local has_slot = deadline_ms > live()
  -- Who found a free slot says nothing of those who wait.
  if not was_parked and not is_alone then
    local orders = order <= R.first and 1 or order - R.called
    set('tally_called', R.tally_called + orders)
    set('tally_absent', R.tally_absent + orders - (has_slot and 1 or 0))
  end
  if order > R.called then set('called', order) end
  if has_slot then
    local state = was_parked and 'CALLED_AGAIN' or 'CALLED'
    write_called(fan, { state = state, order = order, since = now, ends = deadline_ms })
    begin_turn(was_parked)
    slots[#slots + 1], slots[#slots + 2] = text(deadline_ms), fan
    if deadline_ms + R.lost < R.ends_at then set('ends_at', deadline_ms + R.lost) end
  elseif was_parked then
    record_end(fan, order, 'TURN_MISSED')
  else
    park(fan, order)
  end
end

-- Heads that were read beyond the last one that was taken go back to the front.
local function put_back(heads, taken)
  local entries = {}
  for i = 2 * taken + 1, #heads, 2 do
    entries[#entries + 1], entries[#entries + 2] = heads[i + 1], heads[i]
  end
  if #entries > 0 then call('ZADD', WAITING, unpack(entries)) end
end

-- Takes `left` heads at most until `allowed` have a slot. Returns how many do, and whether it stopped
-- at the bound.
local function take_heads(allowed, left, window_ms, is_alone)
  local went, absent, most, slots = 0, 0, left, {}
  while went < allowed and left > 0 and R.waiting > 0 do
    -- Twice as many after each round with absent fans, so that many are passed in few rounds.
    local count = min(allowed - went + absent, left)
    -- After a reset only returned fans go in until `hold`. Nobody passes fans without a ticket.
    local highest = now < R.hold and '(0' or R.drawing == 1 and text(R.drawn)
    if highest then count = min(count, call('ZCOUNT', WAITING, '-inf', highest)) end
    local heads = count > 0 and call('ZPOPMIN', WAITING, count) or {}
    if #heads == 0 then break end
    local names = {}
    for i = 1, #heads, 2 do names[#names + 1] = call_name(heads[i], tonumber(heads[i + 1])) end
    local dues, taken = call('ZMSCORE', CALLS, unpack(names)), 0
    while taken < #names and #slots < 2 * allowed do
      taken = taken + 1
      local due = dues[taken] and floor(dues[taken])
      take_head(heads[2 * taken - 1], tonumber(heads[2 * taken]), due, window_ms, slots, is_alone)
    end
    put_back(heads, taken)
    call('ZREM', CALLS, unpack(names, 1, taken))
    went, left = #slots / 2, left - taken
    absent = most - left - went
    set('waiting', R.waiting - taken)
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
  if R.limited_since > 0 and now > R.limited_since then set('limited_admitted', R.limited_admitted + went) end
end

-- The limit never falls.
local function raise_near(told_ms)
  local wish = near_limit(R.called, R.pace, told_ms)
  if R.drawing == 1 then wish = min(wish, R.drawn) end
  if wish <= R.near then return false end
  if now < R.near_at + NEAR_STEP_MS then return true end
  if min(wish, R.tickets) > min(R.near, R.tickets) then set('far_raise_at', now) end
  set('near', wish)
  set('near_at', now)
  call('ZADD', RAISES, text(live()), text(wish))
  local before = text(live() - told_ms - show_up_ms)
  local vetted = call('ZREVRANGEBYSCORE', RAISES, before, '-inf', 'LIMIT', 0, 1)[1]
  if vetted then
    call('ZREMRANGEBYSCORE', RAISES, '-inf', '(' .. call('ZSCORE', RAISES, vetted))
  end
  return false
end
