-- status, most often: the fan waits near the front and called before, proves a far place, or is
-- admitted.
-- ARGV: 4 fan · 5 order · 6 epoch, these of the token · 7 a random number from 0 to below 1
-- Returns {'WAITING', order, ahead, 'EXACT' | 'AT_MOST' | 'AT_LEAST', is near, poll after (s)},
-- {'UNDRAWN', pseudonym}, {'GATHERED', pseudonym}, {'ADMITTED', order, end (ms)}, {'GONE', cause or
-- '-'} or {'RESET'}; then now (ms), count the stock (1 or 0), the front document.
local fan, order, random = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[7])

local values = call('HMGET', ROOM, 'epoch', 'front', 'due', 'called', 'near', 'pace', 'returned', 'lost',
  'first', 'poll_min', 'poll_max', 'rejoins', 'hold', 'drawing', 'layout', 'ttl', 'ttl_at')
if values[1] ~= ARGV[6] then return { 'RESET' } end
R = {
  front = values[2], due = tonumber(values[3]), called = tonumber(values[4]),
  near = tonumber(values[5]), pace = tonumber(values[6]), returned = tonumber(values[7] or 0),
  lost = tonumber(values[8] or 0), first = tonumber(values[9]), poll_min = tonumber(values[10]),
  poll_max = tonumber(values[11]), rejoins = tonumber(values[12] or 0),
  hold = tonumber(values[13] or 0), drawing = tonumber(values[14] or 0),
}
local is_quiet = now < R.due and is_familiar(values[15], values[16], values[17])
if is_quiet and order > R.called and order <= R.near and R.drawing == 0 then
  local ahead, is = ahead_of(fan, order)
  local after = ahead and poll_after_seconds(ahead, random)
  local score = ahead and text(call_score(live(), after))
  if ahead and call('ZADD', CALLS, 'XX', 'GT', 'CH', score, fan .. ':' .. ARGV[5]) == 1 then
    return answer({ 'WAITING', order, ahead, is, 1, after })
  end
elseif is_quiet and order > max(R.near, R.called) and R.drawing == 0 then
  local score = call('ZSCORE', WAITING, fan)
  if score and tonumber(score) == order then
    local ahead, is = ahead_of(fan, order)
    call('ZADD', PROOFS, text(now), fan)
    return answer({ 'WAITING', order, ahead, is, 0, poll_after_seconds(ahead, random) })
  end
elseif is_quiet and order > 0 and order <= R.called then
  local state, of, ends = match(call('HGET', CALLED, fan) or '', '^(%S+) (%S+) %S+ (%S+)')
  if state == 'ADMITTED' and tonumber(of) == order and tonumber(ends) > now then
    return answer({ 'ADMITTED', order, tonumber(ends) })
  end
end
