/** Pages load resources of this host alone, and nothing inline. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

export const SCRIPT_TYPE = "text/javascript; charset=utf-8";
export const STYLE_TYPE = "text/css; charset=utf-8";

export interface PageParts {
  readonly title: string;
  /** HTML. */
  readonly head: string;
  /** HTML. */
  readonly body: string;
  /** Attributes of the root element, as HTML. */
  readonly root?: string;
}

/** An HTML document. */
export function page({ title, head, body, root = "" }: PageParts): string {
  return `<!doctype html>
<html lang="en"${root}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
${head}
</head>
<body>
${body}
</body>
</html>
`;
}
