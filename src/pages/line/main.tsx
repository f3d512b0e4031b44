import { Frame, start } from "../shared/frame.tsx";
import { SignedIn } from "../shared/sign_in.tsx";
import "../shared/client.ts";

start(
  <Frame title="line">
    <SignedIn>line</SignedIn>
  </Frame>,
);
