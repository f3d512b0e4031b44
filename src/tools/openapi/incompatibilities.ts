interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly [keyword: string]: unknown;
}
interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
  readonly $ref?: string;
  readonly required?: boolean;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A request may become wider, an answer narrower. */
type Direction = "request" | "answer";

/** Bounds that a request may not tighten. True: a higher value is tighter. */
const BOUNDS: Readonly<Record<string, boolean>> = {
  minimum: true,
  minLength: true,
  minItems: true,
  minProperties: true,
  maximum: false,
  maxLength: false,
  maxItems: false,
};

/** What breaks a client that was made from the document `before`: the place, and what is wrong. */
export function incompatibilities(before: ApiDocument, after: ApiDocument): string[] {
  const found: string[] = [];
  const compare = schemaComparison(before, after, (fault) => void found.push(fault));
  for (const [path, operations] of Object.entries(before.paths)) {
    for (const [method, old] of Object.entries(operations)) {
      const place = `${method.toUpperCase()} ${path}`;
      const now = after.paths[path]?.[method];
      if (!now) {
        found.push(`${place}: is removed`);
        continue;
      }
      if (old.operationId !== now.operationId) found.push(`${place}: has another name`);
      found.push(...parameterFaults(place, old, now, compare));
      const required = !old.requestBody?.required && now.requestBody?.required;
      if (required) found.push(`${place}: requires a body`);
      compareContents(`${place} request`, old.requestBody, now.requestBody, "request", compare);
      for (const [status, answer] of Object.entries(old.responses)) {
        if (!/^2/.test(status)) continue; // codes of problems may come and go
        if (!now.responses[status]) found.push(`${place} ${status}: is removed`);
        compareContents(`${place} ${status}`, answer, now.responses[status], "answer", compare);
      }
    }
  }
  return [...new Set(found)];
}

type Compare = (place: string, old: Schema, now: Schema | undefined, way: Direction) => void;

function compareContents(
  place: string,
  old: Content | undefined,
  now: Content | undefined,
  way: Direction,
  compare: Compare,
): void {
  for (const [mediaType, { schema }] of Object.entries(old?.content ?? {})) {
    compare(place, schema, now?.content?.[mediaType]?.schema, way);
  }
}

function parameterFaults(
  place: string,
  old: Operation,
  now: Operation,
  compare: Compare,
): string[] {
  const found: string[] = [];
  const named = ({ parameters = [] }: Operation) =>
    new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]));
  const [before, after] = [named(old), named(now)];
  for (const [name, parameter] of before) {
    const other = after.get(name);
    if (!other) found.push(`${place} ${name}: is removed`);
    else compare(`${place} ${name}`, parameter.schema, other.schema, "request");
  }
  for (const [name, { required }] of after) {
    if (required && !before.get(name)?.required) found.push(`${place} ${name}: is required`);
  }
  return found;
}

function schemaComparison(
  before: ApiDocument,
  after: ApiDocument,
  report: (fault: string) => void,
): Compare {
  const compared = new Set<string>();

  return function compare(place, givenOld, givenNow, way) {
    if (!givenNow) return report(`${place}: is removed`);
    const pair = `${place} ${JSON.stringify([givenOld, givenNow])}`;
    if (compared.has(pair)) return;
    compared.add(pair);
    const [old, now] = [flattened(givenOld, before), flattened(givenNow, after)];
    const [oldTypes, nowTypes] = [typesOf(old, before), typesOf(now, after)];
    const [wider, narrower] = way === "request" ? [nowTypes, oldTypes] : [oldTypes, nowTypes];
    const missing = narrower.filter((type) => !wider.includes(type));
    if (missing.length > 0) {
      report(`${place}: ${missing.join(" and ")} ${way === "request" ? "is refused" : "is new"}`);
    }
    const removed = (old.enum ?? []).filter((value) => now.enum && !now.enum.includes(value));
    if (removed.length > 0) report(`${place}: has no ${removed.join(", ")}`);
    if (way === "request") {
      if (!old.enum && now.enum) report(`${place}: takes few values only`);
      for (const [bound, isTighterAbove] of Object.entries(BOUNDS)) {
        const [was, is] = [old[bound], now[bound]] as [number | undefined, number | undefined];
        if (is === undefined || was === is) continue;
        if (was === undefined || (isTighterAbove ? is > was : is < was)) {
          report(`${place}: ${bound} is ${is}, and was ${was ?? "none"}`);
        }
      }
      for (const name of now.required ?? []) {
        if (!old.required?.includes(name)) report(`${place} ${name}: is required`);
      }
    } else {
      for (const name of old.required ?? []) {
        if (now.properties?.[name] && !now.required?.includes(name)) {
          report(`${place} ${name}: may be absent`);
        }
      }
    }
    for (const [name, member] of Object.entries(old.properties ?? {})) {
      compare(`${place} ${name}`, member, now.properties?.[name], way);
    }
    if (old.items) compare(`${place} []`, old.items, now.items, way);
    compareVariants(place, old, now, way);
  };

  /** Variants are distinguished by the value of their first one-valued member, or by their type. */
  function compareVariants(place: string, old: Schema, now: Schema, way: Direction): void {
    const variants = (schema: Schema, document: ApiDocument) =>
      new Map((schema.oneOf ?? schema.anyOf ?? []).map((part) => {
        const variant = flattened(part, document);
        const only = Object.values(variant.properties ?? {}).find(({ enum: values }) =>
          values?.length === 1
        );
        return [String(only?.enum?.[0] ?? typesOf(variant, document)), variant];
      }));
    const after_ = variants(now, after);
    for (const [name, variant] of variants(old, before)) {
      schemaComparison(before, after, report)(`${place} ${name}`, variant, after_.get(name), way);
    }
  }
}

/** The schema with what it refers to, and with its parts. */
function flattened(schema: Schema, document: ApiDocument): Schema {
  const { $ref, allOf = [], ...own } = schema;
  const target = $ref ? [document.components.schemas[$ref.split("/").at(-1)!]!] : [];
  const parts = [...target, ...allOf].map((part) => flattened(part, document));
  return [...parts, own].reduce<Schema>((all, part) => ({
    ...all,
    ...part,
    properties: { ...all.properties, ...part.properties },
    required: [...all.required ?? [], ...part.required ?? []],
  }), {});
}

function typesOf(schema: Schema, document: ApiDocument): string[] {
  if (schema.type) return [schema.type].flat();
  const parts = [...schema.anyOf ?? [], ...schema.oneOf ?? []];
  return [...new Set(parts.flatMap((part) => typesOf(flattened(part, document), document)))];
}
