import { parse } from "yaml";

const FILE = new URL("../../docs/watching/alerts.yml", import.meta.url);

/** A rule of the file. */
export interface Alert {
  readonly name: string;
  readonly expression: string;
  /** How long the expression must hold. */
  readonly forMs: number;
  readonly severity: string;
  readonly runbook: string;
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

export async function readAlerts(): Promise<readonly Alert[]> {
  const { groups } = parse(await Deno.readTextFile(FILE)) as {
    groups: readonly { readonly rules: readonly Rule[] }[];
  };
  return groups.flatMap(({ rules }) => rules).map((rule) => ({
    name: rule.alert,
    expression: rule.expr,
    forMs: Number(/^(\d+)m$/.exec(rule.for)![1]) * 60_000,
    severity: rule.labels.severity,
    runbook: rule.annotations.runbook,
  }));
}
