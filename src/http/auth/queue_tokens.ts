import { jwtVerify, SignJWT } from "jose";
import { isFanId, type RoomId } from "../../domain/ids.ts";
import type { PlaceRef } from "../../domain/queue.ts";

/** The type in the token's header. A user's token never has it, and a queue token always does. */
export const QUEUE_TOKEN_TYPE = "stanchion-queue+jwt";

const MAX_TOKEN_LENGTH = 4096;
const ALGORITHM = "HS256";

export interface QueueTokens {
  sign(place: PlaceRef): Promise<string>;
  /** The place a token stands for; null if this line did not sign it. No store is asked. */
  verify(token: string): Promise<PlaceRef | null>;
}

/** Signs with the first secret and accepts all, so that secrets can be exchanged. */
export function createQueueTokens(secrets: readonly string[]): QueueTokens {
  const keys = secrets.map((secret) => new TextEncoder().encode(secret));

  async function verifyWith(key: Uint8Array, token: string): Promise<PlaceRef | null> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        typ: QUEUE_TOKEN_TYPE,
      });
      const { sub: fan, room, epoch, ord: order } = payload;
      const wellFormed = isFanId(fan) && typeof room === "string" && typeof epoch === "string" &&
        Number.isSafeInteger(order);
      return wellFormed ? { room: room as RoomId, fan, order: order as number, epoch } : null;
    } catch {
      return null;
    }
  }

  return {
    sign({ room, fan, order, epoch }) {
      return new SignJWT({ room, epoch, ord: order })
        .setProtectedHeader({ alg: ALGORITHM, typ: QUEUE_TOKEN_TYPE })
        .setSubject(fan)
        .sign(keys[0]!);
    },
    async verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) return null;
      for (const key of keys) {
        const place = await verifyWith(key, token);
        if (place) return place;
      }
      return null;
    },
  };
}
