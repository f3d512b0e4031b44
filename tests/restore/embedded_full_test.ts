import { lineRestored } from "./line.ts";
import { officeRestored } from "./office.ts";
import { restoreTests } from "./restoring.ts";
import { salesRestored } from "./sales.ts";

const test = restoreTests();
salesRestored(test);
lineRestored(test);
officeRestored(test);
