// The signs of a text set as its language sets them, while it is typed. The rules are those of checks/typography.py,
// and a test holds both to the same cases.

const SPACE = "[ \\t\\u2009\\u202f]";
const ANY_SPACE = "[ \\t\\u00a0\\u2009\\u202f]";
const WORD = "\\p{L}\\p{N}_";
const NBSP = "\u00a0";
const IN_GUILLEMETS = "(?=[^«»]{0,300}»)";

const rule = (pattern, mend) => [new RegExp(pattern, "gu"), mend];

const SHARED = [
  rule("['´]", "’"),
  rule("(?<=[^\\s«])  +(?=[^\\s%:;!?»])", " "),
  rule("\\.{3,}", "…"),
];
const RULES = {
  fr: [
    rule(`(?<=[${WORD}»)])${SPACE}*%`, `${NBSP}%`),
    rule(`(?<=[^\\s:«])${SPACE}*:(?![\\p{Nd}/:])`, `${NBSP}:`),
    rule(`(?<=\\p{Nd})${SPACE}:(?=\\p{Nd})`, `${NBSP}:`),
    rule("(?<=\\p{Nd}) (?=[$€])", NBSP),
    rule(`«${SPACE}*(?=\\S)`, `«${NBSP}`),
    rule(`(?<=\\S)${SPACE}*»`, `${NBSP}»`),
    rule(`(?<=\\S)${ANY_SPACE}+(?=[;!?])`, ""),
    rule(`"(?=[${WORD}])`, `«${NBSP}`),
    rule(`"(?![${WORD}])`, `${NBSP}»`),
    rule(`“(?!${IN_GUILLEMETS})`, `«${NBSP}`),
    rule(`”(?!${IN_GUILLEMETS})`, `${NBSP}»`),
    rule("(?<=[^\\s«])\\u202f(?=[^\\s%:;!?»])", NBSP),
    ...SHARED,
  ],
  en: [
    rule(`(?<=[${WORD}])${ANY_SPACE}+(?=%)`, ""),
    rule(`(?<=\\S)${ANY_SPACE}+(?=[;:!?])`, ""),
    rule(`"(?=[${WORD}])`, "“"),
    rule(`"(?![${WORD}])`, "”"),
    rule("«\\s?", "“"),
    rule("\\s?»", "”"),
    ...SHARED,
  ],
};

// Blanks and tags, labels in brackets and addresses are no prose: a letter stands for each while the rules are applied.
const KEPT = /\{\{[^{}]*\}\}|\{%[^{}]*%\}|\[[^[\]\n]*\]|https?:\/\/\S+/gu;
const STAND_IN = "ʘ";

export function corrected(text, language) {
  if (text.includes(STAND_IN)) return text;
  const kept = text.match(KEPT) ?? [];
  let set = text.replace(KEPT, STAND_IN);
  for (const [pattern, mend] of RULES[language] ?? []) set = set.replace(pattern, mend);
  return set.split(STAND_IN).reduce((whole, piece, place) => whole + kept[place - 1] + piece);
}
