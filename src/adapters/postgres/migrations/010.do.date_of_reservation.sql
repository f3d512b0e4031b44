-- A reservation's date is that of its seat, which keeps its foreign key; dates are never removed.
-- By this one every hold of a hot date put its mark on the one row that every payment of that date
-- counts down, once a seat. Takes both tables for an instant.
alter table reservations drop constraint if exists reservations_schedule_id_fkey;
