/** A Markdown page of the repository. */
export interface Document {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
}

const ROOT = new URL("../../", import.meta.url);

/** README.md, the pages of docs/, and the guides. */
export function readDocuments(): Document[] {
  const pages = ["docs/", "docs/guides/"].flatMap((folder) =>
    [...Deno.readDirSync(new URL(folder, ROOT))]
      .filter(({ name }) => name.endsWith(".md")).map(({ name }) => `${folder}${name}`)
  );
  return ["README.md", ...pages.sort()].map(readDocument);
}

export function readDocument(path: string): Document {
  return { path, text: Deno.readTextFileSync(new URL(path, ROOT)) };
}

/** Whether a file or a folder of the repository exists. A folder may end with a slash. */
export function exists(path: string): boolean {
  try {
    const { isDirectory } = Deno.statSync(new URL(path, ROOT));
    return isDirectory || !path.endsWith("/");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}

const BLOCK = /^( *)```(\w*)\n([^]*?)^\1```$/gm;

export function codeBlocks({ text }: Document): CodeBlock[] {
  return [...text.matchAll(BLOCK)].map(([, , language, text]) => ({
    language: language!,
    text: text!,
  }));
}

/** The targets of the links and images outside of code. */
export function linksOf({ text }: Document): string[] {
  const prose = text.replaceAll(BLOCK, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
}

/** The anchors of the headings, as the forge makes them. */
export function anchorsOf({ text }: Document): string[] {
  const seen = new Map<string, number>();
  return [...text.replaceAll(BLOCK, "").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => {
    const anchor = heading!.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
    const earlier = seen.get(anchor) ?? 0;
    seen.set(anchor, earlier + 1);
    return earlier === 0 ? anchor : `${anchor}-${earlier}`;
  });
}

/** The part of a page below a heading, up to the next heading of the same or a higher level. */
export function sectionOf({ path, text }: Document, heading: string): string {
  const [, marks, rest] = new RegExp(`^(#+) ${RegExp.escape(heading)}\n([^]*)`, "m").exec(text) ??
    [];
  if (rest === undefined) throw new Error(`${path} has no heading ${heading}`);
  return rest.split(new RegExp(`^#{1,${marks!.length}} `, "m"))[0]!;
}

/** The rows of the tables, without their headings: the cells, without spaces at their ends. */
export function tableRows(text: string): string[][] {
  return text.split(/\n(?!\|)/).flatMap((part) =>
    part.split("\n").filter((line) => line.startsWith("|")).slice(2)
      .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
  );
}

/** The names in backticks. */
export function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
}
