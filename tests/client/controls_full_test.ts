import { equal, ok, rejects } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { mutate } from "../models/mutants.ts";
import { clientChecks } from "./checks/all.ts";
import { ACT_MUTATIONS } from "./mutations/acts.ts";
import type { ClientMutation } from "./mutations/mutation.ts";
import { PLACE_MUTATIONS } from "./mutations/places.ts";
import { POLLING_MUTATIONS } from "./mutations/polling.ts";
import { SEAT_MUTATIONS } from "./mutations/seats.ts";
import type { Create } from "./support/device.ts";

const SOURCE = fileURLToPath(new URL("../../src/client/", import.meta.url));

/** Runs `act` with a client whose source lacks the guard. */
async function withMutant(
  mutation: ClientMutation,
  act: (create: Create) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "stanchion-mutant-" });
  try {
    for await (const { name, isFile } of Deno.readDir(SOURCE)) {
      if (isFile) await Deno.copyFile(`${SOURCE}${name}`, `${folder}/${name}`);
    }
    const { mutated } = await mutate({ ...mutation, law: /./ });
    const name = mutation.file.replace("client/", "");
    await Deno.writeTextFile(`${folder}/${name}`, `// @ts-nocheck: broken on purpose\n${mutated}`);
    const { createStanchionClient } = await import(`file://${folder}/client.ts`);
    await act(createStanchionClient);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A check that waits in vain has noticed, too. */
async function inTime(check: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the check waits in vain")), 5_000);
  });
  try {
    await Promise.race([check, late]);
  } finally {
    clearTimeout(timer);
  }
}

// A broken client may leave a promise behind that fails.
addEventListener("unhandledrejection", (event) => event.preventDefault());

const MUTATIONS = [
  ...POLLING_MUTATIONS,
  ...PLACE_MUTATIONS,
  ...ACT_MUTATIONS,
  ...SEAT_MUTATIONS,
];

for (const mutation of MUTATIONS) {
  Deno.test({
    name: `client without "${mutation.guard}" fails`,
    async fn() {
      const check = clientChecks[mutation.check];
      ok(check, `there is no check "${mutation.check}"`);
      await withMutant(mutation, (create) => rejects(inTime(check(create))));
    },
  });
}

Deno.test("each guard of the client has one control", () => {
  const names = MUTATIONS.map(({ guard }) => guard);
  equal(new Set(names).size, names.length);
});
