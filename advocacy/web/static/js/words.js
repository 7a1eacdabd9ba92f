// Own words are counted as they are typed: a help, never a wall.

const plural = new Intl.PluralRules(document.documentElement.lang);

function advice(count, { least, most }) {
  if (!count) return "none";
  if (count < least) return "short";
  return count > most ? "long" : "good";
}

function tell(line) {
  const words = document.getElementById(line.dataset.count).value.split(/\s+/).filter(Boolean).length;
  const shape = plural.select(words) === "one" ? line.dataset.one : line.dataset.other;
  const given = advice(words, { least: Number(line.dataset.least), most: Number(line.dataset.most) });
  Object.assign(line.querySelector("[data-number]"), { textContent: shape.replace("#", words), hidden: false });
  for (const part of line.querySelectorAll("[data-advice]")) part.hidden = part.dataset.advice !== given;
}

// The steps may be replaced while one writes: their lines are found anew.
function tellAll() {
  for (const line of document.querySelectorAll("[data-count]")) tell(line);
}

for (const kind of ["input", "found", "given-back"]) document.getElementById("writing").addEventListener(kind, tellAll);
tellAll();
