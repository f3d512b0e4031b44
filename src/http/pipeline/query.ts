import { z } from "@hono/zod-openapi";
import type { FieldError } from "../../domain/failures.ts";
import { nameOfField } from "./validation.ts";

/** Takes no parameter that the schema does not have. A route without a schema takes none. */
export function strictQuery(schema: z.ZodObject | undefined): z.ZodObject {
  return (schema ?? z.object({})).strict();
}

/** The query of a URL whose rest may be invalid, because it has the Host header of the caller. */
export function queryOf(url: string): URLSearchParams {
  const [, query = ""] = /\?([^#]*)/.exec(url) ?? [];
  return new URLSearchParams(query);
}

/** The parameters of a URL, and a fault for each that is given more than once. */
export function readQuery(url: string): {
  readonly values: Readonly<Record<string, string>>;
  readonly doubled: readonly FieldError[];
} {
  const searchParams = queryOf(url);
  const names = Map.groupBy(searchParams.keys(), (name) => name);
  return {
    values: Object.fromEntries(searchParams),
    doubled: [...names].filter(([, given]) => given.length > 1)
      .map(([name]) => ({ path: nameOfField(name), message: "must be given once" })),
  };
}
