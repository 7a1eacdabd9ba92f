// Legislators are looked up as the postal code is typed; the form's own button does the same without this.

import { clearError } from "./errors.js";

const form = document.getElementById("writing");
const WHOLE = /^\s*[a-z]\d[a-z][\s-]?\d[a-z]\d\s*$/i;
const PAUSE = 250;
let asked;
let timer;

const code = () => form.elements.postal_code;
// The steps may have been replaced since: each look-up finds its place anew.
const place = () => document.getElementById("recipient");
const status = () => document.getElementById("found-said");

function openOnes() {
  return new Set([...place().querySelectorAll("details[open] > summary")].map((summary) => summary.textContent));
}

function show(html) {
  const open = openOnes();
  const focused = place().contains(document.activeElement) ? document.activeElement.id : "";
  place().innerHTML = html;
  for (const summary of place().querySelectorAll("details > summary")) {
    if (open.has(summary.textContent)) summary.parentElement.open = true;
  }
  if (focused) document.getElementById(focused)?.focus();
  const refused = place().querySelector("[data-refused]");
  status().textContent = (refused?.content ?? place().querySelector("[data-said]"))?.textContent.trim() ?? "";
  if (refused) refuse(refused.content);
  const { province, code: written } = place().querySelector("[data-province]").dataset;
  const chosen = form.elements.province;
  if (chosen && chosen.value !== province) {
    chosen.value = province;
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (place().querySelector("[name=recipient]:checked")) clearError("recipient");
  if (written && WHOLE.test(code().value)) code().value = written;
  // One button is filled: the next step's, once there is somebody to write to.
  form.querySelector(".row-in [data-find]").classList.toggle("btn-main", !place().querySelector("[data-next]"));
}

// A postal code that cannot be read is an error at its field, as without this script.
function refuse(error) {
  code().closest(".row-in").before(error);
  code().setAttribute("aria-invalid", "true");
  code().setAttribute("aria-describedby", `${code().getAttribute("aria-describedby") ?? ""} postal_code-e`.trim());
}

async function look(go = "find", from = null) {
  clearTimeout(timer);
  asked?.abort();
  asked = new AbortController();
  const fields = new URLSearchParams(new FormData(form));
  fields.set("go", go);
  if (go !== "recipient") clearError("postal_code");
  place().setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.legislators, { method: "POST", body: fields, signal: asked.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.text());
    if (go === "find" && from && code().hasAttribute("aria-invalid")) code().focus();
    form.dispatchEvent(new CustomEvent("found", { bubbles: true }));
  } catch (failure) {
    if (failure.name === "AbortError") return;
    status().textContent = status().dataset.failed;
    status().classList.remove("visually-hidden");
  }
  place().removeAttribute("aria-busy");
}

form.addEventListener("input", (event) => {
  if (event.target !== code() || !WHOLE.test(code().value)) return;
  clearTimeout(timer);
  timer = setTimeout(() => look(), PAUSE);
});
// Someone added moves up among those written to, with a language of their own letter.
form.addEventListener("change", (event) => {
  if (event.target.name === "recipient") look("recipient");
});
form.addEventListener("submit", (event) => {
  const go = event.submitter?.name === "go" ? event.submitter.value : "";
  if (!["find", "help", "search", "enter"].includes(go)) return;
  event.preventDefault();
  const typedIn = document.activeElement;
  // The Enter key looks up what was typed, and elsewhere presses its own step's button, once this event is over.
  const onward = typedIn?.closest(".step")?.querySelector("[data-next], [data-review]");
  if (go === "enter" && onward && typedIn !== code() && typedIn.name !== "search") setTimeout(() => onward.click());
  else look(typedIn?.name === "search" || go === "search" ? "search" : "find", event.submitter);
});
