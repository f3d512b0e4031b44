/** How much of the output at the start is kept, for the error when the program does not start. */
const LOG_CHARACTERS = 4000;

/**
 * Starts the program and ends it when the supervisor's stdin ends. That happens when this process
 * closes it, and when this process ends in any way. The first line of output is the pid: the shell
 * that becomes the program prints it, so the program cannot print before it. SIGCONT lets a stopped
 * program receive its SIGTERM. `$0` is a folder to remove, or empty.
 */
const SUPERVISOR = `sh -c 'echo $$; exec "$@"' sh "$@" 2>&1 & pid=$!
exec >/dev/null; cat
kill "$pid"; kill -CONT "$pid"; wait "$pid"
[ -z "$0" ] || rm -rf "$0"`;

/** A program that ends at the latest when this process ends. */
export interface SupervisedProcess {
  pid(): Promise<number>;
  /** The beginning of its output. */
  log(): string;
  hasEnded(): boolean;
  /** Resolves when it has ended, by itself or by `stop()`. */
  readonly ended: Promise<void>;
  /** Ends it with SIGTERM. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL, as a crash would. */
  kill(): Promise<void>;
}

export interface SupervisedProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** Removed after the program has ended. */
  readonly folder?: string | undefined;
  /** Called with stdout and stderr of the program. */
  readonly onOutput?: (text: string) => void;
}

/** Ctrl-C in the terminal of this process does not reach the program. */
export function startSupervisedProcess(
  { program, args, folder, onOutput }: SupervisedProcessOptions,
): SupervisedProcess {
  const supervisor = new Deno.Command("sh", {
    args: ["-c", SUPERVISOR, folder ?? "", program, ...args],
    // A process group of its own, which Ctrl-C in the terminal does not reach.
    detached: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const firstLine = Promise.withResolvers<string>();
  // The rejection is handled by the callers of `pid()`, and there may be none.
  firstLine.promise.catch(() => {});
  let output = "";
  let hasEnded = false;
  /** Reads to the end: a full pipe would block the program. */
  const outputRead = (async () => {
    let first: string | undefined;
    for await (const part of supervisor.stdout.pipeThrough(new TextDecoderStream())) {
      let text = part;
      if (first === undefined) {
        output += part;
        const end = output.indexOf("\n");
        if (end < 0) continue;
        first = output.slice(0, end);
        firstLine.resolve(first);
        text = output.slice(end + 1);
        output = "";
      }
      if (output.length < LOG_CHARACTERS) output += text;
      if (text !== "") onOutput?.(text);
    }
    hasEnded = true;
    firstLine.reject(new Error("the supervisor ended before it printed a pid"));
  })();

  let stopped: Promise<void> | undefined;
  const stop = () =>
    stopped ??= (async () => {
      await supervisor.stdin.close();
      await supervisor.status;
      await outputRead;
    })();
  return {
    pid: async () => Number(await firstLine.promise),
    log: () => output,
    hasEnded: () => hasEnded,
    ended: outputRead,
    stop,
    async kill() {
      // After a stop the pid may belong to another process.
      if (!stopped) Deno.kill(Number(await firstLine.promise), "SIGKILL");
      await stop();
    },
  };
}
