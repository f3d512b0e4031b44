import { firstBreach } from "../histories.ts";
import { mutatedLine } from "../mutated_lines.ts";
import { mutate } from "../mutants.ts";
import { FRONT_MUTATIONS, TOKEN_MUTATIONS, TURN_MUTATIONS } from "../line_mutations.ts";
import { DRAW_MUTATIONS, LEVER_MUTATIONS } from "../line_lever_mutations.ts";
const [filter = ".", count = "3000", seed = "20300101"] = Deno.args;
const all = [
  ...FRONT_MUTATIONS,
  ...TURN_MUTATIONS,
  ...TOKEN_MUTATIONS,
  ...LEVER_MUTATIONS,
  ...DRAW_MUTATIONS,
].filter((m) => new RegExp(filter).test(m.guard));
const folder = await Deno.makeTempDir();
let i = 0;
for (const m of all) {
  try {
    await mutate(m);
  } catch (e) {
    console.log("BROKEN", m.guard, (e as Error).message.split("\n")[0]);
    continue;
  }
  let n = 0;
  const t = performance.now();
  const h = await mutatedLine(`${folder}/${++i}`, m);
  let breach: string | null;
  try {
    breach = await firstBreach({ ...h, play: (x) => (n++, h.play(x)) }, m.law, {
      seed: Number(seed),
      count: Number(count),
    });
  } catch (e) {
    breach = "FAULT " + ((e as Error).cause as Error)?.stack?.slice(0, 500);
  }
  console.log(
    breach ? "found " : "MISSED",
    String(n).padStart(5),
    ((performance.now() - t) / 1000).toFixed(1).padStart(6) + " s",
    m.guard,
    "|",
    breach?.slice(0, 160),
  );
}
await Deno.remove(folder, { recursive: true });
