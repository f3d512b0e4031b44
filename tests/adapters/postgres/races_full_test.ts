import { holdRaces } from "./hold_races.ts";
import { onceRaces } from "./once_races.ts";
import { operatorRaces } from "./operator_races.ts";
import { payRaces } from "./pay_races.ts";
import { registerRaces } from "./race.ts";
import { roomRaces } from "./room_races.ts";
import { storm } from "./storm.ts";
import { ticketRaces } from "./ticket_races.ts";
import { webhookRaces } from "./webhook_races.ts";

const race = registerRaces();
holdRaces(race);
onceRaces(race);
operatorRaces(race);
payRaces(race);
roomRaces(race);
storm(race);
ticketRaces(race);
webhookRaces(race);
