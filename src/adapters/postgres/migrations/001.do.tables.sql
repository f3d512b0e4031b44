-- Money is bigint in the smallest unit of the currency. Times have whole milliseconds. Upper limits
-- of checks are those of src/domain/limits.ts.
--
-- Every act takes its locks in this order, so that no two acts deadlock: idempotency key, currency,
-- (fan, schedule) ascending by the number of the lock, seats ascending, reservations, balance,
-- schedules ascending, concerts ascending, rooms. Events and their deliveries are written wherever
-- an act pleases: they wait for nobody. A foreign key locks the row that it references FOR KEY SHARE.
-- Acts lock those rows FOR NO KEY UPDATE, which does not conflict with it, so that a foreign key
-- waits for no act.

create table rooms (
  room_id text primary key,
  -- The program has the list of states. With a state it gives what the state does: see
  -- ROOM_STATE_POLICIES and endsGathering() in src/domain/room.ts.
  state text not null check (state ~ '^[A-Z_]{1,32}$'),
  opens_by_itself boolean not null,
  gathers boolean not null,
  ends_gathering boolean not null check (not (gathers and ends_gathering)),
  -- When the room opens by itself. From then on it counts as open, also before this row says so.
  opens_at timestamptz check (opens_at is null or opens_by_itself),
  capacity integer not null check (capacity between 1 and 10000000),
  admissions_per_minute integer check (admissions_per_minute between 1 and 10000000),
  -- Durations end at 366 days.
  admission_ttl_ms bigint not null check (admission_ttl_ms between 1 and 31622400000),
  hold_ttl_ms bigint not null check (hold_ttl_ms between 1 and 31622400000),
  poll_min_seconds integer not null check (poll_min_seconds > 0),
  poll_max_seconds integer not null
    check (poll_max_seconds between poll_min_seconds and 31622400),
  -- Whether a fan gets a new place only with a passed challenge.
  challenge_at_join boolean not null default false,
  -- Every change raises it. The queue store follows the highest version.
  version bigint not null check (version > 0),
  made_at timestamptz not null,
  changed_at timestamptz not null,
  -- Whether a concert was ever in the room. The stock limits the admissions of such a room alone.
  had_concert boolean not null default false,
  -- Of a room that an operator deleted. Its row stays, because it keeps the last version, and draws,
  -- concerts, reservations and audit entries refer to it. Operators alone add rows; a new room of
  -- the same name takes the row of the deleted one.
  deleted_at timestamptz
);

create table draws (
  draw_id text primary key,
  sequence bigint generated always as identity,
  room_id text not null references rooms,
  seed text not null check (seed ~ '^[0-9a-f]{64}$'),
  salt text not null,
  -- Published before anybody gathers. The seed is published once the draw has been held.
  commitment text not null generated always as (encode(sha256(seed::bytea), 'hex')) stored,
  created_at timestamptz not null,
  opened_at timestamptz
);
create index draws_of_room on draws (room_id, sequence desc);
-- Fans who gathered are drawn by the seed that was committed to, so no other draw replaces it.
create unique index one_pending_draw_of_a_room on draws (room_id) where opened_at is null;

create table audit_log (
  entry_id bigint generated always as identity primary key,
  at timestamptz not null,
  operator text not null,
  action text not null,
  room_id text references rooms,
  subject text,
  old jsonb,
  new jsonb,
  reason text
);
create index audit_log_by_time on audit_log (at desc, entry_id desc);
create index audit_log_of_room on audit_log (room_id, at desc, entry_id desc);

create table concerts (
  concert_id bigint generated always as identity primary key,
  room_id text not null references rooms,
  title text not null,
  description text not null,
  venue text,
  time_zone text not null,
  withdrawn_at timestamptz,
  -- A refund of something withdrawn was accepted. The withdrawal cannot be undone any more.
  withdrawal_is_final boolean not null default false
    check (withdrawn_at is not null or not withdrawal_is_final),
  created_at timestamptz not null
);
create index concerts_of_room on concerts (room_id) where withdrawn_at is null;

