import type {
  ErrorResponse,
  HttpMethod,
  IsOperationRequestBodyOptional,
  MediaType,
  OperationRequestBodyContent,
  PathsWithMethod,
  RequiredKeysOf,
  SuccessResponse,
} from "openapi-typescript-helpers";
import { parsed } from "./parsed.ts";
import type { paths } from "./schema.ts";

type Parameters<Operation> = Operation extends { parameters: infer Given }
  ? RequiredKeysOf<Given> extends never ? { params?: Given } : { params: Given }
  : unknown;

type Body<Operation> = OperationRequestBodyContent<Operation> extends never ? { body?: never }
  : IsOperationRequestBodyOptional<Operation> extends true
    ? { body?: OperationRequestBodyContent<Operation> }
  : { body: OperationRequestBodyContent<Operation> };

export type CallOptions<Operation> = Parameters<Operation> & Body<Operation> & {
  /** A header that is null is not sent. */
  headers?: Readonly<Record<string, string | null>>;
  signal?: AbortSignal;
};

type Responses<Operation> = Operation extends
  { responses: infer All extends Record<string, unknown> } ? All
  : never;

/** `data` of a success, else `error`, which narrows by its `code`. Without an answer, calls throw. */
export type Answer<Operation> =
  | {
    readonly data: SuccessResponse<Responses<Operation>, MediaType>;
    readonly error?: undefined;
    readonly response: Response;
  }
  | {
    readonly data?: undefined;
    readonly error: ErrorResponse<Responses<Operation>, MediaType>;
    readonly response: Response;
  };

export type Call<Method extends HttpMethod> = <Path extends PathsWithMethod<paths, Method>>(
  path: Path,
  ...options: RequiredKeysOf<CallOptions<paths[Path][Method & keyof paths[Path]]>> extends never
    ? [CallOptions<paths[Path][Method & keyof paths[Path]]>?]
    : [CallOptions<paths[Path][Method & keyof paths[Path]]>]
) => Promise<Answer<paths[Path][Method & keyof paths[Path]]>>;

/** Every route of the document. */
export interface Calls {
  readonly GET: Call<"get">;
  readonly POST: Call<"post">;
  readonly PATCH: Call<"patch">;
  readonly DELETE: Call<"delete">;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface CallParts {
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly headersOf: (path: string) => Promise<Record<string, string | null>>;
  readonly learn: (path: string, body: unknown) => void;
}

interface AnyOptions {
  readonly params?: Partial<Record<"path" | "query" | "header", Record<string, string>>>;
  readonly body?: unknown;
  readonly headers?: Record<string, string | null>;
  readonly signal?: AbortSignal;
}

export function createCalls({ baseUrl, fetch, headersOf, learn }: CallParts): Calls {
  const call = (method: string) => async (path: string, options: AnyOptions = {}) => {
    const { params: { path: names, query, header } = {}, body, headers, signal } = options;
    // A table of seats is a text.
    const type = typeof body === "string" ? "text/csv" : body ? "application/json" : null;
    const all = { "Content-Type": type, ...await headersOf(path), ...header, ...headers };
    const filled = path.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(names![name]!));
    const asked = given(query).map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
    const response = await fetch(baseUrl.replace(/\/$/, "") + filled + (asked && `?${asked}`), {
      method,
      headers: Object.fromEntries(given(all)),
      ...type && { body: typeof body === "string" ? body : JSON.stringify(body) },
      ...signal && { signal },
    });
    const text = await response.text();
    const { ok } = response;
    const isJson = /json/.test(response.headers.get("Content-Type")!);
    const answer = ok ? isJson ? JSON.parse(text) : text : parsed(text);
    learn(path, answer);
    return { [ok ? "data" : "error"]: answer, response };
  };
  return {
    GET: call("GET"),
    POST: call("POST"),
    PATCH: call("PATCH"),
    DELETE: call("DELETE"),
  } as unknown as Calls;
}

const given = (values: Record<string, string | null | undefined> = {}) =>
  Object.entries(values).filter((pair): pair is [string, string] => pair[1] != null);
