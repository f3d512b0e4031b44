import type { Histories } from "../histories.ts";
import { Laws } from "../line/laws.ts";
import { type WholeHistory, wholeHistory } from "./acts.ts";
import { openWorldDatabase, type WorldDatabase } from "./database.ts";
import { playWhole } from "./play.ts";
import { PROGRAM, type Program } from "./program.ts";
import { createIdentityProvider } from "./sign_in.ts";
import { SECRET, type Stage } from "./world.ts";

/** What all histories of a program share. The database may be that of another stage. */
export async function createStage(
  program: Program = PROGRAM,
  database?: WorldDatabase,
): Promise<Stage> {
  return {
    program,
    database: database ?? await openWorldDatabase(),
    identity: await createIdentityProvider(SECRET),
    laws: new Laws(),
    counts: { steps: 0, faults: 0, requests: 0 },
    apis: new Map(),
    listener: null,
  };
}

/** Histories of the whole application. */
export function wholeHistories(open: () => Stage): Histories<WholeHistory> {
  return {
    arbitrary: wholeHistory,
    play: (history) => playWhole(open(), history),
    async tell(history) {
      const stage = open();
      const story: string[] = [];
      stage.listener = (line) => story.push(line);
      await playWhole(stage, history).catch(() => {});
      stage.listener = null;
      return story.join("\n");
    },
  };
}
