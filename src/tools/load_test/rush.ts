import { Stopped } from "./api/stop_switch.ts";
import { checkCrowd } from "./checks/crowd_checks.ts";
import type { Evidence, RoomEvidence } from "./checks/evidence.ts";
import { checkSaleRecords } from "./checks/sale_checks.ts";
import type { Ending } from "./crowd/fan.ts";
import { runFanSession } from "./crowd/fan_session.ts";
import { readDrawRecords } from "./operator/draw_records.ts";
import { readRoom, wasChanged } from "./operator/rush_room.ts";
import { readSaleRecords } from "./operator/sale_records.ts";
import { runSampler, sampleQueue } from "./operator/sampler.ts";
import { computeFigures } from "./report/figures.ts";
import { lawsOf } from "./report/laws.ts";
import type { RushParts } from "./rush_parts.ts";
import type { RushResult } from "./rush_result.ts";
import { closeSale, createTraces, openSale, type RushSale } from "./rush_sale.ts";
import { createRushTools, type RushTools } from "./rush_tools.ts";
import { timeLimitSeconds } from "./time_limit.ts";

const RESET_NOTE = "The queue was reset during the rush: its order was not checked.";
const CHANGED_NOTE = "The room was changed during the rush: its draw and rate were not checked.";

function limitSecondsOf({ room }: RushSale, { options, target }: RushParts): number {
  const { fans, noShows, lobbySeconds, maxSeconds } = options;
  const showUpSeconds = target.showUpMs === null ? null : target.showUpMs / 1000;
  return maxSeconds ?? timeLimitSeconds({ fans, noShows, lobbySeconds, room, showUpSeconds });
}

/** Runs all fans until they are done or the time limit is reached. Samples the queue meanwhile. */
async function runCrowd(
  { context, fans, room }: RushSale,
  tools: RushTools,
  { options, target, progress }: RushParts,
  limitSeconds: number,
) {
  const { now, observations } = tools;
  const endings: Ending[] = [];
  const sampler = {
    client: tools.samplerClient,
    observations,
    stopSwitch: tools.samplerSwitch,
    operatorToken: target.adminToken,
    room: room.room,
    hasLobby: options.lobbySeconds > 0,
    now,
    onSample: () => progress.show(endings.length, observations.samples.at(-1)),
  };
  progress.start(limitSeconds);
  const sampling = runSampler(sampler);
  const limit = setTimeout(() => tools.crowdSwitch.stop(), limitSeconds * 1000);
  const startedAtMs = now();
  try {
    await Promise.all(fans.map(async (fan) => endings.push(await runFanSession(fan, context))));
    const seconds = (now() - startedAtMs) / 1000;
    if (!tools.samplerSwitch.stopped) await sampleQueue(sampler);
    return { endings, seconds };
  } finally {
    clearTimeout(limit);
    tools.stopAllButOperator();
    await sampling;
    progress.end();
  }
}

async function readRoomEvidence(
  { room: { room } }: RushSale,
  { operatorClient: client, operatorSwitch: stopSwitch, observations }: RushTools,
  { options, target: { adminToken: operatorToken } }: RushParts,
): Promise<RoomEvidence> {
  const hasLobby = options.lobbySeconds > 0;
  const draw = hasLobby
    ? await readDrawRecords({ client, observations, stopSwitch, room, operatorToken })
    : null;
  const settings = await readRoom(client, operatorToken, room);
  return {
    seats: options.seats,
    perMinute: settings.admissionsPerMinute,
    draw,
    wasChanged: wasChanged(settings, hasLobby),
  };
}

function resultOf(evidence: Evidence, openedAtMs: number): RushResult {
  const { observations, records, room } = evidence;
  const figures = computeFigures(evidence);
  const violations = [...checkCrowd(evidence), ...checkSaleRecords(records, evidence)];
  const soldOutAtMs = observations.sold >= room.seats ? observations.lastSaleAtMs : null;
  return {
    figures,
    laws: lawsOf(evidence, figures, violations),
    moments: { openedAtMs, soldOutAtMs },
    violations,
    notes: [
      ...observations.queueWasReset ? [RESET_NOTE] : [],
      ...room.wasChanged ? [CHANGED_NOTE] : [],
    ],
    samples: observations.samples,
  };
}

async function runSale(sale: RushSale, tools: RushTools, parts: RushParts): Promise<RushResult> {
  const { target, progress, signal } = parts;
  const crowd = await runCrowd(sale, tools, parts, limitSecondsOf(sale, parts));
  if (signal.aborted) throw new Stopped();
  progress.startAudit();
  const records = await readSaleRecords({
    client: tools.operatorClient,
    operatorToken: target.adminToken,
    concertId: sale.context.concertId,
    userIds: sale.fans.map(({ userId }) => userId),
  });
  return resultOf({
    ...crowd,
    room: await readRoomEvidence(sale, tools, parts),
    observations: tools.observations,
    logs: sale.fans.map(({ log }) => log),
    records,
    seatLimit: tools.observations.seatLimit ?? target.seatLimit,
    showUpMs: target.showUpMs ?? 0,
  }, sale.opensAtMs);
}

/**
 * Sends a crowd through a sale of its own. Compares the server's records with the answers that the
 * fans got. Takes the sale back at the end, also when it is stopped: then the notes are printed.
 */
export async function runRush(parts: RushParts): Promise<RushResult> {
  const tools = createRushTools(parts);
  const traces = createTraces();
  let result: RushResult;
  try {
    const sale = await openSale(tools, parts, traces);
    result = await runSale(sale, tools, parts);
  } catch (error) {
    // Nothing was made before the fans had signed in.
    const notes = traces.fans.length > 0 ? await closeSale(traces, tools, parts) : [];
    for (const note of notes) parts.progress.note(note);
    throw error;
  }
  return { ...result, notes: [...result.notes, ...await closeSale(traces, tools, parts)] };
}
