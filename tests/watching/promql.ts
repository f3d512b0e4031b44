import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import type { MetricSample } from "../support/open_metrics.ts";

/** What one scrape found, in the order of the scrapes. */
export interface ScrapedAt {
  readonly atMs: number;
  readonly samples: readonly MetricSample[];
}

type Labels = Readonly<Record<string, string>>;
interface Element {
  readonly labels: Labels;
  readonly value: number;
}
type Value = number | readonly Element[];
/** Elements match by the values of these labels; null: by all. */
type By = { readonly on: readonly string[] } | null;

const MINUTE_MS = 60_000;

/** The part of PromQL that the rules of this repository use; anything else throws. */
export function evaluate(expression: string, scrapes: readonly ScrapedAt[]): Value {
  const root = rootOf(expression);
  const text = ({ from, to }: SyntaxNode) => expression.slice(from, to);
  const latest = scrapes.at(-1);
  if (!latest) throw new Error("nothing was scraped");
  const nowMs = latest.atMs;

  function valueOf(node: SyntaxNode): Value {
    switch (node.name) {
      case "NumberDurationLiteral":
        return Number(text(node));
      case "ParenExpr":
        return valueOf(childrenOf(node).find(({ name }) => name !== "(" && name !== ")")!);
      case "VectorSelector":
        return select(node, latest!.samples).map(({ labels, value }) => ({ labels, value }));
      case "FunctionCall":
        return callOf(node);
      case "AggregateExpr":
        return sumOf(node);
      case "BinaryExpr":
        return binaryOf(node);
      default:
        throw new Error(`${node.name} is not evaluated: ${text(node)}`);
    }
  }

  function select(node: SyntaxNode, samples: readonly MetricSample[]): MetricSample[] {
    const name = text(node.getChild("Identifier")!);
    const matchers = (node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [])
      .map((matcher) => {
        const value = JSON.parse(text(matcher.getChild("StringLiteral")!));
        const operator = text(matcher.getChild("MatchOp")!);
        const isSame = operator.endsWith("~")
          ? (found: string) => new RegExp(`^(?:${value})$`).test(found)
          : (found: string) => found === value;
        return {
          label: text(matcher.getChild("LabelName")!),
          matches: (found: string) => isSame(found) !== operator.startsWith("!"),
        };
      });
    return samples.filter((sample) =>
      sample.name === name &&
      matchers.every(({ label, matches }) => matches(sample.labels[label] ?? ""))
    );
  }

  function callOf(node: SyntaxNode): Value {
    const name = text(node.getChild("FunctionIdentifier")!);
    const [argument] = childrenOf(node.getChild("FunctionCallBody")!)
      .filter((child) => /[A-Z]/.test(child.name[0]!));
    if (name === "time") return nowMs / 1000;
    if (name === "absent") {
      return (valueOf(argument!) as Element[]).length > 0 ? [] : [{ labels: {}, value: 1 }];
    }
    if (name === "increase" || name === "rate") {
      const windowMs = minutesOf(argument!) * MINUTE_MS;
      const increases = increasesOf(argument!.getChild("VectorSelector")!, windowMs);
      if (name === "increase") return increases;
      return increases.map(({ labels, value }) => ({ labels, value: value / (windowMs / 1000) }));
    }
    throw new Error(`${name} is not evaluated`);
  }

  function minutesOf(matrix: SyntaxNode): number {
    const [, minutes] = /\[(\d+)m\]$/.exec(text(matrix)) ?? [];
    if (!minutes) throw new Error(`not of minutes: ${text(matrix)}`);
    return Number(minutes);
  }

  /** What counters grew by within the window. A lower value is that of a counter that began anew. */
  function increasesOf(selector: SyntaxNode, windowMs: number): Element[] {
    const series = new Map<string, { labels: Labels; last: number; sum: number; count: number }>();
    for (const { atMs, samples } of scrapes) {
      if (atMs < nowMs - windowMs) continue;
      for (const { labels, value } of select(selector, samples)) {
        const key = keyOf(labels, null);
        const before = series.get(key);
        if (!before) series.set(key, { labels, last: value, sum: 0, count: 1 });
        else {
          before.sum += value >= before.last ? value - before.last : value;
          before.last = value;
          before.count++;
        }
      }
    }
    return [...series.values()].filter(({ count }) => count > 1)
      .map(({ labels, sum }) => ({ labels, value: sum }));
  }

  function sumOf(node: SyntaxNode): Value {
    if (!node.getChild("AggregateOp")!.getChild("Sum")) throw new Error(`no sum: ${text(node)}`);
    const by = node.getChild("AggregateModifier");
    if (by && !by.getChild("By")) throw new Error(`not by labels: ${text(by)}`);
    const names = by ? labelNamesOf(by) : [];
    const body = childrenOf(node.getChild("FunctionCallBody")!)
      .find((child) => /[A-Z]/.test(child.name[0]!))!;
    const groups = Map.groupBy(
      valueOf(body) as Element[],
      ({ labels }) => keyOf(labels, { on: names }),
    );
    return [...groups.values()].map((elements) => ({
      labels: only(elements[0]!.labels, { on: names }),
      value: elements.reduce((sum, { value }) => sum + value, 0),
    }));
  }

  function labelNamesOf(node: SyntaxNode): string[] {
    return node.getChild("GroupingLabels")!.getChildren("LabelName").map(text);
  }

  function binaryOf(node: SyntaxNode): Value {
    const [first, operator, ...rest] = childrenOf(node);
    const modifier = node.getChild("MatchingModifierClause");
    if (modifier && !modifier.getChild("On")) throw new Error(`only on: ${text(modifier)}`);
    const by = modifier ? { on: labelNamesOf(modifier) } : null;
    const [left, right] = [valueOf(first!), valueOf(rest.at(-1)!)];
    const sign = text(operator!);
    if (sign === "and" || sign === "unless") {
      const found = new Set((right as Element[]).map(({ labels }) => keyOf(labels, by)));
      return (left as Element[]).filter(({ labels }) =>
        found.has(keyOf(labels, by)) === (sign === "and")
      );
    }
    const comparison = COMPARISONS[sign];
    const arithmetic = ARITHMETIC[sign];
    if (!comparison && !arithmetic) throw new Error(`${sign} is not evaluated`);
    if (typeof left === "number" && typeof right === "number") {
      if (!arithmetic) throw new Error("no comparison of two numbers");
      return arithmetic(left, right);
    }
    return pairsOf(left, right, by).flatMap(({ labels, one, other }): Element[] => {
      if (arithmetic) return [{ labels, value: arithmetic(one, other) }];
      return comparison!(one, other)
        ? [{ labels, value: typeof left === "number" ? other : one }]
        : [];
    });
  }

  return valueOf(root);
}

