// What is typed stays in this tab: kept on every change, given back after a reload or an error, gone on leaving.

const KEY = "advocacy-draft";
const PASSING = new Set(["csrf_token", "go", "step", "letter"]);
const OF_RECIPIENTS = /^(recipient|looked_up|riding|language-.+)$/;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function write(draft) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing: the page works all the same.
  }
}

export function clear() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

export function keep(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => !PASSING.has(name) && typeof value === "string");
  write({ ...read(), campaign: form.dataset.draft, fields });
}

export const lastTyped = (name) => read().fields?.findLast(([field]) => field === name)?.[1] ?? "";

// The changes to a letter, each with the words it was changed from: they are given back to those words only.
export const keptEdits = () => read().edits ?? {};
export const keepEdits = (edits) => write({ ...read(), edits });

function hold(form, name, value) {
  const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
  (OF_RECIPIENTS.test(name) ? document.getElementById("recipient") : form).append(input);
}

function giveBack(form, fields) {
  const values = Map.groupBy ? Map.groupBy(fields, ([name]) => name) : grouped(fields);
  for (const [name, pairs] of values) {
    const wanted = pairs.map(([, value]) => value);
    const inputs = [...form.elements].filter((input) => input.name === name);
    for (const input of inputs) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = wanted.includes(input.value);
      else input.value = wanted.at(-1);
    }
    const shown = new Set(inputs.map((input) => input.value));
    for (const value of wanted) if (!shown.has(value)) hold(form, name, value);
  }
}

function grouped(fields) {
  const values = new Map();
  for (const pair of fields) values.set(pair[0], [...(values.get(pair[0]) ?? []), pair]);
  return values;
}

function begin(form) {
  const draft = read();
  const mine = draft.campaign === form.dataset.draft && draft.fields?.some(([, value]) => value);
  if (form.dataset.fresh === "yes" && mine) {
    giveBack(form, draft.fields);
    form.dispatchEvent(new CustomEvent("given-back", { bubbles: true }));
  } else if (form.dataset.fresh === "no") {
    keep(form);
    // What is kept need not be sent again: a reload or the Back button asks for the page anew, and gives it back.
    if (read().fields) history.replaceState(history.state, "", form.action + location.hash);
  }
  for (const kind of ["input", "change", "found", "previewed"]) form.addEventListener(kind, () => keep(form));
}

const form = document.querySelector("form[data-fresh]");
if (form) document.addEventListener("DOMContentLoaded", () => begin(form));
