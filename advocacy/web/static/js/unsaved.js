// What is typed into a form of the staff's stays in this tab until it is saved, over a sign-in as well: kept on every
// change, put back on the page that has the form, gone with the tab, with signing out, and for anybody else.

const NAME = "unsaved";
const SECRET = '[type="password"], [type="file"], [autocomplete="one-time-code"]';
const TYPED = `input:not([type="hidden"], [readonly], ${SECRET}), textarea, select`;
const { who, answers } = document.getElementById(NAME)?.dataset ?? {};
const here = () => location.origin + location.pathname + location.search;

// { who, forms: { key: { fields, sentFrom } } }: `sentFrom` is the page whose form was sent, until its answer comes.
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME)) ?? { forms: {} };
  } catch {
    return { forms: {} };
  }
}

function write(forms) {
  try {
    if (Object.keys(forms).length) sessionStorage.setItem(NAME, JSON.stringify({ who, forms }));
    else sessionStorage.removeItem(NAME);
  } catch {
    // A browser that keeps nothing: the page works all the same.
  }
}

const typedIn = (form) => [...form.elements].filter((control) => control.name && control.matches(TYPED));

// The forms that somebody types in; not those that look for something, nor those of passwords and codes.
function formsOf(page) {
  return [...page.forms].filter(
    (form) => form.method === "post" && form.role !== "search" && !addressOf(form).startsWith("/staff/account/") && typedIn(form).length,
  );
}

// Where a form is sent names it, also on a page that only answers it; of several sent to one place, its number too.
function addressOf(form) {
  const { pathname, hash } = new URL(form.getAttribute("action") ?? "", here());
  return pathname + hash;
}

function keyOf(form) {
  const address = addressOf(form);
  const number = formsOf(form.ownerDocument).filter((one) => addressOf(one) === address).indexOf(form);
  return number > 0 ? `${address} ${number}` : address;
}

function fieldsOf(form) {
  const secret = new Set([...form.elements].filter((control) => control.matches(SECRET)).map(({ name }) => name));
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token" && !secret.has(name));
}

function keep(form) {
  const { forms } = read();
  write({ ...forms, [keyOf(form)]: { fields: fieldsOf(form) } });
}

function drop(form) {
  const { forms } = read();
  delete forms[keyOf(form)];
  write(forms);
}

function isChanged(control) {
  if (control.options) return [...control.options].some((option) => option.selected !== option.defaultSelected);
  const isBox = control.type === "checkbox" || control.type === "radio";
  return isBox ? control.checked !== control.defaultChecked : control.value !== control.defaultValue;
}

// A form as it is shown differs from what was kept of it.
function differs(form, fields) {
  const names = new Set(typedIn(form).map(({ name }) => name));
  const said = (all) => JSON.stringify(all.filter(([name]) => names.has(name)).map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]));
  return said(fieldsOf(form)) !== said(fields) || lacksRows(form, fields);
}

const lacksRows = (form, fields) => form.querySelector('button[name="row"]') && fields.some(([name]) => !form.elements[name]);

function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    const kept = values.get(control.name) ?? [];
    if (control.matches('button, fieldset, [name="csrf_token"]') || control.matches(SECRET)) continue;
    if (control.type === "checkbox" || control.type === "radio") control.checked = kept.includes(control.value);
    else if (control.multiple) for (const option of control.options) option.selected = kept.includes(option.value);
    else if (kept.length) control.value = kept.length > 1 ? kept.shift() : kept[0];
  }
}

// Rows that were added come with the form as the site makes it of what was typed.
async function withRows(form, fields) {
  const body = new URLSearchParams([...fields, ["csrf_token", form.elements.csrf_token.value], ["row", ":as-typed"]]);
  const answer = await fetch(location.origin + addressOf(form), { method: "POST", body });
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
  const notice = document.getElementById(NAME).content.cloneNode(true);
  notice.querySelector("button").addEventListener("click", () => {
    drop(shown);
    location.replace(location.pathname + location.search);
  });
  shown.before(notice);
}

// Whether this page is what came of sending a form, and not one that somebody went to or back to.
function follows({ sentFrom }) {
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  return sentFrom !== undefined && sentFrom === document.referrer && type === "navigate";
}

// What was sent is saved where another page follows; a page that answers the form itself has what was typed in it.
function settle(forms) {
  const targets = new Set([...document.forms].map((form) => addressOf(form).split("#")[0]));
  for (const [key, kept] of Object.entries(forms)) {
    const isAnswered = follows(kept) && answers !== "error";
    delete kept.sentFrom;
    if (isAnswered && answers === "page") delete forms[key];
    if (!isAnswered || answers !== "form") continue;
    const form = formsOf(document).find((one) => keyOf(one) === key);
    if (form) kept.fields = fieldsOf(form);
    else if (targets.has(key.split(/[# ]/)[0])) kept.sentFrom = here(); // a page that asks once more, or leads away
  }
  return forms;
}

function begin() {
  const kept = read();
  const forms = kept.who === who ? settle(kept.forms) : {};
  write(forms);
  for (const form of formsOf(document)) {
    const { fields, sentFrom } = forms[keyOf(form)] ?? {};
    if (fields && !sentFrom && differs(form, fields)) putBack(form, fields);
    else if (fields && answers !== "form") drop(form);
  }
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, ({ target }) => {
      const form = target.form ?? target.closest("form");
      if (formsOf(document).includes(form)) keep(form);
    });
  }
  document.addEventListener("saved", ({ target: form }) => (typedIn(form).some(isChanged) ? keep(form) : drop(form)));
  addEventListener("submit", (event) => {
    if (new URL(event.target.action, here()).pathname.endsWith("/sign-out")) write({});
    else if (!event.defaultPrevented) send(event.target);
  });
}

function send(form) {
  const { forms } = read();
  const path = addressOf(form).split("#")[0];
  const isAgain = !formsOf(document).includes(form);
  for (const [key, kept] of Object.entries(forms)) {
    if (isAgain ? kept.sentFrom && key.split(/[# ]/)[0] === path : key === keyOf(form)) kept.sentFrom = here();
  }
  write(forms);
}

if (who) begin();
else if (document.getElementById(NAME)) {
  const { who: before, forms } = read();
  for (const kept of Object.values(forms)) delete kept.sentFrom;
  try {
    if (before) sessionStorage.setItem(NAME, JSON.stringify({ who: before, forms }));
  } catch {
    // Nothing is kept.
  }
}
