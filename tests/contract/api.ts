import type { ApiBox, ApiTarget } from "../support/api_box.ts";
import { admissionLaws } from "./api/admission_laws.ts";
import { auditLaws } from "./api/audit_laws.ts";
import { balanceLaws } from "./api/balance_laws.ts";
import { concertLaws } from "./api/concert_laws.ts";
import { documentLaws } from "./api/document_laws.ts";
import { doorLaws } from "./api/door_laws.ts";
import { idempotencyLaws } from "./api/idempotency_laws.ts";
import { jwksLaws } from "./api/jwks_laws.ts";
import { knownFaults } from "./api/known_faults.ts";
import type { ApiTest } from "./api/law.ts";
import { lineLaws } from "./api/line_laws.ts";
import { lobbyLaws } from "./api/lobby_laws.ts";
import { operatorLaws } from "./api/operator_laws.ts";
import { pageLaws } from "./api/page_laws.ts";
import { paymentLaws } from "./api/payment_laws.ts";
import { requestLaws } from "./api/request_laws.ts";
import { reservationLaws } from "./api/reservation_laws.ts";
import { roomDoorLaws } from "./api/room_door_laws.ts";
import { roomLaws } from "./api/room_laws.ts";
import { roundTripLaws } from "./api/round_trip_laws.ts";
import { seatVersionLaws } from "./api/seat_version_laws.ts";
import { stockLaws } from "./api/stock_laws.ts";
import { supportLaws } from "./api/support_laws.ts";
import { userTokenLaws } from "./api/user_token_laws.ts";
import { validationLaws } from "./api/validation_laws.ts";

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
