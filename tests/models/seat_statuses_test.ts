import { createSeatStatuses } from "../../src/application/seat_statuses.ts";
import { historiesTest } from "./histories.ts";
import { memoryCaches } from "./memory.ts";
import { seatStatusesHistories } from "./seat_statuses_histories.ts";

// More of them: seat_statuses_full_test.ts.
historiesTest(
  "seat statuses",
  "tests/models/seat_statuses_test.ts",
  150,
  seatStatusesHistories({ harness: memoryCaches(), createSeatStatuses }),
);
