import type { ApiBox, ApiTarget } from "../support/api_box.ts";
import { admissionLaws } from "./admission.ts";
import { auditLaws } from "./audit.ts";
import { balanceLaws } from "./balance.ts";
import { concertLaws } from "./concerts.ts";
import { documentLaws } from "./openapi_document.ts";
import { doorLaws } from "./credentials.ts";
import { idempotencyLaws } from "./idempotency.ts";
import { jwksLaws } from "./jwks.ts";
import { knownFaults } from "./known_faults.ts";
import type { ApiTest } from "./scenario.ts";
import { lineLaws } from "./queue.ts";
import { lobbyLaws } from "./lobby.ts";
import { operatorLaws } from "./concert_admin.ts";
import { pageLaws } from "./pages.ts";
import { paymentLaws } from "./payments.ts";
import { requestLaws } from "./requests.ts";
import { reservationLaws } from "./reservations.ts";
import { roomDoorLaws } from "./room_access.ts";
import { roomLaws } from "./room_admin.ts";
import { roundTripLaws } from "./round_trips.ts";
import { seatVersionLaws } from "./seat_versions.ts";
import { stockLaws } from "./stock.ts";
import { supportLaws } from "./support.ts";
import { userTokenLaws } from "./user_tokens.ts";
import { validationLaws } from "./validation.ts";

/**
 * What Stanchion must do wherever it runs, told from outside. `name` begins the name of each test.
 * All tests share the target's database: each brings its own fans and concerts.
 */
export function apiContract(name: string, target: () => Promise<ApiTarget>): void {
  let opened: ApiTarget | undefined;
  Deno.test.beforeAll(async () => {
    opened = await target();
  });
  Deno.test.afterAll(async () => {
    await opened?.close();
  });

  const test: ApiTest = (law, run) => {
    Deno.test(`${name}: ${law}`, async () => {
      const boxes: ApiBox[] = [];
      try {
        await run(async (settings = {}) => {
          if (!opened) throw new Error("the target is closed");
          const box = await opened.open({ settings });
          boxes.push(box);
          return box;
        });
      } finally {
        for (const box of boxes) {
          await box.settle();
          await box.close();
        }
      }
    });
  };

  lineLaws(test);
  admissionLaws(test);
  concertLaws(test);
  reservationLaws(test);
  paymentLaws(test);
  idempotencyLaws(test);
  balanceLaws(test);
  operatorLaws(test);
  roomLaws(test);
  roomDoorLaws(test);
  lobbyLaws(test);
  stockLaws(test);
  auditLaws(test);
  seatVersionLaws(test);
  supportLaws(test);
  userTokenLaws(test);
  jwksLaws(test);
  doorLaws(test);
  requestLaws(test);
  validationLaws(test);
  documentLaws(test);
  pageLaws(test);
  roundTripLaws(test);
  knownFaults(test);
}
