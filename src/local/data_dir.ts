import type { MakeSecret, SecretName } from "../config.ts";

/** The folder of a local run: its database and its own secrets. */
export interface DataDir {
  readonly databaseFolder: string;
  readonly makeSecret: MakeSecret;
  close(): void;
}

/** Another process uses the folder. */
export class DataDirInUseError extends Error {
  override readonly name = "DataDirInUseError";
}

/**
 * Opens the folder for this process alone. The operating system releases the lock when the process
 * ends, also after a kill. Throws `DataDirInUseError`.
 */
export async function openDataDir(folder: string, newSecret: () => string): Promise<DataDir> {
  await Deno.mkdir(folder, { recursive: true });
  const lock = await Deno.open(`${folder}/lock`, { write: true, create: true });
  if (!await lock.tryLock(true)) {
    lock.close();
    throw new DataDirInUseError(`DATA_DIR ${folder} is in use by another process`);
  }
  const secretsFile = `${folder}/secrets.json`;
  const secrets = await readSecrets(secretsFile);
  return {
    databaseFolder: `${folder}/database`,
    makeSecret(name) {
      const known = secrets[name];
      if (known) return known;
      const secret = secrets[name] = newSecret();
      Deno.writeTextFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 });
      return secret;
    },
    close: () => lock.close(),
  };
}

async function readSecrets(file: string): Promise<Partial<Record<SecretName, string>>> {
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}
