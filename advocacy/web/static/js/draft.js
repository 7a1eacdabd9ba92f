// What is typed stays in this tab: kept on every change, given back after a reload or an error, gone on leaving.

const PREFIX = "advocacy:";
const PASSING = new Set(["csrf_token", "go", "step", "letter"]);
const OF_RECIPIENTS = /^(recipient|looked_up|riding|language-.+)$/;

const campaign = () => location.pathname.split("/")[2] ?? "";

function read(name = campaign()) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name)) ?? {};
  } catch {
    return {};
  }
}

function write(draft) {
  try {
    sessionStorage.setItem(PREFIX + campaign(), JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing: the page works all the same.
  }
}

// Whatever the site keeps in this tab, whichever campaign it is of.
export function clear() {
  try {
    sessionStorage.clear();
  } catch {
    // Nothing was kept.
  }
}

// What one tab erases, the others of this browser forget too; whether they can hear of it.
const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("advocacy") : undefined;

export function clearAllTabs() {
  clear();
  tabs?.postMessage("erased");
  return Boolean(tabs);
}

export const whenErased = (forget) => tabs?.addEventListener("message", forget);

export function keep(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => !PASSING.has(name) && typeof value === "string");
  const open = [...form.querySelectorAll(".step[open]")].map((step) => step.id);
  write({ ...read(), fields, open });
}

// Once letters are sent, what was changed on them goes; the answers can be reused, or corrected and sent again.
export function forgetEdits() {
  write({ ...read(), edits: {} });
}

// What this tab asked to have sent: no words of it, but for which address, when, and whether letters were changed.
export const sending = () => read().sending;
export const keepSending = (sending) => write({ ...read(), sending });

export const lastTyped = (name) => read().fields?.findLast(([field]) => field === name)?.[1] ?? "";

export const hasName = (name) => (read(name).fields ?? []).some(([field, value]) => field === "name" && value.trim());

// An answer that was typed outside of the form it belongs to.
export function keepAnswer(name, value) {
  const draft = read();
  write({ ...draft, fields: [...(draft.fields ?? []).filter(([field]) => field !== name), [name, value]] });
}

// The changes to a letter, each with what it was changed from: they are given back to that letter only.
export const keptEdits = () => read().edits ?? {};
export const keepEdits = (edits) => write({ ...read(), edits });

function hold(form, name, value) {
  const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
  (OF_RECIPIENTS.test(name) ? document.getElementById("recipient") : form).append(input);
}

function giveBack(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const [name, given] of values) {
    const inputs = [...form.elements].filter((input) => input.name === name);
    // A page without the boxes carries what was checked in one field, with semicolons.
    const wanted = inputs.some((input) => input.type === "checkbox") ? given.flatMap((value) => value.split(";")) : given;
    for (const input of inputs) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = wanted.includes(input.value);
      else input.value = wanted.at(-1);
    }
    const shown = new Set(inputs.map((input) => input.value));
    for (const value of wanted) if (!shown.has(value)) hold(form, name, value);
  }
}

// What was named on the way here, a letter, a recipient or a postal code, wins over what the tab kept.
const NAMED = {
  template: ["template", "length"],
  to: ["recipient"],
  postal_code: ["postal_code", "province", "recipient", "looked_up", "riding", "search"],
};

function begin(form) {
  const { fields = [], open = [] } = read();
  const named = (form.dataset.named ?? "").split(" ").filter(Boolean);
  const isKept = fields.some(([, value]) => value);
  if (form.dataset.fresh === "yes" && isKept) {
    const left = new Set(named.flatMap((name) => NAMED[name]));
    giveBack(form, fields.filter(([name]) => !left.has(name)));
    keep(form);
    form.dispatchEvent(new CustomEvent("given-back", { bubbles: true, detail: { open: named.length ? [] : open } }));
  } else if (form.dataset.fresh === "no" || named.includes("postal_code")) {
    keep(form);
  }
  // What is kept need not be sent again: a reload or the Back button asks for the page anew, and gives it back.
  const wasPosted = form.dataset.fresh === "no" || named.includes("postal_code");
  if (wasPosted && read().fields) history.replaceState(history.state, "", form.action + location.hash);
  for (const kind of ["input", "change", "found", "previewed"]) form.addEventListener(kind, () => keep(form));
  form.addEventListener("toggle", () => keep(form), true);
}

const form = document.querySelector("form[data-fresh]");
if (form) document.addEventListener("DOMContentLoaded", () => begin(form));