create table schedules (
  schedule_id bigint generated always as identity primary key,
  concert_id bigint not null references concerts,
  concert_at timestamptz not null,
  reservation_available_at timestamptz not null,
  -- Null follows concert_at. `ends_at` is the time in force.
  sales_end_at timestamptz,
  ends_at timestamptz not null generated always as (coalesce(sales_end_at, concert_at)) stored
    check (reservation_available_at < ends_at),
  -- Until then fans may have payments refunded; null: never.
  refund_until timestamptz,
  withdrawn_at timestamptz,
  withdrawal_is_final boolean not null default false
    check (withdrawn_at is not null or not withdrawal_is_final),
  seat_count integer not null check (seat_count between 1 and 100000),
  -- Seats that are neither sold nor blocked. Every change of a seat counts here: see
  -- change_seats_left.
  seats_left integer not null check (seats_left between 0 and seat_count),
  -- Another one for each map: labels, places and prices of the seats. It is not counted up, so that
  -- a restored database never gives an old version to a new map.
  map_version uuid not null default gen_random_uuid()
);
create index schedules_of_concert on schedules (concert_id, concert_at, schedule_id);
create index schedules_of_concert_by_opening on schedules (concert_id, reservation_available_at);
create index schedules_by_opening on schedules (reservation_available_at);
-- Not by `seats_left`: a column of an index makes each of its updates write all indexes.
create index schedules_by_end on schedules (ends_at) where withdrawn_at is null;

create table seats (
  seat_id bigint generated always as identity primary key,
  schedule_id bigint not null references schedules,
  seat_number integer not null check (seat_number between 1 and 1000000),
  label text not null,
  section text,
  row_name text,
  x double precision,
  y double precision,
  price bigint not null check (price between 0 and 100000000),
  sold boolean not null default false,
  blocked boolean not null default false check (not (sold and blocked)),
  -- The end of the last hold. A hold whose end has passed is no hold, swept or not.
  held_until timestamptz,
  unique (schedule_id, seat_number),
  unique nulls not distinct (schedule_id, section, row_name, label),
  -- For the foreign key of reservations.
  unique (seat_id, schedule_id)
);

create table reservations (
  reservation_id text primary key,
  sequence bigint generated always as identity,
  fan_id text not null,
  schedule_id bigint not null,
  seat_id bigint not null,
  price bigint not null check (price >= 0),
  -- A HELD reservation whose end has passed reads as EXPIRED, also before this row says so.
  status text not null check (status in ('HELD', 'PAID', 'CANCELLED', 'EXPIRED', 'REFUNDED')),
  expires_at timestamptz not null,
  created_at timestamptz not null check (created_at <= expires_at),
  cancelled_at timestamptz,
  constraint cancelled_reservations_have_a_time
    check ((status = 'CANCELLED') = (cancelled_at is not null)),
  -- The place in the queue under which the hold was made. The payment ends this place only.
  place_room text not null references rooms,
  place_epoch text not null,
  place_order bigint not null,
  -- One key for both, so that the schedule is that of the seat. A key of schedule_id alone would
  -- lock the schedule's row, which every payment of a popular schedule updates.
  foreign key (seat_id, schedule_id) references seats (seat_id, schedule_id)
);
create unique index one_live_reservation_of_a_seat
  on reservations (seat_id) where status in ('HELD', 'PAID');
-- For the seat limit of a fan, and for the held seats, the revenue and the sales of a schedule.
create index reservations_of_schedule
  on reservations (schedule_id, fan_id) include (status, price, expires_at)
  where status in ('HELD', 'PAID', 'REFUNDED');
create index reservations_of_fan on reservations (fan_id, created_at desc, sequence desc);
create index holds_by_end on reservations (expires_at) where status = 'HELD';
-- For the holds of the last hour, and those that ended in the last minutes. Rows come in the order of
-- these times: a summary of blocks is enough, and costs an act next to nothing.
create index reservations_by_time on reservations using brin (created_at, expires_at)
  with (pages_per_range = 32, autosummarize = on);

-- The currency of all amounts: one row, written with the first price or the first charge. It stays
-- for good.
create table currency (
  is_only boolean primary key default true check (is_only),
  code text not null check (code ~ '^[A-Z]{3}$')
);

-- The name of a fan changes once, when the fan is erased: see erase_fan.
create table balances (
  fan_id text primary key,
  balance bigint not null check (balance >= 0)
);

