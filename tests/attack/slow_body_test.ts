import { deepEqual, match } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import { freePort } from "../../src/tools/local_cloud/free_port.ts";
import { startWorkerd } from "../../src/tools/local_cloud/workerd/workerd.ts";
import { readWorkerdSettings } from "../../src/tools/local_cloud/workerd/wrangler_settings.ts";
import { openRawSocket } from "../tools/local_cloud/http/raw_socket.ts";
import { inFolder } from "../tools/local_cloud/folder.ts";

const BODY = fileURLToPath(new URL("../../src/http/pipeline/body.ts", import.meta.url));
const SOURCE = `
import { readBody } from ${JSON.stringify(BODY)};
export default {
  async fetch(request) {
    const read = await readBody(request, 65536, { deadlineMs: 200 });
    return Response.json(read.ok ? read.value.byteLength : read.failure);
  },
  scheduled() {},
};`;

async function writeWorker(folder: string): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, resolveDir: folder },
    bundle: true,
    format: "esm",
    write: false,
  });
  await stop();
  await Deno.mkdir(`${folder}/worker`);
  await Deno.mkdir(`${folder}/assets`);
  await Deno.writeTextFile(`${folder}/worker/worker.js`, outputFiles[0]!.text);
}

Deno.test("workerd passes a body on as it comes, and the Worker ends one that drips", () =>
  inFolder(async (folder) => {
    await writeWorker(folder);
    const port = freePort();
    const settings = { ...readWorkerdSettings(), settings: {} };
    const workerd = await startWorkerd({ folder, port, ...settings, onOutput: () => {} });
    const socket = await openRawSocket(port);
    await socket.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
    const answer = await socket.readUntil("}");
    match(answer, /^HTTP\/1\.1 200 /);
    deepEqual(JSON.parse(/\{.*\}$/.exec(answer)![0]), { kind: "MALFORMED_JSON", late: true });
    socket.close();
    await workerd.stop();
    await workerd.ended;
  }));
