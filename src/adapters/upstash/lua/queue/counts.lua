-- counts: how many gathered, wait, are admitted and parked. KEYS and ARGV 1 to 3: see `prologue.lua`
-- Returns {gathered, waiting, admitted, parked, recent admissions as {bucket, number} JSON, now,
-- last tick (ms) or 0, epoch, front document}, {} without rules.
if not begin() then return {} end
finish()
local gathered = R.gatherings > 0 and call('ZCARD', GATHERED) or 0
return { gathered, call('ZCARD', WAITING), R.inside, R.parked, R.recent, now, R.ticked_at, R.epoch,
  R.front }
