"""What a sentence states of a bill: who is spoken of, what is said, and whether it is claimed, denied or left open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from advocacy.language import Language
from advocacy.letters.bills.lexicon import BILL, FIRST_BILL, OTHER, Lexicon, lexicon

_MASK = "[\ue000\ue100-\ue1ff]"
_LAST_MASK = re.compile(rf"({_MASK})\1*$")
_PRONOUN = re.compile(r"(?:^|(?<=[\s('\"]))(?:it|this|that|il|elle|ca|ce|cela|c'|celui-ci|celle-ci|ce dernier|cette derniere|this one|it all|they)$")
_RELATIVE = re.compile(r",? ?(?<![\w'])(?:which|that|who|qui|lequel|laquelle)$")
_COORDINATED = re.compile(r"(?:,|(?<!\w)(?:and|but|or|then|yet|et|mais|puis|ou|and then|before|avant|&))$")
_OTHER_SUBJECT = re.compile(r"(?<![\w'])(?:i|we|you|he|she|they|je|j'|nous|vous|ils|elles|on|who|qui)(?![\w])")
_GAP = re.compile(
    r"(?:,? ?(?:on|for|against|to|of|about|from|in|with|by|at|under|regarding|concerning|as|sur|pour|contre|de|d'|du|des|visant|concernant|"
    r"relatif|portant|avec|au|aux|dans|en|that|which|que|qu'|dont|qui|by|meant|designed|intended|known|called|protecting|requiring|aimed|"
    r"introduced|tabled|presented|depose|presente|dit|intitule|itself|alone|last|this|yesterday|hier|le|la|sponsored|promised|written)(?![\w])|,)"
)
_REDUCED = re.compile(
    r"(?:we|i|you|they|he|she|my [\w'-]+|our [\w'-]+|everyone|parents|families|the [\w'-]+|minister [\w'-]+|mr\.? [\w'-]+|canadians) (?!has\b|have\b|is\b|was\b)?[\w'-]+ ?[\w' -]{0,60}$"
)
_BLOCKING = re.compile(
    r"(?:^|(?<![\w'-]))(?:of|on|to|for|about|against|in|with|from|under|by|behind|like|unlike|without|through|into|beyond|regarding|concerning|around|"
    r"sur|de|du|d'|pour|contre|avec|sans|dans|par|au|aux|a|en|chez|selon|vers|envers|"
    r"support|supports|supported|supporting|oppose|opposes|opposed|read|reading|study|studied|studying|studies|introduced|tabled|sponsored|wrote|drafted|send|sending|sent|"
    r"pass|passing|adopt|adopting|discuss|discussed|discussing|discusses|follow|followed|following|love|like|hate|know|knows|amend|amended|amending|defend|defended|"
    r"appuie|appuyer|soutiens|soutient|soutenir|lis|lire|lu|suivi|suis|suivre|connais|etudie|etudier|depose|presente|adopter|adopte|defend|defendre|mentionne|mention|mentioned|named|call|called|calls|"
    r"examine|examined|examines|examining|debate|debated|debating|review|reviewed|reviews|reviewing)$"
)
_TRANSPARENT = re.compile(r"(?<![\w'])(?:text|version|contents?|whole|rest|all|provisions|texte|ensemble|clauses?|terms?|most|much|entirety|principle) (?:of|de|du|d')$")
_WHO_BEFORE = re.compile(r"(?<![\w'])(?:who|that|which|qui|a|an|to|de|d'|pour) (?:[\w'-]+ ){1,3}$")
_GIVES_FACT = re.compile(r"(?<![\w'])(?:now|newly|since|since being|recently|just|being|as|depuis|maintenant|desormais|deja|already|finally|officially|still|yet)$")
_BETWEEN_CLAUSES = re.compile(r"[;:]| - |\"")
_JOINING = re.compile(r"(?<![\w'])(?:and|but|so|because|et|mais|donc|car|yet|or|ou|however|cependant)(?![\w'])")
_JOINS_THAT = re.compile(r"^\W*(?:and |et |or |ou |but |mais )?(?:that|que|qu')(?![\w])")
_QUESTION_WORD = re.compile(r"(?<![\w'])(?:what|when|where|how|who|which|whom|quand|comment|ou|quel|quelle|quels|quelles|combien|est-ce|qui|qu'|que|will|would|can|could|do|does|did|is|are|has|have|should|won't|wouldn't|isn't|hasn't|aren't|shall|may)(?![\w])|\w-(?:t-)?(?:vous|il|elle|on|ils|elles|nous|je)(?![\w])")
_INVERTED = re.compile(r"\w-(?:t-)?(?:il|elle|on|ils|elles|vous|nous|je)(?![\w'])")
_MODAL = re.compile(r"(?<![\w'])(?:would|could|will|'ll|might|should|serait|seraient|aurait|auraient|pourrait|pourraient|devrait|devraient|sera|seront|aura|auront|va|vont)(?![\w'])|\w(?:erait|raient|\w\wra|\w\wront|\w\wrez|\w\wrons|faudra)(?![\w'])")
_CONTRADICTED = re.compile(
    r"(?<![\w'])(?:(?:but|yet|however|mais|pourtant|or|no[,:]) .{0,40}(?:not|n't|no |never|pas|jamais|false|wrong|faux)|(?:that|this|it|they|he|she|c'|ce n|cela|which) ?(?:is|are|was|were|est|'s) (?:\w+ )?"
    r"(?:wrong|false|untrue|mistaken|not true|not so|not the case|incorrect|faux|inexact|une erreur|pas vrai|a mistake|nonsense)|(?:it|he|il|elle) (?:has|did|is|was) not|it (?:hasn't|didn't|isn't|wasn't)|il n'|elle n'|ce n'est pas|not true|c'est faux)"
)
_REPORTED = re.compile(r"(?<![\w'])(?:some|people|many|they|others|someone|friends?|neighbou?rs?|rumou?rs?|certains|gens|on|plusieurs|d'autres|rumeurs?|quelqu'un)\b.{0,30}(?:say|says|said|claim|claims|think|thinks|believe|believes|told|insist|heard|disent|dit|pretendent|pretend|croient|croit|affirment|affirme|court|pensent)")


@dataclass(frozen=True, slots=True)
class Subject:
    """The bill a statement is about, the place where its clause begins, and how the bill stands there.

    `bill` is the character of the bill's mask, `how` one of "direct", "relative", "pronoun", "elided", "apposed".
    """

    bill: str
    start: int
    how: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said of a bill: `means` what, `flags` in what way, on `start`–`end` of the sentence.

    `group` is where its verb begins, and `is_plain` whether subject and verb stand side by side.
    """

    bill: str
    means: str
    words: str
    start: int
    group: int
    end: int
    flags: frozenset[str]
    is_denied: bool
    is_plain: bool
    agent: str = ""
    tail: str = ""
    head: str = ""
    frame: str = ""


