-- Where a fan comes in a draw, from 0 to below 2^52: HMAC-SHA-1 of the pseudonym, for scripts have no
-- other hash. Attacks on SHA-1 do not touch HMAC (RFC 6194, 3.3). `draw` is salt, inner and outer key.
local function value_in(draw, fan)
  local name = string.sub(redis.sha1hex(draw[1] .. fan), 1, 16)
  local inner, bytes = redis.sha1hex(draw[2] .. name), {}
  for i = 1, 20 do bytes[i] = tonumber(string.sub(inner, 2 * i - 1, 2 * i), 16) end
  local outer = redis.sha1hex(draw[3] .. string.char(unpack(bytes)))
  return tonumber(string.sub(outer, 1, 6), 16) * 2 ^ 28 + tonumber(string.sub(outer, 7, 13), 16)
end
