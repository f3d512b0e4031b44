import { ok } from "node:assert/strict";

/** Whether these programs are installed. curl has `--json` since version 7.82. */
export async function areInstalled(...programs: string[]): Promise<boolean> {
  try {
    for (const program of programs) {
      await new Deno.Command(program, { args: ["--version"] }).output();
    }
    const { stdout } = await new Deno.Command("curl", { args: ["--version"] }).output();
    const [, major, minor] = /^curl (\d+)\.(\d+)/.exec(new TextDecoder().decode(stdout)) ?? [];
    return Number(major) * 1000 + Number(minor) >= 7082;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const PRINTED_BASE = "B=http://localhost:8787\n";

/** Runs the script of a page against another server. */
export async function bash(script: string, base: string): Promise<{ out: string; errors: string }> {
  ok(script.includes(PRINTED_BASE));
  const folder = await Deno.makeTempDir({ prefix: "stanchion-docs-" });
  try {
    const { stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", script.replace(PRINTED_BASE, `B=${base}\n`)],
      cwd: folder,
      env: { no_proxy: "*" },
    }).output();
    const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { out: out!, errors: errors! };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
