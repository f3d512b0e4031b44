-- tell_stock: tells the line what seats are left, unless it knows something newer. An unlimited line
-- becomes a limited one when none is left, and unlimited again when there are plenty.
-- ARGV: 4 seats available · 5 when the next hold ends, ms, or "" · 6 when that was counted, ms
--   7 how many seats are plenty

if rules == '-' or tonumber(ARGV[6]) <= R.stock_of then return 0 end
local SOONEST_MS, SOLD_OUT_MS = 1000, 60000
local available, returns_at = tonumber(ARGV[4]), tonumber(ARGV[5])
local seats = available > 0 and 'S' or returns_at and 'H' or 'N'
rules = sub(rules, 1, -2) .. seats
set('stock_of', tonumber(ARGV[6]))
if available == 0 or R.budget >= 0 then
  set('budget', available >= tonumber(ARGV[7]) and -1 or available)
end
local next_ms = now + (seats == 'N' and SOLD_OUT_MS or RECOUNT_MS)
if returns_at then next_ms = math.min(next_ms, math.max(returns_at, now + SOONEST_MS)) end
set('count_at', next_ms)
set('due', 0)
if R.epoch ~= '-' then upkeep(false) end
save()
return 1
