import assert from "node:assert/strict";
import { AUDIT_ACTIONS } from "../../../src/domain/audit.ts";
import { ROOM_STATES } from "../../../src/domain/room.ts";
import { dayOf, EXAMPLE_DAY, withDatesOf } from "../../../src/http/pages/example_dates.ts";
import { PROBLEMS } from "../../../src/http/problems/problems.ts";
import { madeDocs } from "../../../src/tools/openapi/main.ts";

const docs = madeDocs();
const document = JSON.parse(docs["openapi.json"]!);
const { schemas } = document.components;

/** Keywords of Java and of C#, those that C# reserves only in some places among them. */
const KEYWORDS = new Set(
  ("abstract as assert base bool boolean break byte case catch char checked class const continue " +
    "decimal default delegate do double else enum event explicit extends extern false final " +
    "finally fixed float for foreach goto if implements implicit import in instanceof int " +
    "interface internal is lock long namespace native new null object operator out override " +
    "package params private protected public readonly ref return sbyte sealed short sizeof " +
    "stackalloc static strictfp string struct super switch synchronized this throw throws " +
    "transient true try typeof uint ulong unchecked unsafe ushort using var virtual void volatile " +
    "while").split(" "),
);
/** The contract of the ledger names it. */
const FORCED = ["operator"];

interface Node {
  readonly [key: string]: unknown;
}

function visit(node: unknown, act: (node: Node, path: string) => void, path = ""): void {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) act(node as Node, path);
  for (const [key, part] of Object.entries(node)) {
    if (key !== "example" && key !== "examples") visit(part, act, `${path}/${key}`);
  }
}

/** Of an operation; `components` has an object of this name. */
function parametersOf({ parameters }: Node): Node[] {
  return Array.isArray(parameters) ? parameters : [];
}

const isSentence = (text: unknown) => typeof text === "string" && /^[^]*[.…]$/.test(text.trim());

Deno.test("docs/openapi.json and docs/problems.md are those that the code makes", async () => {
  for (const [name, text] of Object.entries(docs)) {
    const kept = await Deno.readTextFile(new URL(`../../../docs/${name}`, import.meta.url));
    assert.ok(kept === text, `docs/${name} is old: npx -y deno@2.9.6 task document`);
  }
});

Deno.test("every member, parameter, header, schema, tag and operation has a sentence", () => {
  const missing: string[] = [];
  visit(document, (node, path) => {
    for (const [name, member] of Object.entries(node["properties"] ?? {})) {
      const { description, $ref } = member as Node;
      const target = $ref ? schemas[String($ref).split("/").at(-1)!] : {};
      if (!isSentence(description ?? target.description)) missing.push(`${path}/${name}`);
    }
    for (const parameter of parametersOf(node)) {
      if (!isSentence(parameter["description"])) missing.push(`${path}/${parameter["name"]}`);
    }
    if ("operationId" in node && !isSentence(node["description"])) missing.push(path);
  });
  for (const part of ["schemas", "headers", "securitySchemes"]) {
    for (const [name, { description }] of Object.entries<Node>(document.components[part])) {
      if (!isSentence(description)) missing.push(`${part}/${name}`);
    }
  }
  for (const { name, description } of document.tags) {
    if (!isSentence(description)) missing.push(name);
  }
  assert.deepEqual(missing, []);
});

Deno.test("no member and no parameter is a keyword of Java or C#, but for one of the contract", () => {
  const found = new Set<string>();
  visit(document, (node) => {
    const names = Object.keys(node["properties"] ?? {});
    const parameters = parametersOf(node).map(({ name }) => String(name));
    for (const name of [...names, ...parameters]) if (KEYWORDS.has(name)) found.add(name);
  });
  assert.deepEqual([...found], FORCED);
});

Deno.test("enumerations of several values have names", () => {
  const unnamed: string[] = [];
  visit(document, (node, path) => {
    const values = node["enum"];
    const isNamed = /^\/components\/schemas\/\w+$/.test(path);
    if (Array.isArray(values) && values.length > 1 && !isNamed) unnamed.push(path);
  });
  assert.deepEqual(unnamed, []);
  assert.deepEqual(schemas.RoomState.enum, [...ROOM_STATES]);
  assert.deepEqual(schemas.AuditAction.enum, [...AUDIT_ACTIONS]);
  for (const name of ["WaitReason", "ReservationStatus", "PaymentStatus", "ConcertStatus"]) {
    assert.ok(schemas[name].enum.length > 1, name);
  }
});

