-- status, everything else. KEYS and ARGV: see `prologue.lua` and `status_fast_path.lua`
begin()
local reply = tell(fan, order, random)
return finish(answer(reply, reply[1] ~= 'GONE' and claim_count()))
