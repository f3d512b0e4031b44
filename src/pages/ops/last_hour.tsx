import { count, money, OWN_ZONE, time } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { settings } from "../shared/settings.ts";
import { Chart } from "./chart.tsx";
import { Table } from "./parts.tsx";
import type { RoomHistory } from "./types.ts";
import { OPS } from "./words.ts";

const MINUTE_MS = 60_000;

/** Each minute from the first to the last one that has something, with what it has. */
function everyMinute<Item extends { readonly at: string }>(
  items: readonly Item[],
): { readonly times: number[]; readonly at: (time: number) => Item | undefined } {
  const byTime = new Map(items.map((item) => [Date.parse(item.at), item]));
  const first = Math.min(...byTime.keys());
  const last = Math.max(...byTime.keys());
  const times: number[] = [];
  for (let at = first; at <= last; at += MINUTE_MS) times.push(at);
  return { times, at: (at) => byTime.get(at) };
}

/** `seatsLeft` is that of now. */
export function LastHour({ history, seatsLeft }: {
  readonly history: RoomHistory;
  readonly seatsLeft: number | null;
}) {
  const words = useWords(OPS);
  return (
    <section class="card stack" aria-labelledby="hour">
      <h2 id="hour">{words.lastHour}</h2>
      {history.line.length === 0 && <p class="quiet">{words.noSamples}</p>}
      <div class="charts">
        <LineCharts line={history.line} />
        <SalesCharts sales={history.sales} seatsLeft={seatsLeft} />
      </div>
      {history.line.length > 0 && <LineTable line={history.line} />}
      <Isolate isolate={history.isolate} />
    </section>
  );
}

function LineCharts({ line }: Pick<RoomHistory, "line">) {
  const words = useWords(OPS);
  const language = useLanguage();
  const times = line.map(({ at }) => Date.parse(at));
  const number = (value: number) => count(language, Math.round(value * 10) / 10);
  const minutes = (value: number) => words.minutes(number(value / 60));
  const series = (name: string, of: (moment: RoomHistory["line"][number]) => number | null) => ({
    name,
    values: line.map(of),
  });
  return (
    <>
      <Chart
        title={words.chartLine}
        times={times}
        format={number}
        series={[
          series(words.waiting, ({ waiting, gathered }) => waiting + gathered),
          series(words.admitted, ({ admitted }) => admitted),
        ]}
      />
      <Chart
        title={words.chartAdmissions}
        times={times}
        format={number}
        series={[
          series(words.admissionsAMinute, ({ admissionsPerMinute }) => admissionsPerMinute),
          series(words.noShowsAMinute, ({ noShowsPerMinute }) => noShowsPerMinute),
        ]}
      />
      <Chart
        title={words.chartWait}
        times={times}
        format={minutes}
        range={[
          series(words.estimated, ({ waited }) => waited?.estimated?.low ?? null),
          series(words.estimated, ({ waited }) => waited?.estimated?.high ?? null),
        ]}
        series={[
          series(words.estimated, ({ waited }) => waited?.estimated?.middle ?? null),
          series(words.real, ({ waited }) => waited?.seconds ?? null),
        ]}
        note={words.chartWaitSays}
      />
    </>
  );
}

/** The seats left after each minute: those of now, and what was sold since. */
function leftAfter(sold: readonly number[], seatsLeft: number | null): (number | null)[] {
  if (seatsLeft === null) return sold.map(() => null);
  let left = seatsLeft;
  return sold.toReversed().map((some) => {
    const after = left;
    left += some;
    return after;
  }).reverse();
}

function SalesCharts({ sales, seatsLeft }: Pick<RoomHistory, "sales"> & {
  readonly seatsLeft: number | null;
}) {
  const words = useWords(OPS);
  const language = useLanguage();
  const { times, at } = everyMinute(sales);
  const number = (value: number) => count(language, value);
  const series = (name: string, of: (minute: RoomHistory["sales"][number]) => number) => ({
    name,
    values: times.map((time) => {
      const minute = at(time);
      return minute ? of(minute) : 0;
    }),
  });
  const sold = series(words.sales, ({ sales }) => sales);
  return (
    <>
      <Chart
        title={words.seatsLeft}
        times={times}
        format={number}
        series={[{ name: words.seatsLeft, values: leftAfter(sold.values, seatsLeft) }]}
        note={words.chartSeatsSays}
      />
      <Chart
        title={words.chartSales}
        times={times}
        format={number}
        series={[
          sold,
          series(words.holds, ({ holds }) => holds),
        ]}
      />
      <Chart
        title={words.chartMoney}
        times={times}
        format={(value) => money(language, settings.currency, value)}
        series={[series(words.money, ({ amount }) => amount)]}
      />
    </>
  );
}

function LineTable({ line }: Pick<RoomHistory, "line">) {
  const words = useWords(OPS);
  const language = useLanguage();
  const number = (value: number | null) => value === null ? "–" : count(language, value);
  const seconds = (value: number | null | undefined) =>
    value === null || value === undefined ? "–" : words.seconds(count(language, value));
  const range = (wait: { readonly low: number; readonly high: number } | null | undefined) =>
    wait ? `${number(wait.low)}–${seconds(wait.high)}` : "–";
  return (
    <details>
      <summary>{words.asTable}</summary>
      <Table
        name={words.lastHour}
        head={[
          words.time,
          words.state,
          words.waiting,
          words.admitted,
          words.admissionsAMinute,
          words.noShowsAMinute,
          words.waitOfJoiners,
          words.estimated,
          words.real,
        ]}
        rows={line.toReversed().map((moment) => [
          time(language, moment.at, OWN_ZONE),
          words.states[moment.state],
          number(moment.waiting + moment.gathered),
          number(moment.admitted),
          number(moment.admissionsPerMinute),
          number(moment.noShowsPerMinute),
          range(moment.estimatedWait),
          range(moment.waited?.estimated),
          seconds(moment.waited?.seconds),
        ])}
      />
    </details>
  );
}

/** What the isolate that answered has seen, which may be little of all. */
function Isolate({ isolate }: Pick<RoomHistory, "isolate">) {
  const words = useWords(OPS);
  const language = useLanguage();
  const { times, at } = everyMinute(isolate.minutes);
  const counts = new Map<string, number>();
  for (const { code, count: some } of isolate.minutes.flatMap(({ refusals }) => refusals)) {
    counts.set(code, (counts.get(code) ?? 0) + some);
  }
  const refusals = [...counts].sort(([, one], [, other]) => other - one);
  const latency = (name: string, store: "redis" | "postgres") => ({
    name,
    values: times.map((time) => at(time)?.[store].roundTrips ? at(time)![store].meanMs : null),
  });
  return (
    <>
      <h3>{words.isolate}</h3>
      <p class="quiet small">{words.isolateSays(time(language, isolate.since, OWN_ZONE))}</p>
      <div class="charts">
        <Chart
          title={words.chartLatency}
          times={times}
          format={(value) => words.milliseconds(count(language, value))}
          series={[latency("Redis", "redis"), latency("PostgreSQL", "postgres")]}
        />
        <div>
          <h3>{words.refusals}</h3>
          {refusals.length === 0 ? <p class="quiet">{words.noRefusals}</p> : (
            <dl class="pairs">
              {refusals.map(([code, some]) => (
                <div key={code}>
                  <dt>
                    <code>{code}</code>
                  </dt>
                  <dd class="number">{count(language, some)}</dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      </div>
    </>
  );
}
