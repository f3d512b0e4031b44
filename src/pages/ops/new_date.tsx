import { useWords } from "../shared/language.ts";
import type { Act } from "./act_dialog.tsx";
import { operator } from "./operator.ts";
import { useScheduleForm } from "./schedule_form.tsx";
import type { Concert } from "./types.ts";
import { OPS } from "./words.ts";

interface NewDateProps {
  readonly concert: Concert;
  readonly ask: (act: Act) => void;
}

/** Adds a date to a concert. */
export function NewDate({ concert, ask }: NewDateProps) {
  const words = useWords(OPS);
  const { schedule, seatCount, fields, clear, answered } = useScheduleForm();
  const send = (event: Event) => {
    event.preventDefault();
    const key = crypto.randomUUID();
    ask({
      title: words.addDateTitle(concert.title),
      says: [words.putOnSaleSays(concert.room), words.seatsOnSale(String(seatCount))],
      hasReason: false,
      async run() {
        const answer = await operator.POST("/v1/admin/concerts/{concertId}/schedules", {
          params: { path: { concertId: concert.concertId }, header: { "Idempotency-Key": key } },
          body: schedule(),
        });
        if (answer.data) clear();
        return answered(answer);
      },
    });
  };
  return (
    <details class="card">
      <summary>{words.addDate}</summary>
      <form class="stack" onSubmit={send}>
        {fields}
        <button type="submit" class="button main" disabled={seatCount === 0}>
          {words.addDateButton}
        </button>
      </form>
    </details>
  );
}
