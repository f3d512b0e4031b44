/**
 * Commands that change the state of their connection, or block it. All clients of the endpoint
 * share one connection.
 */
const SESSION_COMMANDS: ReadonlySet<string> = new Set([
  ..."AUTH HELLO SELECT QUIT RESET SWAPDB READONLY READWRITE ASKING CLIENT".split(" "),
  ..."MULTI EXEC DISCARD WATCH UNWATCH".split(" "),
  ..."SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR".split(" "),
  ..."BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF".split(" "),
  ..."SYNC PSYNC REPLCONF REPLICAOF SLAVEOF FAILOVER CLUSTER SHUTDOWN DEBUG MIGRATE".split(" "),
]);
const MAY_BLOCK: ReadonlySet<string> = new Set(["XREAD", "XREADGROUP"]);
const MAX_ARGUMENTS = 1_000_000;

/** The command with every argument as text, or the reason why it is refused. */
export type CheckedCommand =
  | { readonly args: readonly string[] }
  | { readonly error: string };

/** Reads one command as the client sends it: an array of strings, numbers and booleans. */
export function checkCommand(sent: unknown): CheckedCommand {
  if (!Array.isArray(sent) || sent.length === 0) return { error: "ERR empty command" };
  if (sent.length > MAX_ARGUMENTS) return { error: "ERR too many arguments" };
  const args: string[] = [];
  for (const arg of sent) {
    const text = argumentText(arg);
    if (text === null) return { error: "ERR an argument is neither string, number nor boolean" };
    args.push(text);
  }
  const name = args[0]!.toUpperCase();
  const blocks = MAY_BLOCK.has(name) && optionsOf(args).includes("BLOCK");
  return SESSION_COMMANDS.has(name) || blocks
    ? { error: `ERR Command is not available: '${blocks ? `${name} BLOCK` : name}'` }
    : { args };
}

/** The arguments before the names of the streams: a stream may be called BLOCK. */
function optionsOf(args: readonly string[]): string[] {
  const words = args.map((arg) => arg.toUpperCase());
  const streams = words.indexOf("STREAMS");
  return streams < 0 ? words : words.slice(0, streams);
}

function argumentText(arg: unknown): string | null {
  if (typeof arg === "string") return arg;
  return typeof arg === "number" || typeof arg === "boolean" ? String(arg) : null;
}
