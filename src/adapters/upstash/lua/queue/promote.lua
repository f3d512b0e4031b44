-- promote: one bounded part of the upkeep; the cron and operators run it.
-- KEYS: 1 see `prologue.lua` · 2 set of the active rooms
-- ARGV: 4 heads to promote although the state promotes nobody · 5 a room without fans is idle
--   after this time, ms · 6 name of the room
-- Returns {ended, admitted, more, active (ms), has opened, count the stock}, {} without rules.
read_all()
if R.epoch == 0 then return {} end
local went, more = upkeep(tonumber(ARGV[4]))
set('ticked_at', now)
local counts = claim_count()
if R.registered == 1 and now - R.active_at >= tonumber(ARGV[5]) and R.parked == 0
  and not has_fans() then
  call('SREM', KEYS[2], ARGV[6])
  -- They hold nothing but records of places that have ended.
  call('UNLINK', CALLED, PROOFS)
  set('registered', 0)
end
return finish({ expired, went, more and 1 or 0, R.active_at, R.has_opened, counts and 1 or 0 })
