import type { Place } from "@stanchion/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { client } from "../shared/client.ts";
import { count, dateAndTime, ownTime, zone } from "../shared/format.ts";
import { Frame, start } from "../shared/frame.tsx";
import { useObserved } from "../shared/hooks.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { useProgramme } from "../shared/programme.ts";
import { accessToken, signOut } from "../shared/session.ts";
import { SignedIn } from "../shared/sign_in.tsx";
import { alarm, allowSound, isSoundAllowed } from "./alarm.ts";
import { Draw } from "./draw.tsx";
import { Gone, Refused, Turn } from "./ended.tsx";
import { Lobby } from "./lobby.tsx";
import { Asking, Waiting } from "./waiting.tsx";
import { LINE_WORDS } from "./words.ts";

const ROOM = new URLSearchParams(location.search).get("room") || "main";

/** Asks once more, and takes the focus meanwhile. */
function Leaving({ place, onClose }: { readonly place: Place; readonly onClose: () => void }) {
  const words = useWords(LINE_WORDS);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog ref={dialog} class="card stack" aria-labelledby="leaving" onClose={onClose}>
      <h2 id="leaving">{words.leave}</h2>
      <p>{words.leaveSure}</p>
      <div class="row">
        <button class="button" type="button" onClick={() => void place.leave().catch(() => {})}>
          {words.leaveYes}
        </button>
        <button class="button main" type="button" onClick={() => dialog.current!.close()}>
          {words.leaveNo}
        </button>
      </div>
    </dialog>
  );
}

function Tools({ place }: { readonly place: Place }) {
  const words = useWords(LINE_WORDS);
  const [sound, setSound] = useState(isSoundAllowed);
  const [leaving, setLeaving] = useState(false);
  const turnOn = () => {
    allowSound();
    setSound(true);
  };
  return (
    <div class="tools">
      <button class="button wide" type="button" aria-pressed={sound} onClick={turnOn}>
        <svg viewBox="0 0 24 24" width="20" height="20" fill="currentColor" aria-hidden="true">
          <path d="M12 22a2.5 2.5 0 0 0 2.4-2H9.6a2.5 2.5 0 0 0 2.4 2zm7-6v-5a7 7 0 0 0-5.5-6.8V3.5a1.5 1.5 0 0 0-3 0v.7A7 7 0 0 0 5 11v5l-2 2v1h18v-1z" />
        </svg>
        {sound ? words.soundOn : words.sound}
      </button>
      <button class="button plain" type="button" onClick={() => setLeaving(true)}>
        {words.leave}
      </button>
      {leaving && <Leaving place={place} onClose={() => setLeaving(false)} />}
    </div>
  );
}

/** What is sold behind this line, to read while waiting. */
function OnSale() {
  const words = useWords(LINE_WORDS);
  const language = useLanguage();
  const concerts = useProgramme().value?.filter(({ room }) => room === ROOM) ?? [];
  if (concerts.length === 0) return null;
  return (
    <section class="on stack">
      <h2>{words.on}</h2>
      <ul>
        {concerts.map(({ concertId, title, venue, timeZone, schedules }) => (
          <li key={concertId}>
            <h3>{title}</h3>
            {venue && <p class="quiet small">{venue}</p>}
            <ul class="small">
              {schedules.map(({ scheduleId, concertAt }) => {
                const own = ownTime(language, concertAt, timeZone);
                return (
                  <li key={scheduleId}>
                    {dateAndTime(language, concertAt, timeZone)}{" "}
                    <span class="quiet">{zone(language, concertAt, timeZone)}</span>
                    {own && <span class="quiet own">{words.yours(own)}</span>}
                  </li>
                );
              })}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ onTitle }: { readonly onTitle: (title: string | null) => void }) {
  const words = useWords(LINE_WORDS);
  const language = useLanguage();
  const [place, setPlace] = useState<Place | null>(null);
  const [waited, setWaited] = useState(false);
  const join = () => void client.joinQueue(ROOM).then(setPlace);
  useEffect(join, []);
  const state = useObserved(place);
  const phase = state?.phase ?? "joining";
  const position = phase === "waiting" ? state!.line!.position : null;
  useEffect(() => {
    if (phase === "waiting") setWaited(true);
    if (phase === "admitted" && waited) alarm();
  }, [phase, waited]);
  useEffect(() => {
    if (phase === "admitted") onTitle(words.titleTurn);
    else onTitle(position ? words.titleOf(count(language, position)) : null);
  }, [phase, position, language]);

  if (!place || !state || state.phase === "joining") {
    return (
      <div class="card stack centred">
        <h1 class="label">{waited ? words.rejoining : words.joining}</h1>
        <div class="wait-dots" />
        {state && <Asking {...state} />}
      </div>
    );
  }
  if (state.phase === "admitted") return <Turn line={state.line} room={ROOM} waited={waited} />;
  if (state.phase === "gone" || state.phase === "stopped") {
    return <Gone line={state.line} again={join} />;
  }
  if (state.phase === "refused") {
    const again = () => {
      if (state.problem.code === "UNAUTHENTICATED") signOut();
      if (accessToken() === null) location.reload();
      else join();
    };
    return <Refused room={ROOM} problem={state.problem} again={again} />;
  }
  const isLobby = state.line.reason === "LOBBY";
  return (
    <>
      {isLobby
        ? <Lobby state={state} line={state.line} />
        : <Waiting state={state} line={state.line} room={ROOM} />}
      <Draw room={ROOM} pseudonym={state.line.pseudonym} isOver={!isLobby} />
      <div class="notice good">
        <p>
          <strong>{words.keepsTitle}</strong>
        </p>
        <p>{words.keeps}</p>
      </div>
      <Tools place={place} />
      <OnSale />
    </>
  );
}

function LinePage() {
  const words = useWords(LINE_WORDS);
  const [title, setTitle] = useState<string | null>(null);
  return (
    <Frame title={title ?? words.title} narrow>
      <div class="stack">
        <SignedIn>
          <Line onTitle={setTitle} />
        </SignedIn>
      </div>
    </Frame>
  );
}

// The first question goes out before the page is drawn: the SDK gives the page the same place.
if (accessToken() !== null) void client.joinQueue(ROOM);
start(<LinePage />);
