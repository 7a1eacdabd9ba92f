// What was wrong with an answer no longer stands once it is given anew: beside its field, in the list, over its step.

const plural = new Intl.PluralRules(document.documentElement.lang);

function count(part, number) {
  part.textContent = part.dataset[plural.select(number) === "one" ? "one" : "other"].replace("#", number);
}

export function clearError(name) {
  document.getElementById(`${name}-e`)?.remove();
  for (const part of document.querySelectorAll(`[aria-describedby~="${name}-e"]`)) {
    const others = part.getAttribute("aria-describedby").split(" ").filter((id) => id !== `${name}-e`);
    if (others.length) part.setAttribute("aria-describedby", others.join(" "));
    else part.removeAttribute("aria-describedby");
    part.removeAttribute("aria-invalid");
  }
  const list = document.getElementById("errors");
  for (const link of list?.querySelectorAll(`a[href="#${name}"]`) ?? []) link.closest("li").remove();
  const left = list?.querySelectorAll("li").length;
  if (left) count(list.querySelector("h2"), left);
  else list?.remove();
  for (const state of document.querySelectorAll("[data-wrong]")) {
    const wrong = state.dataset.wrong.split(" ").filter((one) => one !== name);
    state.dataset.wrong = wrong.join(" ");
    if (wrong.length) count(state.querySelector("[data-one]"), wrong.length);
    else state.remove();
  }
}

// Of several boxes with one name, one that is still checked is an answer.
const isAnswer = ({ type, checked, value, name, form }) =>
  type === "radio" || type === "checkbox" ? checked || [...form.elements].some((one) => one.name === name && one.checked) : value.trim() !== "";

for (const kind of ["input", "change"]) {
  document.getElementById("writing")?.addEventListener(kind, ({ target }) => {
    if (target.name && isAnswer(target)) clearError(target.name);
  });
}
