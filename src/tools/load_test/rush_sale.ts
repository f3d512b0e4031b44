import type { OperatorRoom } from "./api/answers.ts";
import type { HttpClient } from "./api/http_client.ts";
import { createFans } from "./crowd/create_fans.ts";
import type { Fan, SaleContext } from "./crowd/fan.ts";
import { checkSignIn, createLocalSignIn, createTokenSigner } from "./crowd/sign_in.ts";
import { createRushConcert } from "./operator/rush_concert.ts";
import { createRushRoom } from "./operator/rush_room.ts";
import { sampleDraw } from "./operator/sampler.ts";
import { takeBack } from "./operator/take_back.ts";
import type { RushParts } from "./rush_parts.ts";
import type { RushTools } from "./rush_tools.ts";

/** The crowd and its sale: a room and a concert of their own. */
export interface RushSale {
  readonly context: SaleContext;
  readonly room: OperatorRoom;
  readonly fans: readonly Fan[];
  /** When the room opens, in milliseconds since the start of the rush. */
  readonly opensAtMs: number;
}

/** What a rush makes on the server: the room has this name, and the concert is in the room. */
export interface RushTraces {
  readonly room: string;
  /** Empty before anybody could have a place. */
  fans: readonly Fan[];
}

export function createTraces(): RushTraces {
  return { room: `rush-${crypto.randomUUID().slice(0, 8)}`, fans: [] };
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
  traces: RushTraces,
): Promise<RushSale> {
  const { operatorClient: client, observations, now } = tools;
  const { adminToken, userJwtSecret } = target;
  await checkReachable(client, target.base);
  const signIn = userJwtSecret ? createTokenSigner(userJwtSecret) : createLocalSignIn(client);
  const fans = await createFans(options, traces.room, signIn);
  traces.fans = fans;
  await checkSignIn(client, fans[0]!.bearer);
  const createdAtMs = now();
  const roomOptions = { ...options, room: traces.room };
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
  const opensAtMs = hasLobby ? createdAtMs + 1000 * options.lobbySeconds : now();
  return { context, room, fans, opensAtMs };
}

/** Takes back what the rush made, unless it shall stay. Returns notes for the report. */
export async function closeSale(
  { room, fans }: RushTraces,
  { now }: RushTools,
  { options, target: { base, adminToken: operatorToken }, progress }: RushParts,
): Promise<string[]> {
  // The rush's own server ends with it.
  if (options.base === null) return [];
  if (options.keep) return [`The room ${room} and its concert are kept.`];
  progress.startTakingBack();
  return await takeBack({ base, operatorToken, room, fans, now });
}
