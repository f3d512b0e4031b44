/** The bare route on Deno. Arguments: port, URL and token of Upstash. */
import { createBareApp } from "./route.ts";

const [port, url, token] = Deno.args;
const app = createBareApp(url!, token!);
Deno.serve({ hostname: "127.0.0.1", port: Number(port), onListen() {} }, app.fetch);
