-- status, everything else. KEYS and ARGV: see `prologue.lua` and `status_fast_path.lua`
begin()
local told = tell(fan, order, random)
return finish(answer(told, told[1] ~= 'GONE' and claim_count()))
