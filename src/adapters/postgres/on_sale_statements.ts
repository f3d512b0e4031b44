// The statements by which fans read what is on sale.

/** Milliseconds until the value changes; null: it does not change by itself. */
const CHANGES_IN_MS = `ceil(extract(epoch from next.at - now.at) * 1000)`;

/** The next opening or end of a schedule, of all concerts or of one. */
const NEXT_CHANGE = (schedules: string) => `
  next as (
    select min(moment) as at from now, (
      select min(sc.reservation_available_at) as moment from schedules sc, now
        where ${schedules} and sc.reservation_available_at > now.at
      union all
      select min(sc.ends_at) from schedules sc, now
        where ${schedules} and sc.withdrawn_at is null and sc.ends_at > now.at) moments)`;

/** Concerts of which something is on sale. Schedules that are over are not read. */
const ON_SALE = `
  c.withdrawn_at is null and c.concert_id in (
    select sc.concert_id from schedules sc
    where sc.ends_at > (select at from now) and sc.withdrawn_at is null
    group by sc.concert_id
    having bool_or(sc.seats_left > 0)
      and min(sc.reservation_available_at) <= (select at from now))`;

/**
 * A block ends with the concert that reaches this size. The longest concert has 36 kB, or 54 kB with
 * its schedules, so that no block is larger than `MAX_BLOCK_BYTES`.
 */
const BLOCK_BYTES = 200_000;

const CONCERT_MEMBERS = `
  'concertId', c.concert_id, 'title', c.title, 'description', c.description,
  'venue', c.venue, 'timeZone', c.time_zone, 'room', c.room_id`;

/** Block $2 of the concerts that `listed` gives, with the time of the next change. */
const BLOCK = `
  placed as (
    select concert_id, item, (sum(octet_length(item)) over (order by concert_id)
        - octet_length(item)) / ${BLOCK_BYTES} as block
      from listed)
  select json_build_object(
    'changesInMs', (select ${CHANGES_IN_MS} from next, now),
    'value', (
      select json_build_object(
          'after', coalesce(max(concert_id) filter (where block < $2::text::bigint), 0),
          'last', coalesce(max(block), 0),
          'concerts', coalesce(
            json_agg(item::json order by concert_id) filter (where block = $2::text::bigint), '[]'))
      from placed))::text as result`;

export const LIST_ON_SALE = `
  with now as (select act_time($1::text::timestamptz) as at), ${NEXT_CHANGE("true")},
  listed as materialized (
    select c.concert_id, json_build_object(${CONCERT_MEMBERS})::text as item
      from concerts c where ${ON_SALE}),
  ${BLOCK}`;

/** Concerts with the schedules of which the date or the end of the sale is to come. */
export const LIST_PROGRAMME = `
  with now as (select act_time($1::text::timestamptz) as at),
  coming as materialized (
    select sc.* from schedules sc, now
    where (sc.concert_at > now.at or sc.ends_at > now.at) and sc.withdrawn_at is null),
  next as (
    select min(greatest(sc.concert_at, sc.ends_at)) as at from coming sc),
  listed as materialized (
    select c.concert_id, json_build_object(${CONCERT_MEMBERS}, 'schedules',
        json_agg(json_build_object(
          'scheduleId', sc.schedule_id,
          'concertAt', rfc3339(sc.concert_at),
          'reservationAvailableAt', rfc3339(sc.reservation_available_at),
          'salesEndAt', rfc3339(sc.ends_at)) order by sc.concert_at, sc.schedule_id))::text as item
      from concerts c join coming sc using (concert_id)
      where c.withdrawn_at is null
      group by c.concert_id),
  ${BLOCK}`;

export const IDS_ON_SALE = `
  with now as (select act_time($1::text::timestamptz) as at)
  select coalesce(json_agg(c.concert_id), '[]')::text as result from concerts c where ${ON_SALE}`;

export const LIST_SCHEDULES = `
  with now as (select act_time($2::text::timestamptz) as at),
  ${NEXT_CHANGE("sc.concert_id = $1::text::bigint")}
  select json_build_object(
    'changesInMs', (select ${CHANGES_IN_MS} from next, now),
    'value', json_build_object('room', c.room_id, 'schedules', (
      select coalesce(json_agg(json_build_object(
          'scheduleId', sc.schedule_id,
          'concertAt', rfc3339(sc.concert_at),
          'reservationAvailableAt', rfc3339(sc.reservation_available_at),
          'salesEndAt', rfc3339(sc.ends_at),
          'status', schedule_status(sc, now.at)) order by sc.concert_at, sc.schedule_id), '[]')
      from schedules sc, now
      where sc.concert_id = c.concert_id and sc.withdrawn_at is null
        and sc.reservation_available_at <= now.at)))::text as result
  from concerts c where c.concert_id = $1::text::bigint and c.withdrawn_at is null`;

/** What never changes about the seats, by column, with the place of each among all of the schedule. */
export const SEAT_MAP = `
  select json_build_object('mapVersion', sc.map_version, 'positions', map.positions,
      'columns', json_build_array(map.seat_ids, map.numbers, map.labels, map.sections, map.row_names,
        map.xs, map.ys, map.prices),
      'sections', case when map.positions is null then (
        select json_agg(distinct s.section) from seats s
          where s.schedule_id = sc.schedule_id and s.section is not null) end)::text as result
    from schedules sc cross join lateral (
      select array_agg(position) as positions, array_agg(seat_id) as seat_ids,
          array_agg(seat_number) as numbers, array_agg(label) as labels,
          array_agg(section) as sections, array_agg(row_name) as row_names,
          array_agg(x) as xs, array_agg(y) as ys, array_agg(price) as prices
        from (
          select s.*, row_number() over (order by s.seat_number) - 1 as position
            from seats s where s.schedule_id = sc.schedule_id
            order by s.seat_number) numbered
        where $3::text is null or section = $3::text) map
    where sc.concert_id = $1::text::bigint and sc.schedule_id = $2::text::bigint`;

export const SEAT_STATUSES = "select seat_statuses($1::text::jsonb)::text as result";
