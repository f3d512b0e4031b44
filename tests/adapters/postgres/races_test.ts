import { onceRaces } from "./once_races.ts";
import { operatorRaces } from "./operator_races.ts";
import { type RaceTest, registerRaces } from "./race.ts";
import { ticketRaces } from "./ticket_races.ts";

/** Three of many, so that a break is seen at once: all of them are in races_full_test.ts. */
const QUICK = [
  "B4: twenty sends of one payment have one effect and one answer",
  "a hold that waited finds its concert withdrawn meanwhile",
  "B8: of fifty doors, each with a connection of its own, one lets in",
];

const race = registerRaces();
const left = new Set(QUICK);
const quickRace: RaceTest = (name, run) => {
  if (left.delete(name)) race(name, run);
};
onceRaces(quickRace);
operatorRaces(quickRace);
ticketRaces(quickRace);
if (left.size > 0) throw new Error(`there is no race "${[...left].join('", "')}"`);
