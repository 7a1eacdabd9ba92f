"""What an `if` asks, in the words of a person: “if riding given”, « s’il y a circonscription »."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from jinja2 import nodes

from advocacy.campaigns.grammar import constants, dotted, parse
from advocacy.campaigns.names import Names
from advocacy.campaigns.prose import TAG
from advocacy.campaigns.tags import ASKING, FOLLOWERS, OPENERS
from advocacy.campaigns.tokens import Refused, cut
from advocacy.language import Language, Wording

_TAG = re.compile(r"\{%\s*(\w+)\s*(.*?)\s*%\}")
_TIGHT_BEFORE, _TIGHT_AFTER = frozenset({")", ",", "."}), frozenset({"(", "."})

FLAGS: Mapping[str, Wording] = {
    "citizen.is_constituent": Wording.of(en="own riding", fr="sa circonscription"),
    "citizen.is_reachable": Wording.of(en="an answer can reach them", fr="une réponse peut leur parvenir"),
    "survey.is_translated": Wording.of(en="answers translated", fr="réponses traduites"),
}
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
STAGE = Wording.of(en="stage of the bill", fr="étape du projet de loi")
COMPARED: Mapping[str, Mapping[str, Wording]] = {"recipient.role": ROLES, "bill.stage": STAGES}
HOUSES: Mapping[frozenset[str], Wording] = {
    frozenset({"senator", "speaker_senate"}): Wording.of(en="Senate", fr="Sénat"),
    frozenset({"minister", "prime_minister"}): Wording.of(en="government", fr="gouvernement"),
    frozenset({"member", "speaker_commons"}): Wording.of(en="House of Commons", fr="Chambre des communes"),
}
"""Offices that are commonly asked for together."""

TO = Wording.of(en="to: ", fr="pour\u00a0: ")
COLON = Wording.of(en=": ", fr="\u00a0: ")
NOT = Wording.of(en="not ", fr="pas ")
GIVEN = Wording.of(en="{} given", fr="il y a {}")
NOT_GIVEN = Wording.of(en="{} not given", fr="il n’y a pas {}")
QUOTED = Wording.of(en="“{}”", fr="«\u00a0{}\u00a0»")
AND, OR = Wording.of(en=" and ", fr=" et "), Wording.of(en=" or ", fr=" ou ")
IF, OR_IF = Wording.of(en="if ", fr="si "), Wording.of(en="or if ", fr="ou si ")


class Asked(NamedTuple):
    """A `{% %}` tag of the letter's language: its first word, and what an `if` or `elif` asks in one spelling."""

    word: str
    test: str


def asked(tag: str) -> Asked | None:
    """Read a tag, None when it is none of the letter's language: `{%if  reason%}` is ("if", "reason")."""
    found = _TAG.fullmatch(tag)
    if found is None or (found[1] not in OPENERS and found[1] not in FOLLOWERS):
        return None
    word, test = found[1], found[2]
    if (word in ASKING) != bool(test):
        return None
    return Asked(word, respelled(test))


@lru_cache(maxsize=256)
def respelled(test: str) -> str:
    """Write a condition with one space between words; as it is when it cannot be cut into tokens."""
    try:
        tokens = [token.text for token in cut(f"{{% if {test} %}}") if token.kind != "whitespace"]
    except Refused:
        return test.strip()
    spelled = ""
    for before, text in pairwise(tokens[1:-1]):
        spelled += text if before in _TIGHT_AFTER or text in _TIGHT_BEFORE or not spelled else f" {text}"
    return spelled


def tests_in(source: str) -> Iterator[str]:
    """Give what each `if` and `elif` of a source asks."""
    for tag in TAG.finditer(source):
        found = asked(tag[0])
        if found is not None and found.test:
            yield found.test


def clause(test: str, names: Names, words: "Words") -> Wording | None:
    """Say what a condition asks, without its “if”; None for what is no condition."""
    try:
        tree = parse(f"{{% if {test} %}}x{{% endif %}}", names).tree
    except Refused:
        return None
    node = tree.body[0]
    return _Speaker(words).clause(node.test) if isinstance(node, nodes.If) else None


def led(lead: Wording, said: Wording) -> Wording:
    """Put “if” before a clause; French « si » loses its i before « il »."""
    french = lead.spoken(Language.FR)
    elided = french[:-2] + "’" if said.spoken(Language.FR).startswith("il ") else french
    return Wording.of(en=lead.spoken(Language.EN) + said.spoken(Language.EN), fr=elided + said.spoken(Language.FR))


@dataclass(frozen=True, slots=True)
class Words:
    """What names are called, and the answers of those that are choices."""

    names: Mapping[str, Wording]
    answers: Mapping[str, Mapping[str, Wording]]


def each(make: Callable[[Language], str]) -> Wording:
    """Make a wording language by language."""
    return Wording({language: make(language) for language in Language})


def joined(parts: Sequence[Wording], word: Wording) -> Wording:
    """Join wordings by a word."""
    return each(lambda language: word.spoken(language).join(part.spoken(language) for part in parts))


@dataclass(frozen=True, slots=True)
class _Speaker:
    words: Words

    def clause(self, test: nodes.Node) -> Wording:
        if isinstance(test, nodes.And | nodes.Or):
            return joined(self._parts(test), AND if isinstance(test, nodes.And) else OR)
        if isinstance(test, nodes.Not):
            return self._not(test.node)
        if isinstance(test, nodes.Compare):
            return self._compared(test)
        return self._held(dotted(test), GIVEN)

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
        return each(lambda language: f"({said.spoken(language)})") if many else said

    def _held(self, name: str, given: Wording) -> Wording:
        if name in FLAGS:
            return FLAGS[name]
        called = self.words.names.get(name, Wording.same(name))
        return each(lambda language: given.spoken(language).format(called.spoken(language)))

    def _not(self, test: nodes.Node) -> Wording:
        name = dotted(test)
        if name and name not in FLAGS:
            return self._held(name, NOT_GIVEN)
        return joined([NOT, self._inner(test)], Wording.same(""))

    def _compared(self, test: nodes.Compare) -> Wording:
        name, keys = dotted(test.expr), constants(test.ops[0])
        called = STAGE if name == "bill.stage" else self.words.names.get(name, Wording.same(name))
        lead = TO if name in ("recipient.office", "recipient.role") else joined([called, COLON], Wording.same(""))
        said = joined([lead, self._answers(name, keys)], Wording.same(""))
        return said if test.ops[0].op != "notin" else joined([NOT, said], Wording.same(""))

    def _answers(self, name: str, keys: Sequence[str]) -> Wording:
        if name == "recipient.office":
            together = HOUSES.get(frozenset(keys))
            return together or joined([OFFICES[key] for key in keys], OR)
        known = COMPARED.get(name) or self.words.answers.get(name, {})
        return joined([known.get(key) or _quoted(key) for key in keys], OR)


def _quoted(word: str) -> Wording:
    return each(lambda language: QUOTED.spoken(language).format(word))
