/** Rivals of our own functions: made out of their text, or kept in `rivals/`. */

const MIGRATIONS = new URL("../../src/adapters/postgres/migrations/", import.meta.url);
const RIVALS = new URL("./rivals/", import.meta.url);
const PLANNER_SETTINGS = " set plan_cache_mode = force_generic_plan set enable_seqscan = off\n" +
  "set enable_hashjoin = off set enable_mergejoin = off";
const COUNTERS = "v_changed := change_seats_left(v_schedule_ids, -1, v_now);";

/** Asked after the commit, in a round trip of its own: $1 schedule. */
export const ANY_LEFT = `
  select not exists (
    select from seats s where s.schedule_id = $1::text::bigint and not s.sold) as sold_out`;

/** Asks in the paying transaction whether any seat is left. */
const NOT_EXISTS = `
  select jsonb_build_object('concertsWithChangedSchedule',
      coalesce(jsonb_agg(distinct sc.concert_id), '[]'), 'changedConcerts', '[]'::jsonb)
    into v_changed
    from schedules sc where sc.schedule_id = any (v_schedule_ids)
      and not exists (select from seats s where s.schedule_id = sc.schedule_id and not s.sold);`;
const UNCOUNTED = `v_changed := '{"concertsWithChangedSchedule": []}';`;

/** The functions `bench_hold_more_statements` and `bench_hold_planned_anew`, as statements. */
export async function holdRivals(): Promise<string[]> {
  const ours = await ownFunction("003.do.holds.sql", "hold_all");
  return [
    await Deno.readTextFile(new URL("hold_more_statements.sql", RIVALS)),
    changed(ours, "function hold_all", "function bench_hold_planned_anew", PLANNER_SETTINGS, ""),
  ];
}

/** The functions `bench_pay_*` of the other ways to pay and to notice a sell-out, as statements. */
export async function payRivals(): Promise<string[]> {
  const ours = await ownFunction("004.do.payments.sql", "pay");
  const named = (name: string, from: string, to: string) =>
    changed(ours, "function pay", `function ${name}`, from, to);
  return [
    await Deno.readTextFile(new URL("pay_more_statements.sql", RIVALS)),
    named("bench_pay_planned_anew", PLANNER_SETTINGS, ""),
    named("bench_pay_not_exists", COUNTERS, NOT_EXISTS),
    named("bench_pay_uncounted", COUNTERS, UNCOUNTED),
  ];
}

async function ownFunction(file: string, name: string): Promise<string> {
  const migration = await Deno.readTextFile(new URL(file, MIGRATIONS));
  const begin = migration.indexOf(`create function ${name}(`);
  const text = migration.slice(begin).match(/^[^]*?\$\$[^]*?\$\$;/)?.[0];
  if (begin < 0 || !text) throw new Error(`${file} has no function ${name}`);
  return text;
}

/** The text with pairs of old and new parts. Throws where an old part does not stand once. */
function changed(text: string, ...pairs: string[]): string {
  let result = text;
  for (let at = 0; at < pairs.length; at += 2) {
    const [from, to] = [pairs[at]!, pairs[at + 1]!];
    if (result.split(from).length !== 2) throw new Error(`"${from}" does not stand once`);
    result = result.replace(from, () => to);
  }
  return result;
}