const COMPARISONS: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  ">": (one, other) => one > other,
  "<": (one, other) => one < other,
  "==": (one, other) => one === other,
};
const ARITHMETIC: Readonly<Record<string, (one: number, other: number) => number>> = {
  "+": (one, other) => one + other,
  "-": (one, other) => one - other,
  "*": (one, other) => one * other,
  "/": (one, other) => one / other,
};

/** One to one, as without `group_left`. */
function pairsOf(left: Value, right: Value, by: By) {
  if (typeof right === "number") {
    return (left as Element[]).map(({ labels, value }) => ({ labels, one: value, other: right }));
  }
  if (typeof left === "number") {
    return right.map(({ labels, value }) => ({ labels, one: left, other: value }));
  }
  const others = new Map(right.map(({ labels, value }) => [keyOf(labels, by), value]));
  return left.flatMap(({ labels, value }) => {
    const other = others.get(keyOf(labels, by));
    return other === undefined ? [] : [{ labels: only(labels, by), one: value, other }];
  });
}

function only(labels: Labels, by: By): Labels {
  if (!by) return labels;
  return Object.fromEntries(Object.entries(labels).filter(([name]) => by.on.includes(name)));
}

function keyOf(labels: Labels, by: By): string {
  return JSON.stringify(Object.entries(only(labels, by)).sort());
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

function rootOf(expression: string): SyntaxNode {
  const { topNode } = parser.configure({ top: "PromQL" }).parse(expression);
  topNode.cursor().iterate(({ type, from }) => {
    if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`);
  });
  return topNode.firstChild!;
}

/** The names of the metrics in an expression. Throws when it is not PromQL. */
export function metricsIn(expression: string): string[] {
  const names: string[] = [];
  const { topNode } = parser.parse(expression);
  topNode.cursor().iterate(({ name, type, from, to }) => {
    if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`);
    if (name === "Identifier") names.push(expression.slice(from, to));
  });
  return names;
}
