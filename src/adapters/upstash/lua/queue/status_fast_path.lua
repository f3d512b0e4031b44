-- status, most often: the fan waits near the front and called before, or is admitted.
-- ARGV: 4 fan · 5 order · 6 epoch, these of the token · 7 a random number from 0 to below 1
-- Returns {'WAITING', order, ahead, 'EXACT' | 'AT_MOST' | 'AT_LEAST', is near, poll after (s)},
-- {'UNDRAWN', pseudonym}, {'GATHERED', pseudonym}, {'ADMITTED', order, end (ms)}, {'GONE', cause or
-- '-'} or {'RESET'}; then now (ms), count the stock (1 or 0), the front document.
local fan, order, random = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[7])

read(POLL_FIELDS)
if R.epoch ~= ARGV[6] then return { 'RESET' } end
if now < R.due and order > R.called and order <= R.near then
  local ahead, is = ahead_of(fan, order)
  local after = ahead and poll_after_seconds(ahead, random)
  if ahead and call('ZADD', CALLS, 'XX', 'CH', text(live() + after * 1000), call_name(fan, order)) == 1 then
    return answer({ 'WAITING', order, ahead, is, 1, after })
  end
elseif now < R.due and order > 0 and order <= R.called then
  local state, of, ends = match(call('HGET', CALLED, fan) or '', '^(%S+) (%S+) %S+ (%S+)')
  if state == 'ADMITTED' and tonumber(of) == order and tonumber(ends) > now then
    return answer({ 'ADMITTED', order, tonumber(ends) })
  end
end
