import type { BalanceAnswer, PayAnswer, Reservation } from "../api/answers.ts";
import { type Answer, type Call, describeAnswer, type Refusal } from "../api/call.ts";
import type { Fan, SaleContext } from "./fan.ts";
import type { SendFault } from "./fan_traits.ts";
import { recordPayment } from "./purchase_log.ts";
import { nextIdempotencyKey, sendWithFaults } from "./send_with_faults.ts";

const MAX_CHARGE = 10_000_000;
const MAX_CHARGES = 4;
/** The share of the missing sum that some fans charge at first. */
const UNDERCHARGED_SHARE = 0.6;

export type PayEnding = "PAID" | "LAPSED" | "REFUSED";

function checkBalance(
  { userId, log }: Fan,
  { observations }: SaleContext,
  balance: number,
  act: string,
): void {
  const expected = log.charged - log.paid;
  if (balance === expected) return;
  observations.addContractFault(
    `money: after ${act} the answer to ${userId} has a balance of ${balance}, not ${expected}`,
  );
}

/** Charges as the fan, or as the operator where fans may not. */
async function sendCharge(
  fan: Fan,
  context: SaleContext,
  amount: number,
  fault: SendFault,
): Promise<Answer<BalanceAnswer>> {
  const charge = {
    name: "charge",
    method: "POST",
    idempotencyKey: nextIdempotencyKey(fan),
  } as const;
  if (!context.selfChargeForbidden) {
    const call: Call = {
      ...charge,
      path: "/v1/balance/charges",
      bearer: fan.bearer,
      json: { amount },
    };
    const answer = await sendWithFaults<BalanceAnswer>(fan, context, call, fault);
    if (answer.ok || answer.problem.code !== "FORBIDDEN") return answer;
    context.selfChargeForbidden = true;
  }
  return await sendWithFaults<BalanceAnswer>(fan, context, {
    ...charge,
    path: "/v1/admin/balance/charges",
    bearer: context.operatorToken,
    json: { userId: fan.userId, amount },
  }, fault);
}

/** Returns whether the charge succeeded. */
async function charge(
  fan: Fan,
  context: SaleContext,
  amount: number,
  fault: SendFault,
): Promise<boolean> {
  const { log } = fan;
  log.uncertainCharge = amount;
  const answer = await sendCharge(fan, context, amount, fault);
  log.uncertainCharge = 0;
  if (!answer.ok) {
    context.observations.addContractFault(`a charge was answered with ${describeAnswer(answer)}`);
    return false;
  }
  log.charged += amount;
  checkBalance(fan, context, answer.body.balance, "a charge");
  return true;
}

async function sendPayment(
  fan: Fan,
  context: SaleContext,
  holds: readonly Reservation[],
): Promise<Answer<PayAnswer>> {
  const reservationIds = holds.map(({ reservationId }) => reservationId);
  const { firstPayments } = context.observations;
  for (const { seatId } of holds) {
    if (!firstPayments.has(seatId)) firstPayments.set(seatId, context.now());
  }
  fan.log.uncertainReservations = new Set(reservationIds);
  const answer = await sendWithFaults<PayAnswer>(fan, context, {
    name: "pay",
    method: "POST",
    path: "/v1/payments",
    bearer: fan.bearer,
    idempotencyKey: nextIdempotencyKey(fan),
    json: { reservationIds },
  }, fan.traits.payFault);
  fan.log.uncertainReservations = new Set();
  return answer;
}

/** What a refused payment means. Null: the fan charges more and pays again. */
function endingOf(refusal: Refusal, { observations }: SaleContext): PayEnding | null {
  const { code, detail } = refusal.problem;
  if (code === "INSUFFICIENT_BALANCE") return null;
  if (code === "RESERVATION_NOT_PAYABLE") return "LAPSED";
  observations.addContractFault(
    `a payment was answered with ${describeAnswer(refusal)} ${detail ?? ""}`.trim(),
  );
  return "REFUSED";
}

/** Charges what is missing and pays the holds. */
export async function payFor(
  fan: Fan,
  context: SaleContext,
  holds: readonly Reservation[],
): Promise<PayEnding> {
  const { log, traits } = fan;
  const total = holds.reduce((sum, { price }) => sum + price, 0);
  let missing = total - (log.charged - log.paid);
  if (traits.undercharges) missing = Math.floor(missing * UNDERCHARGED_SHARE);
  for (let charges = 0; charges < MAX_CHARGES; charges++) {
    const amount = Math.min(missing, MAX_CHARGE);
    const fault = charges === 0 ? traits.chargeFault : "none";
    if (amount > 0 && !await charge(fan, context, amount, fault)) return "REFUSED";
    const answer = await sendPayment(fan, context, holds);
    if (answer.ok) {
      recordPayment(log, answer.body, holds);
      context.observations.sold += answer.body.payments.length;
      context.observations.lastSaleAtMs = answer.receivedAtMs;
      checkBalance(fan, context, answer.body.balance, "a payment");
      return "PAID";
    }
    const ending = endingOf(answer, context);
    if (ending) return ending;
    missing = total - (log.charged - log.paid);
  }
  return "REFUSED";
}
