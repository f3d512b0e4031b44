/** A local run of the program, and the sale of the pictures. */
export interface OwnServer {
  readonly base: string;
  readonly admin: string;
  stop(): Promise<void>;
}

export interface Hall {
  readonly base: string;
  readonly admin: string;
  readonly hall: { readonly concertId: number; readonly scheduleId: number };
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export async function startOwnServer(
  command: (settings: Record<string, string>) => Deno.Command,
  port: number,
): Promise<OwnServer> {
  const admin = crypto.randomUUID() + crypto.randomUUID();
  const child = command({ PORT: String(port), ADMIN_TOKEN: admin, POLL_MAX_SECONDS: "2" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; !text.includes("is up at");) {
    const { value, done } = await reader.read();
    if (done) throw new Error("the program did not start");
    text += value;
  }
  return {
    base: `http://localhost:${port}`,
    admin,
    async stop() {
      child.kill("SIGTERM");
      await reader.cancel();
      await child.status;
    },
  };
}

// deno-lint-ignore no-explicit-any -- The bodies are those of the API.
type Body = any;

async function call(url: string, method: string, token: string | null, json: unknown) {
  const answer = await fetch(url, {
    method,
    headers: {
      "Content-Type": "application/json",
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(json),
  });
  const body: Body = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${url}: ${JSON.stringify(body)}`);
  return body;
}

export async function operate(
  base: string,
  admin: string,
  method: string,
  path: string,
  json: unknown,
): Promise<Body> {
  return await call(`${base}/v1/admin${path}`, method, admin, json);
}

/** Blocks of seats on arcs about a stage: about five thousand. */
function arenaSeats() {
  const seats = [];
  for (const [block, name] of ["101", "102", "103", "104", "105", "106", "107"].entries()) {
    for (let row = 0; row < 24; row++) {
      const radius = 14 + row;
      const width = Math.floor(radius * 0.9);
      for (let index = 0; index < width; index++) {
        const share = (block + 0.04 + 0.92 * (index + 0.5) / width) / 7;
        const angle = Math.PI * (0.04 + 0.92 * share);
        seats.push({
          label: String(index + 1),
          section: name,
          row: String(row + 1),
          price: row < 6 ? 165_000 : row < 14 ? 132_000 : 99_000,
          x: Math.round(-radius * Math.cos(angle) * 100) / 100,
          y: Math.round(radius * Math.sin(angle) * 100) / 100,
        });
      }
    }
  }
  return seats;
}

/** A hall of thousands, a room with a line, and a room before its opening. */
export async function hallOf({ base, admin }: OwnServer, fans: number): Promise<Hall> {
  const made = await operate(base, admin, "POST", "/concerts", {
    title: "Moonlight Parade",
    description: "The whole band, in the round.",
    venue: "Olympic Arena",
    timeZone: "Asia/Seoul",
    schedules: [{
      concertAt: new Date(Date.now() + 60 * DAY_MS).toISOString(),
      reservationAvailableAt: new Date(Date.now() - HOUR_MS).toISOString(),
      seats: arenaSeats(),
    }],
  });
  await operate(base, admin, "POST", "/rooms", { room: "queue", capacity: 1 });
  await operate(base, admin, "POST", "/rooms", {
    room: "lobby",
    state: "LOBBY",
    opensAt: new Date(Date.now() + HOUR_MS / 3).toISOString(),
  });
  for (let fan = 0; fan <= fans; fan++) {
    const { accessToken } = await call(`${base}/dev/sign-in`, "POST", null, {
      userId: `fan ${fan}`,
    });
    await call(`${base}/v1/queue/tokens`, "POST", accessToken, { room: "queue" });
  }
  const { concertId, schedules } = made;
  return { base, admin, hall: { concertId, scheduleId: schedules[0].scheduleId } };
}
