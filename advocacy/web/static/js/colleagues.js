// What others do at this letter: listed above as a reload would, and each piece of news told once at the window's foot.

const EVERY = 60_000;
const HERE = 10 * 60_000; // somebody who touched nothing for so long is away: asking on would keep them signed in
const TICK = 15_000;

export class Colleagues {
  constructor(form) {
    this.form = form;
    this.notices = document.querySelector("[data-colleagues]");
    this.bar = document.querySelector("[data-news]");
    this.known = new Set(this.bar.dataset.known.split(" "));
    this.asked = this.acted = Date.now();
    for (const kind of ["keydown", "pointerdown", "input"]) {
      document.addEventListener(kind, () => (this.acted = Date.now()), { capture: true, passive: true });
    }
    form.addEventListener("focusin", (event) => (this.last = event.target));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.acted = Date.now();
      this.look();
    });
    setInterval(() => this.look(), TICK);
  }

  // What is typed brings the news with it; so this is for whoever reads, and no more than once a minute.
  async look() {
    const now = Date.now();
    if (document.hidden || now - this.asked < EVERY || now - this.acted > HERE) return;
    this.asked = now;
    try {
      const over = this.form.elements.over.value;
      const answer = await fetch(`${this.bar.dataset.ask}?over=${over}`, { redirect: "error" });
      if (answer.ok) this.heard(await answer.json());
    } catch {
      // asked again in a minute
    }
  }

  heard({ notices, news }) {
    this.asked = Date.now();
    if (this.notices.innerHTML !== notices) this.notices.innerHTML = notices;
    for (const line of [...this.bar.children]) {
      if (!news.some((one) => one.key === line.dataset.key)) line.remove();
    }
    for (const one of news) {
      if (this.known.has(one.key)) continue;
      this.known.add(one.key);
      this.bar.append(this.line(one));
    }
  }

  line({ key, said }) {
    const line = document.createElement("div");
    line.dataset.key = key;
    const sentence = document.createElement("p");
    sentence.textContent = said;
    line.append(sentence);
    if (key.startsWith("revision:")) {
      const see = button(this.bar.dataset.see);
      Object.assign(see, { type: "submit", name: "act", value: "go:letter" }); // what was typed is kept on the way
      see.setAttribute("form", this.form.id);
      line.append(see);
    }
    const close = button(this.bar.dataset.close);
    close.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the caret
    close.addEventListener("click", () => {
      const goesOn = document.activeElement === close && this.last;
      line.remove();
      if (goesOn) goesOn.focus();
    });
    line.append(close);
    return line;
  }
}

function button(words) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-s";
  made.textContent = words;
  return made;
}
