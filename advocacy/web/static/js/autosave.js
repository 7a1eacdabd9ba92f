// Saves a form as it is typed: one request at a time, and none once somebody else was before it.

const PAUSE = 1000;
const AGAIN = 8000;

export class Autosave {
  constructor(form, { saved, conflict, refused, failed, out }) {
    Object.assign(this, { form, saved, conflict, refused, failed, out });
    this.stopped = false;
    this.timer = undefined;
    this.asked = undefined;
    this.again = false;
    form.addEventListener("input", (event) => {
      if (event.target.matches("[data-chips]")) this.soon(PAUSE);
    });
    // Whatever is pressed goes with the newest version: an asking under way is waited for.
    document.addEventListener("submit", (event) => this.before(event));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.timer) this.save();
    });
  }

  soon(pause) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.save(), pause);
  }

  async before(event) {
    const own = event.target === this.form;
    if (event.target.method !== "post" || (!this.asked && (own || !this.timer))) {
      clearTimeout(this.timer);
      return;
    }
    event.preventDefault();
    const { target, submitter } = event;
    await (this.asked ?? this.save());
    clearTimeout(this.timer);
    this.timer = this.asked = undefined;
    target.requestSubmit(submitter);
  }

  save() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.asked) {
      this.again = true;
      return this.asked;
    }
    this.asked = this.send().finally(() => {
      this.asked = undefined;
      if (this.again) this.soon(0);
      this.again = false;
    });
    return this.asked;
  }

  async send() {
    const fields = new URLSearchParams(new FormData(this.form));
    fields.set("act", "auto");
    const body = fields.toString();
    const wanted = { method: "POST", body: fields, redirect: "manual", keepalive: body.length < 60000 };
    try {
      const answer = await fetch(this.form.action, wanted);
      if (answer.type === "opaqueredirect") return this.out();
      const told = answer.ok || answer.status === 409 || answer.status === 422 ? await answer.json() : undefined;
      if (!told) throw new Error(String(answer.status));
      if (told.conflict) return this.halt(told.conflict);
      if (told.refused) return this.refused(told.refused);
      this.keep(told.version, fields);
      if (!this.timer && !this.again) this.form.dispatchEvent(new Event("saved", { bubbles: true }));
      return this.saved(told);
    } catch {
      this.failed();
      this.soon(AGAIN);
    }
    return undefined;
  }

  // What was just saved is what the page shows now; what each text was when the page was opened is kept beside it.
  keep(version, sent) {
    for (const area of this.form.querySelectorAll("[data-chips]")) {
      area.defaultValue = sent.get(area.name).replaceAll("\r\n", "\n");
    }
    document.querySelectorAll("[data-version]").forEach((field) => (field.value = version));
    const shown = JSON.parse(this.form.elements.shown.value);
    for (const [name, before] of Object.entries(shown.texts)) {
      const typed = sent.get(name)?.replaceAll("\r\n", "\n");
      if (typed === undefined || typed === before) continue;
      shown.began[name] ??= before;
      shown.texts[name] = typed;
    }
    this.form.elements.shown.value = JSON.stringify(shown);
  }

  halt(sentence) {
    this.stopped = true;
    clearTimeout(this.timer);
    this.conflict(sentence);
  }
}
