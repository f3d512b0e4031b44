import { useState } from "preact/hooks";
import { count, dateAndTime, OWN_ZONE } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { outcomeOf, type Trouble } from "./asking.ts";
import { type DrawFault, faultOfDraw } from "./draw_check.ts";
import { operator } from "./operator.ts";
import { TroubleNotice } from "./parts.tsx";
import type { Room } from "./types.ts";
import { OPS } from "./words.ts";

const PAGE = 1_000;

/** All tickets of the latest draw of the room. */
async function listDrawn(room: string) {
  const drawn: { readonly pseudonym: string; readonly ticket: number }[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, ...cursor && { cursor } };
    const page = await operator.GET("/v1/rooms/{room}/draw", {
      params: { path: { room }, query },
    });
    if (!page.data) return { error: page.error };
    drawn.push(...page.data.items);
    cursor = page.data.nextCursor ?? undefined;
  } while (cursor);
  return { data: drawn };
}

interface DrawProofProps {
  readonly room: string;
  readonly draw: NonNullable<Room["draw"]>;
}

/** The publications of a draw, and a check of them by this browser alone. */
export function DrawProof({ room, draw }: DrawProofProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const [result, setResult] = useState<{ fault: DrawFault | null; tickets: number } | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const check = async (seed: string) => {
    setBusy(true);
    setResult(null);
    const listed = await outcomeOf(() => listDrawn(room));
    if ("data" in listed) {
      const fault = await faultOfDraw({ ...draw, seed }, listed.data);
      setResult({ fault, tickets: listed.data.length });
      setTrouble(null);
    } else setTrouble(listed.trouble);
    setBusy(false);
  };
  const { seed } = draw;
  return (
    <section class="card stack" aria-labelledby="draw">
      <h2 id="draw">{words.draw}</h2>
      <p class="quiet">{words.drawSays}</p>
      <dl class="pairs wide">
        <div>
          <dt>{words.commitment}</dt>
          <dd>
            <code>{draw.commitment}</code>
          </dd>
        </div>
        <div>
          <dt>{words.seed}</dt>
          <dd>{seed === null ? words.seedIsSecret : <code>{seed}</code>}</dd>
        </div>
        {draw.openedAt !== null && (
          <div>
            <dt>{words.drawnAt}</dt>
            <dd>{dateAndTime(language, draw.openedAt, OWN_ZONE)}</dd>
          </div>
        )}
      </dl>
      {seed !== null && (
        <button
          type="button"
          class="button"
          disabled={isBusy}
          onClick={() => void check(seed)}
        >
          {words.checkDraw}
        </button>
      )}
      <div role="status">
        {result && (
          <p class={`notice ${result.fault ? "bad" : "good"}`}>
            {result.fault
              ? words.drawFaults[result.fault]
              : words.drawIsRight(count(language, result.tickets))}
          </p>
        )}
      </div>
      <TroubleNotice trouble={trouble} />
    </section>
  );
}
