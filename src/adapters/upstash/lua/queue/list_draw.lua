-- list_draw: a page of the published list.
-- KEYS: see `room.lua`
-- ARGV: 1 to 3: see `room.lua` · 4 ticket before the page · 5 maximum number of entries
-- Returns {first ticket of the page, pseudonyms of 16 characters each}, or {0, ""}.

local MOST = 1000
if R.epoch ~= '-' then
  upkeep(false)
  save()
end
if R.draw_next == 0 then return { 0, '' } end
local from = latest_draw()
local at = math.max(tonumber(ARGV[4]) - (from - R.first), 0)
local count = math.min(tonumber(ARGV[5]), MOST, R.draw_next - 1 - from - at)
if count <= 0 then return { 0, '' } end
local slot = at % LIST_BLOCK
local names = {}
for block = (at - slot) / LIST_BLOCK, floor((at + count - 1) / LIST_BLOCK) do
  names[#names + 1] = call('HGET', DRAWN, int(block))
end
local list = sub(table.concat(names), slot * NAME + 1, (slot + count) * NAME)
return { int(from - R.first + at + 1), list }
