import type { OperatorRoom } from "./api/answers.ts";
import { createHttpClient, type HttpClient, type HttpListener } from "./api/http_client.ts";
import { createStopSwitch } from "./api/stop_switch.ts";
import { createFans } from "./crowd/create_fans.ts";
import type { Fan, SaleContext } from "./crowd/fan.ts";
import { checkSignIn, createLocalSignIn, createTokenSigner } from "./crowd/sign_in.ts";
import { createRushConcert, withdrawRushConcert } from "./operator/rush_concert.ts";
import { createRushRoom } from "./operator/rush_room.ts";
import { sampleDraw } from "./operator/sampler.ts";
import type { RushParts, Target } from "./rush_parts.ts";
import type { RushTools } from "./rush_tools.ts";

/** A stopped rush does not wait longer for its last call. */
const CLOSE_RETRY_LIMIT_MS = 10_000;
const NO_LISTENER: HttpListener = { waitedForSocket() {}, answered() {}, answerLost() {} };

/** The crowd and its sale: a room and a concert of their own. */
export interface RushSale {
  readonly context: SaleContext;
  readonly room: OperatorRoom;
  readonly fans: readonly Fan[];
}

/** Fails at once where nothing listens, and not after the retries of the first call. */
async function checkReachable(client: HttpClient, base: string): Promise<void> {
  const answer = await client.sendOnce({ name: "health", method: "GET", path: "/healthz" });
  if (answer === null) throw new Error(`no server answers at ${base}`);
}

/** Signs the fans in, creates the room and puts the concert on sale. */
export async function openSale(
  tools: RushTools,
  { options, target }: RushParts,
): Promise<RushSale> {
  const { operatorClient: client, observations, now } = tools;
  const { adminToken, userJwtSecret } = target;
  await checkReachable(client, target.base);
  const runId = crypto.randomUUID().slice(0, 8);
  const signIn = userJwtSecret ? createTokenSigner(userJwtSecret) : createLocalSignIn(client);
  const fans = await createFans(options, runId, signIn);
  await checkSignIn(client, fans[0]!.bearer);
  const createdAtMs = now();
  const roomOptions = { ...options, room: `rush-${runId}` };
  const room = await createRushRoom(client, adminToken, roomOptions, Date.now());
  const hasLobby = options.lobbySeconds > 0;
  if (hasLobby) await sampleDraw({ client, observations, room: room.room });
  const { seats, thinkSeconds } = options;
  const concertId = await createRushConcert(client, adminToken, room.room, seats, Date.now());
  const context: SaleContext = {
    client: tools.crowdClient,
    observations,
    stopSwitch: tools.crowdSwitch,
    operatorToken: adminToken,
    room: room.room,
    concertId,
    thinkSeconds,
    wallClock: Date.now,
    now,
    roomAgeMs: hasLobby ? now() - createdAtMs : 0,
    selfChargeForbidden: false,
  };
  return { context, room, fans };
}

/**
 * Withdraws the concert, so that it does not stay on sale on a server that goes on. Returns a note
 * where that failed.
 */
export async function closeSale(
  { context: { concertId, now } }: RushSale,
  { base, adminToken }: Target,
): Promise<string[]> {
  const client = createHttpClient({
    base,
    sockets: 1,
    stopSwitch: createStopSwitch(),
    retryLimitMs: CLOSE_RETRY_LIMIT_MS,
    now,
    listener: NO_LISTENER,
  });
  try {
    await withdrawRushConcert(client, adminToken, concertId);
    return [];
  } catch (error) {
    return [`Concert ${concertId} is still on sale: ${(error as Error).message}`];
  }
}
