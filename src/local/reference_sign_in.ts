import type { ReferenceAddition } from "../http/pages/reference.ts";

/** Signs in the fan in the form, joins the queue, and sets both tokens in Swagger UI. */
const SCRIPT = `document.getElementById("demo").addEventListener("submit", async (event) => {
  event.preventDefault();
  const result = document.getElementById("demo-result");
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
  result.textContent = "Calls are sent as " + userId + ". State: " + state +
    (position ? ", position " + position : "") + ".";
});
`;

const FORM = `<style>
  #demo { font: 14px/1.5 system-ui, sans-serif; padding: .8rem 1.25rem; background: #eef7f2; }
  #demo input, #demo button { font: inherit; padding: .2rem .5rem; margin-right: .5rem; }
</style>
<form id="demo">
<label>User id <input name="userId" value="alice" required maxlength="128"></label>
<button>Sign in and join the queue</button>
<output id="demo-result">For operator calls, enter the printed operator token under Authorize.</output>
</form>`;

/** Adds a form to the reference page that signs in any fan. */
export const referenceSignIn: ReferenceAddition = { html: FORM, script: SCRIPT };
