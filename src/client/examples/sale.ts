import { createStanchionClient, isProblem } from "@stanchion/client";

/** What a call gave, or its refusal as an exception. */
function given<Data>({ data, error }: { data?: Data; error?: unknown }): NonNullable<Data> {
  if (!data) throw new Error(isProblem(error) ? error.detail : "no answer");
  return data;
}

/** A whole sale: the line, what is on sale, a hold, a payment. Gives the codes of the tickets. */
export async function buySeats(
  { baseUrl, accessToken, count }: { baseUrl: string; accessToken: string; count: number },
  show: (text: string) => void,
): Promise<string[]> {
  const stanchion = createStanchionClient({ baseUrl, accessToken });
  const place = await stanchion.joinQueue("main");
  place.subscribe(({ phase, line }) => show(`${phase}, ${line?.ahead ?? 0} ahead`));
  await place.admitted();

  const [concert] = given(await stanchion.GET("/v1/concerts")).concerts;
  const { concertId } = concert!;
  const params = { path: { concertId } };
  const { schedules } = given(
    await stanchion.GET("/v1/concerts/{concertId}/schedules", { params }),
  );
  const { scheduleId } = schedules.find(({ status }) => status === "ON_SALE")!;

  const bestAvailable = { quantity: count };
  const held = given(await stanchion.hold({ concertId, scheduleId, bestAvailable }));
  show(`held ${held.reservations.map(({ seatLabel }) => seatLabel)}`);

  given(await stanchion.charge({ amount: Math.max(held.totalPrice, 1) }));
  const reservationIds = held.reservations.map(({ reservationId }) => reservationId);
  const { totalAmount } = given(await stanchion.pay({ reservationIds }));
  show(`paid ${totalAmount}`);
  return given(await stanchion.GET("/v1/tickets")).items.map(({ code }) => code);
}
