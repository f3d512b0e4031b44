-- Ageing: a place ends when it was not proven for the waiting TTL; AGEING_BATCH places an act.

-- The tickets that were issued so long ago are looked at once, in order. Their fans get an entry
-- in `proofs`, unless they have one since they proved the place. Returns whether more are left.
local function look_at_old_tickets(silent_ms)
  local limit = call('ZREVRANGEBYSCORE', ISSUED, text(silent_ms), '-inf', 'LIMIT', 0, 1)[1]
  if not limit then return false end
  local old = call('ZRANGEBYSCORE', WAITING, '(' .. text(R.aged), limit, 'LIMIT', 0, AGEING_BATCH,
    'WITHSCORES')
  local entries = {}
  for i = 1, #old, 2 do entries[i], entries[i + 1] = 0, old[i] end
  if #old > 0 then call('ZADD', PROOFS, 'NX', unpack(entries)) end
  local more = #old == 2 * AGEING_BATCH
  set('aged', more and tonumber(old[#old]) or tonumber(limit))
  if not more then call('ZREMRANGEBYSCORE', ISSUED, '-inf', text(silent_ms)) end
  return more
end

-- When a fan with this score in `calls` called. A later outage does not make the call later.
local function called_at(score)
  local live_ms = time_of_call(score)
  for _, outage in ipairs(cjson.decode(R.outages)) do
    if live_ms < outage[1] then return live_ms + outage[2] end
  end
  return live_ms + R.lost
end

-- The fans who leave the line in this act because they are silent, and their members of `calls`.
local gone, gone_calls = {}, {}

-- Looks at one fan whose entry in `proofs` is old. `order` is that in the line, `called_ms` the time
-- of the last call as near, or nil. Returns the time of the last proof to keep the entry, or nil.
local function age_one(fan, order, called_ms, silent_ms)
  if proofs[fan] then return proofs[fan] end
  local place = read_called(fan)
  if place and place.state == 'ENDED' then
    if place.since + ENDED_KEPT_MS > now then return place.since + ENDED_KEPT_MS - waiting_ms end
    write_called(fan, nil)
    over[fan] = true
    place = nil
  end
  if place and HAS_SLOT[place.state] then return nil end
  if order and called_ms and called_ms > silent_ms then return called_ms end
  if not place and not order then return nil end
  if order then
    gone[#gone + 1], gone_calls[#gone_calls + 1] = fan, call_name(fan, order)
    if order < 0 then set('returned', R.returned - 1) end
  else
    set('parked', R.parked - 1)
  end
  expired = expired + 1
  record_end(fan, place and place.order or order, 'SILENT')
  return nil
end

-- Sets when this is to be done again.
local function age_places()
  local silent_ms = now - waiting_ms
  local more = look_at_old_tickets(silent_ms)
  local fans = call('ZRANGEBYSCORE', PROOFS, '-inf', text(silent_ms), 'LIMIT', 0, AGEING_BATCH)
  if #fans > 0 then
    local orders, names, kept, dropped = call('ZMSCORE', WAITING, unpack(fans)), {}, {}, {}
    read_called_of(fans)
    for i, fan in ipairs(fans) do
      orders[i] = tonumber(orders[i])
      names[i] = call_name(fan, orders[i] or 0)
    end
    local calls = call('ZMSCORE', CALLS, unpack(names))
    for i, fan in ipairs(fans) do
      local proof_ms = age_one(fan, orders[i], calls[i] and called_at(calls[i]), silent_ms)
      if proof_ms then kept[#kept + 1], kept[#kept + 2] = text(proof_ms), fan
      else dropped[#dropped + 1] = fan end
    end
    if #kept > 0 then call('ZADD', PROOFS, unpack(kept)) end
    if #dropped > 0 then call('ZREM', PROOFS, unpack(dropped)) end
    if #gone > 0 then
      call('ZREM', WAITING, unpack(gone))
      call('ZREM', CALLS, unpack(gone_calls))
      set('waiting', R.waiting - #gone)
      gone, gone_calls = {}, {}
    end
  end
  if more or #fans == AGEING_BATCH then return set('age_at', now) end
  local proof = tonumber(call('ZRANGE', PROOFS, 0, 0, 'WITHSCORES')[2]) or now
  local issued = tonumber(call('ZRANGE', ISSUED, 0, 0, 'WITHSCORES')[2]) or now
  set('age_at', min(now, proof, issued) + waiting_ms)
end

-- Logs how far tickets were issued, at most once in a share of the waiting TTL.
local function log_issued()
  if now < R.issued_at + waiting_ms * ISSUED_LOG_SHARE then return end
  call('ZADD', ISSUED, 'NX', text(now), text(R.tickets))
  set('issued_at', now)
end
