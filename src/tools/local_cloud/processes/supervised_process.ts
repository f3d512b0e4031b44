/** Of what a program says at its start, for the error if it never is up. */
const LOG_CHARACTERS = 4000;

/**
 * Starts the program, tells its pid, and ends it when the keeper's own input ends: that is when we
 * close it, and when we are gone, however that came about. A program that somebody has paused goes
 * on, or it would never hear of its end. `$0` is a folder to remove, if any.
 */
const KEEPER = `"$@" 2>&1 & pid=$!
echo "$pid"; exec >/dev/null; cat
kill "$pid"; kill -CONT "$pid"; wait "$pid"
[ -z "$0" ] || rm -rf "$0"`;

export interface SupervisedProcess {
  pid(): Promise<number>;
  /** What it has said so far, at most the beginning. */
  log(): string;
  hasEnded(): boolean;
  /** Lets it end in order. */
  stop(): Promise<void>;
  /** Ends it as a crash would: SIGKILL. */
  kill(): Promise<void>;
}

export interface ProgramParts {
  readonly program: string;
  readonly args: readonly string[];
  /** Removed with the program. */
  readonly folder?: string | undefined;
  /** Hears all that the program says, stdout and stderr alike. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a program that never outlives us, and that no Ctrl-C of ours reaches before we close it. */
export function startSupervisedProcess(
  { program, args, folder, onOutput }: ProgramParts,
): SupervisedProcess {
  const keeper = new Deno.Command("sh", {
    args: ["-c", KEEPER, folder ?? "", program, ...args],
    // A group of its own: Ctrl-C in our terminal must not end it before we have closed.
    detached: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const firstLine = Promise.withResolvers<string>();
  // Whoever needs the pid hears of it; nobody has to.
  firstLine.promise.catch(() => {});
  let said = "";
  let hasEnded = false;
  /** Reads to the end, so that the program never waits for a reader. */
  const done = (async () => {
    let first: string | undefined;
    for await (const part of keeper.stdout.pipeThrough(new TextDecoderStream())) {
      let text = part;
      if (first === undefined) {
        said += part;
        const end = said.indexOf("\n");
        if (end < 0) continue;
        first = said.slice(0, end);
        firstLine.resolve(first);
        text = said.slice(end + 1);
        said = "";
      }
      if (said.length < LOG_CHARACTERS) said += text;
      if (text !== "") onOutput?.(text);
    }
    hasEnded = true;
    firstLine.reject(new Error("no pid was told"));
  })();

  let ended: Promise<void> | undefined;
  const stop = () =>
    ended ??= (async () => {
      await keeper.stdin.close();
      await keeper.status;
      await done;
    })();
  return {
    pid: async () => Number(await firstLine.promise),
    log: () => said,
    hasEnded: () => hasEnded,
    stop,
    async kill() {
      // Once it was stopped the pid may be anybody's.
      if (!ended) Deno.kill(Number(await firstLine.promise), "SIGKILL");
      await stop();
    },
  };
}
