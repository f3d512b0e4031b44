import { tmpdir } from "node:os";

/** A folder that goes when we end, however that comes about. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Programs that work in the folder end by themselves a moment after us, and would make it again:
 * whatever names it in its arguments is waited for, at most 20 s. So the folder is no argument here.
 */
const AFTER_US = `read -r folder; cat
tries=0; while pgrep -f "$folder" && [ $tries -lt 200 ]; do tries=$((tries + 1)); sleep 0.1; done
rm -rf "$folder"`;

export async function createTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = `${tmpdir()}/${prefix}${crypto.randomUUID()}`;
  const watchdog = new Deno.Command("sh", {
    args: ["-c", AFTER_US],
    // Ctrl-C would take it before we are gone.
    detached: true,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const input = watchdog.stdin.getWriter();
  await input.write(new TextEncoder().encode(`${path}\n`));
  // Only now: a folder that the watchdog does not know would stay.
  await Deno.mkdir(path, { mode: 0o700 });
  return {
    path,
    async remove() {
      await input.close();
      await watchdog.status;
    },
  };
}
