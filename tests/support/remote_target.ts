import { assemble } from "../../src/assemble.ts";
import { remoteStores } from "../../src/remote.ts";
import { type ApiBox, apiBoxOver, type ApiTarget, boxConfig, testClock } from "./api_box.ts";
import { redisKeys } from "./redis_keys.ts";
import { type RemoteBackend, startRemoteBackend } from "./remote_backend.ts";

let boxes = 0;

/** Boxes in this process over Redis and PostgreSQL behind the protocols of the cloud. */
export async function remoteTarget(): Promise<ApiTarget> {
  const backend = await startRemoteBackend();
  return {
    open: async (options = {}) => openRemoteBox(backend, options.settings),
    close: () => backend.close(),
  };
}

function openRemoteBox(
  { settings: stores, upstash }: RemoteBackend,
  settings: Readonly<Record<string, string>> = {},
): ApiBox {
  const config = boxConfig({ ...stores, ...settings });
  const clock = testClock();
  const prefix = `box-${++boxes}`;
  const keys = redisKeys(upstash, prefix, clock);
  const report = () => {};
  const newId = () => crypto.randomUUID();
  const { app, tick } = assemble(config, {
    stores: remoteStores(config, {
      remote: config.remote!,
      clock,
      newId,
      report,
      prefix,
      redisTime: clock,
      actTime: () => new Date(clock()).toISOString(),
    }),
    clock,
    newId,
    random: () => 0.5,
    sleep: () => Promise.resolve(),
    report,
    docsAsset: () => Promise.resolve(new TextEncoder().encode("asset")),
    allowJoin: () => Promise.resolve(true),
  });
  const unfinished: Promise<unknown>[] = [];
  const context = {
    waitUntil: (task: Promise<unknown>) => void unfinished.push(task),
    passThroughOnException() {},
    props: {},
  };
  return apiBoxOver({
    config,
    clock,
    async fetch(request) {
      await keys.catchUp();
      return await app.fetch(request, {}, context);
    },
    async settle() {
      while (unfinished.length > 0) await Promise.all(unfinished.splice(0));
    },
    tick,
    wipeLine: keys.wipe,
    close: async () => {},
  });
}
