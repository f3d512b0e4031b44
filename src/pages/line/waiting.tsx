import type { PlaceState, WaitingLine } from "@stanchion/client";
import { count } from "../shared/format.ts";
import { FRAME_WORDS } from "../shared/frame.tsx";
import { useNow } from "../shared/hooks.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { shareGone } from "./progress.ts";
import { LINE_WORDS, waitText } from "./words.ts";

/** When the place was last asked for, and when it is asked for next; or why it cannot be. */
export function Asking({ askedAt, asksAt, failure }: PlaceState) {
  const words = useWords(LINE_WORDS);
  const frame = useWords(FRAME_WORDS);
  const language = useLanguage();
  const now = useNow();
  const seconds = (ms: number) => count(language, Math.max(0, Math.round(ms / 1000)));
  const next = asksAt !== null && asksAt - now > 500
    ? words.asksIn(seconds(asksAt - now))
    : words.asking;
  return (
    <>
      {failure && (
        <div class="notice warn" role="status">
          <p>
            <strong>{failure.status === null ? frame.unreachable : frame.busy}</strong>
          </p>
          <p>{frame.goOn}</p>
        </div>
      )}
      <p class="asking quiet small number">
        {askedAt === null ? next : `${words.asked(seconds(now - askedAt))} · ${next}`}
      </p>
    </>
  );
}

const ROPE = "M0 14 Q200 84 400 14";

/** The way to the front as a rope between two posts. */
function Rope({ share }: { readonly share: number }) {
  const words = useWords(LINE_WORDS);
  return (
    <div
      class="rope"
      role="progressbar"
      aria-label={words.progress}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      style={`--share: ${share}`}
    >
      <svg class="track" viewBox="0 0 400 64" preserveAspectRatio="none" aria-hidden="true">
        <path d={ROPE} />
      </svg>
      <svg class="gone" viewBox="0 0 400 64" preserveAspectRatio="none" aria-hidden="true">
        <path d={ROPE} />
      </svg>
      <i class="post" />
      <i class="post last" />
      <i class="you" />
    </div>
  );
}

/** Why nobody is let in, or only who was here before a reset. */
function Reason({ line }: { readonly line: WaitingLine }) {
  const words = useWords(LINE_WORDS);
  const texts = {
    HELD: [words.held, words.heldHint],
    CLOSED: [words.closed, words.closedHint],
    SOLD_OUT: [words.soldOut, line.seatsMayReturn ? words.soldOutHint : words.soldOutFinal],
    LOBBY: null,
  };
  const isForming = line.positionIs === "AT_LEAST";
  const text = line.reason ? texts[line.reason] : isForming && [words.forming, words.formingHint];
  if (!text) return null;
  return (
    <div class="notice warn" role="status">
      <p>
        <strong>{text[0]}</strong>
      </p>
      <p>{text[1]}</p>
    </div>
  );
}

/** The place of a fan who waits in an open line. */
export function Waiting({ state, line, room }: {
  readonly state: PlaceState;
  readonly line: WaitingLine;
  readonly room: string;
}) {
  const words = useWords(LINE_WORDS);
  const language = useLanguage();
  const { position, ahead, positionIs, estimatedWaitRange: range } = line;
  return (
    <div class="card stack centred">
      <Reason line={line} />
      <div aria-live="polite">
        <h1 class="label">{words.yourPlace}</h1>
        {position === null
          ? (
            <>
              <p class="place-unknown">{words.unknownPlace}</p>
              <p class="quiet">{words.unknownPlaceHint}</p>
            </>
          )
          : (
            <>
              <p class="place number">
                {positionIs && words.about[positionIs] && (
                  <span class="about">{words.about[positionIs]}</span>
                )}
                {count(language, position)}
              </p>
              {positionIs !== "AT_LEAST" && (
                <p class="quiet">
                  {ahead === 0 ? words.next : words.ahead(count(language, ahead!))}
                </p>
              )}
            </>
          )}
      </div>
      <Rope share={shareGone(room, line)} />
      {line.reason === null && (
        <dl class="facts">
          <dt>{words.wait}</dt>
          <dd class="number">{range ? waitText(words, language, range) : words.waitUnknown}</dd>
        </dl>
      )}
      <Asking {...state} />
    </div>
  );
}
