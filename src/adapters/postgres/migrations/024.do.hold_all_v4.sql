-- As hold_all_v3, which see, for whoever is admitted to the concert's own room.
create function hold_all_v4(p jsonb) returns json language plpgsql volatile as $$
declare
  v_room text;
begin
  select c.room_id into v_room from concerts c where c.concert_id = (p->>'concertId')::bigint;
  if v_room <> p->'place'->>'room' then
    return refusal_v1(json_build_object('kind', 'WRONG_ROOM', 'room', v_room));
  end if;
  return hold_all_v3(p);
end $$;
