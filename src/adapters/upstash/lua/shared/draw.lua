-- The draw: a bounded number of gathered fans get tickets, in the order of their draw values.
-- KEYS and ARGV: see `room.lua`.

local LIST_BLOCK, NAME = 200, 16
-- Fewer than BATCH: with a million fans, one fan takes about 13 µs.
local SHARE = 64

-- Each fan becomes a waiting fan whose last call is now.
local function draw_share()
  -- Appends the fans to the published list.
  local function publish(fans, from)
    local salt, at = call('HGET', DRAW, 'salt') or '', R.draw_next - 1 - from
    local slot = at % LIST_BLOCK
    local block = (at - slot) / LIST_BLOCK
    local names = { slot > 0 and call('HGET', DRAWN, int(block)) or nil }
    for i, fan in ipairs(fans) do
      names[#names + 1] = pseudonym(fan, salt)
      slot = slot + 1
      if slot == LIST_BLOCK or i == #fans then
        call('HSET', DRAWN, int(block), table.concat(names))
        block, slot, names = block + 1, 0, {}
      end
    end
  end

  local fans, places = call('ZRANGE', GATHERED, 0, SHARE - 1), {}
  local from, count = latest_draw(), #fans
  if count > 0 then
    call('ZREMRANGEBYRANK', GATHERED, 0, count - 1)
    touch()
    publish(fans, from)
    for i, fan in ipairs(fans) do
      places[2 * i - 1], places[2 * i] = int(R.draw_next + i - 1), fan
    end
    call('ZADD', WAITING, unpack(places))
    local order, next_order, entry = R.draw_next, R.draw_next + count, pack_time(now)
    while order < next_order do
      local _, slot = locate(order)
      local run = math.min(BLOCK - slot, next_order - order)
      put_calls(order, string.rep(entry, run))
      order = order + run
    end
    set('draw_next', next_order)
  end
  if count < SHARE or call('ZCARD', GATHERED) == 0 then set('draw_phase', 0) else set('due', 0) end
end
