import { useEffect, useState } from "preact/hooks";
import { Frame, start } from "../shared/frame.tsx";
import { useWords } from "../shared/language.ts";
import { AuditView } from "./audit.tsx";
import { CheckInView } from "./check_in.tsx";
import { ConcertView } from "./concert.tsx";
import { ConcertsView } from "./concerts.tsx";
import { FanView } from "./fan.tsx";
import { lastRoom } from "./last_room.ts";
import { NewConcertView } from "./new_concert.tsx";
import { keepSignedIn, onSignIn, signedIn } from "./operator.ts";
import { RoomView } from "./room.tsx";
import { RoomsView } from "./rooms.tsx";
import { SeatsView } from "./seats.tsx";
import { SignIn } from "./sign_in.tsx";
import { OPS } from "./words.ts";

/** A part of a fragment that somebody mistyped stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The parts of the fragment: `#/rooms/main` is `["rooms", "main"]`. */
function useAddress(): readonly string[] {
  const read = () => location.hash.replace(/^#\/?/, "").split("/").map(decoded);
  const [address, setAddress] = useState(read);
  useEffect(() => {
    const follow = () => {
      setAddress(read());
      document.getElementById("main")?.focus();
      scrollTo(0, 0);
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return address;
}

function useSignedIn() {
  const [who, setWho] = useState(signedIn);
  useEffect(() => onSignIn(() => setWho(signedIn())), []);
  return who;
}

function View({ address: [view, id, more, moreId] }: { readonly address: readonly string[] }) {
  switch (view) {
    case "rooms":
      return id ? <RoomView key={id} room={id} /> : <RoomsView />;
    case "concerts":
      if (id === "new") return <NewConcertView />;
      if (id && more === "seats" && moreId) {
        return <SeatsView key={moreId} concertId={Number(id)} scheduleId={Number(moreId)} />;
      }
      return id ? <ConcertView key={id} concertId={Number(id)} /> : <ConcertsView />;
    case "fans":
      return <FanView key={`${id}/${more}`} userId={id ?? ""} room={more || lastRoom()} />;
    case "door":
      return <CheckInView key={id} scheduleId={id ?? ""} />;
    case "audit":
      return <AuditView />;
    default:
      return <RoomsView />;
  }
}

const VIEWS = ["rooms", "concerts", "fans", "door", "audit"] as const;

function SignOut() {
  const words = useWords(OPS);
  return (
    <p class="row sign-out">
      <button type="button" class="button plain" onClick={() => keepSignedIn(null)}>
        {words.signOut}
      </button>
    </p>
  );
}

function Ops() {
  const words = useWords(OPS);
  const address = useAddress();
  const who = useSignedIn();
  if (who === null) {
    return (
      <Frame title={words.title} links={[]} narrow>
        <SignIn />
      </Frame>
    );
  }
  if (who.role === "DOOR") {
    const scheduleId = address[0] === "door" ? address[1] ?? "" : "";
    return (
      <Frame title={words.views.door} links={[]} narrow>
        <CheckInView key={scheduleId} scheduleId={scheduleId} />
        <SignOut />
      </Frame>
    );
  }
  const view = VIEWS.find((name) => name === address[0]) ?? "rooms";
  const links = VIEWS.map((name) => (
    <a key={name} href={`#/${name}`} aria-current={name === view ? "page" : undefined}>
      {words.views[name]}
    </a>
  ));
  return (
    <Frame title={`${words.views[view]} · ${words.title}`} links={links}>
      <View address={address} />
      <SignOut />
    </Frame>
  );
}

start(<Ops />);
