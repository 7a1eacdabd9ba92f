// How far a job is, asked once a second while its page is open; when it is finished, what came of it is shown.

const EVERY = 1_000;
const SLOWLY = 10_000; // after a minute somebody is doing something else
const PATIENT = 60;
const ENOUGH = 200; // some half an hour: asking on would keep somebody signed in who is away

function follow(shown) {
  const bar = shown.querySelector("progress");
  const words = shown.querySelector("[data-words]");
  const said = shown.querySelector("[role=status]");
  let asked = 0;
  let quarter = 0;

  function show({ running, done, total, words: text }) {
    if (!running || !total) return;
    bar.max = total;
    bar.value = done;
    words.textContent = text;
    const reached = Math.floor((4 * done) / total);
    if (reached > quarter) said.textContent = text; // read aloud four times, not each second
    quarter = reached;
  }

  async function look() {
    asked += 1;
    try {
      const answer = await fetch(shown.dataset.job, { credentials: "same-origin", redirect: "error" });
      if (answer.status === 404) return location.reload();
      const found = await answer.json();
      if (found.finished) return location.assign(found.finished);
      show(found);
    } catch {
      // asked again
    }
    if (asked < ENOUGH) setTimeout(look, asked < PATIENT ? EVERY : SLOWLY);
  }

  setTimeout(look, EVERY / 2);
}

document.querySelectorAll("[data-job]").forEach(follow);
