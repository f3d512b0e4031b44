-- read_known: the entries of keys, without the values that the caller has already.
-- KEYS: the keys
-- ARGV: for each key the beginning of the entry that the caller has; "" when it has none
-- Returns for each key the entry, nil, or "K" when the entry begins so.
local entries = redis.call('MGET', unpack(KEYS))
for i, known in ipairs(ARGV) do
  if known ~= '' and entries[i] and string.sub(entries[i], 1, #known) == known then
    entries[i] = 'K'
  end
end
return entries
