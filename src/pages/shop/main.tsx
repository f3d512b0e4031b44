import type { AdmittedLine, Place } from "@stanchion/client";
import { type ComponentChildren, Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import { client } from "../shared/client.ts";
import { clock } from "../shared/format.ts";
import { Frame, FRAME_WORDS, start } from "../shared/frame.tsx";
import { useObserved, useServerNow } from "../shared/hooks.ts";
import { useWords } from "../shared/language.ts";
import { SignedIn } from "../shared/sign_in.tsx";
import { Concerts } from "./concerts.tsx";
import { Done } from "./done.tsx";
import { Pay } from "./pay.tsx";
import { addressOf, useRoute } from "./route.ts";
import { Seats } from "./seats.tsx";
import { useShopWords } from "./words.ts";

const ROOM = new URLSearchParams(location.search).get("room") || "main";
const LINE = `/line?room=${encodeURIComponent(ROOM)}`;

function TimeLeft({ line }: { readonly line: AdmittedLine }) {
  const words = useShopWords();
  const left = Date.parse(line.expiresAt) - useServerNow();
  return (
    <p class={`time-left ${left < 120_000 ? "short" : ""}`}>
      {words.timeLeft} <strong class="number" role="timer">{clock(left)}</strong>
    </p>
  );
}

/** Shows its content while the fan is admitted; else the way to the line. */
function Admitted({ children }: { readonly children: ComponentChildren }) {
  const words = useShopWords();
  const frame = useWords(FRAME_WORDS);
  const [place, setPlace] = useState<Place | null>(null);
  useEffect(() => void client.joinQueue(ROOM).then(setPlace), []);
  const state = useObserved(place);
  const phase = state?.phase ?? "joining";
  useEffect(() => {
    // The line leads back to where in the shop the fan was.
    if (phase === "waiting") location.replace(LINE + location.hash);
  }, [phase]);
  if (state?.phase === "admitted") {
    return (
      <>
        <TimeLeft line={state.line} />
        {/* After a reset of the line what was refused meanwhile is asked for again. */}
        <Fragment key={state.line.expiresAt}>{children}</Fragment>
      </>
    );
  }
  if (phase === "gone" || phase === "refused" || phase === "stopped") {
    return (
      <div class="card stack slim">
        <h1>{words.notAdmittedTitle}</h1>
        <p>{words.notAdmitted}</p>
        <a class="button main wide" href={LINE}>{words.toLine}</a>
        <a class="button wide" href={addressOf({ name: "pay" })}>{words.toPay}</a>
      </div>
    );
  }
  return (
    <>
      {state?.failure && (
        <p class="notice warn" role="status">
          {state.failure.status === null ? frame.unreachable : frame.busy}
        </p>
      )}
      <div class="wait-dots" role="status">
        <span class="hidden-text">{frame.loading}</span>
      </div>
    </>
  );
}

function Shop() {
  const route = useRoute();
  if (route.name === "pay") return <Pay />;
  if (route.name === "done") return <Done reservationIds={route.reservationIds} />;
  return (
    <Admitted>
      {route.name === "seats" ? <Seats {...route} /> : <Concerts room={ROOM} />}
    </Admitted>
  );
}

function ShopPage() {
  const words = useShopWords();
  const route = useRoute();
  const titles = {
    concerts: words.concerts,
    seats: words.title,
    pay: words.payTitle,
    done: words.doneTitle,
  };
  return (
    <Frame title={titles[route.name]}>
      <SignedIn>
        <Shop />
      </SignedIn>
    </Frame>
  );
}

start(<ShopPage />);
