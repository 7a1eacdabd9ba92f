// What is wrong with a sheet comes into the page, and the file stays chosen; once the site has taken it, the page that
// shows how far it is follows. The columns shown are those of the letter chosen.

const form = document.querySelector("#merge");
const outcome = document.querySelector("#outcome");
let byBrowser = false;

async function read(answer) {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function ask(button) {
  const brought = new FormData(form, button);
  const answer = await fetch(form.action, { method: "POST", body: brought, credentials: "same-origin" });
  if (answer.redirected) {
    if (!new URL(answer.url).pathname.endsWith("/sign-in")) form.dispatchEvent(new Event("saved", { bubbles: true }));
    return location.assign(answer.url);
  }
  const told = (await read(answer)).querySelector("#outcome");
  if (!told) throw new Error(`status ${answer.status}`);
  outcome.replaceChildren(...told.children);
  outcome.scrollIntoView();
  outcome.focus();
}

async function follow() {
  const shown = form.querySelector("[data-columns]");
  const wanted = form.elements.letter.value;
  if (shown.dataset.columns === wanted) return;
  const page = await read(await fetch(`${form.dataset.columnsAt}&${new URLSearchParams({ letter: wanted })}`));
  const told = page.querySelector(`[data-columns="${CSS.escape(wanted)}"]`);
  if (told && wanted === form.elements.letter.value) shown.replaceWith(told);
}

form?.elements.letter.addEventListener("change", follow);
if (form) addEventListener("pageshow", follow); // a browser that comes back to the page fills in the letter itself

form?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (byBrowser || !button) return;
  event.preventDefault();
  button.setAttribute("aria-busy", "true");
  try {
    await ask(button);
  } catch {
    byBrowser = true; // the page that tells what went wrong is better than none
    form.requestSubmit(button);
  } finally {
    button.removeAttribute("aria-busy");
  }
});
