-- counts: how many gathered, wait, are admitted and parked. KEYS and ARGV 1 to 3: see `room.lua`
-- Returns {gathered, waiting, admitted, parked, recent admissions as {bucket, number} JSON, now,
-- last tick (ms) or 0, epoch, front document}, {} without rules.
read_all()
if not R.epoch then return {} end
if now >= R.due then upkeep() end
save_records()
save()
local gathered = R.gatherings > R.drawn_gatherings and call('ZCARD', GATHERED) or 0
local undrawn = R.drawing == 1 and call('ZCARD', GATHERED) or 0
return { R.drawing == 1 and 0 or gathered, call('ZCARD', WAITING) + undrawn, R.inside, R.parked,
  R.recent, now, R.ticked_at, R.epoch, R.front }
