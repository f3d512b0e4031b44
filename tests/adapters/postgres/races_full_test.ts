import { holdRaces } from "./hold_races.ts";
import { onceRaces } from "./once_races.ts";
import { operatorRaces } from "./operator_races.ts";
import { payRaces } from "./pay_races.ts";
import { refundRaces } from "./refund_races.ts";
import { registerRaces } from "./race.ts";
import { roomRaces } from "./room_races.ts";
import { storm } from "./storm.ts";

const race = registerRaces();
holdRaces(race);
onceRaces(race);
operatorRaces(race);
payRaces(race);
refundRaces(race);
roomRaces(race);
storm(race);
