"""What an `if` asks, as a function of the letter's values."""

from jinja2 import nodes

from advocacy.campaigns.grammar import constants, dotted
from advocacy.campaigns.names import Names
from advocacy.campaigns.program import Comparison, Condition, Values

KEY = "{}#"
"""Beside the sentence of a choice field stands its key, under the field's name and this sign."""


def always(_values: Values) -> bool:
    """Hold whatever the values are: the condition of an `else`."""
    return True


def condition(test: nodes.Node, names: Names) -> Condition:
    """Compile a condition that has passed the wall."""
    if isinstance(test, nodes.And | nodes.Or):
        every = all if isinstance(test, nodes.And) else any
        held = [condition(part, names) for part in _chain(test, type(test))]
        return lambda values: every(part(values) for part in held)
    if isinstance(test, nodes.Not):
        inner = condition(test.node, names)
        return lambda values: not inner(values)
    if isinstance(test, nodes.Compare):
        return _comparison(test, names)
    name = dotted(test)
    return lambda values: bool(values[name])


def spoken_condition(test: nodes.Node) -> str:
    """Write a condition in one way, so that two languages' conditions can be compared."""
    if isinstance(test, nodes.And | nodes.Or):
        word = " and " if isinstance(test, nodes.And) else " or "
        return f"({word.join(spoken_condition(part) for part in _chain(test, type(test)))})"
    if isinstance(test, nodes.Not):
        return f"not {spoken_condition(test.node)}"
    if isinstance(test, nodes.Compare):
        words = ", ".join(repr(word) for word in sorted(set(constants(test.ops[0]))))
        return f"{dotted(test.expr)} {'not in' if test.ops[0].op == 'notin' else 'in'} ({words})"
    return dotted(test)


def _chain(test: nodes.BinExpr, kind: type[nodes.BinExpr]) -> list[nodes.Node]:
    """Return the parts of `a or b or c …`: a chain leans left, and may be longer than Python's stack is deep."""
    parts: list[nodes.Node] = []
    node: nodes.Node = test
    while isinstance(node, kind):
        parts.append(node.right)
        node = node.left
    return [node, *reversed(parts)]


def _comparison(test: nodes.Compare, names: Names) -> Condition:
    name = dotted(test.expr)
    asked = KEY.format(name) if name in names.choices else name
    words = frozenset(constants(test.ops[0]))
    if test.ops[0].op == "notin":
        return lambda values: values[asked] not in words
    return Comparison(asked, words)