create table payments (
  payment_id text primary key,
  sequence bigint generated always as identity,
  fan_id text not null references balances on update cascade,
  reservation_id text not null references reservations,
  amount bigint not null check (amount >= 0),
  status text not null check (status in ('COMPLETED', 'REFUNDED')),
  paid_at timestamptz not null,
  refunded_at timestamptz check ((status = 'REFUNDED') = (refunded_at is not null))
);
-- Also after a refund: the seat is then sold by another reservation.
create unique index one_payment_of_a_reservation on payments (reservation_id);
create index payments_of_fan on payments (fan_id, paid_at desc, sequence desc);
create index payments_by_time on payments using brin (paid_at)
  with (pages_per_range = 32, autosummarize = on);

create table payment_history (
  history_id bigint generated always as identity primary key,
  payment_id text not null references payments,
  status text not null check (status in ('COMPLETED', 'REFUNDED')),
  amount bigint not null check (amount >= 0),
  at timestamptz not null
);
create index payment_history_of_payment on payment_history (payment_id, history_id);

-- A balance is the sum of its entries: charges and refunds are not below zero, payments not above.
create table ledger_entries (
  entry_id bigint generated always as identity primary key,
  fan_id text not null references balances on update cascade,
  kind text not null check (kind in ('CHARGE', 'PAYMENT', 'REFUND', 'CORRECTION')),
  amount bigint not null,
  payment_id text references payments,
  -- Who did it, and why; null where the fan did it.
  operator text,
  reason text,
  at timestamptz not null,
  check (case kind
    when 'CHARGE' then amount between 1 and 10000000 and payment_id is null
    when 'PAYMENT' then amount <= 0 and payment_id is not null
    when 'REFUND' then amount >= 0 and payment_id is not null
    else amount <> 0 and amount between -1000000000 and 1000000000 and payment_id is null
      and operator is not null end)
);
create unique index one_refund_of_a_payment on ledger_entries (payment_id) where kind = 'REFUND';
create index ledger_entries_of_fan on ledger_entries (fan_id, entry_id);
-- For the money of the last minutes, like `payments_by_time`.
create index ledger_entries_by_time on ledger_entries using brin (at)
  with (pages_per_range = 32, autosummarize = on);

-- What a paid reservation gives. It is void while the reservation is refunded, or the concert or
-- the schedule is withdrawn. It grows by one a payment, and is kept like the payment.
create table tickets (
  ticket_id text primary key,
  reservation_id text not null unique references reservations,
  checked_in_at timestamptz,
  door text check (door is null or checked_in_at is not null)
);

-- Receivers of events, which operators register. At most 20 (MAX_WEBHOOKS).
create table webhooks (
  webhook_id text primary key,
  sequence bigint generated always as identity,
  url text not null,
  -- The types of events that the receiver wants.
  events text[] not null check (cardinality(events) > 0),
  secret text not null,
  created_at timestamptz not null,
  -- The receiver answered 410: nothing is delivered until a replay.
  disabled_at timestamptz,
  -- Nobody sees it any more. The cron deletes the row a day later, because acts that began before
  -- may still refer to it, and no act is to wait for the deletion.
  deleted_at timestamptz,
  last_delivered_at timestamptz,
  -- Its latest attempt was not answered: nothing is delivered before this time.
  rests_until timestamptz,
  last_failed_at timestamptz,
  last_failure text check ((last_failure is null) = (last_failed_at is null))
);

-- The outbox: what happened, written in the transaction in which it happened, for webhooks alone.
-- Without one nothing is written. The cron deletes entries after EVENT_RETENTION_MS.
create table events (
  sequence bigint generated always as identity primary key,
  type text not null,
  data jsonb not null,
  at timestamptz not null
);

-- Answers by idempotency key. Only a success is recorded, in the transaction of its effect. Any caller
-- adds one row an act; the cron deletes those that are older than 25 hours.
create table idempotency_records (
  -- "fan:…" or "operator:…"
  caller text not null,
  route text not null,
  key text not null,
  -- Empty once a fan whom the request named was erased.
  body_hash text not null,
  answer text not null,
  effects jsonb,
  created_at timestamptz not null,
  primary key (caller, route, key)
);
create index idempotency_records_by_age on idempotency_records (created_at);
