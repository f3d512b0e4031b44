import type { OperatorConcert, OperatorFan, Page, Payment, Reservation, Sale } from "./answers.ts";
import type { Fan } from "./fan.ts";
import type { Wire } from "./wire.ts";

const PAGE = 100;
/** Pages of one list that are read at most: the most seats a concert can have. */
const MAX_PAGES = 1_001;

export interface FanRecord {
  readonly userId: string;
  readonly balance: number;
  readonly paymentIds: readonly string[];
}

/** What the server itself says of the sale, once all is over. */
export interface Records {
  readonly concert: OperatorConcert;
  readonly sales: readonly Sale[];
  readonly fans: readonly FanRecord[];
  /** What could not be read in the ordinary way, and what was read in its stead. */
  readonly notes: readonly string[];
}

class MissingRoute extends Error {}

export interface RecordsParts {
  readonly wire: Wire;
  readonly operatorToken: string;
  readonly concertId: number;
  readonly fans: readonly Fan[];
}

async function read<Body>(wire: Wire, name: string, path: string, bearer: string): Promise<Body> {
  const answer = await wire.ask<Body>({ name, method: "GET", path, bearer });
  if (answer?.ok) return answer.body;
  if (answer?.status === 404) throw new MissingRoute(path);
  throw new Error(`the audit could not read ${path}: ${answer?.problem.code ?? "no answer"}`);
}

export async function readPages<Item>(
  wire: Wire,
  name: string,
  path: string,
  bearer: string,
  limit = PAGE,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const got: Page<Item> = await read(wire, name, `${path}?limit=${limit}${query}`, bearer);
    items.push(...got.items);
    cursor = got.nextCursor;
    if (cursor === null) return items;
  }
  throw new Error(`${path} has more than ${MAX_PAGES} pages`);
}

/** Null where the server does not have the route. */
async function unlessMissing<Value>(reading: Promise<Value>): Promise<Value | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof MissingRoute) return null;
    throw error;
  }
}

async function ownRecord(wire: Wire, { userId, bearer }: Fan): Promise<FanRecord> {
  const { balance } = await read<{ balance: number }>(wire, "audit", "/v1/balance", bearer);
  const payments = await readPages<Payment>(wire, "audit", "/v1/payments", bearer);
  return { userId, balance, paymentIds: payments.map(({ paymentId }) => paymentId) };
}

async function operatorRecord(
  wire: Wire,
  { userId }: Fan,
  operatorToken: string,
): Promise<FanRecord> {
  const path = `/v1/admin/fans/${encodeURIComponent(userId)}`;
  const { balance, payments } = await read<OperatorFan>(wire, "audit", path, operatorToken);
  return { userId, balance, paymentIds: payments.map(({ paymentId }) => paymentId) };
}

async function readFans({ wire, operatorToken, fans }: RecordsParts) {
  const first = fans[0] && await unlessMissing(operatorRecord(wire, fans[0], operatorToken));
  const own = first === null;
  const records = await Promise.all(
    fans.map((fan) => own ? ownRecord(wire, fan) : operatorRecord(wire, fan, operatorToken)),
  );
  return { records, own };
}

/** Sales as the fans' own lists tell them, where the operator has no list. */
async function ownSales({ wire, fans, concertId }: RecordsParts): Promise<Sale[]> {
  const sales = await Promise.all(fans.map(async ({ userId, bearer }) => {
    const payments = await readPages<Payment>(wire, "audit", "/v1/payments", bearer);
    if (payments.length === 0) return [];
    const list = await readPages<Reservation & { concertId: number }>(
      wire,
      "audit",
      "/v1/reservations",
      bearer,
    );
    const reservations = new Map(list.map((one) => [one.reservationId, one]));
    return payments.flatMap(({ paymentId, reservationId, amount }) => {
      const reservation = reservations.get(reservationId);
      if (reservation?.concertId !== concertId) return [];
      const { scheduleId, seatId } = reservation;
      return [{ paymentId, reservationId, userId, scheduleId, seatId, amount }];
    });
  }));
  return sales.flat();
}

/** Reads it by the operator's routes; where these are missing, from each fan's own lists. */
export async function readRecords(parts: RecordsParts): Promise<Records> {
  const { wire, operatorToken, concertId } = parts;
  const concertPath = `/v1/admin/concerts/${concertId}`;
  const concert = await read<OperatorConcert>(wire, "audit", concertPath, operatorToken);
  const listed = await unlessMissing(
    readPages<Sale>(wire, "audit", `${concertPath}/sales`, operatorToken),
  );
  const { records, own } = await readFans(parts);
  const notes = [
    ...listed === null
      ? [
        "The server has no GET /v1/admin/concerts/{concertId}/sales: the sales were put together " +
        "from each fan's own lists.",
      ]
      : [],
    ...own
      ? [
        "The server has no GET /v1/admin/fans/{userId}: balances and payments were read as each " +
        "fan, and nobody can be seen to be parked.",
      ]
      : [],
  ];
  return { concert, sales: listed ?? await ownSales(parts), fans: records, notes };
}
