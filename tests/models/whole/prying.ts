import { chosen } from "../histories.ts";
import type { Sending } from "./acts.ts";
import { checkAdmission, type WrongCredential } from "./door_laws.ts";
import { dateOf, type Fan } from "./fans.ts";
import type { Work } from "./scheduler.ts";
import type { Sent, World } from "./world.ts";

/** What a fan tries to get without a right to it; null when nobody has it. The first is never null. */
type Prying = (world: World, fan: Fan, whim: number) => Sent | null;

const WRONG_CREDENTIALS: readonly WrongCredential[] = ["NONE", "FORGED"];
const OWN_LISTS = ["reservations", "payments", "tickets", "balance"];

function another({ fans }: World, fan: Fan, whim: number, has: "bought" | "holds") {
  return chosen(fans.filter((other) => other.name !== fan.name && other[has].length > 0), whim);
}

function asksFor(fan: Fan, method: string, path: string, json?: unknown): Sent {
  return {
    name: `${fan.name} tries ${method} ${path}, which is another's`,
    method,
    path,
    fan,
    ...json === undefined ? {} : { json },
    isOfAnother: true,
  };
}

/** Asks for what only the admitted see, wherever the fan's place is. */
function peeks(world: World, fan: Fan, path: string, json?: unknown): Sent {
  const sent: Sent = {
    name: `${fan.name} peeks at ${path}`,
    method: json === undefined ? "GET" : "POST",
    path,
    fan,
    place: fan.token,
    ...json === undefined ? {} : { json },
    answer: (received, work) => checkAdmission(world, sent, received, work),
  };
  return sent;
}

const PRYINGS: readonly Prying[] = [
  (_, fan, whim) => ({
    name: `${fan.name} reads their ${chosen(OWN_LISTS, whim)!} without a valid credential`,
    method: "GET",
    path: `/v1/${chosen(OWN_LISTS, whim)!}`,
    fan,
    wrongCredential: chosen(WRONG_CREDENTIALS, whim >> 2)!,
  }),
  (world, fan, whim) => {
    const payment = chosen(another(world, fan, whim, "bought")?.bought ?? [], whim)?.paymentId;
    if (payment === undefined) return null;
    return whim % 2 === 0
      ? asksFor(fan, "GET", `/v1/payments/${payment}`)
      : asksFor(fan, "POST", `/v1/payments/${payment}/refunds`);
  },
  (world, fan, whim) => {
    const hold = chosen(another(world, fan, whim, "holds")?.holds ?? [], whim)?.reservationId;
    if (hold === undefined) return null;
    if (whim % 2 === 0) return asksFor(fan, "DELETE", `/v1/reservations/${hold}`);
    const sent = asksFor(fan, "POST", "/v1/payments", { reservationIds: [hold] });
    return { ...sent, key: world.newKey() };
  },
  (world, fan, whim) => {
    const other = chosen(world.fans.filter(({ name, token }) => name !== fan.name && token), whim);
    return other ? { ...asksFor(fan, "GET", "/v1/concerts"), place: other.token } : null;
  },
  (world, fan) => peeks(world, fan, "/v1/concerts"),
  (world, fan, whim) => {
    const { concertId, scheduleId } = dateOf(fan, whim);
    const view = ["seats", "seat-map", "seat-statuses"][whim % 3]!;
    return peeks(world, fan, `/v1/concerts/${concertId}/schedules/${scheduleId}/${view}`);
  },
  (world, fan, whim) => {
    const { concertId, scheduleId } = dateOf(fan, whim);
    const json = { concertId, scheduleId, bestAvailable: { quantity: 1 } };
    return peeks(world, fan, "/v1/reservations", json);
  },
];

export async function pries(
  world: World,
  fan: Fan,
  whim: number,
  how: Pick<Sending, "isolate" | "fates">,
): Promise<Work> {
  const number = Math.floor(whim / PRYINGS.length);
  const sent = chosen(PRYINGS, whim)!(world, fan, number) ?? PRYINGS[0]!(world, fan, number)!;
  return await world.send(sent, how);
}
