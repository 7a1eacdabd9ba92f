"""What an `if` asks, in a person’s words: “if riding given”, « si le champ « circonscription » est rempli »."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from jinja2 import nodes

from advocacy.campaigns.grammar.allowed_names import AllowedNames
from advocacy.campaigns.grammar.parser import compared_words, dotted_name, parse
from advocacy.campaigns.grammar.tags import CONDITION_TAGS, FOLLOWERS, OPENERS
from advocacy.campaigns.grammar.tokens import TAG, Refused, tokenize
from advocacy.language import Language, Wording

_TAG = re.compile(r"\{%\s*(\w+)\s*(.*?)\s*%\}")
_TIGHT_BEFORE, _TIGHT_AFTER = frozenset({")", ",", "."}), frozenset({"(", "."})

FLAGS: Mapping[str, tuple[Wording, Wording]] = {
    "citizen.is_constituent": (
        Wording.of(en="own riding", fr="c’est sa circonscription"),
        Wording.of(en="not own riding", fr="ce n’est pas sa circonscription"),
    ),
    "citizen.is_reachable": (
        Wording.of(en="an answer can reach them", fr="une réponse peut leur parvenir"),
        Wording.of(en="no answer can reach them", fr="aucune réponse ne peut leur parvenir"),
    ),
    "survey.is_translated": (
        Wording.of(en="answers translated", fr="les réponses sont traduites"),
        Wording.of(en="answers not translated", fr="les réponses ne sont pas traduites"),
    ),
}
"""What holds, and what then does not."""
ROLES: Mapping[str, Wording] = {
    "own_member": Wording.of(en="own member", fr="son propre député ou sa propre députée"),
    "other_member": Wording.of(en="another member", fr="un autre membre de la Chambre"),
    "vacant_seat": Wording.of(en="vacant seat", fr="siège vacant"),
    "senator": Wording.of(en="senator", fr="membre du Sénat"),
    "responsible_minister": Wording.of(en="minister responsible", fr="ministre responsable"),
    "minister": Wording.of(en="another minister", fr="autre ministre"),
    "prime_minister": Wording.of(en="Prime Minister", fr="première ou premier ministre"),
    "other": Wording.of(en="anyone else", fr="toute autre personne"),
}
STAGES: Mapping[str, Wording] = {
    "introduced": Wording.of(en="introduced", fr="déposé"),
    "committee": Wording.of(en="in committee", fr="en comité"),
    "third-reading": Wording.of(en="third reading", fr="troisième lecture"),
    "other-house": Wording.of(en="in the other chamber", fr="devant l’autre chambre"),
    "passed": Wording.of(en="passed", fr="adopté"),
    "died": Wording.of(en="died", fr="mort au feuilleton"),
    "unknown": Wording.of(en="not known", fr="inconnue"),
}
"""What staff call the roles of recipients and the stages of a bill."""
OFFICES: Mapping[str, Wording] = {
    "member": Wording.of(en="member of the House", fr="membre de la Chambre"),
    "speaker_commons": Wording.of(en="Speaker of the House", fr="présidence de la Chambre"),
    "senator": Wording.of(en="senator", fr="membre du Sénat"),
    "speaker_senate": Wording.of(en="Speaker of the Senate", fr="présidence du Sénat"),
    "minister": Wording.of(en="minister", fr="ministre"),
    "prime_minister": Wording.of(en="prime minister", fr="première ou premier ministre"),
    "premier": Wording.of(en="premier", fr="première ou premier ministre d’une province"),
    "provincial_minister": Wording.of(en="provincial minister", fr="ministre d’une province"),
    "provincial_member": Wording.of(en="member of a legislature", fr="membre d’une législature"),
    "mayor": Wording.of(en="mayor", fr="mairie"),
    "official": Wording.of(en="person of your own list", fr="personne de votre propre liste"),
}
VALUE_NAMES: Mapping[str, Mapping[str, Wording]] = {"recipient.role": ROLES, "bill.stage": STAGES}
HOUSES: Mapping[frozenset[str], Wording] = {
    frozenset({"senator", "speaker_senate"}): Wording.of(en="Senate", fr="Sénat"),
    frozenset({"minister", "prime_minister"}): Wording.of(en="government", fr="gouvernement"),
    frozenset({"member", "speaker_commons"}): Wording.of(en="House of Commons", fr="Chambre des communes"),
}
"""Offices that are commonly asked for together."""

TO, NOT_TO = Wording.of(en="to: ", fr="pour\u00a0: "), Wording.of(en="not to: ", fr="pas pour\u00a0: ")
STAGE = (
    Wording.of(en="stage of the bill: ", fr="le projet de loi est à l’étape\u00a0: "),
    Wording.of(en="not stage of the bill: ", fr="le projet de loi n’est pas à l’étape\u00a0: "),
)
# “Le champ” makes a French sentence right whatever the gender and the number of what the field is called.
ANSWER = (
    Wording.of(en="{}: ", fr="le champ «\u00a0{}\u00a0» indique\u00a0: "),
    Wording.of(en="not {}: ", fr="le champ «\u00a0{}\u00a0» n’indique pas\u00a0: "),
)
GIVEN = (
    Wording.of(en="{} given", fr="le champ «\u00a0{}\u00a0» est rempli"),
    Wording.of(en="{} not given", fr="le champ «\u00a0{}\u00a0» n’est pas rempli"),
)
NOT = Wording.of(en="not ", fr="pas ")
QUOTED = Wording.of(en="“{}”", fr="«\u00a0{}\u00a0»")
AND, OR = Wording.of(en=" and ", fr=" et "), Wording.of(en=" or ", fr=" ou ")
IF, OR_IF = Wording.of(en="if ", fr="si "), Wording.of(en="or if ", fr="ou si ")


class Tag(NamedTuple):
    """A `{% %}` tag of the letter's language: its first word, and what an `if` or `elif` asks in one spelling."""

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
    """Return what each `if` and `elif` of a source asks."""
    for tag in TAG.finditer(source):
        found = parse_tag(tag[0])
        if found is not None and found.test:
            yield found.test


