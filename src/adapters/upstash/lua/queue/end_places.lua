-- end_places: ends exactly these places; a place that has ended does not change.
-- KEYS: see `prologue.lua`
-- ARGV: 4 cause · then for each place: fan, order and epoch of its token
-- Returns {epoch of the room or "", why the last of the places ended or "-"}
read_all()
if R.epoch == 0 then return { '', '-' } end

-- Returns whether somebody can be promoted now who could not before.
local function end_one(fan, token_order, cause)
  local order, now_order = token_order, order_now(fan)
  if order < 0 then order = order_of_gathered(fan, order, now_order) end
  if order == 'GATHERED' or order == 'UNDRAWN' then
    call('ZREM', GATHERED, fan)
    call('ZREM', PROOFS, fan)
    call('HSET', LEFT, fan, text(R.gatherings))
    set('has_left', 1)
    -- All tokens of the fan since the last gathering are of this place.
    if cause == 'REMOVED' then record_end(fan, -R.first - R.gatherings, cause)
    else over[fan] = true end
    return false
  end
  if not order or order ~= now_order then return false end
  return end_place(fan, order, cause)
end

if R.opens_at > 0 and R.opens_at <= now then upkeep() end
local is_free, why = false, '-'
for i = 5, #ARGV, 3 do
  if ARGV[i + 2] == R.epoch then
    local fan, order = ARGV[i], tonumber(ARGV[i + 1])
    is_free = end_one(fan, order, ARGV[4]) or is_free
    why = end_cause(fan, order)
    set('active_at', now)
  end
end
if is_free or R.waiting == 0 or now >= R.due then upkeep() end
return finish({ R.epoch, why })
