import {
  type ApiBox,
  apiBoxOver,
  type ApiTarget,
  BOX_STARTS_MS,
  boxConfig,
  boxEnvironment,
  type BoxSettings,
} from "./api_box.ts";
import { redisKeys } from "./redis_keys.ts";
import { type RemoteBackend, startRemoteBackend } from "./remote_backend.ts";
import { bundle } from "../../src/tools/bundle/bundle.ts";
import { deleteMainRoom } from "./room.ts";
import { BOX_HEADER, type BoxState } from "./worker_box.ts";
import { type RawWorkerd, startRawWorkerd } from "./raw_workerd.ts";
import { testClock } from "./test_clock.ts";
import { sleep, waitUntil } from "./wait.ts";

/**
 * workerd cuts the connection of an upload that goes on after its answer, and the answer may be
 * lost that way. So a stream is sent slowly, and again if no answer came.
 */
const CHUNK_EVERY_MS = 4;
const MOST_UPLOADS = 5;

let boxes = 0;

/** Boxes in one Worker in workerd over Redis and PostgreSQL behind the protocols of the cloud. */
export async function workerTarget(): Promise<ApiTarget> {
  const backend = await startRemoteBackend();
  const folder = await Deno.makeTempDir({ prefix: "stanchion-bundle-" });
  await bundle(folder, "tests/worker/boxes/worker.ts");
  const workerd = await startRawWorkerd(folder, { ...boxEnvironment(), ...backend.settings });
  return {
    async open(options = {}) {
      await deleteMainRoom(backend.database.sql);
      return openWorkerBox(backend, workerd, options.settings);
    },
    async close() {
      await workerd.stop();
      await backend.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function openWorkerBox(
  { settings: stores, upstash }: RemoteBackend,
  { url }: RawWorkerd,
  settings: BoxSettings = {},
): ApiBox {
  const clock = testClock(BOX_STARTS_MS);
  const id = `box-${++boxes}`;
  const keys = redisKeys(upstash, id, clock);

  async function send(request: Request): Promise<Response> {
    const state: BoxState = { id, settings, nowMs: clock() };
    const headers = new Headers(request.headers);
    headers.set(BOX_HEADER, encodeURIComponent(JSON.stringify(state)));
    return await fetch(new Request(request, { headers }));
  }

  /** Does something to the box behind its API. */
  async function act(what: "unfinished" | "tick" | "close"): Promise<unknown> {
    const response = await send(new Request(`${url}/__test/${what}`, { method: "POST" }));
    if (!response.ok) throw new Error(`${what} answers ${response.status}`);
    return await response.json();
  }

  const box = apiBoxOver({
    config: boxConfig({ ...stores, ...settings }),
    clock,
    origin: url,
    async fetch(request) {
      await keys.catchUp();
      return await send(request);
    },
    async settle() {
      await waitUntil("no unfinished work of the box", async () => await act("unfinished") === 0);
    },
    async tick() {
      await keys.catchUp();
      return await act("tick");
    },
    wipeLine: keys.wipe,
    close: async () => void await act("close"),
  });
  return {
    ...box,
    async call(method, path, sent = {}) {
      const { raw } = sent;
      if (!(raw instanceof ReadableStream)) return await box.call(method, path, sent);
      const chunks = await Array.fromAsync<Uint8Array>(raw);
      for (let upload = 1;; upload++) {
        try {
          return await box.call(method, path, { ...sent, raw: slowly(chunks) });
        } catch (error) {
          const wasCut = error instanceof TypeError;
          if (!wasCut || upload === MOST_UPLOADS) throw error;
        }
      }
    },
  };
}

function slowly(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      await sleep(CHUNK_EVERY_MS);
      const chunk = chunks[next++];
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
}
