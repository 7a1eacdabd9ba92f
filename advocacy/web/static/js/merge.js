// A sheet is checked without being let go of: the report comes into the page, and the file stays chosen.
// The columns shown below are those of the letter chosen above.

const form = document.querySelector("#merge");
const outcome = document.querySelector("#outcome");
let byBrowser = false;

async function report(button) {
  const brought = new FormData(form, button);
  const answer = await fetch(form.action, { method: "POST", body: brought, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const told = page.querySelector("#outcome");
  if (!told) throw new Error(`status ${answer.status}`);
  told.querySelector(".again")?.remove();
  outcome.replaceChildren(...told.children);
  outcome.scrollIntoView();
  outcome.focus();
}

const columns = document.querySelector("[data-columns]");
const letter = form?.elements.letter;

async function follow() {
  const wanted = letter.value;
  if (!wanted || !columns) return;
  const answer = await fetch(`${columns.querySelector("form").action.split("#")[0]}?${new URLSearchParams({ letter: wanted })}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const told = page.querySelector("[data-columns]");
  if (told && wanted === letter.value) columns.replaceChildren(...told.children);
}

letter?.addEventListener("change", () => follow().catch(() => {})); // what is shown names its letter, and has a button

form?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (byBrowser || button?.value !== "check") return;
  event.preventDefault();
  button.setAttribute("aria-busy", "true");
  try {
    await report(button);
  } catch {
    byBrowser = true; // the page that tells what went wrong is better than none
    form.requestSubmit(button);
  } finally {
    button.removeAttribute("aria-busy");
  }
});
