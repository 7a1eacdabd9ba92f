"""Parts of the forms' pages that are the same for everyone, rendered once: `{% kept … %}` in a template.

Only the campaign's words and the interface's may stand between the tags, never a citizen's.
"""

from collections.abc import Callable

from flask import g, request
from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from markupsafe import Markup

from advocacy.web.kept_pages import KeptPages, MadeOf

MAX_FRAGMENTS = 2048


class KeptFragments(Extension):
    """The tag `{% kept a, b %}…{% endkept %}`: what is between is rendered once for each outcome of `a` and `b`.

    It also depends on the campaign in the address, the language and the root in its addresses; on a page of no campaign
    nothing is kept. A template that uses it is imported with its context.
    """

    tags = {"kept"}  # noqa: RUF012 - as Jinja2 declares it

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._kept: KeptPages[Markup] = KeptPages(most=MAX_FRAGMENTS)

    @property
    def texts(self) -> list[str]:
        """Everything that is kept."""
        return [str(fragment) for fragment in self._kept.pages()]

    def parse(self, parser: Parser) -> nodes.Node:
        """Read a tag, its expressions and what is between."""
        line = next(parser.stream).lineno
        made_of: list[nodes.Expr] = []
        while parser.stream.current.type != "block_end":
            if made_of:
                parser.stream.expect("comma")
            made_of.append(parser.parse_expression())
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        place = nodes.Const(f"{parser.name}:{line}")
        arguments = [nodes.ContextReference(), place, nodes.Tuple(made_of, "load")]
        call = self.call_method("_fragment", arguments, lineno=line)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _fragment(self, context: Context, place: str, made_of: MadeOf, *, caller: Callable[[], Markup]) -> Markup:
        """Return a part of a page, rendered where it was not yet, or of another campaign than it is now."""
        campaign = g.get("campaign")
        if campaign is None:
            return caller()
        values = (campaign, request.root_path)
        address = " ".join((place, context["language"], campaign.name, *map(str, made_of)))
        found = self._kept.get(address, values)
        return self._kept.keep(address, values, caller()) if found is None else found
