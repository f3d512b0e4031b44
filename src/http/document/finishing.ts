import { ID_PATTERN, TEXT_PATTERN } from "../schemas/common.ts";
import { SCHEMA_WORDS } from "./schema_words.ts";
import { ID_RULE, TEXT_RULE, TIME_RULE, WORDS } from "./words.ts";

interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
  [member: string]: unknown;
}

interface Operation {
  description?: string;
  parameters?: { name: string; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

interface Document {
  paths?: Record<string, Record<string, Operation>>;
  webhooks?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

const MAX_INT32 = 2 ** 31 - 1;

/** The document with the sentences of the words, the formats of integers, and the rules of texts. */
export function finished(document: object): object {
  const copy = structuredClone(document) as Document;
  const schemas = copy.components?.schemas ?? {};
  const used = new Set<string>();
  for (const [name, schema] of Object.entries(schemas)) {
    describeSchema(name, schema, used);
    describeMembers(name, schema, schemas, used);
    requireNarrowed(schema, schemas);
  }
  for (const operation of operationsOf(copy)) finishOperation(operation, schemas, used);
  visit(copy, boundInteger);
  const unused = [...Object.keys(WORDS), ...Object.keys(SCHEMA_WORDS)]
    .filter((name) => !used.has(name) && !name.includes("."));
  if (unused.length > 0) throw new Error(`words that nothing has: ${unused.join(", ")}`);
  return copy;
}

function operationsOf({ paths = {}, webhooks = {} }: Document): Operation[] {
  return [...Object.values(paths), ...Object.values(webhooks)].flatMap((item) =>
    Object.values(item)
  );
}

function describeSchema(name: string, schema: Schema, used: Set<string>): void {
  if (schema.description) return;
  const words = SCHEMA_WORDS[name];
  if (words === undefined) throw new Error(`no words for the schema ${name}`);
  used.add(name);
  schema.description = words;
}

/** Every member has a sentence: its own, that of the words, or that of the schema it refers to. */
function describeMembers(
  owner: string,
  schema: Schema,
  schemas: Record<string, Schema>,
  used: Set<string>,
): void {
  for (const part of schema.allOf ?? []) describeMembers(owner, part, schemas, used);
  if (schema.items) describeMembers(owner, schema.items, schemas, used);
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    describeMembers(`${owner}.${name}`, member, schemas, used);
    const special = WORDS[`${owner}.${name}`];
    if (special === undefined && (member.description || member.$ref)) continue;
    const words = special ?? onlyValue(member) ?? WORDS[name];
    if (words === undefined) throw new Error(`no words for ${owner}.${name}`);
    if (words === WORDS[name]) used.add(name);
    member.description = words;
  }
}

/** What is required of the base is required of a schema that narrows it: some generators ask for it. */
function requireNarrowed({ allOf = [] }: Schema, schemas: Record<string, Schema>): void {
  const required = allOf.flatMap(({ $ref }) =>
    $ref ? schemas[$ref.split("/").at(-1)!]?.required ?? [] : []
  );
  for (const part of allOf) {
    const narrowed = required.filter((name) => part.properties && name in part.properties);
    if (narrowed.length > 0) part.required = [...new Set([...narrowed, ...part.required ?? []])];
  }
}

/** Of a member that has one value in this schema. */
function onlyValue(member: Schema): string | undefined {
  if (member.type === "null") return "Always null.";
  const values = member["enum"];
  return Array.isArray(values) && values.length === 1 ? `Always ${values[0]}.` : undefined;
}

function finishOperation(
  operation: Operation,
  schemas: Record<string, Schema>,
  used: Set<string>,
): void {
  for (const parameter of operation.parameters ?? []) {
    const words = WORDS[parameter.name];
    const description = parameter.description ?? parameter.schema.description ?? words;
    if (!description) throw new Error(`no words for the parameter ${parameter.name}`);
    if (description === words) used.add(parameter.name);
    parameter.description = description;
    delete parameter.schema.description;
  }
  const asked = JSON.stringify([
    operation.parameters,
    Object.values(operation.requestBody?.content ?? {}).map(({ schema }) =>
      resolved(schema, schemas)
    ),
  ]);
  const has = (pattern: string) => asked.includes(JSON.stringify(pattern));
  operation.description = [
    operation.description,
    ...(has(TEXT_PATTERN) ? [TEXT_RULE] : []),
    ...(has(ID_PATTERN) ? [ID_RULE] : []),
    ...(has("date-time") ? [TIME_RULE] : []),
  ].join(" ");
}

/** The schema with those to which it refers. No schema of a request refers to itself. */
function resolved(schema: unknown, schemas: Record<string, Schema>): unknown {
  if (Array.isArray(schema)) return schema.map((part) => resolved(part, schemas));
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref, ...others } = schema as Schema;
  const parts = Object.entries(others).map(([name, part]) => [name, resolved(part, schemas)]);
  const target = $ref ? resolved(schemas[$ref.split("/").at(-1)!], schemas) : {};
  return { ...target as object, ...Object.fromEntries(parts) };
}

/** Generators choose the type of a number by its format. */
function boundInteger(schema: Schema): void {
  const values = schema["enum"];
  if (schema.type === "number" && Array.isArray(values) && values.every(Number.isInteger)) {
    schema.type = "integer";
  }
  if (
    schema.type !== "integer" && !(Array.isArray(schema.type) && schema.type.includes("integer"))
  ) {
    return;
  }
  if ("const" in schema || "enum" in schema) return;
  schema.minimum ??= Number.MIN_SAFE_INTEGER;
  schema.maximum ??= Number.MAX_SAFE_INTEGER;
  schema.format = schema.maximum <= MAX_INT32 && schema.minimum >= -MAX_INT32 ? "int32" : "int64";
}

function visit(node: unknown, act: (schema: Schema) => void): void {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node) && "type" in node) act(node as Schema);
  for (const [name, part] of Object.entries(node)) {
    if (name !== "example" && name !== "examples") visit(part, act);
  }
}
