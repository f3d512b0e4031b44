-- update_stock: stores the number of seats left, unless a newer count is stored. The stock begins
-- to limit admissions when no seat is left. It stops when enough seats are left.
-- KEYS: see `room.lua`
-- ARGV: 1 to 3: see `room.lua` · 4 available seats · 5 end of the next hold, ms, or ""
--   6 time of the count, ms · 7 number of seats from which the stock does not limit admissions
-- Returns 1, or 0 when nothing is stored.

if rules == '-' or tonumber(ARGV[6]) <= R.stock_as_of then return 0 end
local SOONEST_MS, SOLD_OUT_MS = 1000, 60000
local available, returns_at = tonumber(ARGV[4]), tonumber(ARGV[5])
local seats = available > 0 and 'S' or returns_at and 'H' or 'N'
rules = sub(rules, 1, -2) .. seats
set('stock_as_of', tonumber(ARGV[6]))
if available == 0 or R.budget >= 0 then
  set('budget', available >= tonumber(ARGV[7]) and -1 or available)
end
local next_ms = now + (seats == 'N' and SOLD_OUT_MS or RECOUNT_MS)
if returns_at then next_ms = math.min(next_ms, math.max(returns_at, now + SOONEST_MS)) end
set('recount_at', next_ms)
set('due', 0)
if R.epoch ~= '-' then upkeep(false) end
save()
return 1
