// While something is still to happen to a letter, its story is read anew every half minute.

const EVERY = 30_000;
const stories = () => document.querySelector("[data-stories]");

async function renew() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const newer = page.querySelector("[data-stories]");
  if (!newer) return;
  for (const story of newer.querySelectorAll(".story[id]")) {
    const shown = document.getElementById(story.id);
    if (shown && shown.innerHTML !== story.innerHTML) shown.replaceWith(story);
  }
  stories().dataset.stories = newer.dataset.stories;
}

function wait() {
  if (stories().dataset.stories !== "open") return;
  setTimeout(() => (document.hidden ? Promise.resolve() : renew()).catch(() => {}).then(wait), EVERY);
}

for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
wait();
