import type { Mutation } from "../../models/mutations.ts";
import type { clientChecks } from "../checks/all.ts";

/** A guard of the client, and the check that fails without it. */
export interface ClientMutation extends Omit<Mutation, "law"> {
  readonly check: keyof typeof clientChecks & string;
}

/** A guard of `client/<file>.ts`. */
export const guard = (
  file: string,
  name: string,
  text: string,
  replacement: string,
  check: string,
): ClientMutation => ({ guard: name, file: `client/${file}.ts`, text, replacement, check });
