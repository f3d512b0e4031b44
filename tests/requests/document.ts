/** What the generator reads of a JSON Schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly description?: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
}

export interface RequestDocument {
  readonly text: string;
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, Schema>>;
  /** Everything that the document says of the requests of an operation, in words. */
  wordsOf(operation: Operation): string;
}

/** The operations of an OpenAPI document, each with its method and its path. */
export function requestDocument(text: string): RequestDocument {
  const { paths, components: { schemas } } = JSON.parse(text);
  const operations = Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
    }))
  );
  const wordsIn = (node: unknown): string[] => {
    if (typeof node !== "object" || node === null) return [];
    const { $ref } = node as Schema;
    return [
      ...($ref ? wordsIn(schemas[$ref.split("/").at(-1)!]) : []),
      ...Object.entries(node).flatMap(([name, part]) =>
        name === "description" && typeof part === "string" ? [part] : wordsIn(part)
      ),
    ];
  };
  const words = new Map(
    operations.map((operation) => {
      const { description, parameters, requestBody } = operation;
      return [operation, wordsIn({ description, parameters, requestBody }).join("\n")];
    }),
  );
  return {
    text,
    operations,
    schemas,
    wordsOf: (operation) => words.get(operation)!,
  };
}
