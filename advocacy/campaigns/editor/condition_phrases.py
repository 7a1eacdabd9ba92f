"""The conditions of a letter in plain words: “riding given”, « le champ « circonscription » est rempli »."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from jinja2 import nodes

from advocacy.campaigns.grammar.allowed_names import AllowedNames
from advocacy.campaigns.grammar.parser import compared_words, dotted_name, parse
from advocacy.campaigns.grammar.tags import CONDITION_TAGS, FOLLOWERS, OPENERS
from advocacy.campaigns.grammar.tokens import TAG, Refused, tokenize
from advocacy.campaigns.terms import GROUPS, OFFICES, ROLES, STAGES
from advocacy.language import Language, Wording
from advocacy.messages import Message, Words, message

_TAG = re.compile(r"\{%\s*(\w+)\s*(.*?)\s*%\}")
_TIGHT_BEFORE, _TIGHT_AFTER = frozenset({")", ",", "."}), frozenset({"(", "."})

IS_CONSTITUENT = "citizen.is_constituent"
FLAGS: Mapping[str, tuple[Message, Message]] = {
    IS_CONSTITUENT: (message("own riding"), message("not own riding")),
    "citizen.is_reachable": (message("an answer can reach them"), message("no answer can reach them")),
    "survey.is_translated": (message("answers translated"), message("answers not translated")),
}
"""What holds, and what then does not."""
VALUE_NAMES: Mapping[str, Mapping[str, Message]] = {
    "recipient.office": OFFICES,
    "recipient.role": ROLES,
    "bill.stage": STAGES,
}
RECIPIENT = frozenset({"recipient.office", "recipient.role"})
"""The names whose comparisons depend on whom a letter is written to."""
# In French, “le champ” makes a sentence right whatever the gender and the number of what the field is called.
GIVEN, NOT_GIVEN = message("%(name)s given"), message("%(name)s not given")
TO, NOT_TO = message("to: %(answers)s"), message("not to: %(answers)s")
STAGE, NOT_STAGE = message("stage of the bill: %(answers)s"), message("not stage of the bill: %(answers)s")
ANSWER, NOT_ANSWER = message("%(name)s: %(answers)s"), message("not %(name)s: %(answers)s")
NOT = message("not %(condition)s")
QUOTED = message("“%(text)s”")
AND, OR = message(" and "), message(" or ")


class Tag(NamedTuple):
    """A `{% %}` tag: its first word, and the condition of an `if` or `elif` in one spelling."""

    word: str
    test: str


def parse_tag(tag: str) -> Tag | None:
    """Read a tag, None when it is none of the letter's language: `{%if  reason%}` is ("if", "reason")."""
    found = _TAG.fullmatch(tag)
    if found is None or (found[1] not in OPENERS and found[1] not in FOLLOWERS):
        return None
    word, test = found[1], found[2]
    if (word in CONDITION_TAGS) != bool(test):
        return None
    return Tag(word, normalize_condition(test))


@lru_cache(maxsize=256)
def normalize_condition(test: str) -> str:
    """Write a condition with one space between words; as it is when it cannot be cut into tokens."""
    try:
        tokens = [token.text for token in tokenize(f"{{% if {test} %}}") if token.kind != "whitespace"]
    except Refused:
        return test.strip()
    spelled = ""
    for before, text in pairwise(tokens[1:-1]):
        spelled += text if before in _TIGHT_AFTER or text in _TIGHT_BEFORE or not spelled else f" {text}"
    return spelled


