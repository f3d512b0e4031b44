import { lineRestored } from "./line.ts";
import { officeRestored } from "./office.ts";
import { dump } from "../support/restorable_database.ts";
import { restoreTests } from "./restoring.ts";
import { salesRestored } from "./sales.ts";

const test = restoreTests(dump);
salesRestored(test);
lineRestored(test);
officeRestored(test);
