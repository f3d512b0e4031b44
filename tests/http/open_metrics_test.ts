import { deepEqual } from "node:assert/strict";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { parseScrape } from "../support/open_metrics.ts";
import { joinRoom, makeRoom } from "../support/room.ts";

/** The parser with which Prometheus's own client checks OpenMetrics: Debian's python3-prometheus-client. */
const PYTHON = "/usr/bin/python3";
const READ = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
def read(text):
  try:
    families = list(text_string_to_metric_families(text))
    return [[s.name, s.labels, s.value] for f in families for s in f.samples]
  except ValueError as fault:
    return str(fault)
print(json.dumps([read(text) for text in json.load(sys.stdin)]))`;

/** The samples of a text, or what is wrong with it. */
type Read = string | readonly [name: string, labels: Record<string, string>, value: number][];

async function readByReference(texts: readonly string[]): Promise<readonly Read[]> {
  const process = new Deno.Command(PYTHON, {
    args: ["-c", READ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(texts)));
  await writer.close();
  const { success, stdout, stderr } = await process.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function isInstalled(): Promise<boolean> {
  try {
    const args = ["-c", "import prometheus_client.openmetrics.parser"];
    const command = new Deno.Command(PYTHON, { args, stdout: "null", stderr: "null" });
    return (await command.output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const REQUIRED = Deno.env.get("STANCHION_REQUIRE_OPENMETRICS") === "1";

Deno.test({
  name: "the metrics are OpenMetrics, by the parser of Prometheus's client",
  ignore: !REQUIRED && !await isInstalled(),
  async fn() {
    const database = await openTestDatabase();
    try {
      const box = openBox(database.sql);
      await joinRoom(box, await makeRoom(box, { capacity: 1 }), "a");
      await box.call("GET", "/v1/queue/tokens/me");
      await box.tick();
      const { text } = await box.call("GET", "/v1/admin/metrics", { operator: true });
      const [read, ...spoilt] = await readByReference([
        text,
        text.replace("# EOF\n", ""),
        text.replace('le="+Inf"', 'le="9"'),
        text.replace("_total{", "_sum{"),
      ]);
      const own = parseScrape(text).samples.map(({ name, labels, value }) => [name, labels, value]);
      deepEqual(read, own);
      deepEqual(spoilt.map((found) => typeof found), ["string", "string", "string"]);
    } finally {
      await database.close();
    }
  },
});
