import fc from "fast-check";
import { openBox } from "/work/wt/api16/tests/support/box.ts";
import { openEmbeddedDatabase } from "/work/wt/api16/src/adapters/postgres/pglite.ts";
import { openDemoSale } from "/work/wt/api16/src/local/demo_sale.ts";
const doc = JSON.parse(await Deno.readTextFile("/work/wt/api16/docs/openapi.json"));
const schemas = doc.components.schemas;
function arb(s: any): fc.Arbitrary<any> {
  if (s.$ref) return arb(schemas[s.$ref.split("/").at(-1)]);
  if (s.anyOf || s.oneOf) return fc.oneof(...(s.anyOf ?? s.oneOf).map(arb));
  if (s.allOf) return fc.tuple(...s.allOf.map(arb)).map((xs: any[]) => Object.assign({}, ...xs));
  if (s.enum) return fc.constantFrom(...s.enum);
  if (Array.isArray(s.type)) return fc.oneof(...s.type.map((t: string) => arb({ ...s, type: t })));
  switch (s.type) {
    case "null": return fc.constant(null);
    case "boolean": return fc.boolean();
    case "integer": return fc.oneof(fc.integer({ min: Math.max(s.minimum, -(2**31)), max: Math.min(s.maximum, 2**31-1) }), fc.maxSafeInteger().filter(n=>n>=s.minimum&&n<=s.maximum), fc.integer({min:Math.max(s.minimum,-3),max:Math.min(s.maximum,Math.max(s.minimum,-3)+40)}));
    case "number": return fc.double({ min: s.minimum ?? -1e300, max: s.maximum ?? 1e300, noNaN: true });
    case "string": {
      if (s.format === "date-time") return fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }).map((d) => d.toISOString());
      if (s.format === "uri") return fc.webUrl();
      if (s.pattern) {
        const base = fc.oneof(fc.stringMatching(new RegExp(s.pattern, "u")), fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((x) => new RegExp(s.pattern, "u").test(x)));
        return base.filter((x) => [...x].length >= (s.minLength ?? 0) && [...x].length <= (s.maxLength ?? 1e9));
      }
      return fc.string({ unit: "grapheme", minLength: s.minLength ?? 0, maxLength: Math.min(s.maxLength ?? 30, 60) });
    }
    case "array": return (s.uniqueItems ? fc.uniqueArray(arb(s.items), { minLength: s.minItems ?? 0, maxLength: Math.min(s.maxItems ?? 5, (s.minItems??0) + 3), comparator: (a,b)=>JSON.stringify(a)===JSON.stringify(b) }) : fc.array(arb(s.items), { minLength: s.minItems ?? 0, maxLength: Math.min(s.maxItems ?? 5, (s.minItems ?? 0) + 3) }));
    case "object": {
      const req = s.required ?? [];
      const model = Object.fromEntries(Object.entries<any>(s.properties ?? {}).map(([k, v]) => [k, arb(v)]));
      return fc.record(model, { requiredKeys: req as never }).filter((o: object) => Object.keys(o).length >= (s.minProperties ?? 0));
    }
  }
  throw new Error("unknown " + JSON.stringify(s));
}
const db = await openEmbeddedDatabase();
const box = openBox(db.sql);
const fan = "fuzz";
const place = (await box.call("POST", "/v1/queue/tokens", { fan })).body.token;
const N = Number(Deno.args[0] ?? 100);
const seen = new Map<string, number>(); const sample = new Map<string, string>();
let total = 0, ok = 0;
const statuses = new Map<number, number>();
for (const [path, ops] of Object.entries<any>(doc.paths)) for (const [method, op] of Object.entries<any>(ops)) {
  if (Deno.args[1] && !`${method} ${path}`.includes(Deno.args[1])) continue;
  const bodySchema = op.requestBody?.content["application/json"].schema;
  const params = (op.parameters ?? []) as any[];
  const a = fc.record({
    params: fc.tuple(...params.map((p) => p.required ? arb(p.schema) : fc.option(arb(p.schema), { nil: undefined }))),
    body: bodySchema ? (op.requestBody.required ? arb(bodySchema) : fc.option(arb(bodySchema), { nil: undefined })) : fc.constant(undefined),
  });
  for (const { params: values, body } of fc.sample(a, N)) {
    let url = path; const q = new URLSearchParams(); const headers: Record<string, string> = {};
    let skip = false;
    params.forEach((p, i) => {
      const v = values[i]; if (v === undefined) return;
      if (p.in === "path") { if (v === "." || v === "..") skip = true; url = url.replace(`{${p.name}}`, encodeURIComponent(String(v))); }
      if (p.in === "query") q.set(p.name, String(v));
      if (p.in === "header") headers[p.name] = String(v);
    });
    if (skip) continue;
    if (q.size) url += "?" + q;
    const admin = path.startsWith("/v1/admin");
    try {
    const r = await box.call(method.toUpperCase(), url, { ...(admin ? { operator: true } : { fan, place }), headers, ...(body !== undefined ? { json: body } : {}) });
    total++; statuses.set(r.status, (statuses.get(r.status) ?? 0) + 1);
    if (r.status < 400) ok++;
    if (r.status === 400 || r.status===415 || r.status >= 500) for (const e of r.body.errors ?? [{ path: "-", message: r.body.code + r.body.detail }]) {
      const key = `${method} ${path} | ${e.path.replace(/\[\d+\]/g, "[]")} | ${e.message}`;
      seen.set(key, (seen.get(key) ?? 0) + 1); sample.set(key, JSON.stringify(body ?? url)?.slice(0, 160));
    }
    } catch (e) { console.log("THROW", method, url, JSON.stringify(body)?.slice(0,300), String(e).slice(0, 300)); }
  }
}
console.log(total, ok, [...statuses]);
for (const [k, n] of [...seen].sort()) console.log(n, k, "  e.g.", sample.get(k));
Deno.exit();
