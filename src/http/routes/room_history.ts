import { z } from "@hono/zod-openapi";
import type { ActivityMinute, IsolateActivity } from "../../application/isolate_activity.ts";
import type { RoomHistory } from "../../application/room_history.ts";
import type { LineMoment } from "../../domain/line_history.ts";
import { refused } from "../../domain/result.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { roomInPath } from "../schemas/room.ts";
import { roomHistoryExample, roomHistorySchema } from "../schemas/room_history.ts";
import { estimatedWaitBody } from "../schemas/estimated_wait.ts";

const timeOf = (ms: number) => new Date(ms).toISOString();
const tenths = (value: number | null) => value === null ? null : Math.round(value * 10) / 10;

function momentBody(moment: LineMoment) {
  const { sample: { front, gathered, parked, seatsAvailable }, estimatedWait } = moment;
  return {
    at: timeOf(front.takenAtMs),
    state: front.rules.state,
    gathered,
    waiting: front.waiting,
    admitted: front.speed.admitted,
    parked,
    capacity: front.rules.capacity,
    seatsAvailable,
    admissionsPerMinute: tenths(moment.admittedPerMinute),
    noShowsPerMinute: tenths(moment.missedPerMinute),
    estimatedWait: estimatedWaitBody(estimatedWait),
    waited: moment.waited && {
      position: moment.waited.ahead + 1,
      estimated: estimatedWaitBody(moment.waited.estimated),
      seconds: moment.waited.seconds,
    },
  };
}

function isolateMinute({ atMs, requests, stores, refusals }: ActivityMinute) {
  const counts = Object.entries(refusals).map(([code, count]) => ({ code, count }));
  return {
    at: timeOf(atMs),
    requests,
    ...stores,
    refusals: counts.sort((one, other) => other.count - one.count),
  };
}

/** The last hour of a room, for operators. */
export function roomHistoryRoutes(
  { roomHistory, activity }: {
    readonly roomHistory: RoomHistory;
    readonly activity: Pick<IsolateActivity, "sinceMs" | "lastHour">;
  },
) {
  return [
    endpoint({
      name: "getRoomHistory",
      method: "get",
      path: "/v1/admin/rooms/{room}/history",
      tag: "Operator",
      summary: "The last hour of a room",
      description:
        "The cron samples the line of each room in use once a minute. Holds and sales are counted " +
        "when this is asked.",
      needs: "operator",
      params: z.object({ room: roomInPath }),
      asksStores: true,
      answers: {
        200: {
          description: "The last hour",
          schema: roomHistorySchema,
          example: roomHistoryExample,
        },
      },
      failures: ["ROOM_NOT_FOUND"],
      act: async ({ params: { room } }) => {
        const lastHour = await roomHistory.lastHour(room);
        if (!lastHour) return refused({ kind: "ROOM_NOT_FOUND" });
        return answer(200, {
          room,
          line: lastHour.line.map(momentBody),
          sales: lastHour.sales,
          isolate: {
            since: timeOf(activity.sinceMs),
            minutes: activity.lastHour().map(isolateMinute),
          },
        });
      },
    }),
  ];
}
