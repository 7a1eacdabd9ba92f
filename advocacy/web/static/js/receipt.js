// While something is still to happen to a letter, its story is read anew every half minute. A letter is printed alone.

const EVERY = 30_000;
const stories = () => document.querySelector("[data-stories]");

async function renew() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const newer = page.querySelector("[data-stories]");
  if (!newer) return;
  for (const told of newer.querySelectorAll("[data-told]")) {
    const shown = document.getElementById(told.id);
    if (shown && shown.innerHTML !== told.innerHTML) shown.replaceWith(told);
  }
  stories().dataset.stories = newer.dataset.stories;
}

function wait() {
  if (stories()?.dataset.stories !== "open") return;
  setTimeout(() => (document.hidden ? Promise.resolve() : renew()).catch(() => {}).then(wait), EVERY);
}

for (const link of document.querySelectorAll("[data-print]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const one = document.getElementById(link.dataset.print);
    document.body.classList.toggle("print-one", Boolean(one));
    one?.classList.add("to-print");
    window.print();
  });
}

// On paper every letter is open; not all browsers can do that by a style.
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details.fold:not([open])")) {
    fold.open = true;
    fold.dataset.opened = "";
  }
});
window.addEventListener("afterprint", () => {
  for (const fold of document.querySelectorAll("details[data-opened]")) {
    fold.open = false;
    delete fold.dataset.opened;
  }
  document.body.classList.remove("print-one");
  for (const one of document.querySelectorAll(".to-print")) one.classList.remove("to-print");
});

for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
wait();
