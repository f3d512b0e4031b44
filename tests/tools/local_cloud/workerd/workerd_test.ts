import { doesNotMatch, equal, match, rejects } from "node:assert/strict";
import { PortInUseError } from "../../../../src/local/port_in_use.ts";
import { freePort } from "../../../../src/tools/local_cloud/free_port.ts";
import { startWorkerd, WorkerdError } from "../../../../src/tools/local_cloud/workerd/workerd.ts";
import { readWorkerdSettings } from "../../../../src/tools/local_cloud/workerd/wrangler_settings.ts";
import { LOCALHOST_ADDRESSES, urlHost } from "../../../support/localhost.ts";
import { waitUntil } from "../../../support/wait.ts";
import { inFolder } from "../folder.ts";

const WORKER = `export default {
  fetch() { console.log("asked"); return new Response("the Worker"); },
  scheduled() {},
};`;

/** Starts a Worker of this source. */
async function start(folder: string, port: number, source: string, onOutput = (_: string) => {}) {
  await Deno.mkdir(`${folder}/worker`);
  await Deno.mkdir(`${folder}/assets`);
  await Deno.writeTextFile(`${folder}/worker/worker.js`, source);
  return await startWorkerd({ folder, port, ...readWorkerdSettings(), settings: {}, onOutput });
}

Deno.test("workerd: it serves, prints no line of its control channel, and stops", () =>
  inFolder(async (folder) => {
    const port = freePort();
    let output = "";
    const workerd = await start(folder, port, WORKER, (text) => output += text);
    for (const address of LOCALHOST_ADDRESSES) {
      const answer = await fetch(`http://${urlHost(address)}:${port}/`);
      equal(await answer.text(), "the Worker");
    }
    await workerd.fireCron();
    await waitUntil("the output of the Worker", () => output.includes("asked"));
    await workerd.stop();
    await workerd.ended;
    doesNotMatch(output, /listen/);
  }));

Deno.test("workerd: a port on which another server answers is refused", () =>
  inFolder(async (folder) => {
    await using other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      return new Response("another server");
    });
    await rejects(start(folder, other.addr.port, WORKER), PortInUseError);
  }));

Deno.test("workerd: a Worker that does not load is refused with the log", () =>
  inFolder(async (folder) => {
    const starting = start(folder, freePort(), "throw new Error('no such luck')");
    await rejects(starting, (error) => {
      equal(error instanceof WorkerdError, true);
      match((error as Error).message, /did not start on port[^]*no such luck/);
      return true;
    });
  }));

const ECHO = `export default {
  fetch(request) { return new Response(request.headers.get("CF-Connecting-IP")); },
  scheduled() {},
};`;

Deno.test("workerd: the address of the caller is set as Cloudflare sets it, whatever was sent", () =>
  inFolder(async (folder) => {
    const port = freePort();
    const workerd = await start(folder, port, ECHO);
    for (const headers of [{}, { "CF-Connecting-IP": "198.51.100.9" }]) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers });
      equal(await answer.text(), "127.0.0.1");
    }
    await workerd.stop();
    await workerd.ended;
  }));