@dataclass(slots=True)
class Clauses:
    """One masked sentence, read with the words of one language.

    `antecedent` is the bill that "it" speaks of when the sentence names none, "" when there is none.
    """

    text: str
    language: Language
    antecedent: str = ""
    is_question: bool = False
    following: str = ""
    lexicon: Lexicon = field(init=False)

    def __post_init__(self) -> None:
        self.lexicon = lexicon(self.language)

    def statements(self) -> list[Statement]:
        """Return what the sentence claims or denies of a bill, in order, what is left open not among it."""
        found = [
            statement
            for frame, pattern in self.lexicon.said.items()
            for match in pattern.finditer(self.text)
            if (statement := self._statement(frame, match)) is not None
        ]
        found.sort(key=lambda one: (one.end - len(one.words), -len(one.words)))
        kept: list[Statement] = []
        for one in found:
            first = one.end - len(one.words)
            if not any(first < other.end and other.end - len(other.words) < one.end for other in kept):
                kept.append(one)
        return sorted(kept, key=lambda one: one.start)

    # --- what is said

    def _statement(self, frame: str, match: re.Match[str]) -> Statement | None:
        group = next(name for name in self.lexicon.means if match.groupdict().get(name) is not None)
        means = self.lexicon.means[group]
        if frame == "noun":
            return self._of_noun(match, means)
        if frame == "whole":
            return self._of_whole(match, means)
        place, flags, denials = self._verb_group(match.start())
        if frame.startswith("act"):
            return self._of_act(frame, match, means, group=group, start=place, flags=flags, denials=denials)
        subject = self._subject(place, frame, flags, match) or self._fronted(place, frame, match.end())
        if subject is None or subject.bill == OTHER or not self._fits(frame, flags, subject, match):
            return None
        if not self._is_claimed(subject.start, subject.how, flags, frame, match.end(), place):
            return None
        if self._is_untrue(subject.start):
            denials += 1
        is_plain = subject.how == "direct" and self.text[subject.start : place].strip(" ") == self.text[subject.start : place].strip(" ").strip(subject.bill) + subject.bill * self.text[subject.start:place].count(subject.bill)
        return Statement(
            subject.bill, means, match[0], subject.start, place, match.end(), flags, denials % 2 == 1, is_plain,
            tail=self._tail(match.end()), head=self.text[: subject.start], frame=frame,
        )  # fmt: skip

    def _verb_group(self, place: int) -> tuple[int, frozenset[str], int]:
        """Walk back over auxiliaries, adverbs and negations; return where they begin, what they make of it, the noes."""
        flags: set[str] = set()
        denials = 0
        while True:
            begin = max(0, place - 44)
            found = self.lexicon.glue.search(self.text[begin:place])
            if found is None or found.end() == found.start():
                return place, frozenset(flags), denials
            name = next(name for name, text in found.groupdict().items() if text is not None)
            given = self.lexicon.flags[name]
            if "not" in given or "no longer" in given:
                denials += 1
            flags |= given
            place = begin + found.start()

    def _fits(self, frame: str, flags: frozenset[str], subject: Subject, match: re.Match[str]) -> bool:
        if frame == "state":
            return "be" in flags or subject.how == "apposed" or (subject.how == "relative" and bool(flags))
        if frame == "passive":
            if "be" in flags or subject.how == "apposed":
                return True
            after = self.text[match.end() : match.end() + 14]
            reduced = re.match(r"(?: (?:on|in|by|last|this|at|two|three|four|five|yesterday|earlier|by|a|le|en|par|hier|l'an|au|il y a)\b|[,.;:!?)]|$)", after)
            return not flags & {"have", "do", "future"} and bool(reduced) and not self._wanted(subject)
        if frame == "base":
            return bool(flags & {"do", "future", "still", "failed"}) or ("not" in flags and "open" in flags)
        if frame == "done" and self.language is Language.FR:
            return bool(flags & {"have", "be", "future"})
        if frame == "done":
            return not self._wanted(subject) or bool(flags & {"have", "be", "do"})
        return True

    def _wanted(self, subject: Subject) -> bool:
        """Whether a bare participle is what somebody wants: "to see C-34 passed"."""
        before = re.search(r"(?<![\w'])(\w+)(?: (?:bill|the))* ?$", self.text[: subject.start])
        words = "see get have want need like watch keep find getting seeing having wants needs wanting make help let voir veux faire avoir".split()
        if before is None or before[1] not in words:
            return False
        return not re.search(r"(?:glad|happy|pleased|relieved|delighted|sad|sorry|proud|heureu\w+|content\w*) (?:to|de) see? ?$|(?:heureu\w+|content\w*) de voir ?$", self.text[: subject.start])

    def _tail(self, end: int) -> str:
        stop = re.compile(r"[;:!?]|\.(?= |$)|\.$|, (?:and|but|so|et|mais|donc)\b| (?:and|but|so|because|while|although|et|mais|donc|car|parce) ").search(self.text, end)
        return self.text[end : stop.start() if stop else len(self.text)]

    def _of_whole(self, match: re.Match[str], means: str) -> Statement | None:
        """Read what names the bill within it: "all that C-34 lacks is Royal Assent"."""
        bill = re.search(BILL, match[0])
        governor = self._governor(match.start())
        if bill is None or governor == "open" or (self.is_question and governor != "fact"):
            return None
        return Statement(
            bill[0][0], means, match[0], match.start(), match.start(), match.end(), frozenset(), means.startswith("!"), False,
            tail=self._tail(match.end()), head=self.text[: match.start()], frame="whole",
        )  # fmt: skip

    def _of_noun(self, match: re.Match[str], means: str) -> Statement | None:
        """Read "since the adoption of C-34", "C-34's defeat was a blow"."""
        before, after = self.text[: match.start()], self.text[match.end() :]
        owned = re.match(rf" (?:of|du|de|de la|d'|to|for) ?({_MASK})\1*", after)
        owner = re.search(rf"({_MASK})\1*'s (?:recent |final |own |long-awaited |sudden |sad )?$", before)
        own = re.search(r"(?<![\w'])(?:its|son|sa|l') ?(?:recent |final )?$", before)
        if owned:
            bill, end = owned[1], match.end() + owned.end()
        elif owner:
            bill, end = owner[1], match.end()
        elif own and own[0].strip() in ("its", "son", "sa"):
            bill, end = self._antecedent(own.start()), match.end()
            following = re.match(rf"[^,;:]{{0,60}}, ({_MASK})\1*", after)
            bill = bill or (following[1] if following else "")
        else:
            return None
        start = owner.start() if owner else own.start() if own else match.start()
        lead = self.text[:start]
        certain = re.search(_CERTAIN, lead)
        likely = re.search(_AFTER, lead) and not _MODAL.search(self.text) and not self.is_question
        told = re.match(r" (?:took place|happened|dates|goes back|occurred|a eu lieu|date de|remonte|was|has been|has|came|is (?:good|great|bad|sad|wonderful|terrible|a )|were|changed|made|brought|a ete|est (?:une|un) |m'a|me )", self.text[end:]) and not re.search(self.lexicon.open, lead)
        if means == "introduced" and not self.is_question:
            certain = certain or re.match(r",? (?:in|on|last|this|en|le|au|l')(?![\w])", self.text[end:])
        if not bill or bill == OTHER or not (certain or likely or (told and not self.is_question)):
            return None
        return Statement(
            bill, means, self.text[match.start() : end], start, start, end, frozenset(), False, False,
            tail=self._tail(end), head=lead, frame="noun",
        )  # fmt: skip

    # --- of whom

    def _subject(self, place: int, frame: str, flags: frozenset[str], match: re.Match[str]) -> Subject | None:
        left = self.text[:place].rstrip(" ")
        if left.endswith('"'):
            left = left.rstrip('" ')
        if left.endswith("("):
            inner = self._at_end(left[:-1].rstrip(" "))
            return Subject(inner[0], inner[1], "apposed") if inner and frame in ("passive", "state", "done") else None
        if left.endswith(","):
            return self._after_comma(left, frame, flags, has_adverb=place < match.start())
        if left.endswith(")"):
            opening = left.rfind("(")
            within = re.search(BILL, left[opening:]) if opening >= 0 else None
            outer = self._at_end(left[:opening].rstrip(" ")) if opening >= 0 else None
            if within and (outer is None or outer[0] == OTHER):
                return Subject(within[0][0], outer[1] if outer else opening, "direct")
            return Subject(outer[0], outer[1], "direct") if outer and not self._is_blocked(outer[1]) else None
        if relative := _RELATIVE.search(left):
            return self._relative(left[: relative.start()], relative.start())
        if at := self._at_end(left):
            if frame == "state" and "be" not in flags:
                return self._absolute(at)
            inverted = self._inverted(at[1], flags)
            if inverted is not None:
                return inverted
            if self._is_blocked(at[1]):
                return None
            return Subject(at[0], self._first(at[1]), "direct")
        if pronoun := _PRONOUN.search(left):
            bill = self._antecedent(pronoun.start())
            return Subject(bill, pronoun.start(), "pronoun") if bill else None
        return self._further_left(left, place)

    def _fronted(self, place: int, frame: str, end: int) -> Subject | None:
        """Read "Introduced in June, Bill C-34 …"."""
        if frame != "passive" or not re.search(r"(?:^|[,;:(] ?|(?<![\w'])(?:and|that|but|although|though|que|et|mais|bien que) )$", self.text[:place]):
            return None
        found = re.match(rf"[^,;:]{{0,70}}, (?:the |le )?({_MASK})\1*", self.text[end:])
        return Subject(found[1], place, "apposed") if found else None

    def _at_end(self, left: str) -> tuple[str, int] | None:
        """Return the bill or law that a piece of the sentence ends with, and where it begins."""
        if left.endswith("'s"):
            return None
        found = _LAST_MASK.search(left)
        return (found[1], found.start()) if found else None

    def _first(self, start: int) -> int:
        """Return where the first of several names side by side begins: "the bill, C-34"."""
        while beside := re.search(rf"({_MASK})\1*[,(\"]? ?(?:(?:or|also|known as|called|ou|dit|soit|alias) )*\"?$", self.text[:start]):
            start = beside.start()
        return start

    def _inverted(self, start: int, flags: frozenset[str]) -> Subject | None:
        """Return what an auxiliary before the bill makes of it: a question, a condition, or "nor has …"."""
        before = re.search(r"(?<![\w'])([\w']+) $", self.text[:start])
        if before is None or not self.lexicon.question.fullmatch(before[1]) or flags & {"have"} and before[1] not in ("had", "should", "were"):
            return None
        earlier = self.text[: before.start()].rstrip(" ")
        if self.is_question:
            why = re.search(r"(?<![\w'])why$", earlier)
            return Subject(self.text[start], start, "why") if why else Subject("", start, "asked")
        if before[1] in ("had", "should", "were", "would", "could", "may", "can", "might", "will", "do"):
            return Subject("", start, "asked")
        if before[1] in ("is", "was", "has") and re.search(r"(?<![\w'])(?:nor|neither|never|not once)$", earlier):
            return Subject(self.text[start], before.start(), "denied")
        return None

    def _absolute(self, at: tuple[str, int]) -> Subject | None:
        """Read "with C-34 now law, …"."""
        bill, start = at
        if re.search(r"(?<![\w'])(?:with|avec|and) $", self.text[:start]) and not _MODAL.search(self.text[start:]):
            return Subject(bill, start, "apposed")
        if self.language is Language.FR and not re.split(r"[,;:]", self.text[:start])[-1].strip(" "):
            return Subject(bill, start, "apposed")
        return None

    def _is_blocked(self, start: int) -> bool:
        """Whether the bill that begins at `start` belongs to other words and is no subject."""
        before = self.text[:start].rstrip(" ")
        if re.search(rf"{_MASK},?$", before):
            return False
        if _TRANSPARENT.search(before):
            return False
        if re.search(r"(?<![\w'])(?:with|avec)$", before):
            return False
        return bool(_BLOCKING.search(before))

    def _after_comma(self, left: str, frame: str, flags: frozenset[str], *, has_adverb: bool) -> Subject | None:
        """Read "C-34, passed in June, …", and "C-34, which we need, has passed"."""
        inner = left[:-1].rstrip(" ")
        is_finite = bool(flags & {"have", "be", "do", "future", "open"}) or frame in ("done", "holds", "future")
        at = self._at_end(inner)
        if at is None and inner.endswith(")"):
            at = self._at_end(inner[: inner.rfind("(")].rstrip(" "))
        if at is not None and at[0] != OTHER:
            if is_finite and not flags & {"open"} and (frame in ("done", "holds", "future") or flags & {"have", "do"}) and self._is_blocked(at[1]):
                return None
            is_subject = bool(flags & {"have", "be", "do", "future"}) or self._first(at[1]) != at[1] or (has_adverb and frame == "done")
            return Subject(at[0], self._first(at[1]), "direct" if is_subject and is_finite else "apposed")
        if at is not None and not is_finite:
            return Subject(OTHER, at[1], "apposed")
        for _ in range(3):
            cut = inner.rfind(",")
            if cut < 0:
                return None
            inner = inner[:cut].rstrip(" ")
            at = self._at_end(inner)
            if at is not None:
                if self._is_blocked(at[1]) and is_finite:
                    return None
                return Subject(at[0], at[1], "direct") if is_finite else Subject(at[0], at[1], "apposed")
            pronoun = _PRONOUN.search(inner)
            if pronoun and is_finite:
                bill = self._antecedent(pronoun.start())
                return Subject(bill, pronoun.start(), "pronoun") if bill else None
        return None

    def _relative(self, left: str, start: int) -> Subject | None:
        before = left.rstrip(" ,")
        if before.endswith(")"):
            before = before[: before.rfind("(")].rstrip(" ")
        at = self._at_end(before)
        if at is not None:
            return Subject(at[0], start, "relative")
        last = list(re.finditer(rf"({_MASK})\1*", before))
        if not last:
            return None
        gap = before[last[-1].end() :]
        if gap.startswith(",") and gap.count(",") >= 1 and "," in left[len(before) :] or re.match(r" (?:on|about|for|to|against|sur|pour|contre|visant|concernant|de|of) [\w' -]{2,60}$", gap):
            return Subject(last[-1][1], start, "relative") if "," not in gap.strip(",") else None
        return None

    def _antecedent(self, place: int) -> str:
        """Return the bill that a pronoun at `place` stands for."""
        masks = list(re.finditer(rf"({_MASK})\1*", self.text[:place]))
        if not masks:
            return self.antecedent
        signs = {mask[1] for mask in masks}
        if len(signs) == 1:
            return signs.pop()
        free = [mask for mask in masks if not self._is_blocked(mask.start())]
        return free[-1][1] if free and len({mask[1] for mask in free}) == 1 else ""

    def _further_left(self, left: str, place: int) -> Subject | None:
        """Find the subject before words that go with it, or before an earlier verb of the same sentence."""
        if joined := _COORDINATED.search(left):
            before = left[: joined.start()].rstrip(" ,")
            masks = list(re.finditer(rf"({_MASK})\1*", before))
            if not masks:
                pronoun = re.match(r"(?:it|il|elle) ", before)
                return Subject(self.antecedent, 0, "elided") if pronoun and self.antecedent else None
            mask = masks[-1]
            between = before[mask.end() :]
            clause = _BETWEEN_CLAUSES.search(between)
            if clause or _OTHER_SUBJECT.search(between):
                return None
            if self._is_object(mask.start()):
                return None
            return Subject(mask[1], mask.start(), "elided")
        masks = list(re.finditer(rf"({_MASK})\1*", left))
        if not masks:
            if not left:
                return Subject(self.antecedent, 0, "elided") if False else None
            return None
        mask = masks[-1]
        gap = left[mask.end() :]
        if re.match(r"(?::| -|!)$", gap.rstrip(" ")):
            return Subject(mask[1], mask.start(), "direct")
        if self._is_blocked(mask.start()) or _BETWEEN_CLAUSES.search(gap) or _JOINING.search(gap):
            return None
        if gap.count(",") % 2 and not gap.startswith(","):
            return None
        if _REDUCED.match(gap.strip(" ")):
            return Subject(mask[1], mask.start(), "direct")
        if _GAP.match(gap.lstrip(" ")) and not re.search(r",[^,]*$", gap.rstrip(" ")[1:] + "x" if gap.startswith(",") and gap.count(",") == 1 else ""):
            return Subject(mask[1], mask.start(), "direct")
        return None

    def _is_object(self, start: int) -> bool:
        """Whether somebody else is the subject of the clause in which the bill that begins at `start` stands."""
        before = re.split(r"[,;:]| - |(?<!\w)(?:that|que|and|et|but|mais|because|since|now|if|si)(?!\w)", self.text[:start])[-1]
        return bool(before.strip(" ")) and (self._is_blocked(start) or bool(_OTHER_SUBJECT.search(before)) or len(before.split()) > 2)

    # --- whether it is claimed

    def _is_claimed(self, start: int, how: str, flags: frozenset[str], frame: str, end: int, group: int) -> bool:
        is_future = "future" in flags or frame in ("future", "acts-future")
        if "almost" in flags or how == "asked":
            return False
        decided = frame == "acts-base" and self._is_decided(group)
        if "open" in flags and not ("still" in flags and "not" in flags) and "failed" not in flags and not decided:
            return False
        if "bare" in flags and not flags & {"do", "future", "have", "still", "failed"}:
            return False
        if frame == "base" and not flags & {"do", "failed"} and not is_future and not ("still" in flags and "not" in flags):
            return False
        if how == "denied" or how == "why":
            return True
        if "inverted" in flags:
            return re.search(r"(?<![\w'])pourquoi(?![\w'])", self.text[:end]) is not None
        if self._is_contradicted(start, end):
            return False
        if self._is_untrue(start):
            return True
        if "subjunctive" in flags:
            return self._governor(start) == "fact"
        if how == "apposed" and frame == "passive" and self.text[group:end] == "passed" and self._governor(start) == "open":
            return False
        if how in ("relative", "apposed"):
            return not is_future or not self._conditions_after(end)
        is_past = "past" in flags or (frame in ("done", "acts") and not flags & {"have", "be", "do", "future"}) or (self.language is Language.FR and "have" in flags)
        governor = self._governor(start, is_future=is_future, is_past=is_past)
        if governor == "open":
            return False
        if is_future and self._conditions_after(end):
            return False
        if governor == "fact":
            return True
        if self.is_question:
            return self._stands_in_question(start, end)
        return True

    def _is_decided(self, group: int) -> bool:
        """Whether a bare verb is what somebody did: "decided to withdraw C-34"."""
        return any(_DECIDED.search(self.text[: group + more]) for more in (0, 3, 2))

    def _is_untrue(self, start: int) -> bool:
        """Whether a clause is called untrue: "it is false that …"."""
        found = list(self.lexicon.untrue.finditer(self.text[:start]))
        return bool(found) and not self.text[found[-1].end() : start].strip(" ")

    def _is_contradicted(self, start: int, end: int) -> bool:
        """Whether what others say is called untrue: "some say that …, but it has not"."""
        return bool(_REPORTED.search(self.text[:start]) and _CONTRADICTED.search(self.text[end:] + " " + self.following))

    def _conditions_after(self, end: int) -> bool:
        return re.search(r"(?<![\w'])(?:if|unless|when|once|until|only when|as soon as|si|quand|lorsque|des que|une fois|a moins)(?![\w'])", self.text[end:]) is not None

    def _governor(self, start: int, *, is_future: bool = False, is_past: bool = False) -> str:
        """Return what the words before a clause make of it: "fact", "open" or ""."""
        left = self.text[:start]
        marks = sorted(
            [(found.start(), found.end(), "fact") for found in self.lexicon.fact.finditer(left)]
            + [(found.start(), found.end(), "open") for found in self.lexicon.open.finditer(left)]
            + [(found.start(), found.end(), "said") for found in self.lexicon.known.finditer(left)]
            + [(found.start(), found.end(), "when") for found in re.finditer(r"(?<![\w'])(?:when|quand|lorsqu(?:e|')|after|before|apres|the (?:day|moment|hour|minute|week|month|year)(?: that| when)?|le jour ou|au moment ou)(?![\w])", left)],
            key=lambda mark: (-mark[1], mark[0]),
        )
        covered = len(left)
        for begin, stop, kind in marks:
            if stop > covered:
                continue
            between = left[stop:]
            if _BETWEEN_CLAUSES.search(between):
                return ""
            if kind == "fact":
                if left[begin:stop] in ("as", "comme", "since", "because", "though", "although", "while", "why", "car", "puisque", "pourquoi") and "," in between:
                    return ""
                if re.search(r"(?:serait|sera|would be|'d be|will be) ?(?:bien |tres )?$", left[:begin]):
                    return "open"
                return "fact" if "," not in between else ""
            crosses = "," in between and not _JOINS_THAT.search(between[between.rfind(",") + 1 :])
            joined = _JOINING.search(between)
            that = joined and _JOINS_THAT.search(between[joined.start() :])
            if kind == "open" and left[begin:stop].startswith(("without", "sans")) and not is_future:
                covered = begin
                continue
            if kind == "open":
                if crosses:
                    conditional = left[begin:stop] in _CONDITIONS and (is_future or re.search(_MASK, between) or re.search(r"(?<!\w)(?:it|il)(?!\w)", between))
                    if conditional:
                        return "open"
                    return ""
                pair = joined and joined[0] in ("and", "et", "or", "ou")
                short = joined and len(between[joined.end() :].split()) <= 3 and between[joined.end() :].strip(" ")
                if joined and not that and not (pair and (left[begin:stop] in _CONDITIONS or short)):
                    return ""
                return "open"
            if kind == "when" and covered < len(left):
                return ""
            if kind == "when":
                if crosses:
                    return ""
                if left[begin:stop] == "before" and is_past and (not left[:begin].strip(" ") or "ed " not in left[:begin]):
                    return "fact"
                return "fact" if is_past and left[begin:stop] != "before" else "open"
            if crosses or (joined and not that):
                return ""
            if self.lexicon.denied.search(left[:begin]) and not re.search(r"(?:know|aware|sais|savais|realize|knew) ?$", left[begin:stop]):
                return "open"
            covered = begin
        return ""

    def _stands_in_question(self, start: int, end: int) -> bool:
        """Whether a clause of a question is stated: "C-34 has passed: when will …?"."""
        if _INVERTED.search(self.text[start:end]):
            return False
        rest = self.text[end:]
        cut = re.search(r"[:;]| - |, ?(?:so |and |but |alors |donc |et |mais )?|(?<!\w)(?:so|but|alors|donc)(?!\w)", rest)
        piece = re.split(r"[:;]| - |,", self.text[:start])[-1]
        if cut is not None and cut[0] in (":", ";", " - "):
            return not (_QUESTION_WORD.search(piece) or self.lexicon.question.search(piece))
        if cut is None or not _QUESTION_WORD.search(rest[cut.start() :]):
            return False
        return not (_QUESTION_WORD.search(piece) or self.lexicon.question.search(piece))

    # --- somebody does it to the bill

    def _of_act(
        self, frame: str, match: re.Match[str], means: str, *, group: str, start: int, flags: frozenset[str], denials: int
    ) -> Statement | None:
        words = match.groupdict()
        core_end = match.end(group)
        named = words.get("object") or words.get("object2")
        if words.get("clitic") is not None:
            bill = self._antecedent(match.start())
            end = core_end
            flags |= {"have"}
            if re.search(r"(?<!\w)(?:pas|jamais)(?!\w)", words["clitic"]):
                denials += 1
        elif named is None:
            return self._of_relative(match, means, frame, core_end, start, flags, denials)
        else:
            end = match.end()
            bill = self._antecedent(match.start()) if named == "it" else named[0]
        if not bill or bill == OTHER:
            return None
        left = self.text[:start].rstrip(" ")
        agent = re.split(r"[;:]| - |(?<!\w)(?:that|which|who|because|since|and|but|qui|que|et|mais|puisque)(?!\w)", left)[-1]
        agent = re.split(r",", agent)[-1] if not re.search(r",\s*$", agent) else agent
        if re.search(r"(?<![\w'])(?:no|neither|nobody|no one|aucun|aucune|personne|ni)(?![\w'])", agent):
            denials += 1
        if re.search(r"(?<![\w'])(?:which|who|that|qui)$", left):
            agent = " ".join(left.split()[-7:-1])
        if frame == "acts-ing" and not re.search(r"(?<![\w'])(?:thank\w*|congratulat\w*|proud|grateful|criticiz\w*|blam\w*|praise\w*|credit|famous|merci|felicit\w+|remerci\w+|fier\w*|reconnaissan\w+|blam\w+|reproch\w+)(?: \w+){0,6}(?: (?:for|of|on|to|pour|d'|de))? ?$|(?:pour|merci d') ?$", self.text[: match.start()]):
            return None
        agent = self._own_words(agent)
        if frame == "acts-ing":
            flags -= {"open"}
        elif not self._may_act(frame, means, agent, left, flags, match[group] + " "):
            return None
        clause = left.rfind(agent) if agent else start
        begin = clause if clause >= 0 else start
        how = "relative" if re.search(r"(?<![\w'])(?:which|who|that|qui)$", left) else "direct"
        if self._asks_agent(agent, flags):
            how = "why" if re.search(r"(?<![\w'])(?:why|pourquoi)(?![\w'])", left) else "asked"
        if not self._is_claimed(start, how, flags, frame, end, start):
            return None
        return Statement(
            bill, f"{frame}:{means}", self.text[match.start() : end], start, start, end, flags, denials % 2 == 1, False,
            agent=agent, tail=self._tail(end), head=self.text[:begin], frame=frame,
        )  # fmt: skip

    def _of_relative(self, match, means, frame, end, start, flags, denials) -> Statement | None:
        """Read "C-34, which Parliament passed in October"."""
        left = self.text[:start].rstrip(" ")
        found = re.search(rf"({_MASK})\1*(?:\)|,)? ?(?:which|that|que|qu') ?((?:[\w'.-]+ ?){{1,7}})$", left)
        if found is None or found[1] == OTHER or "open" in flags or not re.search(_ACTORS, found[2]) and means != "introduced":
            return None
        if self.language is Language.FR and frame == "acts" and "have" not in flags:
            return None
        if not self._may_act(frame, means, found[2], left, flags, ""):
            return None
        return Statement(
            found[1], f"{frame}:{means}", match[0], start, start, end, flags, denials % 2 == 1, False,
            agent=found[2], tail=self._tail(end), head=self.text[: found.start()], frame=frame,
        )  # fmt: skip

    def _own_words(self, agent: str) -> str:
        """Return the words that name who acts, without those that go before: "I read that the Senate"."""
        marks = [found.end() for words in (self.lexicon.known, self.lexicon.open, self.lexicon.fact) for found in words.finditer(agent)]
        rest = agent[max(marks, default=0) :]
        return rest if rest.strip(" ") else agent

    def _asks_agent(self, agent: str, flags: frozenset[str]) -> bool:
        first = re.match(r"\W*(?:why |when |how |what |where )?([\w']+)", agent)
        return bool(self.is_question and ((first and self.lexicon.question.fullmatch(first[1])) or _INVERTED.search(agent)))

    def _may_act(self, frame: str, means: str, agent: str, left: str, flags: frozenset[str], core: str) -> bool:
        words = agent.strip(" ,")
        if means == "law" and flags & {"have"} or re.match(r"(?:have|has|got|gotten) ", core):
            return True
        if re.search(r"(?<![\w'])(?:i|i've|we|we've|he|she|je|j'|nous|on|my|our|mon|ma|mes|notre|nos|parents?|school|class|ecole|classe|neighbou?rs?|voisins?|teachers?|friends?|amis?|union|expert\w*|daughter|son|group|groupe|people|gens|everyone|media|newspapers?)(?![\w])", words) and not re.search(r"(?:our|notre|nos|my|mon) (?:own )?(?:parliament|government|house|senate|mps?|elected|representatives|senators|members|lawmakers|country|deput\w+|federal|parlement|gouvernement|elus|member|depute|senat)", words):
            return False
        if frame == "acting":
            acting = flags & {"be", "have"} or re.search(r"(?:s|nt|e|t|ent|d)$", words) or True
            return bool(acting and re.search(_ACTORS, words) and "open" not in flags)
        if frame == "acts-base":
            if self.is_question and re.search(r"(?<![\w'])why (?:did|didn't|did not) ", left):
                return True
            if self._is_decided(len(left) + 1):
                return True
            if not words:
                return False
            return bool(flags & {"do", "future", "failed", "still"}) or bool(flags & {"not"} and flags & {"open"})
        if means == "has":
            return bool(re.search(_ACTORS, words))
        if means in ("voted", "through"):
            return bool(re.search(_ACTORS, words))
        if self.language is Language.FR and frame == "acts" and not flags & {"have"}:
            return False
        if not words and not flags & {"have"}:
            return bool(re.search(r"(?<![\w'])(?:for|thank(?:s| you)(?: \w+)*|having)$", left)) and False
        return True


