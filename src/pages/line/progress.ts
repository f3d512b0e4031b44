import type { WaitingLine } from "@stanchion/client";

/** How far a place has come: what was ahead of it at first, and the share it has gone, 0 to 1. */
interface Way {
  readonly first: number;
  readonly gone: number;
}

const nameOf = (room: string, ticket: number | null) => `stanchion way ${room} ${ticket}`;

/**
 * The share of the way that a place has gone. It never falls, whatever an answer says, also over a
 * reload.
 */
export function shareGone(room: string, { ticket, ahead }: WaitingLine): number {
  const name = nameOf(room, ticket);
  let way: Way = { first: 0, gone: 0 };
  try {
    way = JSON.parse(sessionStorage.getItem(name) ?? "") as Way;
  } catch { /* The first answer. */ }
  if (ahead === null) return way.gone;
  const first = Math.max(way.first, ahead, 1);
  const gone = Math.max(way.gone, 1 - ahead / first);
  try {
    sessionStorage.setItem(name, JSON.stringify({ first, gone }));
  } catch { /* Then a reload starts the bar again. */ }
  return gone;
}
