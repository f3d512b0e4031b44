/** What the pages read of an OpenAPI document. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly default?: unknown;
  readonly example?: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Media {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly $ref?: string;
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, Media>>;
  };
  readonly responses: Readonly<Record<string, Answer>>;
}

export interface OpenApi {
  readonly info: { readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Answer>>;
  };
}

/** An operation with its method and its path; the path of a webhook is the type of its event. */
export interface Call extends Operation {
  readonly method: string;
  readonly path: string;
}

function callsIn(items: OpenApi["paths"]): Call[] {
  return Object.entries(items).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    }))
  );
}

export function callsOf({ paths }: OpenApi): Call[] {
  return callsIn(paths);
}

export function webhooksOf({ webhooks }: OpenApi): Call[] {
  return callsIn(webhooks);
}

/** The last step of a reference. */
export function nameOf($ref: string): string {
  return $ref.split("/").at(-1)!;
}

/** The schema, or that to which it refers. */
export function resolved(schema: Schema, { components }: OpenApi): Schema {
  return schema.$ref ? components.schemas[nameOf(schema.$ref)]! : schema;
}

export function answersOf({ responses }: Operation, { components }: OpenApi): [string, Answer][] {
  return Object.entries(responses).map(([status, answer]) => [
    status,
    answer.$ref ? components.responses[nameOf(answer.$ref)]! : answer,
  ]);
}

/** The page of a tag: `/docs/api/local-run`. */
export function tagPath(tag: string): string {
  return `/docs/api/${tag.toLowerCase().replaceAll(" ", "-")}`;
}

export const SCHEMAS_PATH = "/docs/api/schemas";
export const WEBHOOKS_PATH = "/docs/api/webhooks";

/** Where the reference has the call. */
export function callPath({ tags, operationId }: Operation): string {
  return `${tagPath(tags[0]!)}#${operationId}`;
}