_CONDITIONS = frozenset(["without", "sans", "pending"]) | frozenset("if unless once when whenever si s' quand lorsque des que|une fois|provided that|provided|assuming|suppose|supposing|as soon as|until|en supposant que|a condition que|imagine|imagine that|in case|the day|the moment|whether".replace(" des que|", "|des que|").split("|")[0].split()) | frozenset(
    ["une fois", "une fois que", "provided that", "provided", "assuming", "suppose", "supposing", "as soon as", "until", "imagine", "imagine that", "in case", "the day", "the moment", "des que", "unless", "if", "once", "si"]
)
_CERTAIN = re.compile(
    r"(?:(?<!\w)(?:since|ever since|thanks to|celebrat\w+|welcom\w+|applaud\w*|congratulat\w+ (?:you )?(?:on|for)|because of|owing to|despite|in spite of|mourn\w*|regret\w*|deplor\w+|"
    r"depuis|grace a|malgre|a cause d(?:e|u)|felicit\w+ (?:\w+ )?(?:pour|de)|salu\w+|celebr\w+|me rejouis d(?:e|u)|bravo (?:pour|a)|hurrah for|cheers for|(?:glad|happy|delighted|relieved|proud|sad|angry|upset) (?:about|of|over|with)|(?:news|announcement|report|word) of|(?:learned|heard|read|told|knew|know) (?:of|about)|(?:appris|apprendre|nouvelle d|annonce d|appris l|entendu parler d|heureu\w+ d|content\w* d|fier\w* d|ravi\w* d|soulage\w* d)(?:e|u|')?|apprecie\w*|deplore\w*|regrette\w*|thank you for|merci pour)) ?(?:the |its |l'|la |le |this |recent |cette )*$"
)
_AFTER = re.compile(r"(?<![\w'])(?:after|following|with|upon|on|apres|suite a|a la suite d(?:e|u)|avec) ?(?:the |its |l'|la |le |recent )*$")
_DECIDED = re.compile(
    r"(?<![\w'])(?:took .{3,50}|managed|succeeded|voted|decided|chose|agreed|was able|were able|had the (?:courage|wisdom|nerve)|(?:has|have) (?:now |finally |just )?(?:chosen|decided|agreed|voted|managed)|"
    r"(?:decide|choisi|reussi|accepte|vote|fini|mis .{3,30}|pris la decision|prefere|resolu|parvenu)) (?:unanimously )?(?:not )?(?:to|de|d'|a|par|pour) ?(?:finally |quietly |simply )?$"
)
_ACTORS = (
    r"(?<![\w'])(?:committee\w*|comm?it[ée]s?|commission|house|commons|senate|senators?|mps|m\.p\.s|members|parliament\w*|deput\w+|chambre\w*|communes|senat\w*|parlement\w*|legislat\w+|lawmakers|"
    r"government|gouvernement|ottawa|canada|minister\w*|ministre\w*|it|they|you|vous|governor|gouverneur\w*|king|roi|crown|couronne|legislature|opposition|prorogation|election|majesty|lawmakers|ils|elles|elle|il|qui|who|which|that|cabinet|politicians|elus|elues|majority|majorite|parties|chambers?|you)(?![\w])"
)
