/** The command that runs one test file again under these settings, from the top folder. */
export function repeatCommand(
  file: string,
  settings: Readonly<Record<string, string | number | null>>,
): string {
  const words = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return [...words, "npx -y deno@2.9.6 test -A --config src/tools/deno.json", file].join(" ");
}
