import { type ActKind, createActs, type UnfinishedAct } from "./acts.ts";
import { type Answer, type Calls, createCalls, type Fetch } from "./calls.ts";
import { type Environment, environmentOf } from "./environment.ts";
import { createOwnSeats } from "./own_seats.ts";
import { createPassage } from "./passage.ts";
import { openPlace } from "./place.ts";
import type { InnerPlace, Place } from "./place_state.ts";
import type { components, paths } from "./schema.ts";
import { createSeatsView, type SeatsOptions, type SeatsView } from "./seats.ts";

type Schemas = components["schemas"];

export interface ClientOptions extends Partial<Environment> {
  /** Scheme and host of Stanchion, and the path below which it is served. */
  readonly baseUrl: string;
  /** The JWT of the fan. */
  readonly accessToken?: string;
  /** Gives the present JWT of the fan, before each call that needs one. */
  readonly getAccessToken?: () => string | null | Promise<string | null>;
  /** The id of the fan, where it cannot be read from the JWT. */
  readonly userId?: string;
  readonly fetch?: Fetch;
}

/** Every route by `GET`, `POST`, `PATCH` and `DELETE`; and what nobody should write twice. */
export interface StanchionClient extends Calls {
  /** The fan's place in line. It polls until it ends or is stopped. */
  joinQueue(room?: string): Promise<Place>;
  /** The seats of a schedule, with the fan's own changes laid over older statuses. */
  seats(concertId: number, scheduleId: number, options?: SeatsOptions): SeatsView;
  /** Holds seats, once however often it is sent. */
  hold(body: Schemas["NewReservations"]): Promise<Answer<paths["/v1/reservations"]["post"]>>;
  /** Pays for holds, once however often it is sent. */
  pay(body: Schemas["NewPayments"]): Promise<Answer<paths["/v1/payments"]["post"]>>;
  /** Tops the balance up, once however often it is sent. */
  charge(body: Schemas["NewCharge"]): Promise<Answer<paths["/v1/balance/charges"]["post"]>>;
  /** Gives a hold back. */
  cancel(reservationId: string): Promise<
    Answer<paths["/v1/reservations/{reservationId}"]["delete"]>
  >;
  /** Acts whose answers were lost, before a reload too. Do them again, to learn the outcome. */
  unfinished(): Promise<UnfinishedAct[]>;
}

type SendAct<Path extends keyof paths> = (
  path: Path,
  options: unknown,
) => Promise<Answer<paths[Path]["post"]>>;

export function createStanchionClient(options: ClientOptions): StanchionClient {
  const environment = environmentOf(options);
  const { baseUrl, userId } = options;
  const accessToken = async () => options.accessToken ?? await options.getAccessToken?.() ?? null;
  const places = new Map<string, InnerPlace>();
  let latest: InnerPlace | null = null;
  let opening: Promise<unknown> = Promise.resolve();

  const ownSeats = createOwnSeats(environment.clock);
  const passage = createPassage({
    accessToken,
    ownSeats,
    queueToken: () => latest?.token ?? null,
    onEndOfAdmission: () => places.forEach((place) => place.recheck()),
  });
  const { fetch = (url, init) => globalThis.fetch(url, init) } = options;
  const api = createCalls({ baseUrl, fetch, ...passage });

  /** What is kept of one fan does not meet what is kept of another, or of another server. */
  const nameOf = async (what: string) =>
    `stanchion ${baseUrl} ${userId ?? subjectOf(await accessToken())} ${what}`;
  const acts = createActs(environment, () => nameOf("acts"));
  const once = <Path extends "/v1/reservations" | "/v1/payments" | "/v1/balance/charges">(
    act: ActKind,
    path: Path,
  ) =>
  (body: unknown) =>
    acts.send(act, body, (key, signal) => {
      const options = { body, signal, params: { header: { "Idempotency-Key": key } } };
      return (api.POST as SendAct<Path>)(path, options);
    });

  async function openRoom(room: string): Promise<Place> {
    const name = await nameOf(`place ${room}`);
    let place = places.get(name);
    if (!place || !await place.isLive()) {
      // Without a token that can be read, nobody else has signed in.
      const isOther = async () => await nameOf(`place ${room}`).catch(() => name) !== name;
      place = await openPlace(room, name, environment, api, isOther);
      places.set(name, place);
    }
    return latest = place;
  }

  return {
    ...api,
    joinQueue(room = "main") {
      // Calls at once get one place: a page may mount twice.
      const opened = opening.then(() => openRoom(room));
      opening = opened.catch(() => {});
      return opened;
    },
    seats: (concertId, scheduleId, options = {}) =>
      createSeatsView({ concertId, scheduleId }, options, environment, api, ownSeats),
    hold: once("hold", "/v1/reservations"),
    pay: once("pay", "/v1/payments"),
    charge: once("charge", "/v1/balance/charges"),
    cancel: (reservationId) =>
      api.DELETE("/v1/reservations/{reservationId}", { params: { path: { reservationId } } }),
    unfinished: acts.unfinished,
  };
}

/** The `sub` of a JWT. */
function subjectOf(token: string | null): string {
  try {
    const payload = token!.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/");
    const { sub } = JSON.parse(atob(payload));
    if (sub) return sub;
  } catch { /* Said below. */ }
  throw new TypeError("no access token or `userId`");
}