def conditions_in(source: str) -> Iterator[str]:
    """Return the condition of each `if` and `elif` of a source."""
    for tag in TAG.finditer(source):
        found = parse_tag(tag[0])
        if found is not None and found.test:
            yield found.test


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the blanks of a letter are called, and the answers of those that are choices."""

    names: Mapping[str, Words]
    answers: Mapping[str, Mapping[str, Words]]


@dataclass(frozen=True, slots=True)
class ConditionPhrase:
    """A condition in words: “to: senator”. `title` is for what is written under it: “Senator”.

    `begins_with_recipient` where the words begin with whom the letter is written to.
    """

    words: Wording
    title: Wording
    begins_with_recipient: bool


def describe_condition(test: str, names: AllowedNames, vocabulary: Vocabulary) -> ConditionPhrase | None:
    """Return a condition in words; None for what is no condition."""
    try:
        node = parse(f"{{% if {test} %}}x{{% endif %}}", names).tree.body[0]
    except Refused:
        return None
    if not isinstance(node, nodes.If):
        return None
    condition = node.test
    words = Wording.for_each(lambda language: _Renderer(vocabulary, language).condition(condition))
    if isinstance(condition, nodes.Compare) and _is_recipient(condition):
        title = Wording.for_each(lambda language: _Renderer(vocabulary, language).answers(condition))
    else:
        title = Wording.for_each(message("Own riding").in_language) if test == IS_CONSTITUENT else words
    first = condition
    while type(first) is type(condition) and isinstance(first, nodes.BinExpr):
        first = first.left
    return ConditionPhrase(
        words,
        Wording.for_each(lambda language: title[language][:1].upper() + title[language][1:]),
        isinstance(first, nodes.Compare) and _is_recipient(first),
    )


def _is_recipient(condition: nodes.Compare) -> bool:
    return dotted_name(condition.expr) in RECIPIENT and condition.ops[0].op != "notin"


@dataclass(frozen=True, slots=True)
class _Renderer:
    vocabulary: Vocabulary
    language: Language

    def condition(self, test: nodes.Node) -> str:
        if isinstance(test, nodes.And | nodes.Or):
            return self._text(AND if isinstance(test, nodes.And) else OR).join(self._operands(test))
        if isinstance(test, nodes.Compare):
            return self._comparison(test)
        if not isinstance(test, nodes.Not):
            return self._given(dotted_name(test), is_not=False)
        if name := dotted_name(test.node):
            return self._given(name, is_not=True)
        return self._text(NOT, condition=self._operand(test.node))

    def answers(self, test: nodes.Compare) -> str:
        name, keys = dotted_name(test.expr), compared_words(test.ops[0])
        if name == "recipient.office" and frozenset(keys) in GROUPS:
            return self._text(GROUPS[frozenset(keys)])
        words: Mapping[str, Words] = VALUE_NAMES.get(name) or self.vocabulary.answers.get(name, {})
        texts = (self._text(words[key]) if key in words else self._text(QUOTED, text=key) for key in keys)
        return self._text(OR).join(texts)

    def _text(self, words: Words, **params: str) -> str:
        return (words.with_params(**params) if isinstance(words, Message) else words).in_language(self.language)

    def _name(self, name: str) -> str:
        return self._text(self.vocabulary.names[name]) if name in self.vocabulary.names else name

    def _operands(self, test: nodes.BinExpr) -> Sequence[str]:
        """Render the operands of a chain, which leans left and may be longer than Python's stack is deep."""
        kind, found = type(test), []
        node: nodes.Node = test
        while isinstance(node, kind):
            found.append(self._operand(node.right))
            node = node.left
        return [self._operand(node), *reversed(found)]

    def _operand(self, test: nodes.Node) -> str:
        text = self.condition(test)
        return f"({text})" if isinstance(test, nodes.And | nodes.Or) else text

    def _given(self, name: str, *, is_not: bool) -> str:
        if name in FLAGS:
            return self._text(FLAGS[name][is_not])
        return self._text(NOT_GIVEN if is_not else GIVEN, name=self._name(name))

    def _comparison(self, test: nodes.Compare) -> str:
        name, is_not = dotted_name(test.expr), test.ops[0].op == "notin"
        if name in RECIPIENT:
            words = NOT_TO if is_not else TO
        elif name == "bill.stage":
            words = NOT_STAGE if is_not else STAGE
        else:
            words = NOT_ANSWER if is_not else ANSWER
        return self._text(words, name=self._name(name), answers=self.answers(test))
