-- front: the document about the front of the line. KEYS and ARGV 1 to 3: see `room.lua`
-- Returns {now (ms), count the stock (1 or 0), document}, or {} without rules.
read_all()
if not R.epoch then return {} end
if now >= R.due then upkeep() end
local counts = claim_count()
save_records()
save()
return { now, counts and 1 or 0, R.front }
