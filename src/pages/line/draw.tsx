import type { components } from "@stanchion/client";
import { useEffect, useState } from "preact/hooks";
import { client } from "../shared/client.ts";
import { useWords } from "../shared/language.ts";
import { LINE_WORDS } from "./words.ts";

type Room = components["schemas"]["Room"];

/** Answers have the name in the draw only before the draw; later the fan needs it to check the result. */
function keptName(room: string, given: string | undefined): string | null {
  const kept = `stanchion draw name ${room}`;
  try {
    if (given) sessionStorage.setItem(kept, given);
    return given ?? sessionStorage.getItem(kept);
  } catch {
    return given ?? null;
  }
}

/** What is published of the draw of the room, if there is one, and where to compare it. */
export function Draw({ room, pseudonym, isOver }: {
  readonly room: string;
  readonly pseudonym: string | undefined;
  readonly isOver: boolean;
}) {
  const words = useWords(LINE_WORDS);
  const [found, setFound] = useState<Room | null>(null);
  useEffect(() => {
    client.GET("/v1/rooms/{room}", { params: { path: { room } } })
      .then(({ data }) => setFound(data ?? null), () => {});
  }, [room, isOver]);
  const draw = found?.draw;
  if (!draw) return null;
  const name = keptName(room, pseudonym);
  return (
    <details class="card draw">
      <summary>{words.drawTitle}</summary>
      <div class="stack">
        <p>{words.draw}</p>
        <dl>
          {name && (
            <>
              <dt>{words.drawName}</dt>
              <dd>
                <code>{name}</code>
              </dd>
            </>
          )}
          <dt>{words.fingerprint}</dt>
          <dd>
            <code>{draw.commitment}</code>
          </dd>
          <dt>{words.secret}</dt>
          <dd>{draw.seed ? <code>{draw.seed}</code> : words.notYet}</dd>
        </dl>
        {draw.seed && <a href={`/v1/rooms/${room}/draw`}>{words.drawList}</a>}
      </div>
    </details>
  );
}
