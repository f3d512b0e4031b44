import type { ApiBox, ApiTarget } from "../support/api_box.ts";
import { admissionScenarios } from "./admission.ts";
import { issuedAdmissionScenarios } from "./issued_admissions.ts";
import { auditScenarios } from "./audit.ts";
import { balanceScenarios } from "./balance.ts";
import { checkInScenarios } from "./check_ins.ts";
import { concertScenarios } from "./concerts.ts";
import { openapiDocumentScenarios } from "./openapi_document.ts";
import { concertListScenarios } from "./concert_list.ts";
import { crossOriginScenarios } from "./cross_origin.ts";
import { credentialScenarios } from "./credentials.ts";
import { erasureScenarios } from "./erasure.ts";
import { farPollScenarios } from "./far_polls.ts";
import { idempotencyScenarios } from "./idempotency.ts";
import { jwksScenarios } from "./jwks.ts";
import { knownFaultScenarios } from "./known_faults.ts";
import type { Scenario } from "./scenario.ts";
import { languageScenarios } from "./languages.ts";
import { programmeScenarios } from "./programme.ts";
import { queueScenarios } from "./queue.ts";
import { endingLobbyScenarios } from "./ending_lobby.ts";
import { lobbyScenarios } from "./lobby.ts";
import { concertAdminScenarios } from "./concert_admin.ts";
import { mannersScenarios } from "./manners.ts";
import { metricsScenarios } from "./metrics.ts";
import { optionalKeyScenarios } from "./optional_keys.ts";
import { fanPageScenarios } from "./fan_pages.ts";
import { pageScenarios } from "./pages.ts";
import { paymentScenarios } from "./payments.ts";
import { refundScenarios } from "./refunds.ts";
import { requestScenarios } from "./requests.ts";
import { reservationScenarios } from "./reservations.ts";
import { roomAccessScenarios } from "./room_access.ts";
import { roomAdminScenarios } from "./room_admin.ts";
import { roomHistoryScenarios } from "./room_history.ts";
import { roomRemovalScenarios } from "./room_removal.ts";
import { roundTripScenarios } from "./round_trips.ts";
import { seatScenarios } from "./seats.ts";
import { bestAvailableScenarios } from "./best_available.ts";
import { salesScenarios } from "./sales.ts";
import { scheduleChangeScenarios } from "./schedule_changes.ts";
import { seatAdminScenarios } from "./seat_admin.ts";
import { stockScenarios } from "./stock.ts";
import { supportScenarios } from "./support.ts";
import { ticketScenarios } from "./tickets.ts";
import { traceScenarios } from "./traces.ts";
import { userTokenScenarios } from "./user_tokens.ts";
import { webhookRegistrationScenarios } from "./webhook_registrations.ts";
import { webhookScenarios } from "./webhooks.ts";
import { textScenarios } from "./texts.ts";
import { validationScenarios } from "./validation.ts";

/**
 * The behaviour of the whole API, tested over HTTP against one target. The name of each test begins
 * with `name`. All scenarios share the target's database: each uses its own fans and concerts.
 */
export function apiScenarios(name: string, target: () => Promise<ApiTarget>): void {
  let opened: ApiTarget | undefined;
  Deno.test.beforeAll(async () => {
    opened = await target();
  });
  Deno.test.afterAll(async () => {
    await opened?.close();
  });

  const test: Scenario = (scenario, run) => {
    Deno.test(`${name}: ${scenario}`, async () => {
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

  queueScenarios(test);
  farPollScenarios(test);
  admissionScenarios(test);
  issuedAdmissionScenarios(test);
  concertScenarios(test);
  concertListScenarios(test);
  languageScenarios(test);
  programmeScenarios(test);
  reservationScenarios(test);
  paymentScenarios(test);
  ticketScenarios(test);
  checkInScenarios(test);
  refundScenarios(test);
  idempotencyScenarios(test);
  optionalKeyScenarios(test);
  balanceScenarios(test);
  concertAdminScenarios(test);
  scheduleChangeScenarios(test);
  seatAdminScenarios(test);
  salesScenarios(test);
  roomAdminScenarios(test);
  roomHistoryScenarios(test);
  roomRemovalScenarios(test);
  roomAccessScenarios(test);
  lobbyScenarios(test);
  endingLobbyScenarios(test);
  stockScenarios(test);
  auditScenarios(test);
  seatScenarios(test);
  bestAvailableScenarios(test);
  supportScenarios(test);
  erasureScenarios(test);
  userTokenScenarios(test);
  jwksScenarios(test);
  credentialScenarios(test);
  requestScenarios(test);
  textScenarios(test);
  validationScenarios(test);
  webhookScenarios(test);
  webhookRegistrationScenarios(test);
  openapiDocumentScenarios(test);
  fanPageScenarios(test);
  pageScenarios(test);
  crossOriginScenarios(test);
  mannersScenarios(test);
  metricsScenarios(test);
  traceScenarios(test);
  roundTripScenarios(test);
  knownFaultScenarios(test);
}
