-- history: the samples of the line, in no order; see `promote.lua`. KEYS: see `prologue.lua`
-- Returns {now, samples…}, {} without rules.
if not begin() then return {} end
finish()
return { now, unpack(call('HVALS', HISTORY)) }
