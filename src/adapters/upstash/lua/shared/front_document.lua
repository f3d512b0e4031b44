-- The document about the front of the line, from which far fans are answered; see `Front` in the
-- domain. Numbers that may need more than 14 digits are texts, because of cjson.
local function refresh_front()
  set('front', cjson.encode({
    epoch = R.epoch, first = text(R.first), called = text(R.called), near = text(R.near),
    waiting = R.waiting + (R.drawing == 1 and call('ZCARD', GATHERED) or 0), isReforming = R.rejoins == 1 or now < R.hold,
    rejoined = R.rejoins == 1 and call('ZCOUNT', WAITING, 0, text(R.first)) or 0,
    speed = {
      pace = R.pace, admitted = R.inside, ended = R.ended, slotMs = R.slot_ms,
      surprise = R.surprise, called = R.tally_called, absent = R.tally_absent,
      seatsLeft = stock_budget(),
    },
    rules = R.rules, rulesVersion = R.version, seats = R.seats,
    drawnGatherings = R.drawn_gatherings, lot = front_lot(),
  }))
end
