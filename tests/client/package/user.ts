// A program of somebody who installed the package. It is compiled, and not run.
import {
  createStanchionClient,
  isProblem,
  type MapSeat,
  type PlaceState,
  type ProblemOf,
  type StanchionProblem,
} from "@stanchion/client";

const stanchion = createStanchionClient({
  baseUrl: "https://tickets.example.com",
  getAccessToken: async () => "jwt",
});

export async function pays(reservationIds: string[]): Promise<string> {
  const { data, error } = await stanchion.pay({ reservationIds });
  if (data) return data.payments.map(({ paymentId }) => paymentId).join();
  switch (error.code) {
    case "INSUFFICIENT_BALANCE":
      return `${error.required - error.balance} are missing`;
    case "RESERVATION_NOT_PAYABLE":
      return error.reservations.map(({ status }) => status).join();
    case "IDEMPOTENCY_IN_PROGRESS":
      return "soon";
    // @ts-expect-error: paying is never refused for that
    case "LINE_CLOSED":
      return "";
    default:
      // @ts-expect-error: other refusals have no balance
      return String(error.balance);
  }
}

export async function calls(): Promise<void> {
  const body = { reservationIds: ["r"] };
  await stanchion.POST("/v1/payments", { body, params: { header: { "Idempotency-Key": "k" } } });
  // @ts-expect-error: without Idempotency-Key
  await stanchion.POST("/v1/payments", { body });
  // @ts-expect-error: the same, in words
  await stanchion.POST("/v1/payments", { body, params: { header: {} } });
  // @ts-expect-error: no such path
  await stanchion.GET("/v1/payment");
  // @ts-expect-error: no such method of the path
  await stanchion.PATCH("/v1/payments", {});
  // @ts-expect-error: a member that is unknown
  await stanchion.pay({ reservationIds: ["r"], seatIds: [1] });
  // @ts-expect-error: a path without its names
  await stanchion.GET("/v1/tickets/{ticketId}");
  // @ts-expect-error: numbers are no texts
  await stanchion.charge({ amount: "1000" });
  await stanchion.hold({ concertId: 1, scheduleId: 1, bestAvailable: { quantity: 2 } });
  const { data } = await stanchion.GET("/v1/concerts", { params: { query: { limit: 10 } } });
  // @ts-expect-error: a refusal has no data
  data.concerts;
}

export function tells(state: PlaceState): string {
  switch (state.phase) {
    case "joining":
      return "…";
    case "waiting":
      return `${state.line.position} ${state.line.pollAfterSeconds.toFixed()}`;
    case "admitted":
      return state.line.expiresAt;
    case "gone":
      // @ts-expect-error: who is gone has no problem
      state.problem;
      return state.line.endedBecause ?? state.line.reason;
    case "refused":
      return state.problem.code;
    case "stopped":
      return "another fan";
  }
}

export function draws({ seats }: { seats: readonly MapSeat[] }): string {
  // @ts-expect-error: seats are read only
  seats[0]!.status = "SOLD";
  return seats.map(({ label, own }) => (own ? `*${label}` : label)).join();
}

export function narrows(caught: unknown, problem: StanchionProblem): string {
  const limit: ProblemOf<"SEAT_LIMIT_EXCEEDED"> | null = isProblem(caught, "SEAT_LIMIT_EXCEEDED")
    ? caught
    : null;
  if (problem.code === "NOT_ADMITTED" && problem.line.state === "WAITING") {
    return String(problem.line.pollAfterSeconds);
  }
  // @ts-expect-error: no such code
  if (problem.code === "NOT_A_CODE") return "";
  return String(limit?.limit);
}
