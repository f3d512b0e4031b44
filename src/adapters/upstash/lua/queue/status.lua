-- status, everything else. KEYS and ARGV: see `room.lua` and `status_fast_path.lua`
read_all()
local told = tell(fan, order, random)
local counts = told[1] ~= 'GONE' and claim_count()
save_records()
save()
return answer(told, counts)
