/** Why something did not happen: a refusal of the API, or no answer at all. */
export type Trouble = { readonly code: string } | "NO_ANSWER";

export function troubleOf(error: { readonly code: string } | undefined): Trouble {
  return error ? { code: error.code } : "NO_ANSWER";
}