Deno.test("integers have a format and bounds", () => {
  const faulty: string[] = [];
  visit(document, (node, path) => {
    if (![node["type"]].flat().includes("integer") || "enum" in node) return;
    const { format, minimum, maximum } = node;
    const isBounded = typeof minimum === "number" && typeof maximum === "number";
    if (!isBounded || !["int32", "int64"].includes(String(format))) faulty.push(path);
  });
  assert.deepEqual(faulty, []);
});

Deno.test("`Line` is told apart by its state, and problems by their code", () => {
  assert.deepEqual(schemas.Line.discriminator, {
    propertyName: "state",
    mapping: {
      WAITING: "#/components/schemas/WaitingLine",
      ADMITTED: "#/components/schemas/AdmittedLine",
      GONE: "#/components/schemas/GoneLine",
    },
  });
  assert.deepEqual(schemas.ProblemCode.enum, Object.keys(PROBLEMS));
  assert.equal(schemas.NotAdmittedProblem.allOf[0].$ref, "#/components/schemas/Problem");
  const refused = document.paths["/v1/concerts"].get.responses["403"].$ref.split("/").at(-1);
  const { schema } = document.components.responses[refused].content["application/problem+json"];
  assert.deepEqual(schema.discriminator, {
    propertyName: "code",
    mapping: {
      QUEUE_TOKEN_MISMATCH: "#/components/schemas/QueueTokenMismatchProblem",
      NOT_ADMITTED: "#/components/schemas/NotAdmittedProblem",
    },
  });
});

Deno.test("the member that tells schemas apart is required of each of them", () => {
  const faulty: string[] = [];
  visit(document, (node) => {
    const { propertyName, mapping = {} } = (node["discriminator"] ?? {}) as Node;
    for (const ref of Object.values<string>(mapping as Record<string, string>)) {
      const { allOf, required } = schemas[ref.split("/").at(-1)!];
      if (!(required ?? allOf.at(-1).required).includes(propertyName)) faulty.push(ref);
    }
  });
  assert.deepEqual(faulty, []);
});

Deno.test("`allOf` extends objects, and no enumeration", () => {
  const faulty: string[] = [];
  visit(document, (node, path) => {
    for (const { $ref } of (node["allOf"] ?? []) as Node[]) {
      const target = $ref ? schemas[String($ref).split("/").at(-1)!] : undefined;
      if (target && target.type !== "object" && !target.allOf) faulty.push(path);
    }
  });
  assert.deepEqual(faulty, []);
});

Deno.test("patterns mean the same in the regular expressions of every language", () => {
  const patterns = new Set<string>();
  visit(document, ({ pattern }) => {
    if (typeof pattern === "string") patterns.add(pattern);
  });
  assert.ok(patterns.size > 1);
  // In Perl `\u0000` is the letter u and zeros. Go and PHP refuse it.
  const escapes = /\\(?!x[0-7][0-9a-f]|s)|\(\?[^:]/;
  assert.deepEqual([...patterns].filter((pattern) => escapes.test(pattern)), []);
});

Deno.test("every answer of every operation names the headers of every answer", () => {
  for (const [path, operations] of Object.entries<Record<string, Node>>(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      for (const [status, given] of Object.entries(operation["responses"] as Node)) {
        const { $ref } = given as Node;
        const answer = $ref
          ? document.components.responses[String($ref).split("/").at(-1)!]
          : given as Node;
        const wanted = ["X-Request-Id", "Server-Timing", "traceparent"];
        if (status === "201") wanted.push("Location");
        if (status === "401") wanted.push("WWW-Authenticate");
        if (status === "429" || status === "503") wanted.push("Retry-After");
        for (const name of wanted) {
          assert.ok(name in answer.headers, `${method} ${path} ${status} ${name}`);
        }
      }
    }
  }
  assert.equal(document.components.headers["Retry-After"].schema.type, "integer");
});

Deno.test("`withDatesOf()` moves the dates of examples with the day, and nothing else", () => {
  const text =
    '{"at":"2026-12-24T10:00:00.000Z","from":"2026-11-30T19:00:00+09:00","id":"2026-12-24"}';
  assert.equal(withDatesOf(EXAMPLE_DAY, text), text);
  assert.equal(
    withDatesOf(dayOf(Date.parse("2027-02-03T23:59:59Z")), text),
    '{"at":"2027-02-26T10:00:00.000Z","from":"2027-02-02T19:00:00+09:00","id":"2026-12-24"}',
  );
});
