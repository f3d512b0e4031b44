-- list_draw: a page of the published list, as far as it is drawn.
-- KEYS: see `prologue.lua`
-- ARGV: 4 ticket before the page · 5 maximum number of entries
-- Returns {ticket of the first entry, pseudonyms…}, {} when there are none.
if not begin() then return {} end
finish()
local before = R.lot_before - R.first
local from = max(tonumber(ARGV[4]), before)
local names = call('LRANGE', LIST, text(from - before), text(from - before + ARGV[5] - 1))
if #names == 0 then return {} end
return { from + 1, unpack(names) }
