import { placeOf } from "./epoch.ts";
import type { Fan } from "./fans.ts";
import type { Place } from "./places.ts";
import { limitedInside } from "./witness.ts";
import { recount, type World } from "./world.ts";

/** The fan ends the admission, with a ticket if there is a seat that the fan can have. */
export async function leave(world: World, fan: Fan): Promise<void> {
  const { witness: { epoch }, queue } = world;
  const token = fan.token!;
  const place = epoch && placeOf(epoch, token);
  const buys = place?.hasShownUp === true && mayBuy(world, place);
  if (buys && world.seats !== null) {
    world.seats--;
    const { stock } = epoch!;
    if (!limitedInside(epoch!).includes(place)) stock.unlimitedBuysMs.push(world.line.clock());
    place.hasPaid = true;
    if (world.seats === 0) recount(world);
  }
  fan.token = null;
  fan.isAdmitted = false;
  await queue.endPlaces([token], buys ? "PAID" : "LEFT");
}

/** Seats that come back after the sell-out are for those who went in after it. */
function mayBuy({ witness: { epoch }, seats, random }: World, place: Place): boolean {
  if (random() < 0.2 || place.hasPaid) return false;
  const isLimited = epoch!.stock.limitedSinceMs !== null;
  return seats === null || (seats > 0 && (!isLimited || limitedInside(epoch!).includes(place)));
}
