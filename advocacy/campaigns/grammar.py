"""The wall around the letter's language: lexed, parsed, held against a list; what is not listed is refused.

The wall never compiles or runs template code, and its limits bound its work whatever a source holds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError, nodes

from advocacy.campaigns.names import Names
from advocacy.campaigns.tokens import ALLOWED, ENVIRONMENT, Refused, lex, refusal, short

PRINTABLE = (nodes.TemplateData, nodes.Name, nodes.Getattr)
COMPARISONS = frozenset({"eq", "in", "notin"})
COMPARE = 'compare a name with words in quotes: recipient.office == "senator", or in ("senator", "minister")'


@dataclass(frozen=True, slots=True)
class Parsed:
    """A source that has passed the wall: its tree, and the lines that hold one block tag and nothing else."""

    tree: nodes.Template
    tag_lines: frozenset[int]


def parse(source: str, names: Names) -> Parsed:
    """Take `source` through the three steps; raise Refused at the first thing that is not allowed.

    Bounded at 20,000 characters, 1,500 tokens inside braces and five levels of nesting.
    """
    text = re.sub(r"\r\n?", "\n", source)
    tag_lines = lex(text, names)
    tree = _tree(text)
    _allow(tree.body, names)
    return Parsed(tree, tag_lines)


def dotted(node: nodes.Node) -> str:
    """Give the name a node speaks of, "citizen.riding"; "" for anything else."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return ""


def constants(operand: nodes.Operand) -> tuple[str, ...]:
    """Give the words a comparison compares with; () when they are anything but words in quotes."""
    many = isinstance(operand.expr, nodes.Tuple | nodes.List)
    if many != (operand.op in ("in", "notin")):
        return ()
    listed = operand.expr.items if isinstance(operand.expr, nodes.Tuple | nodes.List) else [operand.expr]
    words = [item.value for item in listed if isinstance(item, nodes.Const) and isinstance(item.value, str)]
    return tuple(words) if len(words) == len(listed) else ()


def _tree(text: str) -> nodes.Template:
    """Step two. The parser's recursion running out is a refusal like any other."""
    try:
        return ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        raise refusal(error, text) from None
    except RecursionError:
        raise Refused(1, 1, "a condition is nested too deeply; make the letter simpler") from None


def _allow(body: Sequence[nodes.Node], names: Names) -> None:
    """Step three, without recursion: a tree has no say in our stack."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.If):
            _condition(node.test, names)
            waiting += [*node.body, *node.elif_, *node.else_]
        elif isinstance(node, nodes.Scope):
            waiting += node.body
        elif not isinstance(node, nodes.Output) or not all(
            isinstance(part, PRINTABLE) for part in node.nodes
        ):
            raise Refused(node.lineno, 1, f"a “{type(node).__name__.lower()}” is not allowed; {ALLOWED}")


def _condition(test: nodes.Node, names: Names) -> None:
    waiting = [test]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.And | nodes.Or):
            waiting += [node.left, node.right]
        elif isinstance(node, nodes.Not):
            waiting.append(node.node)
        elif isinstance(node, nodes.Compare):
            _comparison(node, names)
        elif not dotted(node):
            raise Refused(node.lineno, 1, f"a condition holds names and comparisons of names; {ALLOWED}")


def _comparison(node: nodes.Compare, names: Names) -> None:
    name, operand = dotted(node.expr), node.ops[0]
    words = constants(operand) if operand.op in COMPARISONS else ()
    if not name or len(node.ops) != 1 or not words:
        raise Refused(node.lineno, 1, f"this comparison is not allowed; {COMPARE}")
    unknown = sorted(set(words) - names.choices.get(name, frozenset(words)))
    if unknown:
        known = ", ".join(sorted(names.choices[name]))
        raise Refused(
            node.lineno, 1, f"“{short(unknown[0])}” is no choice of “{name}”; its choices are {known}"
        )
