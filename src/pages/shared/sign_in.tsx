import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { FRAME_WORDS } from "./frame.tsx";
import { useWords } from "./language.ts";
import { accessToken, signInAs } from "./session.ts";
import { settings } from "./settings.ts";

function SignInForm({ onDone }: { readonly onDone: () => void }) {
  const words = useWords(FRAME_WORDS);
  const [name, setName] = useState("");
  const [fault, setFault] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    setFault(false);
    const done = await signInAs(name.trim()).catch(() => false);
    if (done) onDone();
    else setFault(true);
  };
  return (
    <form class="card stack" onSubmit={send}>
      <h1>{words.signInTitle}</h1>
      <p class="quiet">{words.signInHint}</p>
      <label class="field">
        <span>{words.name}</span>
        <input
          name="name"
          required
          maxLength={128}
          autoComplete="username"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      {fault && <p class="notice bad" role="alert">{words.unreachable}</p>}
      <button class="button main wide" type="submit">{words.signIn}</button>
    </form>
  );
}

/** Shows its content to a fan who is signed in, and the way to sign in to all others. */
export function SignedIn({ children }: { readonly children: ComponentChildren }) {
  const words = useWords(FRAME_WORDS);
  const [, draw] = useState(0);
  if (accessToken() !== null) return <>{children}</>;
  if (settings.localSignIn) return <SignInForm onDone={() => draw((times) => times + 1)} />;
  return (
    <div class="card stack">
      <h1>{words.notSignedIn}</h1>
      <p>{words.notSignedInHint}</p>
      {settings.returnTo && (
        <a class="button main wide" href={settings.returnTo}>
          {words.backTo(new URL(settings.returnTo).hostname)}
        </a>
      )}
    </div>
  );
}
