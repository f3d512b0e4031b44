-- What every act of the line shares: the other files follow it. It makes no functions, for making
-- them takes longer than the most frequent answers take (see `status_soon` and `join_soon`).
--
-- Keys of one room, under one hash tag. KEYS[1] is the first; the others begin with it and end in
-- ":" and their name. They are given as KEYS too only where that decides what a script locks:
-- making a dozen texts for Lua takes longer than most of the work.
--    (the room)  string: the room's own record, see below
--    waiting     sorted set: fan -> order of the ticket
--    calls       hash: block of tickets -> when each of their fans last called, packed
--    blocks      sorted set: block -> since when, ms, each of its fans has called (a lower bound)
--    called      hash: fan -> place of whoever does not stand in `waiting`
--    admitted    sorted set: fan -> end of the admission, ms
--    parked      sorted set: fan -> end of the parked place, ms
--    returned    sorted set: parked fan who is back -> number of the return; these go in first
--    silent      sorted set: fan of `returned` -> last call, ms
--    meter       sorted set: "bucket:admitted:promoted", totals before the bucket -> bucket
--    rejoined    sorted set: used order of an earlier epoch -> last ticket given out by then;
--                sorted set too of the fans who used one, each -> -1
--    told        hash: order of a rejoined fan who waits -> lowest number ahead that was told
--    gathered    sorted set: fan who has not drawn a ticket yet -> value in the draw
--    quit        hash: fan who left or ended what they had gathered -> gatherings until then
--    draw        hash: what decides the order of those who gather, see `gathering.lua`
--    drawn       hash: block of the published list -> pseudonyms, packed
-- ARGV of every act:
--    1 now, ms; "" for Redis's own clock
--    2 time to show up after the longest poll, ms  3 waiting time, ms
--
-- Fans are digests. Times are ms since 1970. An act moves at most BATCH fans of each kind.
--
-- The room's record: its rules, "-" while there are none, which only a missing record has; an
-- epoch, "-" before the first place; and numbers.
--   rules             as fans are told them, see `rules.lua`; the first letter is the state
--   soon              before this time the most frequent calls find nothing to do, ms
--   created           when the epoch began, ms
--   formed            when the present line formed, ms; -1 while nobody waits
--   paced             promotions out of the line since it formed, within the window
--   tickets, active   the last ticket given out; when anybody last stood here, ms
-- and what hardly any but the other calls need (`records.lua`).

local call, floor, format = redis.call, math.floor, string.format
-- A packed block fills an allocation of 1 KiB: 200 times of 5 bytes, and Redis's header.
local BLOCK, WIDTH = 200, 5
local WINDOW_MS = 300000

local now = tonumber(ARGV[1])
if not now then
  local time = call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
end
local waiting_ms = tonumber(ARGV[3])
local rules, epoch, soon, created, formed, paced, tickets, active, others = string.match(
  call('GET', KEYS[1])
    or '- - 0 0 -1 0 0 0 0 0 - 0 0 0 -1 9007199254740992 0 0 0 0 0 0 0 -1 -1 0 0 0',
  '(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (.*)')
