-- The common head of all queue scripts. Each script is this file, its fast path if it has one, the
-- shared functions, and the act. This file defines no functions: to create them takes longer than
-- the fast paths take (`status_fast_path.lua`, `join_fast_path.lua`).
--
-- KEYS: 1 the record of the room. All other keys of the room are KEYS[1], ":" and a name. They have
--   one hash tag. They are passed as KEYS too only where scripts lock their keys, because Lua needs
--   longer to create a dozen strings than to do most of the work.
--     (none)        string: the record of the room, see below
--     waiting       sorted set: fan -> order of the ticket
--     calls         hash: block of tickets -> last call of each of their fans, packed
--     blocks        sorted set: block -> lower bound of the last calls of its fans, ms
--     called        hash: fan -> place of a fan who is admitted, parked or returned
--     admitted      sorted set: fan -> end of the admission, ms
--     parked        sorted set: fan -> end of the parked place, ms
--     returned      sorted set: parked fan who came back -> number of the return. These fans are
--                   promoted first.
--     silent        sorted set: fan of `returned` -> last call, ms
--     meter         sorted set: "bucket:admitted:promoted", totals before the bucket -> bucket
--     rejoined      sorted set: used order of an earlier epoch -> last ticket issued before;
--                   and fan who used such an order -> -1
--     lowest_ahead  hash: order of a rejoined fan who waits -> lowest number ahead that was sent
--     gathered      sorted set: gathered fan without a ticket -> draw value
--     quit          hash: fan whose gathered place has ended -> number of gatherings at that time
--     draw          hash: the values that decide the order of the draw, see `gathering.lua`
--     drawn         hash: block of the published list -> pseudonyms, packed
-- ARGV of every act:
--   1 now, ms; "" for the clock of Redis
--   2 time to show up after the longest poll, ms
--   3 waiting TTL, ms
--
-- Fans are digests. Times are ms since 1970. An act moves at most BATCH fans of each kind.
--
-- The record of the room is a text with blanks between its fields. A missing record has no rules.
--   rules              the rules as answers contain them, see `rules.lua`; "-" without rules. The
--                      first letter is the state.
--   epoch              "-" before the first place
--   fast_until         before this time the fast paths have no upkeep to do, ms
--   created            when the epoch began, ms
--   formed             when the present line formed, ms; -1 while no fan waits
--   recent_promotions  promotions of waiting fans since the line formed, within the window
--   tickets            the last issued ticket
--   active             when the room last had a fan, ms
--   other_fields       the fields that the fast paths do not need, see `records.lua`

local call, floor, format = redis.call, math.floor, string.format
-- A packed block has 200 times of 5 bytes. With the header of Redis it fills 1 KiB of memory.
local BLOCK, WIDTH = 200, 5
local WINDOW_MS = 300000

local now = tonumber(ARGV[1])
if not now then
  local time = call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
end
local waiting_ms = tonumber(ARGV[3])
local rules, epoch, fast_until, created, formed, recent_promotions, tickets, active, other_fields =
  string.match(call('GET', KEYS[1])
    or '- - 0 0 -1 0 0 0 0 0 - 0 0 0 -1 9007199254740992 0 0 0 0 0 0 0 -1 -1 0 0 0',
  '(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (.*)')
