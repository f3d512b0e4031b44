import { tmpdir } from "node:os";

/** A folder that is removed at the latest when this process ends, in whatever way. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Removes the folder when stdin ends. Programs that work in the folder end a moment after this
 * process, and would create files in it again. So the watchdog first waits, 20 s at most, until no
 * program has the folder in its arguments. It gets the path on stdin, to not wait for itself.
 */
const WATCHDOG = `read -r folder; cat
tries=0; while pgrep -f "$folder" && [ $tries -lt 200 ]; do tries=$((tries + 1)); sleep 0.1; done
rm -rf "$folder"`;

export async function createTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = `${tmpdir()}/${prefix}${crypto.randomUUID()}`;
  const watchdog = new Deno.Command("sh", {
    args: ["-c", WATCHDOG],
    // A process group of its own, which Ctrl-C in the terminal does not reach.
    detached: true,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const input = watchdog.stdin.getWriter();
  await input.write(new TextEncoder().encode(`${path}\n`));
  // After the write: the watchdog removes only a folder that it has read.
  await Deno.mkdir(path, { mode: 0o700 });
  return {
    path,
    async remove() {
      await input.close();
      await watchdog.status;
    },
  };
}
