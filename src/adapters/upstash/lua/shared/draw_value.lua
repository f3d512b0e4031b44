-- Pseudonyms and draw values. Redis scripts have no other hash than SHA-1; attacks on it do not
-- apply to HMAC (RFC 6194, 3.3).

-- Identifies the fan in the published list.
local function pseudonym(fan, salt) return string.sub(redis.sha1hex(salt .. fan), 1, 16) end

-- The value of a pseudonym, from 0 to below 2 ^ 52: the leading bits of HMAC-SHA-1. `inner` and
-- `outer` are the keys of the HMAC (RFC 2104).
local function draw_value(name, inner, outer)
  local digest, bytes = redis.sha1hex(inner .. name), {}
  for i = 1, 20 do bytes[i] = tonumber(string.sub(digest, 2 * i - 1, 2 * i), 16) end
  digest = redis.sha1hex(outer .. string.char(unpack(bytes)))
  return tonumber(string.sub(digest, 1, 6), 16) * 2 ^ 28 + tonumber(string.sub(digest, 7, 13), 16)
end
