// Variants, and the cases of each, as tabs: one row moves both languages.

const shown = new WeakMap();

function tab(row, words, current, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  if (current) button.setAttribute("aria-current", "true");
  button.addEventListener("click", choose);
  row.append(button);
  return button;
}

function row(name) {
  const made = document.createElement("div");
  made.className = "vars";
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", name);
  const of = document.createElement("span");
  of.className = "of";
  of.textContent = name;
  made.append(of);
  return made;
}

function draw(section, words, then) {
  const place = section.querySelector("[data-tabs]");
  const variants = [...section.querySelectorAll("[data-variant]")];
  const state = shown.get(section);
  const cases = [...variants[state.variant].querySelectorAll("[data-case]")];
  state.case = Math.min(state.case, cases.length - 1);
  variants.forEach((variant, number) => (variant.hidden = number !== state.variant));
  variants[state.variant].querySelectorAll("[data-case]").forEach((one, number) => (one.hidden = number !== state.case));
  // What is done to the variant and the case that are shown stands with the section's other acts.
  const acts = [...state.acts].filter(([holder]) => holder === variants[state.variant] || holder === cases[state.case]);
  section.querySelector("[data-mine]").replaceChildren(...acts.flatMap(([, buttons]) => buttons));
  const had = place.contains(document.activeElement) && document.activeElement.textContent;
  place.replaceChildren();
  const choose = (change) => () => {
    Object.assign(state, change);
    draw(section, words, then);
    then(section);
  };
  if (variants.length > 1) {
    const of = row(words.variant);
    variants.forEach((_, number) => {
      const button = tab(of, String(number + 1), number === state.variant, choose({ variant: number }));
      button.setAttribute("aria-label", `${words.variant} ${number + 1}`);
    });
    const add = section.querySelector("[data-add-variant]");
    if (add) tab(of, "+", false, () => add.click()).setAttribute("aria-label", words.add);
    place.append(of);
  }
  if (cases.length > 1 || cases[0]?.dataset.case) {
    const of = row(words.for);
    cases.forEach((one, number) => tab(of, one.dataset.case, number === state.case, choose({ case: number })));
    place.append(of);
  }
  if (had) [...place.querySelectorAll("button")].find((button) => button.textContent === had)?.focus();
  keep(section);
}

// The preview shows the variant that is worked on.
function keep(section) {
  const several = [...section.parentElement.querySelectorAll("[data-section]")].filter(
    (one) => one.querySelectorAll("[data-variant]").length > 1,
  );
  const field = document.getElementById(`try-v${several.indexOf(section)}`);
  if (field) field.value = String(shown.get(section).variant);
}

export function makeTabs(form, words, then) {
  for (const section of form.querySelectorAll("[data-section]")) {
    const others = section.querySelector("[data-others]");
    if (others) others.replaceWith(...[...others.children].filter((child) => child.matches("[data-variant]")));
    const acts = new Map();
    for (const holder of section.querySelectorAll("[data-variant], [data-case]")) {
      acts.set(holder, [...holder.querySelectorAll(":scope > .variant-h button")]);
    }
    const wrong = section.querySelector("textarea.bad");
    shown.set(section, { variant: 0, case: 0, words, then, acts });
    if (section.querySelector("[data-variant]")) draw(section, words, then);
    if (wrong) reveal(wrong);
  }
}

// Turns a section's tabs so that this text area can be seen.
export function reveal(area) {
  const section = area.closest("[data-section]");
  const state = section && shown.get(section);
  if (!state) return;
  const variants = [...section.querySelectorAll("[data-variant]")];
  state.variant = variants.indexOf(area.closest("[data-variant]"));
  state.case = [...variants[state.variant].querySelectorAll("[data-case]")].indexOf(area.closest("[data-case]"));
  draw(section, state.words, state.then);
}
