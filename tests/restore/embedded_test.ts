import { lineRestored } from "./line.ts";
import { officeRestored } from "./office.ts";
import { type RestoreTest, restoreTests } from "./restoring.ts";
import { salesRestored } from "./sales.ts";

/** Some of many, so that a break is seen at once: all of them are in embedded_full_test.ts. */
const QUICK = [
  "what was bought since the backup is unknown, and its seat is sold to another",
  "ids that were given since the backup are given to nothing else",
  "a room that was HELD since the backup stays HELD until the operator opens it (L7, L8)",
  "a refund that is unfinished again is carried on after the caches are evicted",
  "events of the backup come again under their ids, and later ones above all that were sent",
];

const test = restoreTests();
const left = new Set(QUICK);
const quickTest: RestoreTest = (name, run) => {
  if (left.delete(name)) test(name, run);
};
salesRestored(quickTest);
lineRestored(quickTest);
officeRestored(quickTest);
if (left.size > 0) throw new Error(`there is no test "${[...left].join('", "')}"`);
