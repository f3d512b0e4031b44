-- promote: one bounded part of the upkeep; the cron and operators run it.
-- KEYS: 1 see `prologue.lua` · 2 set of the active rooms · 3 with a release: hash of its sums
-- ARGV: 4 heads to promote although the state promotes nobody · 5 a room without fans is idle
--   after this time, ms · 6 name of the room · 7 how long the sums of a release are kept, ms;
--   "" without a release
-- Returns {ended, admitted, more, active (ms), has opened, count the stock}, {} without rules.
local RELEASE = ARGV[7] ~= '' and KEYS[3]
local sums = RELEASE and call('HMGET', RELEASE, 'expired', 'admitted', 'done') or {}
local expired_before, admitted_before = tonumber(sums[1] or 0), tonumber(sums[2] or 0)
read_all()
if R.epoch == 0 then return {} end
if sums[3] then
  return finish({ expired_before, admitted_before, 0, R.active_at, R.has_opened, 0 })
end
local went, more = upkeep(max(0, tonumber(ARGV[4]) - admitted_before))
if RELEASE then
  expired, went = expired + expired_before, went + admitted_before
  call('HSET', RELEASE, 'expired', text(expired), 'admitted', text(went))
  if not more then call('HSET', RELEASE, 'done', '1') end
  call('PEXPIRE', RELEASE, ARGV[7])
end
set('ticked_at', now)

-- A sample of the line for the operator's charts takes the place of the one an hour ago. The document
-- about the front is that of this act. `overview.lua` looks at what stands first. Large numbers are
-- texts, because of cjson.
local function note_sample()
  local shortest_ms = HISTORY_STEP_MS - HISTORY_EARLY_MS
  if now - R.noted_at < shortest_ms then return end
  local gathered = 0
  if R.gatherings > R.drawn_gatherings then gathered = gathered_count or call('ZCARD', GATHERED) end
  call('HSET', HISTORY, floor(now / shortest_ms) % HISTORY_SAMPLES, cjson.encode({
    now, text(R.tickets), text(R.called), R.promotes == 1 and R.seats == 'SOME' and 1 or 0,
    gathered, R.parked, R.admitted_total, R.missed_total, R.stock_at > 0 and R.available or -1, R.front,
  }))
  set('noted_at', max(now, R.noted_at + HISTORY_STEP_MS))
end
note_sample()
local counts = claim_count()
if R.registered == 1 and now - R.active_at >= tonumber(ARGV[5]) and R.parked == 0
  and not has_fans() then
  call('SREM', KEYS[2], ARGV[6])
  -- They hold nothing but records of places that have ended.
  call('UNLINK', CALLED, PROOFS, AGAIN)
  set('has_again', 0)
  set('registered', 0)
end
return finish({ expired, went, more and 1 or 0, R.active_at, R.has_opened, counts and 1 or 0 })
