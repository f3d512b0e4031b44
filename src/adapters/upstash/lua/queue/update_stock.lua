-- update_stock: stores the number of seats left, unless a newer count was stored just now. The stock begins
-- to limit admissions when no seat is left, and stops when plenty are.
-- KEYS: see `prologue.lua`
-- ARGV: 4 available seats · 5 end of the next hold, ms, or "" · 6 time of the count, ms
--   7 number of seats that are plenty
-- Returns 1, or 0 when nothing is stored.
if not begin() then return 0 end
local returns_at = tonumber(ARGV[5])
if not store_stock(tonumber(ARGV[4]), returns_at, tonumber(ARGV[6]), tonumber(ARGV[7])) then
  return finish(0)
end
upkeep()
return finish(1)
