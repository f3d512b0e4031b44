-- What outlives the line's store: the rooms and their draws, and who did what. Times of the tables
-- before are in milliseconds, and these are too.

create table rooms (
  room_id text primary key,
  state text not null check (state in ('CLOSED', 'LOBBY', 'OPEN', 'HELD', 'DRAINING')),
  -- When it opens by itself. A room whose time has passed is OPEN, written down or not.
  opens_at timestamptz check (opens_at is null or state in ('CLOSED', 'LOBBY')),
  capacity integer not null check (capacity > 0),
  admissions_per_minute integer check (admissions_per_minute > 0),
  admission_ttl_ms bigint not null check (admission_ttl_ms > 0),
  hold_ttl_ms bigint not null check (hold_ttl_ms > 0),
  poll_min_seconds integer not null check (poll_min_seconds > 0),
  poll_max_seconds integer not null check (poll_max_seconds >= poll_min_seconds),
  -- Goes up with every change: the line follows the highest.
  version bigint not null check (version > 0),
  changed_at timestamptz not null
);

create table draws (
  draw_id text primary key,
  sequence bigint generated always as identity,
  room_id text not null references rooms,
  seed text not null check (seed ~ '^[0-9a-f]{64}$'),
  salt text not null,
  -- Told before anybody gathers; the seed is told once the draw was held.
  commitment text not null generated always as (encode(sha256(seed::bytea), 'hex')) stored,
  created_at timestamptz not null,
  opened_at timestamptz
);
create index draws_of_room on draws (room_id, sequence desc);
-- Whoever gathered is drawn by the seed that was committed to: no other takes its place before.
create unique index one_draw_to_come_of_a_room on draws (room_id) where opened_at is null;

create table audit_log (
  entry_id bigint generated always as identity primary key,
  at timestamptz not null,
  operator text not null,
  action text not null,
  room_id text,
  subject text,
  old jsonb,
  new jsonb,
  reason text
);
create index audit_log_by_time on audit_log (at desc, entry_id desc);
create index audit_log_of_room on audit_log (room_id, at desc, entry_id desc);
