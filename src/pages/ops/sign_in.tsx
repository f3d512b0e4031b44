import { useState } from "preact/hooks";
import { useWords } from "../shared/language.ts";
import { outcomeOf, type Trouble } from "./asking.ts";
import { keepToken, operator, wasRefused } from "./operator.ts";
import { TroubleNotice } from "./parts.tsx";
import { OPS } from "./words.ts";

/** Asks for the operator's token, and tries it before it is kept. */
export function SignIn() {
  const words = useWords(OPS);
  const [token, setToken] = useState("");
  const [isRefused, setRefused] = useState(wasRefused);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const send = async (event: Event) => {
    event.preventDefault();
    const given = token.trim();
    setRefused(false);
    setTrouble(null);
    const headers = { Authorization: `Bearer ${given}` };
    const options = { headers, params: { query: { limit: 1 } } };
    const outcome = await outcomeOf(() => operator.GET("/v1/admin/rooms", options));
    if ("data" in outcome) return keepToken(given);
    const is401 = outcome.trouble !== "UNREACHABLE" && outcome.trouble.status === 401;
    setRefused(is401);
    if (!is401) setTrouble(outcome.trouble);
  };
  return (
    <form class="card stack" onSubmit={send}>
      <h1>{words.signInTitle}</h1>
      <p class="quiet">{words.signInHint}</p>
      <label class="field">
        <span>{words.token}</span>
        <input
          type="password"
          required
          autoComplete="off"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </label>
      {isRefused && <p class="notice bad" role="alert">{words.tokenRefused}</p>}
      <TroubleNotice trouble={trouble} />
      <button class="button main wide" type="submit">{words.signIn}</button>
    </form>
  );
}
