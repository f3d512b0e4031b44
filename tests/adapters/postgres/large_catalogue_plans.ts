import pg from "pg";
import type { Sql } from "../../../src/adapters/postgres/sql.ts";

/** One statement as it was executed, those inside of functions and foreign keys included. */
export interface ExecutedPlan {
  readonly statement: string;
  readonly scans: readonly Scan[];
  /** The tables that were read through a whole index, as for a merge join. */
  readonly wholeIndexes: readonly string[];
}

export interface Scan {
  readonly node: string;
  readonly relation: string;
  readonly index: string | undefined;
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly PlanNode[];
}

export interface WatchedSession {
  readonly sql: Sql;
  /** What `act` had executed, in the order in which it ended. */
  watch(act: () => Promise<unknown>): Promise<readonly ExecutedPlan[]>;
  close(): Promise<void>;
}

/** A session whose plans can be seen as they were executed, by PostgreSQL's own auto_explain. */
export async function watchedSession(url: string): Promise<WatchedSession> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const plans: ExecutedPlan[] = [];
  client.on("notice", ({ message }) => {
    const json = message?.match(/^duration: .* plan:\n({[^]*})$/)?.[1];
    if (!json) return;
    const { "Query Text": statement, Plan } = JSON.parse(json);
    plans.push({
      statement: statement ?? "",
      scans: scansOf(Plan),
      wholeIndexes: wholeIndexesOf(Plan),
    });
  });
  for (
    const text of [
      "load 'auto_explain'",
      "set auto_explain.log_format = json",
      "set auto_explain.log_nested_statements = on",
      "set client_min_messages = log",
    ]
  ) await client.query(text);
  const sql: Sql = async (text, params) => (await client.query(text, [...params])).rows;
  return {
    sql,
    async watch(act) {
      plans.length = 0;
      await client.query("set auto_explain.log_min_duration = 0");
      await act();
      await client.query("set auto_explain.log_min_duration = -1");
      return [...plans];
    },
    close: () => client.end(),
  };
}

function scansOf(node: PlanNode): Scan[] {
  const { "Node Type": type, "Relation Name": relation, Plans: plans = [] } = node;
  const inner = plans.flatMap(scansOf);
  if (relation === undefined || type === "ModifyTable") return inner;
  // The index of a bitmap stands at the node below, which names no table.
  const index = node["Index Name"] ?? plans.find((plan) => plan["Index Name"])?.["Index Name"];
  return [{ node: type, relation, index }, ...inner];
}

function wholeIndexesOf(node: PlanNode): string[] {
  const { "Relation Name": relation, "Index Name": index, Plans: plans = [] } = node;
  const isWhole = relation !== undefined && index !== undefined && node["Index Cond"] === undefined;
  return [...isWhole ? [relation] : [], ...plans.flatMap(wholeIndexesOf)];
}

/** Tables that grow with sales: to go through one of them is to wait ever longer. */
const GROWING = new Set([
  "seats",
  "reservations",
  "payments",
  "payment_history",
  "ledger_entries",
  "balances",
  "idempotency_records",
  "schedules",
  "audit_log",
]);

/** The scans of whole tables that grow, as `table: statement`. */
export function wholeScans(plans: readonly ExecutedPlan[]): string[] {
  return plans.flatMap(({ statement, scans }) =>
    scans.filter(({ node, relation }) => node === "Seq Scan" && GROWING.has(relation))
      .map(({ relation }) => `${relation}: ${statement.trim().replaceAll(/\s+/g, " ")}`)
  );
}
