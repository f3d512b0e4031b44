-- When a concert's sale first opens, in one look: the list of concerts asks for every one of them.
-- A table of dates is small. An index on a big table under load is to be made by hand before its
-- migration, with CREATE INDEX CONCURRENTLY, which no transaction may hold; `if not exists` then
-- finds it there.
create index if not exists schedules_of_concert_by_opening
  on schedules (concert_id, reservation_available_at);
