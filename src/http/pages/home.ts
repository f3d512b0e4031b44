import type { App } from "../pipeline/api_env.ts";
import { page, PAGE_POLICY, SCRIPT_TYPE, STYLE_TYPE } from "./page.ts";

const STYLE = `:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif; }
body { max-width: 44rem; margin: 8vh auto; padding: 0 1.25rem; }
h1 { font-size: 2.2rem; margin: 0 0 .5rem; }
dl { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem; margin: 2rem 0; }
dl div { border: 1px solid #8884; border-radius: .6rem; padding: .8rem 1rem; }
dt { color: #777; font-size: .85rem; }
dd { margin: 0; font-size: 1.9rem; font-variant-numeric: tabular-nums; }
ul { padding-left: 1.1rem; }
a { color: #0a7d55; }
code { font: .85em ui-monospace, monospace; }
`;

const BODY = `<main>
<h1>Stanchion</h1>
<p>A waiting room in front of a box office. Fans join a queue and are admitted when a slot is free.
They hold seats and pay. A fan who leaves frees a slot for the next one.</p>
<dl aria-live="polite">
<div><dt>waiting</dt><dd id="waiting">–</dd></div>
<div><dt>admitted</dt><dd id="admitted">–</dd></div>
<div><dt>capacity</dt><dd id="capacity">–</dd></div>
</dl>
<ul>
<li><a href="/docs">API reference</a>: all calls, with a form to try them</li>
<li><a href="/openapi.json">OpenAPI 3.1 document</a>: the input for a client generator</li>
<li><a href="/readyz">Readiness</a>: whether Redis and PostgreSQL answer</li>
<li>First call: <code>POST /v1/queue/tokens</code> joins the queue</li>
</ul>
</main>
<script src="/home.js"></script>`;

const SCRIPT = `async function refresh() {
  try {
    const counts = await (await fetch("/v1/queue")).json();
    for (const name of ["waiting", "admitted", "capacity"]) {
      document.getElementById(name).textContent = counts[name].toLocaleString("en");
    }
  } finally {
    setTimeout(refresh, document.hidden ? 30000 : 2000);
  }
}
refresh();
`;

const PAGE = page({
  title: "Stanchion",
  head: `<link rel="stylesheet" href="/home.css">`,
  body: BODY,
});

/** The start page: what the service is, the length of the queue, and links. */
export function mountHome(app: App): void {
  app.get("/", (c) => c.html(PAGE, 200, { "Content-Security-Policy": PAGE_POLICY }));
  app.get("/home.css", (c) => c.body(STYLE, 200, { "Content-Type": STYLE_TYPE }));
  app.get("/home.js", (c) => c.body(SCRIPT, 200, { "Content-Type": SCRIPT_TYPE }));
}
