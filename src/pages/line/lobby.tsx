import type { PlaceState, WaitingLine } from "@stanchion/client";
import { clock, dateAndTime, OWN_ZONE, zone } from "../shared/format.ts";
import { useServerNow } from "../shared/hooks.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { Asking } from "./waiting.tsx";
import { LINE_WORDS } from "./words.ts";

/** Before the opening: when it is, and how the places are drawn. */
export function Lobby({ state, line }: {
  readonly state: PlaceState;
  readonly line: WaitingLine;
}) {
  const words = useWords(LINE_WORDS);
  const language = useLanguage();
  const now = useServerNow();
  const { opensAt } = line;
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
      <Asking {...state} />
    </div>
  );
}
