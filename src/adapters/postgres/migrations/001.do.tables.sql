-- Money is bigint in the smallest unit of the currency. Times are kept in whole milliseconds.

create table concerts (
  concert_id bigint generated always as identity primary key,
  title text not null,
  description text not null,
  venue text,
  time_zone text not null,
  -- Dates with an unsold seat. The concert is sold out at 0.
  unsold_dates integer not null check (unsold_dates >= 0),
  withdrawn_at timestamptz,
  created_at timestamptz not null
);

create table schedules (
  schedule_id bigint generated always as identity primary key,
  concert_id bigint not null references concerts,
  concert_at timestamptz not null,
  reservation_available_at timestamptz not null,
  seat_count integer not null check (seat_count > 0),
  -- Counted down in the paying transaction: whoever takes it to 0 sold the last seat.
  unsold_seats integer not null check (unsold_seats between 0 and seat_count)
);
create index schedules_of_concert on schedules (concert_id, concert_at, schedule_id);
create index schedules_by_opening on schedules (reservation_available_at);

create table seats (
  seat_id bigint generated always as identity primary key,
  schedule_id bigint not null references schedules,
  seat_number integer not null,
  section text,
  row_name text,
  x double precision,
  y double precision,
  price bigint not null check (price >= 0),
  sold boolean not null default false,
  -- When the last hold ends or ended. A hold that has lapsed is no hold, swept or not.
  held_until timestamptz,
  unique (schedule_id, seat_number)
);

create table reservations (
  reservation_id text primary key,
  sequence bigint generated always as identity,
  fan_id text not null,
  schedule_id bigint not null references schedules,
  seat_id bigint not null references seats,
  price bigint not null check (price >= 0),
  -- A HELD reservation whose time is over reads as EXPIRED before it is marked so.
  status text not null check (status in ('HELD', 'PAID', 'CANCELLED', 'EXPIRED')),
  expires_at timestamptz not null,
  created_at timestamptz not null,
  -- The place in line under which the hold was made; paying ends that one and no other.
  place_room text not null,
  place_epoch text not null,
  place_order bigint not null
);
create unique index one_live_reservation_of_a_seat
  on reservations (seat_id) where status in ('HELD', 'PAID');
create index reservations_of_fan on reservations (fan_id, created_at desc, sequence desc);
create index live_reservations_of_fan_and_schedule
  on reservations (fan_id, schedule_id) where status in ('HELD', 'PAID');
create index holds_by_end on reservations (expires_at) where status = 'HELD';

create table balances (
  fan_id text primary key,
  balance bigint not null check (balance >= 0)
);

-- Every balance is the sum of its ledger entries: charges above zero, payments not above.
create table ledger_entries (
  entry_id bigint generated always as identity primary key,
  fan_id text not null references balances,
  kind text not null check (kind in ('CHARGE', 'PAYMENT')),
  amount bigint not null,
  payment_id text,
  at timestamptz not null,
  check (case kind when 'CHARGE' then amount > 0 else amount <= 0 and payment_id is not null end)
);
create index ledger_entries_of_fan on ledger_entries (fan_id, entry_id);

create table payments (
  payment_id text primary key,
  sequence bigint generated always as identity,
  fan_id text not null,
  reservation_id text not null references reservations,
  amount bigint not null check (amount >= 0),
  status text not null check (status = 'COMPLETED'),
  paid_at timestamptz not null
);
create unique index one_completed_payment_of_a_reservation
  on payments (reservation_id) where status = 'COMPLETED';
create index payments_of_fan on payments (fan_id, paid_at desc, sequence desc);

create table payment_history (
  history_id bigint generated always as identity primary key,
  payment_id text not null references payments,
  status text not null,
  amount bigint not null,
  at timestamptz not null
);
create index payment_history_of_payment on payment_history (payment_id, history_id);

-- Answers of acts that happen once. Only a success is recorded, with its effect.
create table idempotency_records (
  fan_id text not null,
  route text not null,
  key text not null,
  body_hash text not null,
  answer text not null,
  effects jsonb,
  created_at timestamptz not null,
  primary key (fan_id, route, key)
);
create index idempotency_records_by_age on idempotency_records (created_at);
