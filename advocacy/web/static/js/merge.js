// A sheet is checked without being let go of: the report comes into the page, and the file stays chosen.

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
