-- True for one caller in a while, who must have the stock counted.
local function claim_count()
  if R.count_at == 0 or now < R.count_at or R.waiting == 0 or R.limited_since == 0 then return false end
  set('count_at', now + (R.seats == 'NONE' and SOLD_OUT_RECOUNT_MS or RECOUNT_MS))
  return true
end

-- How many limited admissions were over for certain when a count began that arrives now.
local function over_when_counted()
  local began_ms = now - COUNT_TAKES_MS
  if R.over_at <= began_ms then return R.limited_over end
  return R.sample_at <= began_ms and R.sample_over or R.earlier_at <= began_ms and R.earlier_over or 0
end

-- Stores a count of the stock, unless a newer one was stored just now; see `update_stock.lua` for the
-- values. The order of arrival decides after a while: the clock of a count may have been ahead.
local function store_stock(available, returns_at, counted_at, plenty)
  local age_ms = now - R.stock_at
  if counted_at <= R.stock_as_of and age_ms >= 0 and age_ms < COUNT_ORDER_MS then return false end
  set('stock_as_of', counted_at)
  set('stock_at', now)
  set('available', available)
  set('seats', available > 0 and 'SOME' or returns_at and 'HELD' or 'NONE')
  if available >= plenty then set('limited_since', 0)
  elseif available == 0 and R.limited_since == 0 then
    set('limited_since', now)
    for _, field in ipairs({ 'limited_admitted', 'limited_over', 'over_at', 'over_then', 'sample_at',
      'sample_over', 'earlier_at', 'earlier_over' }) do set(field, 0) end
  end
  set('over_then', over_when_counted())
  local next_ms = now + (R.seats == 'NONE' and SOLD_OUT_RECOUNT_MS or RECOUNT_MS)
  if returns_at then next_ms = min(next_ms, max(returns_at, now + SOONEST_RECOUNT_MS)) end
  set('count_at', next_ms)
  set('due', 0)
  return true
end
