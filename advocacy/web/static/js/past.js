// What a surface held before, so that it can be taken back and done again. The browser's own undo loses its way where
// labels stand: WebKit's writes text twice.

// Where two texts differ: what was taken out of the one and put into the other, and where that begins.
function difference(before, after) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { start, out: before.slice(start, before.length - same), put: after.slice(start, after.length - same) };
}

// Whether one stroke more goes on with what the last one did: a word is typed, or letters are erased one after another.
function goesOn(last, { start, out, put }) {
  if (!last) return false;
  if (put.length === 1 && !out) return last.put && start === last.end && (/\S/.test(put) || /\s/.test(last.put));
  return out.length === 1 && !put && !last.put && (start === last.start || start + 1 === last.start);
}

export class Past {
  constructor(text) {
    Object.assign(this, { texts: [text], at: 0, last: undefined });
  }

  note(text) {
    const change = difference(this.texts[this.at], text);
    if (!goesOn(this.last, change)) this.at += 1;
    this.texts.splice(this.at, Infinity, text);
    const isStroke = change.put.length + change.out.length === 1;
    this.last = isStroke ? { ...change, end: change.start + change.put.length } : undefined;
  }

  // The text one step back (-1) or on (1), and where the caret belongs in it.
  go(steps) {
    const [from, to] = [this.texts[this.at], this.texts[this.at + steps]];
    if (to === undefined) return undefined;
    this.at += steps;
    this.last = undefined;
    const { start, put } = difference(from, to);
    return { text: to, caret: start + put.length };
  }
}
