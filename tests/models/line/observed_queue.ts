import type { QueueStore } from "../../../src/ports/queue_store.ts";
import { answered } from "./answers.ts";
import { ended, promoted } from "./ends.ts";
import { heardFront } from "./fronts.ts";
import { joined, refused } from "./joins.ts";
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
 * The store behind a wire that can be down. The witness hears every answer, also those that are
 * lost on the way to a fan.
 */
export function observedQueue(store: QueueStore, wire: Wire, witness: Witness): QueueStore {
  function reach(): void {
    if (wire.isDown) throw wire.failure();
    contact(witness);
  }

  return {
    async join(room, fan, earlier, options = {}) {
      reach();
      const answer = await store.join(room, fan, earlier, options);
      if (!answer.refused) joined(witness, fan, earlier, answer, options);
      else refused(witness, fan, earlier, answer, options);
      return answer;
    },
    async status(place) {
      reach();
      const standing = await store.status(place);
      answered(witness, place, standing);
      wire.asked++;
      if (standing.state === "WAITING" && standing.countStock) wire.recount();
      return standing;
    },
    async endPlaces(places, because) {
      reach();
      await store.endPlaces(places, because);
      ended(witness, places, because);
    },
    async leave(place) {
      reach();
      const standing = await store.leave(place);
      ended(witness, [place], "LEFT");
      answered(witness, place, standing);
      return standing;
    },
    async front(room) {
      if (wire.losesFront) throw wire.failure();
      reach();
      const reading = await store.front(room);
      if (reading) heardFront(witness, reading.front);
      if (reading?.countStock) wire.recount();
      return reading;
    },
    async promote(room, options = {}) {
      reach();
      const upkeep = await store.promote(room, options);
      promoted(witness, options, upkeep);
      if (upkeep.countStock) wire.recount();
      return upkeep;
    },
    async applyRules(room, rules, stock = null) {
      reach();
      await store.applyRules(room, rules, stock);
      applied(witness, rules, stock);
    },
    async updateStock(room, stock) {
      reach();
      await store.updateStock(room, stock);
      counted(witness, stock);
    },
    counts: (room) => (reach(), store.counts(room)),
    history: (room) => (reach(), store.history(room)),
    overview: (limit) => (reach(), store.overview(limit)),
    findPlace: (room, fan) => (reach(), store.findPlace(room, fan)),
    findLastPlace: (room, fan) => (reach(), store.findLastPlace(room, fan)),
    forgetFan: (room, fan) => (reach(), store.forgetFan(room, fan)),
    listDraw: (room, above, limit) => (reach(), store.listDraw(room, above, limit)),
    sealRoom: (room, version) => store.sealRoom(room, version),
    removeRoom: (room, version) => store.removeRoom(room, version),
    knownRooms: () => store.knownRooms(),
    learnRooms: (names) => store.learnRooms(names),
    activeRooms: () => store.activeRooms(),
    ping: () => store.ping(),
  };
}
