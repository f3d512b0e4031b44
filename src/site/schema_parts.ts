import { prose } from "./html.ts";
import { nameOf, type OpenApi, resolved, type Schema, SCHEMAS_PATH } from "./openapi.ts";

/** What values a schema takes, as HTML: `integer or null, 1 to 100`. */
export function typeOf(schema: Schema): string {
  if (schema.$ref) return schemaLink(nameOf(schema.$ref));
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts) return parts.map(typeOf).join(" or ");
  if (schema.enum) return schema.enum.map((value) => `<code>${String(value)}</code>`).join(" or ");
  if (schema.type === "array") return `array of ${typeOf(schema.items ?? {})}${bounds(schema)}`;
  const types = [schema.type ?? "any value"].flat().join(" or ");
  return `${schema.format === "date-time" ? types.replace("string", "time") : types}${
    bounds(schema)
  }`;
}

export function schemaLink(name: string): string {
  return `<a href="${SCHEMAS_PATH}#${name}">${name}</a>`;
}

function bounds(schema: Schema): string {
  return [
    range(schema.minimum, schema.maximum, ""),
    range(schema.minLength, schema.maxLength, " characters"),
    range(schema.minItems, schema.maxItems, " items"),
    schema.default === undefined ? "" : `, by default ${JSON.stringify(schema.default)}`,
  ].join("");
}

/** Numbers beyond those that JSON carries exactly are no bounds. */
function range(low: number | undefined, high: number | undefined, unit: string): string {
  const format = (value: number) => value.toLocaleString("en");
  const lowest = low === undefined || low <= Number.MIN_SAFE_INTEGER ? undefined : low;
  const highest = high === undefined || high >= Number.MAX_SAFE_INTEGER ? undefined : high;
  if (highest === undefined) return lowest ? `, from ${format(lowest)}${unit}` : "";
  if (lowest === undefined) return `, up to ${format(highest)}${unit}`;
  if (lowest === highest) return `, ${format(lowest)}${unit}`;
  return `, ${format(lowest)} to ${format(highest)}${unit}`;
}

/** One name, its type and its sentence in a list of names. */
export function entry(
  { name, schema, isRequired, description }: {
    name: string;
    schema: Schema;
    isRequired: boolean;
    description: string;
  },
): string {
  return `<div><dt><code>${name}</code> <span class="type">${typeOf(schema)}${
    isRequired ? "" : ", optional"
  }</span></dt><dd>${prose(description)}</dd></div>`;
}

/** The schema without `allOf`: the members of its parts are its own. A later part wins. */
function merged(schema: Schema, document: OpenApi): Schema {
  const own = resolved(schema, document);
  if (!own.allOf) return own;
  const parts = own.allOf.map((part) => merged(part, document));
  return {
    ...own,
    properties: Object.assign({}, ...parts.map(({ properties }) => properties ?? {})),
    required: parts.flatMap(({ required }) => required ?? []),
  };
}

/** The members of an object, or what a schema of another kind is. */
export function membersOf(schema: Schema, document: OpenApi): string {
  const whole = merged(schema, document);
  const members = Object.entries(whole.properties ?? {});
  if (members.length === 0) return whole.type === "object" ? "" : `<p>${typeOf(whole)}</p>`;
  const entries = members.map(([name, member]) =>
    entry({
      name,
      schema: member,
      isRequired: whole.required?.includes(name) ?? false,
      description: member.description ?? resolved(member, document).description ?? "",
    })
  );
  return `<dl>\n${entries.join("\n")}\n</dl>`;
}
