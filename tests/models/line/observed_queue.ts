import type { RoomId } from "../../../src/domain/ids.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";
import { answered } from "./answers.ts";
import { ended, promoted } from "./ends.ts";
import { heardFront } from "./fronts.ts";
import { joined, refused } from "./joins.ts";
import { areKeptOut, forgotten, removed, sealed } from "./removals.ts";
import { applied, contact, counted, type Witness } from "./witness.ts";

/** Whether calls reach the store. */
export interface Wire {
  isDown: boolean;
  /** The next document cannot be loaded. */
  losesFront: boolean;
  /** The answers of `status` so far. */
  asked: number;
  /** What is thrown when a call does not reach the store. */
  failure(): Error;
  /** Counts the stock because an answer asks for it. */
  recount(): void;
}

/**
 * The store behind a wire that can be down. The witness of a room hears every answer, also those
 * that are lost on the way to a fan.
 */
export function observedQueue(
  store: QueueStore,
  wire: Wire,
  witnessOf: (room: RoomId) => Witness,
): QueueStore {
  function reach(room: RoomId): Witness {
    if (wire.isDown) throw wire.failure();
    const witness = witnessOf(room);
    contact(witness);
    return witness;
  }

  return {
    async join(room, fan, earlier, options = {}) {
      const witness = reach(room);
      const near = witness.epoch?.near ?? -Infinity;
      const answer = await store.join(room, fan, earlier, options);
      if (!answer.refused) joined(witness, fan, earlier, answer, { ...options, near });
      else refused(witness, fan, earlier, answer, options);
      return answer;
    },
    async status(place) {
      const witness = reach(place.room);
      const standing = await store.status(place);
      answered(witness, place, standing);
      wire.asked++;
      if (standing.state === "WAITING" && standing.countStock) wire.recount();
      return standing;
    },
    async endPlaces(places, because) {
      const rooms = Map.groupBy(places, ({ room }) => room);
      for (const room of rooms.keys()) reach(room);
      await store.endPlaces(places, because);
      for (const [room, ofRoom] of rooms) ended(witnessOf(room), ofRoom, because);
    },
    async leave(place) {
      const witness = reach(place.room);
      const standing = await store.leave(place);
      ended(witness, [place], "LEFT");
      answered(witness, place, standing);
      return standing;
    },
    async front(room) {
      if (wire.losesFront) throw wire.failure();
      const witness = reach(room);
      const reading = await store.front(room);
      if (reading) heardFront(witness, reading.front);
      if (reading?.countStock) wire.recount();
      return reading;
    },
    async promote(room, options = {}) {
      const witness = reach(room);
      const upkeep = await store.promote(room, options);
      promoted(witness, options, upkeep);
      if (upkeep.countStock) wire.recount();
      return upkeep;
    },
    async applyRules(room, rules, stock = null, names = undefined) {
      const witness = reach(room);
      await store.applyRules(room, rules, stock, names);
      if (!areKeptOut(witness, rules)) applied(witness, rules, stock);
    },
    async updateStock(room, stock) {
      const witness = reach(room);
      await store.updateStock(room, stock);
      counted(witness, stock);
    },
    counts: (room) => (reach(room), store.counts(room)),
    history: (room) => (reach(room), store.history(room)),
    overview(limit) {
      if (wire.isDown) throw wire.failure();
      return store.overview(limit);
    },
    findPlace: (room, fan) => (reach(room), store.findPlace(room, fan)),
    findLastPlace: (room, fan) => (reach(room), store.findLastPlace(room, fan)),
    async forgetFan(room, fan) {
      const witness = reach(room);
      await store.forgetFan(room, fan);
      forgotten(witness, fan);
    },
    listDraw: (room, above, limit) => (reach(room), store.listDraw(room, above, limit)),
    async sealRoom(room, version) {
      const witness = reach(room);
      const isSealed = await store.sealRoom(room, version);
      sealed(witness, version, isSealed);
      return isSealed;
    },
    async removeRoom(room, version) {
      const witness = reach(room);
      await store.removeRoom(room, version);
      removed(witness, version);
    },
    knownRooms: () => store.knownRooms(),
    learnRooms: (names) => store.learnRooms(names),
    activeRooms: () => store.activeRooms(),
    ping: () => store.ping(),
  };
}
