-- The sales of a date, for support.
create index paid_reservations_of_schedule on reservations (schedule_id) where status = 'PAID';
