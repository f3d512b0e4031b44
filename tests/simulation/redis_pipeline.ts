import { setImmediate } from "node:timers";
import type { Reply } from "../../src/adapters/upstash/client.ts";

/** The replies of commands that Redis ran one after another, and how many commands ran in all. */
export interface RedisPipeline {
  /** Sends the commands with all others of this turn of the event loop, ordered by group. */
  send(
    group: string,
    commands: readonly (readonly string[])[],
  ): Promise<readonly (Reply | Error)[]>;
  /** The calls of each command of a group, those in scripts included; from `INFO commandstats`. */
  readonly calls: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Bytes of the pipeline's own commands and their replies. */
  readonly ownBytes: number;
  /** Resolves at the end of a turn of the event loop in which no reply is to come. */
  idle(): Promise<void>;
  close(): void;
}

interface Sent {
  readonly replies: (Reply | Error)[];
  readonly count: number;
  readonly resolve: (replies: readonly (Reply | Error)[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Group {
  text: string;
  readonly sent: Sent[];
}

/** Commands of the pipeline itself. */
const OWN = /^(info|config|script|ping|command|client)/;
const INFO = encode(["INFO", "commandstats"]);
const READ_BYTES = 1 << 18;

/**
 * One socket to Redis for millions of calls. Its text is ASCII, so lengths in characters are
 * lengths in bytes. `onRan` gets the number of commands that a group ran.
 */
export async function openRedisPipeline(
  { port, onRan }: { readonly port: number; readonly onRan: (group: string, ran: number) => void },
): Promise<RedisPipeline> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  socket.setNoDelay();
  const encoder = new TextEncoder();
  const groups = new Map<string, Group>();
  const waiting: Sent[] = [];
  const calls = new Map<string, Map<string, number>>();
  let counted = new Map<string, number>();
  let ownBytes = 0;
  let isFlushing = false;
  let sleeping: PromiseWithResolvers<void> | null = null;

  function count(group: string, info: string): void {
    ownBytes += info.length + INFO.length;
    const of = calls.get(group) ?? new Map<string, number>();
    calls.set(group, of);
    const present = callsOf(info);
    let ran = 0;
    for (const [name, total] of present) {
      const more = total - (counted.get(name) ?? 0);
      ran += more;
      if (more > 0) of.set(name, (of.get(name) ?? 0) + more);
    }
    counted = present;
    onRan(group, ran);
  }

  async function flush(): Promise<void> {
    isFlushing = false;
    let text = "";
    for (const [name, group] of groups) {
      if (group.sent.length === 0) continue;
      text += group.text + INFO;
      waiting.push(...group.sent.splice(0), {
        replies: [],
        count: 1,
        resolve: ([info]) => count(name, String(info)),
        reject() {},
      });
      group.text = "";
    }
    const bytes = encoder.encode(text);
    if (bytes.length !== text.length) throw new Error("a command is not ASCII");
    for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
  }

  function wakeIfIdle(): void {
    if (!sleeping || isFlushing || waiting.length > 0) return;
    setImmediate(() => {
      if (!sleeping || isFlushing || waiting.length > 0) return;
      const { resolve } = sleeping;
      sleeping = null;
      resolve();
    });
  }

  function fail(error: unknown): void {
    for (const { reject } of waiting.splice(0)) reject(error);
  }

  async function receive(): Promise<void> {
    const reader = createReplyReader();
    const chunk = new Uint8Array(READ_BYTES);
    const decoder = new TextDecoder();
    let first = 0;
    for (let length; (length = await socket.read(chunk)) !== null;) {
      reader.add(decoder.decode(chunk.subarray(0, length)));
      for (let reply; (reply = reader.next()) !== undefined;) {
        const sent = waiting[first]!;
        sent.replies.push(reply);
        if (sent.replies.length < sent.count) continue;
        first++;
        sent.resolve(sent.replies);
      }
      waiting.splice(0, first);
      first = 0;
      wakeIfIdle();
    }
    fail(new Error("Redis closed the connection"));
  }
  receive().catch(fail);

  return {
    calls,
    get ownBytes() {
      return ownBytes;
    },
    idle() {
      if (sleeping) return sleeping.promise;
      sleeping = Promise.withResolvers();
      wakeIfIdle();
      return sleeping.promise;
    },
    send(name, commands) {
      return new Promise((resolve, reject) => {
        const group = groups.get(name) ?? { text: "", sent: [] };
        groups.set(name, group);
        for (const command of commands) group.text += encode(command);
        group.sent.push({ replies: [], count: commands.length, resolve, reject });
        if (isFlushing) return;
        isFlushing = true;
        setImmediate(() => void flush().catch(fail));
      });
    },
    close: () => socket.close(),
  };
}

function encode(command: readonly string[]): string {
  let text = `*${command.length}\r\n`;
  for (const word of command) text += `$${word.length}\r\n${word}\r\n`;
  return text;
}

function callsOf(info: string): Map<string, number> {
  const calls = new Map<string, number>();
  for (const [, name, count] of info.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)) {
    if (!OWN.test(name!)) calls.set(name!, Number(count));
  }
  return calls;
}

/** Parses RESP2 as it arrives. `next` gives undefined while a reply is not complete. */
function createReplyReader() {
  let text = "";
  let at = 0;

  function line(): string | undefined {
    const end = text.indexOf("\r\n", at);
    if (end < 0) return undefined;
    const found = text.slice(at, end);
    at = end + 2;
    return found;
  }

  function read(): Reply | Error | undefined {
    const head = line();
    if (head === undefined) return undefined;
    const rest = head.slice(1);
    switch (head[0]) {
      case ":":
        return Number(rest);
      case "+":
        return rest;
      case "-":
        return new Error(rest);
      case "$": {
        const length = Number(rest);
        if (length < 0) return null;
        if (text.length < at + length + 2) return undefined;
        const found = text.slice(at, at + length);
        at += length + 2;
        return found;
      }
      default: {
        const length = Number(rest);
        if (length < 0) return null;
        const items: Reply[] = [];
        for (let i = 0; i < length; i++) {
          const item = read();
          if (item === undefined) return undefined;
          items.push(item as Reply);
        }
        return items;
      }
    }
  }

  return {
    add(chunk: string): void {
      text = text.slice(at) + chunk;
      at = 0;
    },
    next(): Reply | Error | undefined {
      const began = at;
      const reply = read();
      if (reply === undefined) at = began;
      return reply;
    },
  };
}
