/** What a text of the storage says; null where it says nothing that can be read. */
export function parsed<Value>(text: string | null): Value | null {
  try {
    return JSON.parse(text!);
  } catch {
    return null;
  }
}
