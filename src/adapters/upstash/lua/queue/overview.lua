-- overview: the rooms with the longest lines, as they are; it moves nobody.
-- KEYS: the set of the active rooms
-- ARGV: now, ms, or "" for the clock of Redis · what the keys of rooms begin with · the most rooms
-- Returns {now, number of active rooms, rooms…}; a room is {name, gathered, waiting, fields, called};
-- `called` is {sample, ms, order, ms, order}: an earlier sample, and between which times the line
-- called the furthest of its fans; or {}.
local call = redis.call
local active, lines = call('SMEMBERS', KEYS[1]), {}
for _, name in ipairs(active) do
  local key = ARGV[2] .. '{' .. name .. '}'
  if call('HGET', key, 'layout') == 'LAYOUT' then
    lines[#lines + 1] = { name, call('ZCARD', key .. ':gathered'), call('ZCARD', key .. ':waiting') }
  end
end
table.sort(lines, function(one, other)
  local here, there = one[2] + one[3], other[2] + other[3]
  return here > there or here == there and one[1] < other[1]
end)
local time = call('TIME')
local now = tonumber(ARGV[1]) or time[1] * 1000 + math.floor(time[2] / 1000)
local reply = { now, #active }

-- The samples of the last WAIT_CHECK_MS and of this epoch, oldest first; see `promote.lua`.
local function recent_samples(key, first)
  local step_ms, slots, samples = HISTORY_STEP_MS - HISTORY_EARLY_MS, {}, {}
  for slot = math.floor((now - WAIT_CHECK_MS) / step_ms), math.floor(now / step_ms) do
    slots[#slots + 1] = slot % HISTORY_SAMPLES
  end
  for _, text in ipairs(call('HMGET', key, unpack(slots))) do
    local at, tickets, called, moves = string.match(text or '', '^%[(%d+),"(%d+)","(%d+)",(%d)')
    if at and tonumber(at) >= now - WAIT_CHECK_MS and tonumber(called) >= first then
      samples[#samples + 1] = { text = text, at = tonumber(at), tickets = tonumber(tickets),
        called = tonumber(called), moves = moves == '1' }
    end
  end
  return samples
end

-- See `recentlyCalled` in the domain.
local function recently_called(samples)
  for i, since in ipairs(samples) do
    local order = math.min(since.tickets, samples[#samples].called)
    if since.moves and order > since.called then
      local after = i + 1
      while samples[after].called < order do after = after + 1 end
      local before, called_by = samples[after - 1], samples[after]
      return { since.text, before.at, before.called, called_by.at, called_by.called }
    end
  end
  return {}
end

for i = 1, math.min(#lines, tonumber(ARGV[3])) do
  local line = lines[i]
  local key = ARGV[2] .. '{' .. line[1] .. '}'
  line[4] = call('HMGET', key, 'front', 'inside', 'parked', 'tickets', 'first', 'admitted_total',
    'missed_total', 'returns', 'stock_at', 'available', 'ticked_at', 'drawing')
  line[5] = recently_called(recent_samples(key .. ':history', tonumber(line[4][5])))
  reply[i + 2] = line
end
return reply
