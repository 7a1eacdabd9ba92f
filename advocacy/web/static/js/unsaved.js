// What is typed into a form of the staff's stays in this tab until it is saved, over a sign-in as well: kept on every
// change, put back on the page that has the form, gone with the tab, with signing out, and for anybody else.

const NAME = "unsaved";
const SECRET = '[type="password"], [type="file"], [autocomplete="one-time-code"]';
const TYPED = `input:not([type="hidden"], [readonly], ${SECRET}), textarea, select`;

const notice = document.getElementById(NAME);
const { who, answers } = notice?.dataset ?? {};
const here = () => location.origin + location.pathname + location.search;

// { who, forms: { key: { fields, sentFrom } } }: `sentFrom` is the page whose form was sent, until its answer comes.
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME)) ?? { who, forms: {} };
  } catch {
    return { who, forms: {} };
  }
}

function write(kept) {
  try {
    if (Object.keys(kept.forms).length) sessionStorage.setItem(NAME, JSON.stringify(kept));
    else sessionStorage.removeItem(NAME);
  } catch {
    // A browser that keeps nothing: the page works all the same.
  }
}

const isTyped = (control) => control.name && control.matches(TYPED);

// Where a form is sent names it, also on a page that only answers it; of several sent to one place, its number too.
function addressOf(form) {
  const { pathname, hash } = new URL(form.getAttribute("action") ?? "", here());
  return pathname + hash;
}

const pathOf = (form) => addressOf(form).split("#")[0];

// The forms that somebody writes in; not those that look for something, nor those of passwords and codes.
function formsOf(page) {
  return [...page.querySelectorAll('form[method="post"]:not([role="search"])')].filter(
    (form) => !addressOf(form).startsWith("/staff/account/") && [...form.elements].some(isTyped),
  );
}

function keyOf(form) {
  const address = addressOf(form);
  const number = formsOf(form.ownerDocument).filter((one) => addressOf(one) === address).indexOf(form);
  return number > 0 ? `${address} ${number}` : address;
}

function fieldsOf(form) {
  const left = new Set([...form.elements].filter((control) => control.matches(SECRET)).map(({ name }) => name));
  left.add("csrf_token");
  return [...new FormData(form)].filter(([name, value]) => !left.has(name) && typeof value === "string");
}

function keep(form) {
  const kept = read();
  kept.forms[keyOf(form)] = { fields: fieldsOf(form) };
  write(kept);
}

function drop(form) {
  const kept = read();
  delete kept.forms[keyOf(form)];
  write(kept);
}

// Whether a control holds something else than what the page came with.
function isChanged(control) {
  const { type, options } = control;
  if (options) return control.selectedIndex !== Math.max(0, [...options].findIndex((one) => one.defaultSelected));
  if (type === "checkbox" || type === "radio") return control.checked !== control.defaultChecked;
  return control.value !== control.defaultValue;
}

// A form with rows lacks those that were added before it was left.
const lacksRows = (form, fields) =>
  form.querySelector('button[name="row"]') && fields.some(([name]) => !form.elements[name]);

function differs(form, fields) {
  const names = new Set([...form.elements].filter(isTyped).map(({ name }) => name));
  const words = (all) => JSON.stringify(all.filter(([name]) => names.has(name))).replaceAll("\\r\\n", "\\n");
  return words(fieldsOf(form)) !== words(fields) || lacksRows(form, fields);
}

function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    const given = values.get(control.name) ?? [];
    if (control.matches(`button, fieldset, [name="csrf_token"], ${SECRET}`)) continue;
    if (control.type === "checkbox" || control.type === "radio") control.checked = given.includes(control.value);
    else if (control.multiple) for (const one of control.options) one.selected = given.includes(one.value);
    else if (given.length) control.value = given.length > 1 ? given.shift() : given[0];
  }
}

// Rows that were added come with the form, as the site makes it of what was typed.
async function withRows(form, fields) {
  const body = new URLSearchParams([...fields, ["csrf_token", form.elements.csrf_token.value], ["row", ":as-typed"]]);
  const answer = await fetch(pathOf(form), { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const made = formsOf(page).find((one) => keyOf(one) === keyOf(form));
  if (!made) return form;
  const shown = document.importNode(made, true);
  form.replaceWith(shown);
  return shown;
}

async function putBack(form, fields) {
  const shown = lacksRows(form, fields) ? await withRows(form, fields).catch(() => form) : form;
  fill(shown, fields);
  for (let part = shown.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  const told = notice.content.cloneNode(true);
  told.querySelector("button").addEventListener("click", () => {
    drop(shown);
    location.replace(location.pathname + location.search);
  });
  shown.before(told);
}

// Whether this page is what came of sending a form, and not one that somebody went to, or back to.
function follows({ sentFrom }) {
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  return sentFrom !== undefined && sentFrom === document.referrer && type === "navigate";
}

// What was sent is saved where another page follows. A page that answers the form itself has in it what was typed, or
// asks once more whether to save it: what follows that page decides.
function settle(kept) {
  const paths = new Set([...document.forms].map(pathOf));
  for (const [key, one] of Object.entries(kept.forms)) {
    const isAnswer = who && follows(one) && answers;
    delete one.sentFrom;
    if (isAnswer === "page") delete kept.forms[key];
    if (isAnswer !== "form") continue;
    const form = formsOf(document).find((shown) => keyOf(shown) === key);
    if (form) one.fields = fieldsOf(form);
    else if (paths.has(pathOfKey(key))) one.sentFrom = here();
  }
  write(kept);
}

const pathOfKey = (key) => key.split(/[# ]/)[0];

function send(form) {
  const kept = read();
  const asksAgain = !formsOf(document).includes(form);
  for (const [key, one] of Object.entries(kept.forms)) {
    if (asksAgain ? one.sentFrom && pathOfKey(key) === pathOf(form) : key === keyOf(form)) one.sentFrom = here();
  }
  write(kept);
}

function begin() {
  for (const form of formsOf(document)) {
    const { fields } = read().forms[keyOf(form)] ?? {};
    if (fields && differs(form, fields)) putBack(form, fields);
    else if (fields && answers !== "form") drop(form);
  }
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, ({ target }) => {
      const form = target.form ?? target;
      if (formsOf(document).includes(form)) keep(form);
    });
  }
  document.addEventListener("saved", ({ target: form }) => {
    if ([...form.elements].filter(isTyped).some(isChanged)) keep(form);
    else drop(form);
  });
  addEventListener("submit", (event) => {
    if (pathOf(event.target) === "/staff/sign-out") write({ forms: {} });
    else if (!event.defaultPrevented) send(event.target);
  });
}

if (notice) {
  const kept = read();
  if (who && kept.who !== who) kept.forms = {};
  settle(who ? { who, forms: kept.forms } : kept);
  if (who) begin();
}
