-- forget_fan: ends the place of a fan, and removes all that the room has of the fan. The tokens of
-- earlier epochs bring nothing afterwards.
-- KEYS: see `prologue.lua`
-- ARGV: 4 fan
-- Returns 1, or 0 when the room has nothing of anybody.
read_all()
if R.epoch == 0 then return 0 end
local fan = ARGV[4]
if R.opens_at > 0 and R.opens_at <= now then upkeep() end

local order = order_now(fan)
local is_free = order and end_place(fan, order, 'LEFT')
-- The place may be one that ended before; what is known of it goes too.
write_called(fan, nil)
proofs[fan] = nil
save_records()
call('ZREM', PROOFS, fan)
call('HDEL', AGAIN, fan)
if call('ZREM', GATHERED, fan) + call('HDEL', LEFT, fan) > 0 then
  call('HSET', LEFT, pseudonym(fan, R.epoch), text(R.gatherings))
  set('has_left', 1)
end
if takes_earlier() then use_up_earlier(fan) end
if order then set('active_at', now) end
if is_free or R.waiting == 0 or now >= R.due then upkeep() end
return finish(1)
