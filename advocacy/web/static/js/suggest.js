// Labels offered while one is typed: after “[”, a list that the arrows move in, Enter inserts from and Escape puts away.

import { folded } from "./chips.js";

const LONGEST = 60;

// What stands between the last “[” before the caret and the caret, if the caret stands in such words.
function begun(surface) {
  const { anchorNode: node, anchorOffset: at, isCollapsed } = getSelection();
  if (!isCollapsed || !at || node?.nodeType !== Node.TEXT_NODE || !surface.element.contains(node)) return undefined;
  const start = node.data.lastIndexOf("[", at - 1);
  const words = node.data.slice(start + 1, at);
  if (start < 0 || words.length > LONGEST || /[\]\n]/.test(words)) return undefined;
  return { node, start, at, words };
}

// Those whose name begins so, then those one of whose words does.
function fitting(buttons, words, language) {
  const wanted = folded(words);
  const named = buttons.map((button) => [button, folded(button.dataset[language])]);
  const first = named.filter(([, name]) => name.startsWith(wanted));
  const later = named.filter(([, name]) => !name.startsWith(wanted) && name.includes(` ${wanted}`));
  return (wanted ? [...first, ...later] : named).map(([button]) => button);
}

export class Suggestions {
  constructor(buttons, words) {
    Object.assign(this, { buttons, words, surface: undefined, place: undefined, left: undefined, active: 0 });
    this.list = document.createElement("ul");
    this.list.className = "offers";
    this.list.id = "offers";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words.labels);
    this.list.tabIndex = 0; // it scrolls
    this.list.hidden = true;
    this.said = document.createElement("p");
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    document.querySelector("main").append(this.list, this.said);
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the caret
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
    document.addEventListener("selectionchange", () => {
      if (this.surface && !begun(this.surface)) this.close();
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  watch(surface) {
    const { element } = surface;
    element.setAttribute("aria-autocomplete", "list");
    element.setAttribute("aria-haspopup", "listbox");
    element.addEventListener("input", () => this.offer(surface));
    element.addEventListener("blur", () => this.close());
    element.addEventListener("keydown", (event) => this.key(event));
  }

  offer(surface) {
    const place = begun(surface);
    if (!place) return this.close();
    if (this.left?.node === place.node && this.left.start === place.start) return undefined; // put away by Escape
    this.left = undefined;
    const found = fitting(this.buttons, place.words, surface.area.lang);
    if (!found.length) return this.close();
    Object.assign(this, { surface, place, group: undefined });
    this.list.replaceChildren(...found.map((button, number) => this.option(button, number)));
    this.list.lang = surface.area.lang;
    this.list.hidden = false;
    surface.element.setAttribute("aria-controls", this.list.id);
    this.said.textContent = this.words.offered.replace("{number}", found.length);
    this.stand();
    this.move(0);
    return undefined;
  }

  option(button, number) {
    const option = document.createElement("li");
    option.id = `offer-${number}`;
    option.setAttribute("role", "option");
    const { known, area } = this.surface;
    const chip = document.createElement("span");
    const label = button.dataset[area.lang];
    option.dataset.label = label;
    chip.textContent = label;
    chip.className = known.looks.get(label);
    option.append(chip);
    const { group } = button.closest("[data-group]").dataset;
    if (group !== this.group) option.dataset.group = group; // said over the first of each
    this.group = group;
    return option;
  }

  // Under the “[”, or over it where there is no room.
  stand() {
    const range = document.createRange();
    range.setStart(this.place.node, this.place.start);
    range.setEnd(this.place.node, this.place.at);
    const box = range.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const left = Math.max(8, Math.min(box.left, clientWidth - this.list.offsetWidth - 8));
    const isLow = box.bottom + this.list.offsetHeight + 8 > clientHeight && box.top > this.list.offsetHeight;
    this.list.style.left = `${left + scrollX}px`;
    this.list.style.top = `${scrollY + (isLow ? box.top - this.list.offsetHeight - 4 : box.bottom + 4)}px`;
  }

  move(to) {
    const options = [...this.list.children];
    this.active = (to + options.length) % options.length;
    options.forEach((one, number) => one.setAttribute("aria-selected", String(number === this.active)));
    this.surface.element.setAttribute("aria-activedescendant", options[this.active].id);
    const { offsetTop, offsetHeight } = options[this.active];
    const { scrollTop, clientHeight } = this.list;
    if (offsetTop < scrollTop) this.list.scrollTop = offsetTop;
    else if (offsetTop + offsetHeight > scrollTop + clientHeight) {
      this.list.scrollTop = offsetTop + offsetHeight - clientHeight;
    }
  }

  key(event) {
    if (!this.isOpen || event.isComposing) return;
    const acts = {
      ArrowDown: () => this.move(this.active + 1),
      ArrowUp: () => this.move(this.active - 1),
      Enter: () => this.choose(this.active),
      Escape: () => {
        this.left = this.place;
        this.close();
      },
    };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  choose(number) {
    const { surface, place } = this;
    const { label } = this.list.children[number].dataset;
    this.close();
    surface.replace(place, label);
  }

  close() {
    if (!this.surface) return undefined;
    const { element } = this.surface;
    element.removeAttribute("aria-activedescendant");
    element.removeAttribute("aria-controls");
    this.list.hidden = true;
    this.said.textContent = "";
    this.surface = this.place = undefined;
    return undefined;
  }
}
