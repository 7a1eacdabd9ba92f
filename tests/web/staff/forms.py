"""Every form of a page as a browser would send it, and whether a page holds anything that could run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

TYPED = frozenset({"text", "search", "email", "url", "tel", "password", "number", "date", "time", ""})
ADDRESSES = ("href", "action", "formaction", "src", "data", "xlink:href", "srcdoc")
HARMLESS = frozenset({"", "http", "https", "mailto", "tel"})
NEVER = frozenset({"iframe", "object", "embed", "math", "base", "style"})
"""Elements that no staff page has of its own."""
BROUGHT = "<b>x</b>"
"""What the strings that break out of an attribute bring."""


@dataclass(frozen=True, slots=True)
class Form:
    """One button's form: where it goes, what stands in it, and the names of the fields that are typed or chosen."""

    action: str
    values: Mapping[str, str]
    typed: Sequence[str]
    chosen: Sequence[str]
    files: Sequence[str]

    @property
    def name(self) -> str:
        """Tell this form from the others of the site; what a button does to one paragraph it does to any."""
        fixed = [f"{name}={value.split(':')[0]}" for name, value in self.values.items() if name in {"act", "go"}]
        return " ".join((self.action, *fixed))


def forms(page: BeautifulSoup, path: str) -> Iterator[Form]:
    """Return the forms of a page that are posted, once for each of their buttons."""
    for form in page.find_all("form"):
        if str(form.get("method", "get")).lower() == "post":
            yield from _of(form, path)


def _of(form: Tag, path: str) -> Iterator[Form]:
    fields = _Fields()
    for one in _controls(form):
        fields.add(one)
    seen = set()
    buttons: list[Tag | None] = [one for one in _controls(form) if one.name == "button" and one.get("type") != "button"]
    for button in buttons or [None]:
        action = str((button and button.get("formaction")) or form.get("action") or path)
        pressed = {str(button["name"]): str(button.get("value", ""))} if button and button.get("name") else {}
        made = Form(action, fields.values | pressed, fields.typed, fields.chosen, fields.files)
        if made.name not in seen:
            seen.add(made.name)
            yield made


def _controls(form: Tag) -> list[Tag]:
    """Return what belongs to a form, wherever on the page it stands."""
    inside = [one for one in form.find_all(["input", "textarea", "select", "button"]) if not one.get("form")]
    root = form.find_parent("html")
    outside = root.select(f'[form="{form["id"]}"]') if root and form.get("id") else []
    return [*inside, *outside]


@dataclass
class _Fields:
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def add(self, one: Tag) -> None:
        name, kind = str(one.get("name", "")), str(one.get("type", "")).lower()
        if not name or name == "csrf_token" or one.name == "button":
            return
        if kind == "file":
            self.files.append(name)
        elif one.name == "textarea":
            self._take(self.typed, name, one.text.removeprefix("\n"))
        elif one.name == "select":
            option = one.find("option", selected=True) or one.find("option")
            self._take(self.chosen, name, str(option.get("value", option.text)) if option else "")
        else:
            self._add_input(one, name, kind)

    def _add_input(self, one: Tag, name: str, kind: str) -> None:
        value = str(one.get("value", ""))
        if kind in {"checkbox", "radio"}:
            self.chosen += [name] if name not in self.chosen else []
            if one.has_attr("checked"):
                self.values[name] = value or "on"
        else:
            self._take(self.typed if kind in TYPED else self.chosen, name, value)

    def _take(self, names: list[str], name: str, value: str) -> None:
        names.append(name)
        self.values[name] = value


def dangers(page: BeautifulSoup) -> list[str]:
    """Name whatever on a page could run, or comes from what was typed: nothing of the kind is ours."""
    found = []
    for tag in page.find_all(True):
        if tag.name in NEVER or (tag.name == "script" and not _is_ours(tag)) or str(tag) == BROUGHT:
            found.append(str(tag)[:120])
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on") or name == "style"]
        astray = [name for name in ADDRESSES if name in tag.attrs and _leads_astray(str(tag[name]))]
        found += [f"{tag.name} {name}={tag[name]}" for name in astray]
    return found


def _is_ours(script: Tag) -> bool:
    return str(script.get("src", "")).startswith("/static/") and not script.text


def _leads_astray(address: str) -> bool:
    try:
        return urlsplit(address.strip()).scheme.lower() not in HARMLESS
    except ValueError:
        return True
