import type { Balance, Paid, Problem, Reservation } from "./answers.ts";
import type { LostAnswer } from "./character.ts";
import type { Fan, Scene } from "./fan.ts";
import { recordPayment } from "./ledger.ts";
import { newKey, surely } from "./surely.ts";
import type { Answer } from "./wire.ts";

const MAX_CHARGE = 10_000_000;
const MAX_TOP_UPS = 4;

export type PayEnding = "PAID" | "LAPSED" | "FAILED";

/** Tops up: by oneself, or by the operator where fans may not. */
async function charge(fan: Fan, scene: Scene, amount: number, luck: LostAnswer): Promise<boolean> {
  const { ledger } = fan;
  const key = newKey(fan);
  ledger.unsureCharge = amount;
  let answer: Answer<Balance> | null = null;
  if (!scene.selfChargeForbidden) {
    answer = await surely<Balance>(fan, scene, {
      name: "charge",
      method: "POST",
      path: "/v1/balance/charges",
      bearer: fan.bearer,
      key,
      json: { amount },
    }, luck);
    if (answer && !answer.ok && answer.problem.code === "FORBIDDEN") {
      scene.selfChargeForbidden = true;
      answer = null;
    }
  }
  if (scene.selfChargeForbidden) {
    answer = await surely<Balance>(fan, scene, {
      name: "charge",
      method: "POST",
      path: "/v1/admin/balance/charges",
      bearer: scene.operatorToken,
      key,
      json: { userId: fan.userId, amount },
    }, luck);
  }
  if (!answer) return false;
  ledger.unsureCharge = 0;
  if (!answer.ok) {
    scene.seen.odd(`a charge was refused with ${answer.status} ${answer.problem.code}`);
    return false;
  }
  ledger.charged += amount;
  if (answer.body.balance !== ledger.charged - ledger.paid) {
    scene.seen.odd(
      `money: ${fan.userId} was told a balance of ${answer.body.balance} after charging, ` +
        `and has ${ledger.charged - ledger.paid}`,
    );
  }
  return true;
}

/** What a refusal to pay means for the fan; null: top up by `missing` and try again. */
function payEnding(problem: Problem, scene: Scene): PayEnding | null {
  if (problem.code === "INSUFFICIENT_BALANCE") return null;
  if (problem.code === "RESERVATION_NOT_PAYABLE") return "LAPSED";
  scene.seen.odd(`a payment was refused with ${problem.code} ${problem.detail ?? ""}`);
  return "FAILED";
}

async function payOnce(
  fan: Fan,
  scene: Scene,
  holds: readonly Reservation[],
): Promise<Answer<Paid> | null> {
  const reservationIds = holds.map(({ reservationId }) => reservationId);
  const { firstPayments } = scene.seen;
  for (const { seatId } of holds) {
    if (!firstPayments.has(seatId)) firstPayments.set(seatId, scene.now());
  }
  fan.ledger.unsurePayment = new Set(reservationIds);
  const answer = await surely<Paid>(fan, scene, {
    name: "pay",
    method: "POST",
    path: "/v1/payments",
    bearer: fan.bearer,
    key: newKey(fan),
    json: { reservationIds },
  }, fan.who.payAnswer);
  if (answer) fan.ledger.unsurePayment = new Set();
  return answer;
}

/** Pays for holds, topping up as needed; some fans get the sum wrong at first. */
export async function payFor(
  fan: Fan,
  scene: Scene,
  holds: readonly Reservation[],
): Promise<PayEnding> {
  const { ledger, who } = fan;
  const total = holds.reduce((sum, { price }) => sum + price, 0);
  let missing = total - (ledger.charged - ledger.paid);
  if (who.miscounts) missing = Math.floor(missing * 0.6);
  for (let topUps = 0; topUps < MAX_TOP_UPS; topUps++) {
    const amount = Math.min(missing, MAX_CHARGE);
    const luck = topUps === 0 ? who.chargeAnswer : "none";
    if (amount > 0 && !await charge(fan, scene, amount, luck)) return "FAILED";
    const answer = await payOnce(fan, scene, holds);
    if (!answer) return "FAILED";
    if (answer.ok) {
      recordPayment(ledger, answer.body, holds);
      scene.seen.sold += answer.body.payments.length;
      if (answer.body.balance !== ledger.charged - ledger.paid) {
        scene.seen.odd(
          `money: ${fan.userId} was told a balance of ${answer.body.balance} after paying, ` +
            `and has ${ledger.charged - ledger.paid}`,
        );
      }
      return "PAID";
    }
    const ending = payEnding(answer.problem, scene);
    if (ending) return ending;
    missing = total - (ledger.charged - ledger.paid);
  }
  return "FAILED";
}
