/**
 * The text of a CSV file, without its byte order mark. Older Korean Excel writes CP949, which the
 * web names EUC-KR; hardly any Korean text in it is also UTF-8.
 */
export function textOfFile(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("euc-kr").decode(bytes);
  }
}
