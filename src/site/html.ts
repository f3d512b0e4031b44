export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** Text with code between backquotes, as HTML. */
export function prose(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}

/** Paragraphs of `prose`, between empty lines. */
export function paragraphs(text: string): string {
  return text.split("\n\n").map((part) => `<p>${prose(part)}</p>`).join("\n");
}

/** A JSON value, or a text, as it is sent. */
export function sample(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return `<pre><code>${escaped(text)}</code></pre>`;
}

/** A path that may break after its slashes. */
export function path(text: string): string {
  return escaped(text).replaceAll("/", "/<wbr>");
}
