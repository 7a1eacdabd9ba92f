// The survey's rows are added, moved and removed without the page being loaded anew; without a script, it is.

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (!form.matches("form.survey") || submitter?.name !== "row") return;
  event.preventDefault();
  const buttons = form.querySelectorAll("button");
  const data = new FormData(form, submitter);
  const by = submitter.value;
  for (const button of buttons) button.disabled = true;
  const again = () => {
    for (const button of buttons) button.disabled = false;
  };
  try {
    const answer = await fetch(location.href, { method: "POST", body: data });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page.querySelector("form.survey");
    if (!made) throw new Error(answer.status);
    const shown = document.importNode(made, true);
    form.replaceWith(shown);
    shown.dispatchEvent(new Event("change", { bubbles: true }));
    const focused = document.querySelector("form.survey [autofocus]") ?? document.querySelector(`form.survey button[value="${CSS.escape(by)}"]`);
    focused?.focus({ preventScroll: true });
    focused?.scrollIntoView({ block: "nearest" });
  } catch {
    again();
    HTMLFormElement.prototype.submit.call(withButton(form, by));
  }
});

function withButton(form, value) {
  const pressed = document.createElement("input");
  Object.assign(pressed, { type: "hidden", name: "row", value });
  form.append(pressed);
  return form;
}
