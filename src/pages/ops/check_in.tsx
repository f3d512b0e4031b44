import { isProblem } from "@stanchion/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { dateAndTime, OWN_ZONE } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { outcomeOf, type Trouble, useAsked } from "./asking.ts";
import { canScan, type Scanner, startScanner } from "./camera.ts";
import { operator } from "./operator.ts";
import { Field, Select, type SelectProps, TroubleNotice } from "./parts.tsx";
import { seatText } from "./sales.tsx";
import { OPS } from "./words.ts";

type Outcome = Awaited<ReturnType<typeof checkIn>>;

function checkIn(code: string, door: string, scheduleId: string) {
  return outcomeOf(() =>
    operator.POST("/v1/admin/checkins", {
      body: {
        code,
        ...door && { door },
        ...scheduleId && { scheduleId: Number(scheduleId) },
      },
    })
  );
}

/** Lets tickets in, by the camera where the browser reads codes, else by typing. */
export function CheckInView() {
  const words = useWords(OPS);
  const [door, setDoor] = useState("");
  const [scheduleId, setScheduleId] = useState("");
  const [code, setCode] = useState("");
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const settings = useRef({ door, scheduleId });
  settings.current = { door: door.trim(), scheduleId };
  const letIn = async (given: string) => {
    setOutcome(null);
    setOutcome(await checkIn(given, settings.current.door, settings.current.scheduleId));
  };
  const send = async (event: Event) => {
    event.preventDefault();
    await letIn(code.trim());
    setCode("");
  };
  return (
    <div class="stack">
      <h1>{words.views.door}</h1>
      <div class="form card">
        <Field label={words.door} value={door} onValue={setDoor} maxLength={64} />
        <ScheduleSelect value={scheduleId} onValue={setScheduleId} />
      </div>
      {canScan() ? <Camera onCode={letIn} /> : <p class="quiet">{words.noScanner}</p>}
      <form class="form card" onSubmit={send}>
        <Field label={words.code} value={code} onValue={setCode} required />
        <button type="submit" class="button main">{words.letIn}</button>
      </form>
      <div role="status">{outcome && <Result outcome={outcome} />}</div>
    </div>
  );
}

const LATEST = { limit: 100 };

/** The schedule that is let in, of the latest concerts. */
function ScheduleSelect(select: Pick<SelectProps, "value" | "onValue">) {
  const words = useWords(OPS);
  const language = useLanguage();
  const { data } = useAsked(
    () => operator.GET("/v1/admin/concerts", { params: { query: LATEST } }),
    "concerts",
  );
  const options = (data?.items ?? []).flatMap(({ title, timeZone, schedules }) =>
    schedules.map(({ scheduleId, concertAt }) =>
      [String(scheduleId), `${title}, ${dateAndTime(language, concertAt, timeZone)}`] as const
    )
  );
  return <Select {...select} label={words.date} options={[["", words.allDates], ...options]} />;
}

function Result({ outcome }: { readonly outcome: Outcome }) {
  const words = useWords(OPS);
  const language = useLanguage();
  if ("trouble" in outcome) return <Refused trouble={outcome.trouble} />;
  const { concertTitle, concertAt, timeZone } = outcome.data;
  return (
    <div class="notice good">
      <p class="verdict">{words.isIn}</p>
      <p>
        {seatText(outcome.data)} · {concertTitle} · {dateAndTime(language, concertAt, timeZone)}
      </p>
    </div>
  );
}

function Refused({ trouble }: { readonly trouble: Trouble }) {
  const words = useWords(OPS);
  const language = useLanguage();
  return (
    <>
      <p class="notice bad verdict">{words.isNotIn}</p>
      <TroubleNotice trouble={trouble} />
      {isProblem(trouble, "ALREADY_CHECKED_IN") && (
        <p>
          {words.wasInAt(dateAndTime(language, trouble.checkedInAt, OWN_ZONE), trouble.door ?? "–")}
        </p>
      )}
    </>
  );
}

function Camera({ onCode }: { readonly onCode: (code: string) => Promise<void> }) {
  const words = useWords(OPS);
  const video = useRef<HTMLVideoElement>(null);
  const [scanner, setScanner] = useState<Scanner | null>(null);
  const [isRefused, setRefused] = useState(false);
  useEffect(() => () => scanner?.stop(), [scanner]);
  const toggle = async () => {
    if (scanner) return setScanner(null);
    setRefused(false);
    try {
      setScanner(await startScanner(video.current!, onCode));
    } catch {
      setRefused(true);
    }
  };
  return (
    <div class="card stack">
      <video ref={video} hidden={!scanner} muted playsInline aria-label={words.cameraPicture} />
      <button type="button" class="button" onClick={() => void toggle()}>
        {scanner ? words.stopCamera : words.startCamera}
      </button>
      {isRefused && <p class="notice warn" role="alert">{words.noCamera}</p>}
    </div>
  );
}
