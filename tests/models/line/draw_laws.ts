import { ticketOf } from "../../../src/domain/queue.ts";
import { lotOf } from "../../contract/queue_store/drawing.ts";
import type { Looked } from "./look_laws.ts";
import { isBefore } from "./places.ts";

/** The published list is the order of the draw, and each drawn fan has the ticket that it names. */
export function checkDraw({ witness: { laws }, epoch, after: { list, views } }: Looked): void {
  const [first] = list;
  if (!first) return;
  const drawn = epoch.places.filter((place) => place.lotOpenedMs !== null);
  const entry = drawn.find(({ pseudonym }) => pseudonym === first.pseudonym);
  laws.check("the list names fans who gathered", entry !== undefined, () => first.pseudonym);
  const draw = entry!.draw!;
  const inLot = drawn.filter((place) => place.draw!.id === draw.id);
  const ticketByName = new Map(list.map(({ pseudonym, ticket }) => [pseudonym, ticket]));
  const values = list.map(({ pseudonym }) => lotOf(draw, pseudonym));
  laws.check(
    "the list is in the order of the draw",
    ticketByName.size === list.length &&
      values.every((value, i) => i === 0 || value > values[i - 1]!) &&
      list.every(({ ticket }, i) => ticket === first.ticket + i),
    () => JSON.stringify(list),
  );
  const names = new Map(inLot.map((place) => [place.pseudonym!, place]));
  laws.check(
    "the list names fans who gathered",
    list.every(({ pseudonym }) => names.has(pseudonym)),
    () => JSON.stringify(list.filter(({ pseudonym }) => !names.has(pseudonym))),
  );
  for (const place of inLot) {
    if (place.state === "OVER" || !views.has(place.fan)) continue;
    const listed = ticketByName.get(place.pseudonym!) ?? null;
    const view = views.get(place.fan)!;
    laws.check(
      "each fan has the ticket of the list",
      view.ticket === listed && (place.order === null || ticketOf(place.order) === listed),
      () => `${place.fan} has ${view.ticket}, and the list ${listed}`,
    );
  }
}

/** The number ahead, as support sees it, is true. */
export function checkPositions(
  { witness: { laws, settings: { bounds } }, epoch, after }: Looked,
): void {
  const waiting = [...after.states].filter(([, state]) => state === "WAITING").map(([one]) => one);
  const drawing = waiting.some(({ order }) => order === null);
  for (const place of waiting) {
    const view = after.views.get(place.fan);
    if (!view || view.state !== "WAITING" || view.ahead === null) continue;
    const ahead = waiting.filter((other) => other !== place && isBefore(other, place)).length;
    laws.check(
      "nobody is told fewer ahead than there are",
      view.ahead >= ahead || place.order === null || drawing,
      () => `${place.fan} has ${ahead} ahead, and is told ${view.ahead}`,
    );
    if (place.order === null || drawing) continue;
    const isNear = place.order <= after.front.near && place.order > epoch.first;
    const isExact = isNear && view.ahead <= bounds.exactAhead && !after.front.isReforming;
    laws.check(
      "the very front is told the exact number",
      !isExact || view.ahead === ahead,
      () => `${place.fan} has ${ahead} ahead, and is told ${view.ahead}`,
    );
  }
}
