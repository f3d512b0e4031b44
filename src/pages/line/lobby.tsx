import type { components, PlaceState, WaitingLine } from "@stanchion/client";
import { useEffect, useState } from "preact/hooks";
import { client } from "../shared/client.ts";
import { clock, dateAndTime, OWN_ZONE, zone } from "../shared/format.ts";
import { useNow } from "../shared/hooks.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { Asking } from "./waiting.tsx";
import { LINE_WORDS } from "./words.ts";

type Room = components["schemas"]["Room"];

/** What is published of the draw, and where to compare it. */
function Draw({ room, pseudonym }: { readonly room: string; readonly pseudonym?: string }) {
  const words = useWords(LINE_WORDS);
  const [found, setFound] = useState<Room | null>(null);
  useEffect(() => {
    client.GET("/v1/rooms/{room}", { params: { path: { room } } })
      .then(({ data }) => setFound(data ?? null), () => {});
  }, [room]);
  const draw = found?.draw;
  if (!draw) return null;
  return (
    <details class="draw">
      <summary>{words.drawTitle}</summary>
      <div class="stack">
        <p>{words.draw}</p>
        <dl>
          {pseudonym && (
            <>
              <dt>{words.drawName}</dt>
              <dd>
                <code>{pseudonym}</code>
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

/** Before the opening: when it is, and how the places are drawn. */
export function Lobby({ state, line, room }: {
  readonly state: PlaceState;
  readonly line: WaitingLine;
  readonly room: string;
}) {
  const words = useWords(LINE_WORDS);
  const language = useLanguage();
  const now = useNow();
  const { opensAt, pseudonym } = line;
  const left = opensAt ? Date.parse(opensAt) - now : null;
  return (
    <div class="card stack centred">
      <h1>{words.lobbyTitle}</h1>
      {left === null ? <p>{words.lobbyNoTime}</p> : (
        <div>
          <p class="label">{words.opensIn}</p>
          <p class="place number" role="timer">{left > 0 ? clock(left) : words.opensNow}</p>
          <p class="quiet">
            {dateAndTime(language, opensAt!, OWN_ZONE)} {zone(language, opensAt!, OWN_ZONE)}
          </p>
        </div>
      )}
      <p>{words.lobbyHint}</p>
      <Draw room={room} {...(pseudonym ? { pseudonym } : {})} />
      <Asking {...state} />
    </div>
  );
}
