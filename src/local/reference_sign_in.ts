import type { ReferenceAddition } from "../http/pages/reference.ts";

/** Signs in a fan of the reader's choice, joins the line, and fills in both tokens. */
const SCRIPT = `document.getElementById("demo").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = document.getElementById("demo-said");
  const userId = new FormData(event.target).get("userId");
  const post = async (path, options) => (await fetch(path, { method: "POST", ...options })).json();
  const { accessToken } = await post("/dev/sign-in", {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ userId }),
  });
  const { token, state, position } = await post("/v1/queue/tokens", {
    headers: { Authorization: "Bearer " + accessToken },
  });
  reference.preauthorizeApiKey("userToken", accessToken);
  reference.preauthorizeApiKey("queueToken", token);
  said.textContent = "Calls go out as " + userId + ", who is " + state +
    (position ? " at position " + position : "") + ".";
});
`;

const FORM = `<style>
  #demo { font: 14px/1.5 system-ui, sans-serif; padding: .8rem 1.25rem; background: #eef7f2; }
  #demo input, #demo button { font: inherit; padding: .2rem .5rem; margin-right: .5rem; }
</style>
<form id="demo">
<label>Try the calls as <input name="userId" value="alice" required maxlength="128"></label>
<button>Sign in and join the line</button>
<output id="demo-said">The operator's token is the one that the program printed: put it into Authorize.</output>
</form>`;

/** A form on the reference page that signs in any fan. */
export const referenceSignIn: ReferenceAddition = { html: FORM, script: SCRIPT };
