// Everything here can be missing: the pages are read without a script.
const root = document.documentElement;
const byId = (id) => document.getElementById(id);

// Theme: the button turns what is drawn into its opposite, and the choice is kept.
const themeButton = byId("theme");
const isDark = () =>
  (root.dataset.theme ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) ===
    "dark";
const nameTheme = () => themeButton.textContent = isDark() ? "Light" : "Dark";
const labelTheme = () => themeButton.setAttribute("aria-label", `${nameTheme()} theme`);
themeButton.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
  labelTheme();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", labelTheme);
labelTheme();
themeButton.hidden = false;

// Search: library and index are loaded by the first word.
const MOST_RESULTS = 12;
const search = byId("search");
const words = search.querySelector("input");
const results = byId("results");
let loading;

async function load() {
  const [{ default: MiniSearch }, entries] = await Promise.all([
    import(root.dataset.library),
    fetch(root.dataset.index).then((response) => response.json()),
  ]);
  const index = new MiniSearch({
    fields: ["title", "text"],
    storeFields: ["title", "kind"],
    searchOptions: { boost: { title: 3 }, prefix: true, fuzzy: 0.2, combineWith: "AND" },
  });
  index.addAll(entries);
  return index;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function show() {
  const text = words.value.trim();
  if (text === "") return results.hidden = true;
  // After an update of the server a page that is still open names assets that are gone.
  const index = await (loading ??= load()).catch(() => loading = undefined);
  if (text !== words.value.trim()) return;
  if (!index) {
    results.replaceChildren("The search did not load. Reload the page.");
    return results.hidden = false;
  }
  const found = index.search(text).slice(0, MOST_RESULTS);
  const links = found.map(({ id, title, kind }) =>
    element(
      "li",
      {},
      element("a", { href: id }, title, element("span", { className: "kind" }, kind)),
    )
  );
  const count = found.length === 0 ? "Nothing found" : `${found.length} found`;
  results.replaceChildren(element("p", { textContent: count }), element("ul", {}, ...links));
  results.hidden = false;
}

words.addEventListener("input", show);
search.addEventListener("submit", (event) => {
  event.preventDefault();
  results.querySelector("a")?.click();
});
results.addEventListener("click", ({ target }) => {
  if (target.closest("a")) results.hidden = true;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") results.hidden = true;
  if (event.key !== "/" || event.target.closest("input, textarea")) return;
  event.preventDefault();
  words.focus();
});
search.hidden = false;

// Trying calls: credentials are kept for this tab.
const tokens = byId("tokens");
const HEADERS = {
  userToken: (token) => ["Authorization", `Bearer ${token}`],
  operatorToken: (token) => ["Authorization", `Bearer ${token}`],
  doorToken: (token) => ["Authorization", `Bearer ${token}`],
  queueToken: (token) => ["Queue-Token", token],
};

if (tokens) {
  for (const input of tokens.querySelectorAll("input")) {
    input.value = sessionStorage.getItem(input.name) ?? "";
    input.addEventListener("input", () => sessionStorage.setItem(input.name, input.value));
  }
  tokens.addEventListener("submit", (event) => event.preventDefault());
  byId("sign-in")?.addEventListener("submit", signIn);
  byId("credentials").hidden = false;
}

function keepToken(name, value) {
  tokens.elements.namedItem(name).value = value;
  sessionStorage.setItem(name, value);
}

async function signIn(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const userId = form.elements.namedItem("userId").value;
  const post = async (path, options) => (await fetch(path, { method: "POST", ...options })).json();
  const { accessToken } = await post(form.dataset.path, {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ userId }),
  });
  const { token, state, position } = await post("/v1/queue/tokens", {
    headers: { Authorization: `Bearer ${accessToken}` },
  });
  keepToken("userToken", accessToken);
  keepToken("queueToken", token);
  const place = position ? `, position ${position}` : "";
  form.querySelector("output").value = `Calls are sent as ${userId}. State: ${state}${place}.`;
}

/** The request that the fields of a form describe. */
function requestOf(form) {
  const headers = new Headers();
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const { name, value, dataset } of form.querySelectorAll("input")) {
    if (dataset.in === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value !== "") (dataset.in === "query" ? query : headers).append(name, value);
  }
  for (const name of form.dataset.tokens.split(" ")) {
    const token = sessionStorage.getItem(name);
    if (token) headers.set(...HEADERS[name](token));
  }
  const area = form.querySelector("textarea");
  if (area && area.value !== "") headers.set("Content-Type", area.dataset.type);
  const { method } = form.dataset;
  const body = area && area.value !== "" ? area.value : undefined;
  return [query.size > 0 ? `${path}?${query}` : path, { method, headers, body }];
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const output = form.querySelector("output");
  try {
    const response = await fetch(...requestOf(form));
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
    const shown = isJson && text !== "" ? JSON.stringify(JSON.parse(text), null, 2) : text;
    output.value = `${response.status} ${response.statusText}\n${shown}`;
    if (response.ok) renewKey(form);
  } catch (error) {
    output.value = `No answer: ${error.message}`;
  }
}

/** Each act has a key of its own. */
function renewKey(form) {
  const key = form.elements.namedItem("Idempotency-Key");
  if (key) key.value = crypto.randomUUID();
}

for (const trial of document.querySelectorAll(".trial")) {
  const form = trial.querySelector("form");
  form.addEventListener("submit", send);
  renewKey(form);
  trial.hidden = false;
}
