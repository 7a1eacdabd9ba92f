"""Parse the letter's language: split a source into tokens, parse these, and check the tree against an allow-list.

Template code is never compiled or run, and the limits bound the work whatever a source holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from advocacy.campaigns.grammar.allowed_names import AllowedNames
from advocacy.campaigns.grammar.tags import TagChecker
from advocacy.campaigns.grammar.tokens import ENVIRONMENT, Token, excerpt, normalize_source, tokenize

PRINTABLE = (nodes.TemplateData, nodes.Name, nodes.Getattr)
COMPARISONS = frozenset({"eq", "in", "notin"})


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A source that is allowed. Its nodes count tokens where Jinja counts lines, so that each has a column."""

    tree: nodes.Template
    tokens: Sequence[Token]
    lines: Sequence[str]
    alone: frozenset[int]

    def token(self, node: nodes.Node) -> Token:
        """Return the first token of a name, a word or a tag; other nodes give a token inside them."""
        return self.tokens[node.node.lineno if isinstance(node, nodes.Getattr) else node.lineno]

    def opening(self, node: nodes.Node) -> Token:
        return next(token for token in reversed(self.tokens[: node.lineno + 1]) if token.kind.endswith("_begin"))

    def is_alone(self, node: nodes.Node) -> bool:
        """Whether a tag is the only thing on its line: such tags are around whole paragraphs."""
        return self.token(node).line in self.alone


def parse(source: str, names: AllowedNames) -> ParsedSource:
    """Parse `source`; raise Refused at the first thing that is not allowed.

    At most 20,000 characters, 1,500 tokens inside braces and five levels of nesting are allowed.
    """
    text = normalize_source(source)
    tags = TagChecker(text, names)
    for token in tokenize(text):
        tags.add(token)
    tags.finish()
    parsed = ParsedSource(_parse_tree(tags.tokens), tags.tokens, tags.lines, tags.alone)
    _check_tree(parsed, names)
    return parsed


def dotted_name(node: nodes.Node) -> str:
    """Return the name a node speaks of, "citizen.riding"; "" for anything else."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return ""


def compared_words(operand: nodes.Operand) -> tuple[str, ...]:
    """Return the words that a comparison compares with; () where they are anything but words in quotes."""
    return tuple(str(item.value) for item in _compared_constants(operand))


def _compared_constants(operand: nodes.Operand) -> Sequence[nodes.Const]:
    many = isinstance(operand.expr, nodes.Tuple)
    if operand.op not in COMPARISONS or many != (operand.op != "eq"):
        return ()
    listed = operand.expr.items if isinstance(operand.expr, nodes.Tuple) else [operand.expr]
    words = [item for item in listed if isinstance(item, nodes.Const) and isinstance(item.value, str)]
    return words if len(words) == len(listed) else ()


def _parse_tree(tokens: Sequence[Token]) -> nodes.Template:
    """Parse the tokens that were checked; too deep a recursion of Jinja's parser is refused as well."""
    numbered = ((number, token.kind, token.text) for number, token in enumerate(tokens))
    parser = Parser(ENVIRONMENT, "")
    parser.stream = TokenStream(ENVIRONMENT.lexer.wrap(numbered), None, None)
    try:
        return parser.parse()
    except TemplateSyntaxError as error:
        token = tokens[error.lineno]
        raise token.refuse("condition-syntax", text=excerpt(token.text)) from None
    except RecursionError:
        raise tokens[0].refuse("nested-too-deep", text=excerpt(tokens[0].text)) from None


def _check_tree(parsed: ParsedSource, names: AllowedNames) -> None:
    """Check the tree against the allow-list, without recursion: a tree may be deeper than Python's stack."""
    waiting = [*reversed(parsed.tree.body)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.If):
            _check_condition(node.test, parsed, names)
            waiting += reversed([*node.body, *node.elif_, *node.else_])
        elif isinstance(node, nodes.Scope):
            waiting += reversed(node.body)
        elif not isinstance(node, nodes.Output) or not all(isinstance(part, PRINTABLE) for part in node.nodes):
            token = parsed.token(node)
            raise token.refuse("forbidden", text=excerpt(token.text))


def _check_condition(test: nodes.Node, parsed: ParsedSource, names: AllowedNames) -> None:
    waiting = [test]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.And | nodes.Or):
            waiting += [node.right, node.left]
        elif isinstance(node, nodes.Not):
            waiting.append(node.node)
        elif isinstance(node, nodes.Compare):
            _check_comparison(node, parsed, names)
        elif dotted_name(node) in names.compared:
            words = tuple(f'"{word}"' for word in sorted(names.compared[dotted_name(node)])[:2])
            raise parsed.token(node).refuse("comparison-missing", name=dotted_name(node), words=words)
        elif not names.offers(dotted_name(node)):
            token = parsed.token(node)
            raise token.refuse("condition-unknown", text=excerpt(token.text))


def _check_comparison(node: nodes.Compare, parsed: ParsedSource, names: AllowedNames) -> None:
    name, words, token = dotted_name(node.expr), _compared_constants(node.ops[0]), parsed.token(node.expr)
    if name in names.flags:
        raise token.refuse("comparison-of-flag", name=name)
    if not names.can_be_compared(name) or len(node.ops) != 1 or not words:
        raise token.refuse("comparison", text=excerpt(token.text))
    answers = names.answers(name)
    unknown = next((word for word in words if answers is not None and word.value not in answers), None)
    if unknown is not None:
        word = excerpt(unknown.value)
        if not answers:
            raise parsed.token(unknown).refuse("answers-missing", text=word, name=name)
        raise parsed.token(unknown).refuse("answer-unknown", text=word, name=name, answers=tuple(sorted(answers)))
