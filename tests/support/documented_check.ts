import { codeBlocks, readDocument } from "./documents.ts";

/** How one language runs the function of docs/admissions.md. */
interface Runner {
  /** Programs that can run it; the first that is installed and has what it needs does. */
  readonly programs: readonly string[];
  /** Succeeds where the program has what the function needs. */
  readonly probe: readonly string[];
  readonly file: string;
  readonly run: readonly string[];
  /** Around the function: reads `{keysUrl, room, texts}` from stdin and writes a list of subjects. */
  readonly before: string;
  readonly after: string;
}

export const RUNNERS: Readonly<Record<string, Runner>> = {
  js: {
    programs: ["node"],
    probe: ["--version"],
    file: "check.mjs",
    run: ["check.mjs"],
    before: "",
    after: `
import { readFileSync } from "node:fs";
const { room, texts } = JSON.parse(readFileSync(0, "utf8"));
const results = [];
for (const text of texts) {
  results.push(await check(text, room).then(({ sub }) => sub, () => null));
}
console.log(JSON.stringify(results));
`,
  },
  python: {
    programs: ["python3", "/usr/bin/python3"],
    probe: ["-c", "import jwt, cryptography"],
    file: "check.py",
    run: ["check.py"],
    before: "",
    after: `
import json, sys
given = json.load(sys.stdin)
def subject(text):
    try:
        return check(text, given["room"])["sub"]
    except Exception:
        return None
print(json.dumps([subject(text) for text in given["texts"]]))
`,
  },
  php: {
    programs: ["php"],
    probe: ["-r", "exit(function_exists('sodium_crypto_sign_verify_detached') ? 0 : 1);"],
    file: "check.php",
    run: ["-d", "error_reporting=-1", "-d", "display_errors=stderr", "check.php"],
    before: "<?php\n",
    after: `
$given = json_decode(stream_get_contents(STDIN), true);
$keys = json_decode(file_get_contents($given['keysUrl']), true);
$subject = fn($text) => check($text, $given['room'], $keys)['sub'] ?? null;
echo json_encode(array_map($subject, $given['texts']));
`,
  },
  go: {
    programs: ["go"],
    probe: ["version"],
    file: "check.go",
    run: ["run", "check.go"],
    before: `package main

import (
	"net/http"
	"os"
)
`,
    after: `
func main() {
	var given struct {
		KeysUrl, Room string
		Texts         []string
	}
	json.NewDecoder(os.Stdin).Decode(&given)
	response, err := http.Get(given.KeysUrl)
	if err != nil {
		panic(err)
	}
	var set struct{ Keys []struct{ Kid, X string } }
	json.NewDecoder(response.Body).Decode(&set)
	keys := map[string]ed25519.PublicKey{}
	for _, key := range set.Keys {
		keys[key.Kid], _ = base64.RawURLEncoding.DecodeString(key.X)
	}
	subjects := make([]*string, len(given.Texts))
	for i, text := range given.Texts {
		if claims, valid := check(text, given.Room, keys); valid {
			subjects[i] = &claims.Sub
		}
	}
	json.NewEncoder(os.Stdout).Encode(subjects)
}
`,
  },
};

/** The program that can run this language here; null if there is none. */
export async function programOf(language: string): Promise<string | null> {
  const { programs, probe } = RUNNERS[language]!;
  for (const program of programs) {
    try {
      const { success } = await new Deno.Command(program, { args: [...probe] }).output();
      if (success) return program;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return null;
}

const PRINTED_KEYS = "https://tickets.example.com/.well-known/jwks.json";
const NODE_MODULES = new URL("../../src/tools/node_modules", import.meta.url).pathname;

/** The subject of each text by the function of the page, null where it refuses. */
export async function documentedCheck(
  language: string,
  program: string,
  { keysUrl, room, texts }: { keysUrl: string; room: string; texts: readonly string[] },
): Promise<(string | null)[]> {
  const { file, run, before, after } = RUNNERS[language]!;
  const { text } = codeBlocks(readDocument("docs/admissions.md"))
    .find((block) => block.language === language)!;
  const folder = await Deno.makeTempDir({ prefix: "stanchion-check-" });
  try {
    await Deno.symlink(NODE_MODULES, `${folder}/node_modules`);
    const script = before + text.replace(PRINTED_KEYS, keysUrl) + after;
    await Deno.writeTextFile(`${folder}/${file}`, script);
    const child = new Deno.Command(program, {
      args: [...run],
      cwd: folder,
      env: { no_proxy: "*", GO111MODULE: "off" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const input = child.stdin.getWriter();
    await input.write(new TextEncoder().encode(JSON.stringify({ keysUrl, room, texts })));
    await input.close();
    const { stdout, stderr } = await child.output();
    const errors = new TextDecoder().decode(stderr);
    if (errors !== "") throw new Error(`${language}: ${errors}`);
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
