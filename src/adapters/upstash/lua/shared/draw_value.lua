-- The draw value of a fan, from 0 to below 2^52: the leading bits of HMAC-SHA-1 of the pseudonym.
-- Redis scripts have no other hash. Attacks on SHA-1 do not apply to HMAC (RFC 6194, 3.3). `draw`
-- is { salt, inner key, outer key }. KEYS and ARGV: none.
local function draw_value(draw, fan)
  local name = string.sub(redis.sha1hex(draw[1] .. fan), 1, 16)
  local inner, bytes = redis.sha1hex(draw[2] .. name), {}
  for i = 1, 20 do bytes[i] = tonumber(string.sub(inner, 2 * i - 1, 2 * i), 16) end
  local outer = redis.sha1hex(draw[3] .. string.char(unpack(bytes)))
  return tonumber(string.sub(outer, 1, 6), 16) * 2 ^ 28 + tonumber(string.sub(outer, 7, 13), 16)
end
