import { parseArgs } from "node:util";
import type { Scale, Section } from "./section.ts";

/** What the command line asks for, or what to print instead and the exit code. */
export type BenchArguments<Name extends string> =
  | {
    readonly kind: "RUN";
    readonly sections: readonly Name[];
    readonly scale: Scale;
    /** Where the figures go, if anywhere. */
    readonly jsonFile: string | null;
  }
  | { readonly kind: "STOP"; readonly message: string; readonly exitCode: number };

const USAGE = "deno task bench [--only SECTION,…] [--json FILE] [--smoke] [--help]";

export function readArguments<Name extends string>(
  args: readonly string[],
  sections: Readonly<Record<Name, Section>>,
): BenchArguments<Name> {
  const all = Object.keys(sections) as Name[];
  const refuse = (message: string): BenchArguments<Name> => ({
    kind: "STOP",
    message: `${message}\n${USAGE}\nSections: ${all.join(", ")}`,
    exitCode: 2,
  });
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        only: { type: "string" },
        json: { type: "string" },
        smoke: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    return refuse((error as Error).message);
  }
  if (values.help) return { kind: "STOP", message: help(sections), exitCode: 0 };
  const wanted: readonly string[] = values.only?.split(",") ?? all;
  const known: readonly string[] = all;
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return refuse(`unknown section: ${unknown.map((name) => `"${name}"`).join(", ")}`);
  }
  return {
    kind: "RUN",
    sections: all.filter((name) => wanted.includes(name)),
    scale: values.smoke ? "smoke" : "full",
    jsonFile: values.json ?? null,
  };
}

function help(sections: Readonly<Record<string, Section>>): string {
  const width = Math.max(...Object.keys(sections).map((name) => name.length));
  return [
    USAGE,
    "",
    "  --only SECTION,…  these sections alone",
    "  --json FILE       writes the figures to FILE",
    "  --smoke           tiny sizes, to see that every section measures something",
    "",
    "Sections:",
    ...Object.entries(sections).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`),
  ].join("\n");
}
