import fc from "fast-check";
import type { Schema } from "./document.ts";

/** A value that the world has when the request is sent, such as the id of a seat. */
export class Known {
  constructor(
    readonly name: string,
    readonly index: number,
    /** Sent while the world has none. */
    readonly other: unknown,
  ) {}
}

/** Members whose values the world gives. Others of these names are sent as well. */
export type KnownNames = ReadonlySet<string>;

/** Longer arrays add nothing but time. The bounds themselves have tests of their own. */
const MOST_ITEMS_MORE = 4;

const ALPHABETS = [
  ..."abcXYZ019-_.~!*'()",
  ..." \t\u00a0\u3000",
  ..."한국어 日本語 ñé",
  "\u0301",
  "\u200b",
  "\u200d",
  "\u202e",
  "\ufeff",
  "\u{1f3ab}",
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
  "\u0007",
  "\u007f",
  ...'"\\/<>&%{}[]?#;,=',
];

const characters = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(..."abcdefghij0123456789") },
  { weight: 4, arbitrary: fc.constantFrom(...ALPHABETS) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }) },
);

/** Characters as a schema counts them: code points. */
const lengthOf = (text: string) => [...text].length;

const plain = fc.stringMatching(/^[a-z0-9]([a-z0-9]{0,10}[a-z0-9])?$/);

function texts({ minLength = 0, maxLength = 40, pattern }: Schema): fc.Arbitrary<string> {
  const matches = (text: string) =>
    lengthOf(text) >= minLength && lengthOf(text) <= maxLength &&
    (pattern === undefined || new RegExp(pattern, "u").test(text));
  const of = (least: number, most: number) =>
    fc.array(characters, { minLength: least, maxLength: most, size: "max" }).map((all) =>
      all.join("")
    );
  const short = of(minLength, Math.min(maxLength, minLength + 12));
  const longest = fc.constant("x".repeat(Math.min(maxLength, 6000)));
  const any = fc.oneof(
    { weight: 5, arbitrary: plain },
    { weight: 5, arbitrary: short },
    { weight: 1, arbitrary: longest },
  );
  return any.filter(matches);
}

const two = (number: number) => String(number).padStart(2, "0");

const mostly = (usual: string, other: string) =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(usual) }, {
    weight: 1,
    arbitrary: fc.constant(other),
  });

/** Times of RFC 3339, those in any zone, with any fraction, and those of other centuries too. */
const times: fc.Arbitrary<string> = fc.record({
  at: fc.oneof(
    {
      weight: 20,
      arbitrary: fc.date({
        min: new Date("2026-11-01"),
        max: new Date("2027-06-01"),
        noInvalidDate: true,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.date({
        min: new Date("0001-01-02"),
        max: new Date("9999-12-30"),
        noInvalidDate: true,
      }),
    },
  ),
  fraction: fc.constantFrom("", "", ".5", ".123", ".000001", ".123456789"),
  zone: fc.oneof(
    mostly("Z", "z"),
    fc.constantFrom("+00:00", "-00:00", "+09:00"),
    fc.tuple(fc.constantFrom("+", "-"), fc.nat(23), fc.nat(59))
      .map(([sign, hours, minutes]) => `${sign}${two(hours)}:${two(minutes)}`),
  ),
  letter: mostly("T", "t"),
}).map(({ at, fraction, zone, letter }) =>
  at.toISOString().slice(0, 10) + letter + at.toISOString().slice(11, 19) + fraction + zone
);

const uris: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("https://hooks.example.com/a", "https://hooks.example.com:8443/a?b=c"),
  fc.webUrl({ validSchemes: ["https"] }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);

function numbers({ minimum = -1e9, maximum = 1e9 }: Schema): fc.Arbitrary<number> {
  return fc.oneof(
    fc.integer({ min: minimum, max: maximum }),
    fc.double({ min: minimum, max: maximum, noNaN: true }),
  );
}

function integers(schema: Schema): fc.Arbitrary<number> {
  const { minimum: min = Number.MIN_SAFE_INTEGER, maximum: max = Number.MAX_SAFE_INTEGER } = schema;
  const low = Math.min(Math.max(min, 1), max);
  return fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: low, max: Math.min(low + 20, max) }) },
    { weight: 2, arbitrary: fc.integer({ min, max }) },
    { weight: 1, arbitrary: fc.constantFrom(min, max) },
  );
}

/** Values of a schema, as far as a schema can say it. */
export function valuesOf(
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  known: KnownNames,
): fc.Arbitrary<unknown> {
  const of = (part: Schema) => valuesOf(part, schemas, known);
  if (schema.$ref) return of(schemas[schema.$ref.split("/").at(-1)!]!);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts) return fc.oneof(...parts.map(of));
  const [type, ...others] = [schema.type ?? "string"].flat();
  if (others.length > 0) {
    return fc.oneof(...[type!, ...others].map((one) => of({ ...schema, type: one })));
  }
  if (type === "null") return fc.constant(null);
  if (type === "boolean") return fc.boolean();
  if (type === "integer") return integers(schema);
  if (type === "number") return numbers(schema);
  if (type === "array") return arrays(schema, of(schema.items!));
  if (type === "object") return objects(schema, schemas, known);
  if (schema.format === "date-time") return times;
  if (schema.format === "uri") return uris.filter((uri) => uri.length <= schema.maxLength!);
  return texts(schema);
}

function arrays(schema: Schema, items: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> {
  const { minItems: minLength = 0, maxItems = Infinity, uniqueItems } = schema;
  const maxLength = Math.min(maxItems, minLength + MOST_ITEMS_MORE);
  if (!uniqueItems) return fc.array(items, { minLength, maxLength });
  return fc.uniqueArray(items, {
    minLength,
    maxLength,
    selector: (item) => item instanceof Known ? `${item.name} ${item.index}` : JSON.stringify(item),
  });
}

function objects(
  { properties = {}, required = [], minProperties = 0 }: Schema,
  schemas: Readonly<Record<string, Schema>>,
  known: KnownNames,
): fc.Arbitrary<object> {
  const members: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, member] of Object.entries(properties)) {
    members[name] = memberValues(name, member, schemas, known);
  }
  return fc.record(members, { requiredKeys: [...required] })
    .filter((value) => Object.keys(value).length >= minProperties);
}

/** Values of a member or a parameter: mostly one that the world has, if it has some of the name. */
export function memberValues(
  name: string,
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  known: KnownNames,
): fc.Arbitrary<unknown> {
  const any = valuesOf(schema, schemas, known);
  const single = name.replace(/s$/, "");
  const pick = (wanted: string, others: fc.Arbitrary<unknown>) =>
    fc.tuple(fc.nat(1000), others).map(([index, other]) => new Known(wanted, index, other));
  if (schema.type === "array" && known.has(single)) {
    const picks = arrays(schema, pick(single, valuesOf(schema.items!, schemas, known)));
    return fc.oneof({ weight: 4, arbitrary: picks }, { weight: 1, arbitrary: any });
  }
  if (!known.has(name)) return any;
  return fc.oneof({ weight: 4, arbitrary: pick(name, any) }, { weight: 1, arbitrary: any });
}
