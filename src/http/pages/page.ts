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

/** The policy of a page that shows a challenge: its script and its frame are of the same host. */
export function challengePolicy(scriptUrl: string): string {
  const { origin } = new URL(scriptUrl, "https://this.invalid");
  if (origin === "https://this.invalid") return PAGE_POLICY;
  return PAGE_POLICY.replace("script-src 'self'", `$& ${origin}; frame-src ${origin}`);
}

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
