import { isProblem } from "@stanchion/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { count, date, dateAndTime, OWN_ZONE, time } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { type AnyAnswer, outcomeOf, type Trouble, useAsked } from "./asking.ts";
import { canScan, type Scanner, startScanner } from "./camera.ts";
import { operator, signedIn } from "./operator.ts";
import { Field, Select, type SelectProps } from "./parts.tsx";
import { seatText } from "./sales.tsx";
import { OPS } from "./words.ts";

interface Door {
  readonly door: string;
  readonly scheduleId: string;
}

type Outcome = Awaited<ReturnType<typeof checkIn>>;

function checkIn(code: string, key: string, { door, scheduleId }: Door) {
  return outcomeOf(() =>
    operator.POST("/v1/admin/checkins", {
      params: { header: { "Idempotency-Key": key } },
      body: {
        code,
        ...door && { door },
        ...scheduleId && { scheduleId: Number(scheduleId) },
      },
    })
  );
}

/** A phone shakes when a ticket is refused. */
const REFUSED_MS = [120, 80, 120];

/** Lets tickets in, by the camera where the browser reads codes, else by typing. */
export function CheckInView({ scheduleId: inAddress }: { readonly scheduleId: string }) {
  const words = useWords(OPS);
  const language = useLanguage();
  const [door, setDoor] = useState("");
  const [scheduleId, setScheduleId] = useState(inAddress);
  const [letInHere, setLetInHere] = useState(0);
  const [code, setCode] = useState("");
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const settings = useRef({ door, scheduleId });
  settings.current = { door: door.trim(), scheduleId };
  /** The code whose answer was lost: the next try of it is the same scan. */
  const lost = useRef<{ readonly code: string; readonly key: string } | null>(null);
  const letIn = async (given: string) => {
    const scan = lost.current?.code === given
      ? lost.current
      : { code: given, key: crypto.randomUUID() };
    setOutcome(null);
    const next = await checkIn(given, scan.key, settings.current);
    setOutcome(next);
    const isLost = "trouble" in next && next.trouble === "UNREACHABLE";
    lost.current = isLost ? scan : null;
    if ("data" in next) setLetInHere((before) => before + 1);
    else navigator.vibrate?.(REFUSED_MS);
    return !isLost;
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (await letIn(code.trim())) setCode("");
  };
  return (
    <div class="stack">
      <h1>{words.views.door}</h1>
      <div class="form card">
        <Field label={words.door} value={door} onValue={setDoor} maxLength={64} />
        <ScheduleSelect value={scheduleId} onValue={setScheduleId} />
      </div>
      <div role="status">{outcome && <Result outcome={outcome} />}</div>
      {canScan() ? <Camera onCode={letIn} /> : <p class="quiet">{words.noScanner}</p>}
      <form class="form card" onSubmit={send}>
        <Field label={words.code} value={code} onValue={setCode} required />
        <button type="submit" class="button main">{words.letIn}</button>
      </form>
      <p class="quiet">{words.letInHere(count(language, letInHere))}</p>
    </div>
  );
}

const LATEST = { limit: 100 };

interface DateOfConcert {
  readonly title: string;
  readonly timeZone: string;
  readonly schedules: readonly { readonly scheduleId: number; readonly concertAt: string }[];
}

/** The concerts whose dates can be chosen. A door sees no more than everybody. */
async function latestConcerts(): Promise<AnyAnswer<readonly DateOfConcert[]>> {
  if (signedIn()?.role === "DOOR") {
    const { data, error } = await operator.GET("/v1/programme", { params: { query: LATEST } });
    return { data: data?.concerts, error };
  }
  const { data, error } = await operator.GET("/v1/admin/concerts", { params: { query: LATEST } });
  return { data: data?.items, error };
}

/** The schedule that is let in: of the latest concerts, or the one of the address. */
function ScheduleSelect({ value, onValue }: Pick<SelectProps, "value" | "onValue">) {
  const words = useWords(OPS);
  const language = useLanguage();
  const { data } = useAsked(latestConcerts, "concerts");
  const dates = (data ?? []).flatMap(({ title, timeZone, schedules }) =>
    schedules.map(({ scheduleId, concertAt }) =>
      [String(scheduleId), `${title}, ${dateAndTime(language, concertAt, timeZone)}`] as const
    )
  );
  const isListed = value === "" || dates.some(([scheduleId]) => scheduleId === value);
  const ofAddress = isListed ? [] : [[value, words.scheduleNumber(value)] as const];
  return (
    <Select
      label={words.date}
      value={value}
      onValue={onValue}
      options={[["", words.allDates], ...ofAddress, ...dates]}
    />
  );
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
  if (isProblem(trouble, "ALREADY_CHECKED_IN")) {
    const { checkedInAt, door } = trouble;
    const day = date(language, checkedInAt, OWN_ZONE);
    return (
      <div class="notice bad">
        <p class="verdict">{words.wasIn(time(language, checkedInAt, OWN_ZONE))}</p>
        <p>{[day, door && words.wasInBy(door)].filter(Boolean).join(" · ")}</p>
      </div>
    );
  }
  return (
    <div class="notice bad">
      <p class="verdict">{words.isNotIn}</p>
      {trouble === "UNREACHABLE"
        ? <p>{words.notChecked}</p>
        : <p>{trouble.title}. {trouble.detail}</p>}
    </div>
  );
}

function Camera({ onCode }: { readonly onCode: (code: string) => Promise<boolean> }) {
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
