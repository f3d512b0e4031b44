import { waitCheck, waitOfNext } from "../domain/line_history.ts";
import type { WaitEstimate } from "../domain/wait.ts";
import type { Overview, RoomOverview } from "../ports/queue_store.ts";
import { labelsOf, type MetricFamily, type Sample } from "./metric_family.ts";

type Value = (room: RoomOverview) => number | null;

const GAUGES: readonly (readonly [name: string, help: string, value: Value])[] = [
  ["gathered", "Fans who gathered.", ({ gathered }) => gathered],
  ["waiting", "Fans in line.", ({ waiting }) => waiting],
  ["admitted", "Fans who hold a slot.", ({ admitted }) => admitted],
  ["parked", "Fans who missed their turn.", ({ parked }) => parked],
  ["capacity", "Slots.", ({ front }) => front.rules.capacity],
  [
    "seats_available",
    "Free seats at the last count.",
    ({ seatsAvailable }) => seatsAvailable,
  ],
];

const COUNTERS: readonly (readonly [name: string, help: string, value: Value])[] = [
  ["joins", "Tickets that were issued.", ({ joinedTotal }) => joinedTotal],
  ["admissions", "Slots that were given.", ({ admittedTotal }) => admittedTotal],
  ["no_shows", "Turns that were missed.", ({ missedTotal }) => missedTotal],
  ["returns", "Parked fans who returned.", ({ returnedTotal }) => returnedTotal],
];

const ofRoom = ({ room }: RoomOverview) => labelsOf({ room });

/** What the line's store says of every room in use, whichever isolate is asked. */
export function roomFamilies({ activeRooms, rooms }: Overview): MetricFamily[] {
  const samplesOf = (suffix: string, value: Value): Sample[] =>
    rooms.flatMap((room): Sample[] => {
      const number = value(room);
      return number === null ? [] : [[suffix, ofRoom(room), number]];
    });
  return [
    {
      name: "stanchion_rooms_active",
      type: "gauge",
      help: "Rooms in use.",
      samples: [["", "", activeRooms]],
    },
    {
      name: "stanchion_room_state",
      type: "gauge",
      help: "1 for the present state.",
      samples: rooms.map((room) => [
        "",
        `${ofRoom(room)},${labelsOf({ state: room.front.rules.state })}`,
        1,
      ]),
    },
    ...GAUGES.map(([name, help, value]): MetricFamily => ({
      name: `stanchion_room_${name}`,
      type: "gauge",
      help,
      samples: samplesOf("", value),
    })),
    ...COUNTERS.map(([name, help, value]): MetricFamily => ({
      name: `stanchion_room_${name}`,
      type: "counter",
      help: help,
      samples: samplesOf("_total", value),
    })),
    {
      name: "stanchion_room_last_tick_timestamp_seconds",
      type: "gauge",
      unit: "seconds",
      help: "When the cron last ran; 0: never.",
      samples: samplesOf("", ({ lastTickAtMs }) => (lastTickAtMs ?? 0) / 1000),
    },
    ...waitFamilies(rooms),
  ];
}

function waitFamilies(rooms: readonly RoomOverview[]): MetricFamily[] {
  const seconds = (name: string, help: string, samples: Sample[]): MetricFamily => ({
    name: `stanchion_room_wait_${name}_seconds`,
    type: "gauge",
    unit: "seconds",
    help,
    samples,
  });
  const ended = rooms.flatMap((room) => {
    const check = waitCheck(room.recentlyCalled);
    return check?.estimated ? [{ room, check }] : [];
  });
  return [
    seconds(
      "estimate",
      "Estimated wait of who joins.",
      rooms.flatMap((room) => estimate(room, waitOfNext(room))),
    ),
    seconds(
      "told",
      "What was estimated of the real wait.",
      ended.flatMap(({ room, check }) => estimate(room, check.estimated)),
    ),
    seconds(
      "real",
      "Wait of the furthest fan of 15 minutes ago who was called.",
      ended.map(({ room, check }) => ["", ofRoom(room), check.seconds]),
    ),
  ];
}

function estimate(room: RoomOverview, wait: WaitEstimate | null): Sample[] {
  if (!wait) return [];
  const bounds = { low: wait.low, middle: wait.seconds, high: wait.high };
  return Object.entries(bounds).map(([bound, seconds]) => [
    "",
    `${ofRoom(room)},${labelsOf({ bound })}`,
    seconds,
  ]);
}