def describe_condition(test: str, names: AllowedNames, words: "Vocabulary") -> Wording | None:
    """Say what a condition asks, without its “if”; None for what is no condition."""
    try:
        tree = parse(f"{{% if {test} %}}x{{% endif %}}", names).tree
    except Refused:
        return None
    node = tree.body[0]
    return _Speaker(words).clause(node.test) if isinstance(node, nodes.If) else None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What names are called, and the answers of those that are choices."""

    names: Mapping[str, Wording]
    answers: Mapping[str, Mapping[str, Wording]]


def in_every_language(make: Callable[[Language], str]) -> Wording:
    """Make a wording language by language."""
    return Wording({language: make(language) for language in Language})


def joined(parts: Sequence[Wording], word: Wording) -> Wording:
    """Join wordings by a word."""
    return in_every_language(
        lambda language: word.in_language(language).join(part.in_language(language) for part in parts)
    )


@dataclass(frozen=True, slots=True)
class _Speaker:
    words: Vocabulary

    def clause(self, test: nodes.Node) -> Wording:
        if isinstance(test, nodes.And | nodes.Or):
            return joined(self._parts(test), AND if isinstance(test, nodes.And) else OR)
        if isinstance(test, nodes.Not):
            return self._not(test.node)
        if isinstance(test, nodes.Compare):
            return self._compared(test)
        return self._given(dotted_name(test))

    def _parts(self, test: nodes.BinExpr) -> list[Wording]:
        """Say the parts of a chain, which leans left and may be longer than Python's stack is deep."""
        kind, found = type(test), []
        node: nodes.Node = test
        while isinstance(node, kind):
            found.append(self._inner(node.right))
            node = node.left
        return [self._inner(node), *reversed(found)]

    def _inner(self, test: nodes.Node) -> Wording:
        said = self.clause(test)
        many = isinstance(test, nodes.And | nodes.Or)
        return in_every_language(lambda language: f"({said.in_language(language)})") if many else said

    def _given(self, name: str, *, is_not: bool = False) -> Wording:
        if name in FLAGS:
            return FLAGS[name][is_not]
        return self._filled(GIVEN[is_not], name)

    def _not(self, test: nodes.Node) -> Wording:
        if name := dotted_name(test):
            return self._given(name, is_not=True)
        return joined([NOT, self._inner(test)], Wording.same(""))

    def _compared(self, test: nodes.Compare) -> Wording:
        name, keys, is_not = dotted_name(test.expr), compared_words(test.ops[0]), test.ops[0].op == "notin"
        if name in ("recipient.office", "recipient.role"):
            lead = NOT_TO if is_not else TO
        else:
            lead = STAGE[is_not] if name == "bill.stage" else self._filled(ANSWER[is_not], name)
        return joined([lead, self._answers(name, keys)], Wording.same(""))

    def _filled(self, words: Wording, name: str) -> Wording:
        called = self.words.names.get(name, Wording.same(name))
        return in_every_language(lambda language: words.in_language(language).format(called.in_language(language)))

    def _answers(self, name: str, keys: Sequence[str]) -> Wording:
        if name == "recipient.office":
            together = HOUSES.get(frozenset(keys))
            return together or joined([OFFICES[key] for key in keys], OR)
        known = VALUE_NAMES.get(name) or self.words.answers.get(name, {})
        return joined([known.get(key) or _quoted(key) for key in keys], OR)


def _quoted(word: str) -> Wording:
    return in_every_language(lambda language: QUOTED.in_language(language).format(word))
