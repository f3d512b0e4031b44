import { isProblem } from "@stanchion/client";
import { useState } from "preact/hooks";
import { useWords } from "../shared/language.ts";
import { type AnyAnswer, outcomeOf, type Trouble } from "./asking.ts";
import { keepSignedIn, operator, type Role, wasRefused } from "./operator.ts";
import { TroubleNotice } from "./parts.tsx";
import { OPS } from "./words.ts";

/** No ticket has this code. */
const NO_CODE = "-";

/** Whose token it is, by what it may do. */
async function roleOf(
  token: string,
): Promise<{ readonly data: Role } | { readonly trouble: Trouble }> {
  const headers = { Authorization: `Bearer ${token}` };
  const isRefused = (outcome: { readonly data: unknown } | { readonly trouble: Trouble }) =>
    "trouble" in outcome && isProblem(outcome.trouble, "UNAUTHENTICATED");
  const asked = await outcomeOf<unknown>((): Promise<AnyAnswer<unknown>> =>
    operator.GET("/v1/admin/rooms", { headers, params: { query: { limit: 1 } } })
  );
  if ("data" in asked) return { data: "OPERATOR" };
  if (!isRefused(asked)) return asked;
  const tried = await outcomeOf<unknown>((): Promise<AnyAnswer<unknown>> =>
    operator.POST("/v1/admin/checkins", { headers, body: { code: NO_CODE } })
  );
  const isDoor = "trouble" in tried && isProblem(tried.trouble, "TICKET_CODE_INVALID");
  return isDoor ? { data: "DOOR" } : asked;
}

/** Asks for the token of an operator or a door, and tries it before it is kept. */
export function SignIn() {
  const words = useWords(OPS);
  const [token, setToken] = useState("");
  const [isRefused, setRefused] = useState(wasRefused);
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const send = async (event: Event) => {
    event.preventDefault();
    const given = token.trim();
    setTrouble(null);
    // No header can have another one.
    if (!/^[\x21-\x7e]+$/.test(given)) return setRefused(true);
    setRefused(false);
    setBusy(true);
    const role = await roleOf(given);
    setBusy(false);
    if ("data" in role) return keepSignedIn({ token: given, role: role.data });
    const is401 = isProblem(role.trouble, "UNAUTHENTICATED");
    setRefused(is401);
    if (!is401) setTrouble(role.trouble);
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
      <button class="button main wide" type="submit" disabled={isBusy}>{words.signIn}</button>
    </form>
  );
}
