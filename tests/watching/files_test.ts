import { deepEqual, equal, ok } from "node:assert/strict";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { parseScrape } from "../support/open_metrics.ts";
import { readAlerts } from "./alerts.ts";
import { metricsIn } from "./promql.ts";

const read = (path: string) => Deno.readTextFile(new URL(`../../docs/${path}`, import.meta.url));

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

/** The names of all samples that a scrape of a room in use may have. */
async function knownNames(): Promise<ReadonlySet<string>> {
  const box = openBox(database.sql);
  await box.join("a");
  const { text } = await box.call("GET", "/v1/admin/metrics", { operator: true });
  return parseScrape(text).names;
}

const unknownIn = (expression: string, names: ReadonlySet<string>) =>
  metricsIn(expression).filter((name) => !names.has(name));

Deno.test("the alerts name only metrics that exist", async () => {
  const names = await knownNames();
  const alerts = await readAlerts();
  ok(alerts.length >= 20);
  for (const { name, expression } of alerts) {
    deepEqual([name, unknownIn(expression, names)], [name, []]);
  }
  deepEqual(unknownIn("sum(stanchion_no_such_metric) > 0", names), ["stanchion_no_such_metric"]);
});

Deno.test("the dashboard names only metrics that exist, and every one of them", async () => {
  const names = await knownNames();
  const { panels } = JSON.parse(await read("watching/dashboard.json")) as Dashboard;
  const shown = new Set<string>();
  for (const { title, targets } of panels) {
    for (const { expr } of targets) {
      // Grafana puts the chosen rooms here.
      const expression = expr.replaceAll("$room", ".*");
      deepEqual([title, unknownIn(expression, names)], [title, []]);
      for (const name of metricsIn(expression)) shown.add(name);
    }
  }
  const familyOf = (name: string) => name.replace(/_(?:bucket|count|sum)$/, "");
  const families = new Set([...names].map(familyOf));
  deepEqual([...families.difference(new Set([...shown].map(familyOf)))], []);
});

Deno.test("each alert has its part in the runbook, and each part its alert", async () => {
  const text = await read("runbook.md");
  const parts = text.split(/^### /m).slice(1);
  const byName = new Map(parts.map((part) => [part.split("\n", 1)[0]!, part]));
  const alerts = await readAlerts();
  deepEqual([...byName.keys()].sort(), alerts.map(({ name }) => name).sort());
  for (const { name, severity, runbook } of alerts) {
    equal(runbook, `docs/runbook.md#${name.toLowerCase()}`);
    const part = byName.get(name)!;
    ok(part.includes(`\n${severity}. `), `${name} is not said to be ${severity}`);
    for (const what of ["**Look at**", "**Turn**"]) ok(part.includes(what), `${name}: ${what}`);
  }
});
