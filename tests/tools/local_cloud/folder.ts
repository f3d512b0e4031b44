/** In a folder that the user postgres can read, for a run as root. */
export async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
