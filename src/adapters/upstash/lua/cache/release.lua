-- release: removes exactly this lease.
-- KEYS: 1 the key
-- ARGV: 1 lease id
-- Returns 0.
local id = string.match(redis.call('GET', KEYS[1]) or '', '^L%d+:(.*)$')
if id == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
