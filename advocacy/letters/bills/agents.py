"""Who does something to a bill: "Parliament has passed C-34", "a committee is studying it"."""

import re
from dataclasses import dataclass

from advocacy.language import Language
from advocacy.letters.bills.lexicon import NAMED, OTHER, Flag, Frame, Meaning, anywhere, ends
from advocacy.letters.bills.mood import is_done_deed, is_seen
from advocacy.letters.bills.sentence import LONGEST_CLAUSE, BillSentence, Verb
from advocacy.letters.bills.subjects import Role

_CLAUSE = re.compile(r"[;:]| - |(?<!\w)(?:that|which|who|because|since|and|but|qui|que|et|mais|puisque)(?!\w)")
_WHO = re.compile(r"(?<![\w'])(?:which|who|that|qui)$")
_NAMED_BEFORE = re.compile(rf"{NAMED}(?:\)|,)? ?(?:which|that|que|qu') ?(?P<agent>(?:[\w'.-]+ ){{0,6}}[\w'.-]+) ?$")
_YOU = re.compile(r"\W*(?:you|vous)\W*")
_FIRST_WORD = re.compile(r"\W*(?:why |when |how |what |where )?([\w']+)")
_GETS = re.compile(r"(?:have|has|had|got|gotten)(?![\w'])")
_WORDS_BEFORE_WHO = 6
_ACTORS_ONLY = frozenset({Meaning.HOLDS, Meaning.VOTED_FOR, Meaning.THROUGH, Meaning.STUDIED, Meaning.STUDYING})


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts, in the words of the letter; the bill they act on; how they stand to the verb; whether it is nobody."""

    words: str
    sign: str
    role: Role
    is_nobody: bool


def find_agent(sentence: BillSentence, verb: Verb) -> Agent | None:
    """Return who acts on a bill, None where nobody does, or nobody whose doing counts."""
    left = sentence.text[: verb.group].rstrip(" ")
    if not verb.bill and not verb.has_clitic:
        return _after_its_object(sentence, verb, left)
    sign = verb.bill
    if verb.has_clitic or verb.bill == "it":
        sign = sentence.antecedent(verb.start)
    if not sign or sign == OTHER:
        return None
    clause = _agent_clause(left)
    words = _without_lead(sentence, clause)
    is_meant = _is_told_of(sentence, verb) if verb.frame is Frame.AGENT_GERUND else _acts(sentence, verb, words)
    if not is_meant:
        return None
    return Agent(words, sign, _role(sentence, clause, left), anywhere("nobody").search(words) is not None)


def _after_its_object(sentence: BillSentence, verb: Verb, left: str) -> Agent | None:
    """Read "C-34, which Parliament passed in October"."""
    found = _NAMED_BEFORE.search(left, max(0, len(left) - LONGEST_CLAUSE))
    if found is None or found[1] == OTHER or Flag.OPEN in verb.flags or not _acts(sentence, verb, found["agent"]):
        return None
    if verb.meaning is not Meaning.INTRODUCED and not anywhere("actors").search(found["agent"]):
        return None
    return Agent(found["agent"], found[1], Role.RELATIVE, is_nobody=False)


def _agent_clause(left: str) -> str:
    """Return the clause before the verb, in which those who act are named."""
    if _WHO.search(left):
        return " ".join(left[-LONGEST_CLAUSE:].split()[-_WORDS_BEFORE_WHO - 1 : -1])
    clause = _CLAUSE.split(left[-LONGEST_CLAUSE:])[-1]
    clause = clause if clause.endswith(",") else clause.rpartition(",")[2]
    if _YOU.fullmatch(clause) and (senator := anywhere("senator_writes").search(left[-LONGEST_CLAUSE:])):
        return f"{clause} {senator[0]}"
    return clause


def _without_lead(sentence: BillSentence, clause: str) -> str:
    """Return a clause without the words that govern it: "I read that the Senate …"."""
    kinds = [sentence.lexicon.mood[kind] for kind in ("fact", "open", "said")]
    begins = max(
        (found.end() for kind in (*kinds, anywhere("perceived"), anywhere("whens")) for found in kind.finditer(clause)),
        default=0,
    )
    return clause[begins:] if clause[begins:].strip(" ") else clause


def _is_told_of(sentence: BillSentence, verb: Verb) -> bool:
    """Whether a gerund tells what was done: "thank you for passing C-34", "by passing C-34 Parliament has …"."""
    before = sentence.text[: verb.start]
    by_doing = ends(before, "by_doing") is not None and not sentence.has_modal() and not sentence.is_question
    return bool(by_doing or ends(before, "thanking", within=110) is not None)


def _acts(sentence: BillSentence, verb: Verb, words: str) -> bool:
    """Whether those who are named can have done it, and the verb says that they have."""
    if verb.meaning is Meaning.LAW and (Flag.HAVE in verb.flags or _GETS.match(sentence.text, verb.start)):
        return True
    if anywhere("bystanders").search(words) and not anywhere("own_institutions").search(words):
        return False
    if verb.frame is Frame.AGENT_INFINITIVE:
        return _has_done(sentence, verb, words)
    if verb.frame is Frame.AGENT_PAST and not _is_past_tense(sentence, verb):
        return False
    if verb.meaning in _ACTORS_ONLY or verb.frame is Frame.AGENT_PRESENT:
        return anywhere("actors").search(words) is not None and Flag.OPEN not in verb.flags
    return True


def _is_past_tense(sentence: BillSentence, verb: Verb) -> bool:
    """Whether a form that may be a participle, or "let", is a verb of the past."""
    return Flag.HAVE in verb.flags if sentence.lexicon.language is Language.FR else Flag.DO not in verb.flags


def _has_done(sentence: BillSentence, verb: Verb, words: str) -> bool:
    """Whether a bare verb is said of the past or the future: "did not pass", "decided to withdraw"."""
    asks_why = sentence.is_question and re.search(
        r"(?<!\w)why (?:did|didn't|did not) ", sentence.text[: verb.group][-LONGEST_CLAUSE:]
    )
    if asks_why or is_done_deed(sentence, verb.start) or _is_seen_doing(sentence, verb):
        return True
    helped = verb.flags & {Flag.DO, Flag.FUTURE, Flag.FAILED, Flag.STILL, Flag.HAVE}
    return bool(words.strip(" ")) and bool(helped or {Flag.NOT, Flag.OPEN} <= verb.flags)


def _is_seen_doing(sentence: BillSentence, verb: Verb) -> bool:
    """Whether somebody saw it done: "we watched Parliament adopt C-34"."""
    words = sentence.text[max(0, verb.group - LONGEST_CLAUSE) : verb.group].split(" ")
    begins = (verb.group - len(" ".join(words[place:])) for place in range(-2, -_WORDS_BEFORE_WHO, -1))
    return any(is_seen(sentence, verb, begin) for begin in begins)


def _role(sentence: BillSentence, clause: str, left: str) -> Role:
    first = _FIRST_WORD.match(clause)
    asks = (first and sentence.lexicon.mood["question"].fullmatch(first[1])) or anywhere("inverted").search(clause)
    if sentence.is_question and asks:
        return Role.ASKED_WHY if re.search(r"(?<!\w)(?:why|pourquoi)(?!\w)", left) else Role.ASKED
    return Role.RELATIVE if _WHO.search(left) else Role.SUBJECT
