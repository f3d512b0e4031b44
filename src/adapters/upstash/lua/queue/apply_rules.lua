-- apply_rules: the rules of the room, unless it follows rules of a higher version. A room that
-- Redis does not know begins an epoch.
-- KEYS: 1 see `prologue.lua` · 2 set of the active rooms · 3 set of the names of all rooms
-- ARGV: 4 name of the room · 5 epoch for a new room · 6 version
--   7 id, 8 seed, 9 salt, 10 inner and 11 outer key of the draw, hex; 7 is "" without a draw
--   12 to 15: the stock as in `update_stock.lua`, 12 is "" without one
--   16 how many members of the set of names follow, then these
--   then fields and their values; see `prologue.lua`
-- Returns 1, or 0 when the rules of the room are kept, or kept out.
local FIRST_FIELD = 17 + tonumber(ARGV[16])
local version = tonumber(ARGV[6])
read_all()
if version <= R.removed_version and now < R.removed_until then return 0 end
call('SADD', KEYS[3], ARGV[4])
-- In shares, because Lua unpacks some thousand values at most.
for first = 17, FIRST_FIELD - 1, 1000 do
  call('SADD', KEYS[3], unpack(ARGV, first, min(first + 999, FIRST_FIELD - 1)))
end

local function begin_epoch()
  call('UNLINK', ROOM)
  set('layout', LAYOUT)
  set('ttl', told_ttl_ms)
  set('ttl_at', now)
  local first = floor(now / EPOCH_STEP_MS) * TICKET_SPAN
  for _, field in ipairs({ 'first', 'tickets', 'called', 'near', 'aged' }) do
    set(field, first)
  end
  for _, field in ipairs({ 'created', 'counted_at', 'sampled_at', 'issued_at' }) do set(field, now) end
  for _, field in ipairs({ 'acted_at', 'ends_at' }) do set(field, NEVER) end
  set('far_raise_at', -NEVER)
  set('epoch', ARGV[5])
  set('recent', '[]')
  set('outages', '[]')
  set('opened_draw', '')
  set('seats', 'SOME')
  set('age_at', now + waiting_ms)
end

local function unhex(hex)
  return (string.gsub(hex, '..', function(byte) return string.char(tonumber(byte, 16)) end))
end

-- Another draw than the present one comes after all who gathered for that have their tickets.
local function store_draw()
  if ARGV[7] == '' or ARGV[7] == R.draw_id then return end
  for i, field in ipairs({ 'id', 'seed', 'salt' }) do set('next_' .. field, ARGV[6 + i]) end
  set('next_inner', unhex(ARGV[10]))
  set('next_outer', unhex(ARGV[11]))
  open_lot()
  use_next_draw()
end

-- A fan who was answered under the old rules may still use their longer interval.
local function keep_old_poll(longest)
  if not longest or longest <= R.poll_max then return end
  local old = live() < R.old_poll_until and R.old_poll or 0
  set('old_poll', max(longest, old))
  set('old_poll_until', live() + R.old_poll * 1000 + show_up_ms)
end

local is_new = R.epoch == 0
if is_new then begin_epoch()
elseif R.version >= version then
  call('HSET', ROOM, 'checked_at', text(now))
  return 0
else
  -- What is due under the old rules, an opening above all, comes before the new ones.
  if now >= R.due then upkeep() end
end
local longest = not is_new and R.poll_max
for i = FIRST_FIELD, #ARGV, 2 do
  local field, value = ARGV[i], ARGV[i + 1]
  set(field, TEXT_FIELDS[field] and value or tonumber(value))
end
set('version', version)
set('checked_at', now)
set('has_opened', 0)
keep_old_poll(longest)
store_draw()
-- Who joins after the opening of a draw stands behind it, also when the opening is postponed then.
if R.gathers == 1 and R.opened_draw ~= '' and R.opened_draw == ARGV[7] then set('gathers', 0) end
if ARGV[12] ~= '' then
  store_stock(tonumber(ARGV[12]), tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15]))
end
upkeep()
return finish(1)
