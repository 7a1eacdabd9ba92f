"""What a browser without scripts would post from a page: the fields of its form as they stand, no button pressed."""

from collections.abc import Mapping
from html.parser import HTMLParser

NOT_POSTED = frozenset({"submit", "button", "reset", "image", "file"})
CHECKED_ONLY = frozenset({"checkbox", "radio"})


class PageForm(HTMLParser):
    """Reads the fields of every form on a page, by the form's id.

    `sure` is what the box sends that says that the words which the page asks about are the citizen's own, "" where it
    asks about none. `error_fields` are those that the page's summary of errors leads to, `has_send_button` whether
    letters can be sent from here.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, list[str]]] = {}
        self.sure = ""
        self.error_fields: list[str] = []
        self.has_send_button = False
        self._form = self._area = self._select = ""
        self._in_errors = False
        self.feed(page)
        self.close()

    def fields(self, form: str) -> dict[str, list[str]]:
        """Return the fields of a form; none where the page has no such form."""
        return self.forms.get(form, {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self._form = of.get("id", f"form {len(self.forms)}")
                self.forms.setdefault(self._form, {})
            case "input" if of.get("type") not in NOT_POSTED and "disabled" not in of:
                self._add_input(of)
            case "textarea":
                self._area = of.get("name", "")
                self._add(of, "")
            case "select":
                self._select = of.get("name", "")
            case "option" if "selected" in of and self._select:
                self._add({"name": self._select}, of.get("value", ""))
            case "a" if self._in_errors and of.get("href", "").startswith("#"):
                self.error_fields.append(of["href"][1:])
            case "div" if "errors" in of.get("class", "").split():
                self._in_errors = True
            case "button":
                self.has_send_button = self.has_send_button or of.get("formaction", "").endswith("/send")

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self._form = ""
            case "textarea":
                self._area = ""
            case "select":
                self._select = ""
            case "div":
                self._in_errors = False

    def handle_data(self, data: str) -> None:
        if self._area:
            form = self.forms.setdefault(self._form, {})
            # A line break right after the tag is the page's, not the text's (HTML, 13.1.2.5).
            text = data.removeprefix("\r\n").removeprefix("\n") if not form[self._area][-1] else data
            form[self._area][-1] += text

    def _add_input(self, of: Mapping[str, str]) -> None:
        if of.get("type") not in CHECKED_ONLY or "checked" in of:
            self._add(of, of.get("value", ""))
        elif of.get("name") == "sure":
            self.sure = of.get("value", "")

    def _add(self, of: Mapping[str, str], value: str) -> None:
        if name := of.get("name"):
            self.forms.setdefault(of.get("form", self._form), {}).setdefault(name, []).append(value)
