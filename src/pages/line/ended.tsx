import type { AdmittedLine, GoneLine, StanchionProblem } from "@stanchion/client";
import { useEffect, useRef } from "preact/hooks";
import { returnAddress } from "../../domain/return_address.ts";
import { client } from "../shared/client.ts";
import { clock, dateAndTime, OWN_ZONE } from "../shared/format.ts";
import { useServerNow } from "../shared/hooks.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { settings } from "../shared/settings.ts";
import { LINE_WORDS } from "./words.ts";

/** How long the news is shown before the page goes on by itself. */
const SHOWN_MS = 3_000;
/** When going on is tried again, after the network failed. */
const AGAIN_MS = 3_000;

/** Where an admitted fan goes on; throws without a network. */
async function nextAddress(room: string): Promise<string> {
  const { returnTo, audience } = settings;
  // The fan may come from the shop, which says in the fragment where they were.
  const shop = `/shop?room=${encodeURIComponent(room)}${location.hash}`;
  if (!returnTo) return shop;
  const { data } = await client.POST("/v1/queue/admissions", {
    body: audience ? { audience } : {},
  });
  if (!data) throw new Error("the admission for the site in front was refused");
  return returnAddress(returnTo, data.admission, [new URL(returnTo).origin]) ?? shop;
}

async function goOn(room: string): Promise<void> {
  location.replace(await nextAddress(room));
}

/** The turn has come. A fan who looks at the page is led on; nobody is led on unseen. */
export function Turn({ line, room, waited }: {
  readonly line: AdmittedLine;
  readonly room: string;
  readonly waited: boolean;
}) {
  const words = useWords(LINE_WORDS);
  const now = useServerNow();
  useEffect(() => {
    let timer = 0;
    const lead = (afterMs: number) => {
      clearTimeout(timer);
      if (document.hidden) return;
      timer = setTimeout(() => void goOn(room).catch(() => lead(AGAIN_MS)), afterMs);
    };
    const seen = () => lead(SHOWN_MS);
    lead(waited ? SHOWN_MS : 0);
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [room, waited]);
  return (
    <div class="card stack centred turn">
      {/* Without the time that is left, which would be said each second. */}
      <div role="alert">
        <h1>{words.turn}</h1>
        <p>{words.turnHint}</p>
      </div>
      <div>
        <p class="label">{words.turnLeft}</p>
        <p class="place number">{clock(Date.parse(line.expiresAt) - now)}</p>
      </div>
      <button
        class="button main wide"
        type="button"
        onClick={() => void goOn(room).catch(() => {})}
      >
        {settings.returnTo ? words.goBack : words.goOn}
      </button>
      <p class="quiet small">{words.leading}</p>
    </div>
  );
}

/** The place has ended; without a line, it is that of another sign-in. */
export function Gone({ line, again }: {
  readonly line: GoneLine | null;
  readonly again: () => void;
}) {
  const words = useWords(LINE_WORDS);
  return (
    <div class="card stack centred">
      <h1>{words.goneTitle}</h1>
      <p role="status">{line ? words.gone[line.endedBecause ?? "UNKNOWN"] : words.otherFan}</p>
      <button class="button main wide" type="button" onClick={again}>{words.again}</button>
      <a class="button wide" href="/tickets">{words.toTickets}</a>
    </div>
  );
}

/** Whether a closed line is open is asked again after this time. */
const CLOSED_AGAIN_MS = 20_000;
/** Not all who wait for the opening ask at once. */
const JITTER_MS = 10_000;

/** Whether fans may join. The answer is kept for all of them, where a join asks Redis. */
async function mayJoin(room: string): Promise<boolean> {
  const { data } = await client.GET("/v1/rooms/{room}", { params: { path: { room } } });
  return data !== undefined && data.state !== "CLOSED" && data.state !== "DRAINING";
}

/** Joins by itself when the line opens; without a time it looks from time to time. */
function Closed({ room, opensAt, again }: {
  readonly room: string;
  readonly opensAt: string | null;
  readonly again: () => void;
}) {
  const words = useWords(LINE_WORDS);
  const language = useLanguage();
  const now = useServerNow();
  const left = opensAt ? Date.parse(opensAt) - now : 0;
  useEffect(() => {
    let timer = 0;
    const wait = (act: () => void, ms: number) => {
      timer = setTimeout(act, ms + Math.random() * JITTER_MS);
    };
    const look = async () => {
      if (await mayJoin(room).catch(() => false)) again();
      else wait(look, CLOSED_AGAIN_MS);
    };
    if (left > 0) wait(again, left);
    else wait(look, CLOSED_AGAIN_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      {opensAt && left > 0 && (
        <div>
          <p class="label">{words.opensIn}</p>
          <p class="place number" role="timer">{clock(left)}</p>
          <p class="quiet">{dateAndTime(language, opensAt, OWN_ZONE)}</p>
        </div>
      )}
      <p>{words.joinsByItself}</p>
    </>
  );
}

/** The challenge of a room that asks for one. A fan who passed it has a place, which `again` gets. */
function Challenged({ room, siteKey, again }: {
  readonly room: string;
  readonly siteKey: string;
  readonly again: () => void;
}) {
  const language = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const join = (challengeToken: string) =>
      client.POST("/v1/queue/tokens", { body: { room, challengeToken } });
    void import("./challenge.ts").then(({ showChallenge }) =>
      showChallenge(box.current!, { siteKey, language, join, onJoined: again })
    );
  }, []);
  return <div class="card stack centred" ref={box} />;
}

/** The room lets this fan not join. */
export function Refused({ room, problem, again }: {
  readonly room: string;
  readonly problem: StanchionProblem;
  readonly again: () => void;
}) {
  const words = useWords(LINE_WORDS);
  const { code } = problem;
  if (code === "CHALLENGE_REQUIRED") {
    return <Challenged room={room} siteKey={problem.siteKey} again={again} />;
  }
  const text = words.refused[code as keyof typeof words.refused] ?? words.refused.OTHER;
  return (
    <div class="card stack centred">
      <h1>{words.refusedTitle}</h1>
      <p role="alert">{text}</p>
      {code === "LINE_CLOSED" && <Closed room={room} opensAt={problem.opensAt} again={again} />}
      {code !== "ROOM_NOT_FOUND" && (
        <button class="button main wide" type="button" onClick={again}>{words.tryAgain}</button>
      )}
      <a class="button wide" href="/">{words.toProgramme}</a>
    </div>
  );
}
