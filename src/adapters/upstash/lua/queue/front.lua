-- front: the document about the front of the line. KEYS and ARGV 1 to 3: see `prologue.lua`
-- Returns {now (ms), count the stock (1 or 0), document}, or {} without rules.
if not begin() then return {} end
return finish(answer({}, claim_count()))
