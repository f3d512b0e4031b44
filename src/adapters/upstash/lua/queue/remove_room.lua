-- remove_room: removes everything of a room, unless it follows rules of a higher version. Rules up to
-- this version are kept out for a while, so that nobody brings them back who has read them before.
-- KEYS: 1 see `prologue.lua` · 2 set of the active rooms · 3 set of the names of all rooms
-- ARGV: 4 name of the room · 5 version · 6 "1": also with fans in it, and its name too
-- Returns 1, or 0 when nothing was removed.
local version, is_final = tonumber(ARGV[5]), ARGV[6] == '1'
begin()
if R.version > version then return finish(0) end
if not is_final and (has_fans() or R.parked > 0) then return finish(0) end

for _, key in ipairs({ ROOM, WAITING, CALLED, CALLS, PROOFS, GATHERED, TURNS, ADMITTED, RAISES, ISSUED,
  LEFT, AGAIN, LOTS, LIST, REJOINED,
  HISTORY }) do
  call('UNLINK', key)
end
call('SREM', KEYS[2], ARGV[4])
if is_final then call('SREM', KEYS[3], ARGV[4]) end
call('HSET', ROOM, 'removed_version', text(max(version, R.removed_version)), 'removed_until',
  text(now + SEAL_MS))
call('PEXPIRE', ROOM, text(SEAL_MS))
return 1
