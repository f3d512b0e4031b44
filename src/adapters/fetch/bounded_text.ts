/** The text of a body of at most `maxBytes`; `what` names a longer one. Leaving the loop cancels the rest. */
export async function boundedText(
  response: Response,
  maxBytes: number,
  what: string,
): Promise<string> {
  const decoder = new TextDecoder();
  let size = 0;
  let text = "";
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`${what} has more than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
