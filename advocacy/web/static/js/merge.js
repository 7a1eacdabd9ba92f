// What is wrong with a sheet comes into the page, and the file stays chosen; once the site has taken it, the page that
// shows how far it is follows. The columns shown below are those of the letter chosen above.

const form = document.querySelector("#merge");
const outcome = document.querySelector("#outcome");
let byBrowser = false;

function show(...told) {
  outcome.replaceChildren(...told);
  outcome.scrollIntoView();
  outcome.focus();
}

async function ask(button) {
  const brought = new FormData(form, button);
  const answer = await fetch(form.action, { method: "POST", body: brought, credentials: "same-origin" });
  if (answer.redirected) {
    if (!new URL(answer.url).pathname.endsWith("/sign-in")) form.dispatchEvent(new Event("saved", { bubbles: true }));
    return location.assign(answer.url);
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const told = page.querySelector("#outcome");
  if (!told) throw new Error(`status ${answer.status}`);
  told.querySelectorAll(".again").forEach((one) => one.remove());
  show(...told.children);
}

const columns = document.querySelector("[data-columns]");
const letter = form?.elements.letter;

async function follow() {
  const wanted = letter.value;
  if (!wanted || !columns || columns.querySelector("#columns-letter").value === wanted) return;
  const answer = await fetch(`${columns.querySelector("form").action.split("#")[0]}?${new URLSearchParams({ letter: wanted })}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const told = page.querySelector("[data-columns]");
  if (told && wanted === letter.value) columns.replaceChildren(...told.children);
}

const followed = () => follow().catch(() => {}); // what is shown names its letter, and has a button

letter?.addEventListener("change", followed);
if (letter) addEventListener("pageshow", followed); // a browser that comes back to the page fills in the letter itself

form?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (byBrowser || !button) return;
  event.preventDefault();
  button.setAttribute("aria-busy", "true");
  try {
    await ask(button);
    await followed();
  } catch {
    byBrowser = true; // the page that tells what went wrong is better than none
    form.requestSubmit(button);
  } finally {
    button.removeAttribute("aria-busy");
  }
});
