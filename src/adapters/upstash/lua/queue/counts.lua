-- counts: how many gathered, wait, are admitted and parked. KEYS and ARGV 1 to 3: see `prologue.lua`
-- Returns {gathered, waiting, admitted, parked, recent admissions as {bucket, number} JSON, now,
-- last tick (ms) or 0, epoch, front document}, {} without rules.
if not begin() then return {} end
finish()
-- From the opening on those who gathered wait.
local gathered, undrawn = R.gatherings > 0 and call('ZCARD', GATHERED) or 0, 0
if R.drawing == 1 then gathered, undrawn = 0, gathered end
return { gathered, R.waiting + undrawn, R.inside, R.parked, R.recent, now, R.ticked_at, R.epoch,
  R.front }
