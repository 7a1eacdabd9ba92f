"""Whose words a letter's sentences are, the campaign's or the citizen's own; and which of these to ask about.

A sentence is the campaign's where it stands as it was composed. Of the citizen's own, those that give a share or a
large number, name the survey or a bill, or stand in place of what came from the survey are shown beside what the
campaign says, and sent once their writer said that these words are theirs. So is an answer of the survey's that no
longer follows its own question. Nothing is called true or false: docs/decisions/provenance.md.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from itertools import chain, pairwise
from typing import NamedTuple, Self

from text_to_num import alpha2digit

from advocacy.campaigns.campaign_files import ClaimSubject
from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.language import CLAIM_STEMS, Language
from advocacy.letters.letter import ON_SHEET, Letter, Piece, RenderedParagraph
from advocacy.sentences import sentence_spans

SHARE = re.compile(
    r"(?<!\d)(\d{1,9}+(?:[.,]\d{1,9}+)?)\s*(?:%|(?:per|pour) ?(?:cent|100)\b|p\. ?(?:100|cent|c)\b|pct\b)"
    r"|(?<!\d)(\d{1,9}+)(?:\s\w+){0,3}\s(?:in|out of|sur|of every|of)\s(?:every )?(\d{1,3})\b"
    r"|(?<![\d/])(\d|\d\d(?=/100))/(\d{1,3})(?![\d/])"
)
"""A percentage, or so many of so many: "19 in 20", "2/3"."""
NUMBER = re.compile(r"\d+(?:[ ,.]\d{3})*(?:[.,]\d+)?")
LARGE_NUMBER = re.compile(r"(?<![\d-])(?:\d{1,3}(?:[ ,.]\d{3})+|(?!(?:19|20)\d\d\b(?!\s\w{4,}s\b))\d{4,})(?![\d-])")
"""1,000 or more, and no year: "2019" is one, "2000 parents" is none."""
BILL_NUMBER = re.compile(r"\b[cs][- ]?\d{1,4}\b")
CLAIM_SUBJECTS: Sequence[ClaimSubject] = ("survey", "share", "bill")
_FOLDED = str.maketrans(
    dict.fromkeys("’‘ʼ", "'") | dict.fromkeys("“”«»", '"') | dict.fromkeys("‐‑‒–—−", "-") | {"\u2044": "/"}
)
_ACCENTS = re.compile("[\u0300-\u036f]+")
_QUOTE_SPACES = re.compile(r' ?" ?')


def is_of_survey(piece: Piece) -> bool:
    """Whether a piece came from the survey: a figure, a quotation, or a fact about it."""
    return piece.blank.startswith(("finding.", "survey."))


class Sentence(NamedTuple):
    """A sentence of a letter, what it is compared by, and the pieces that it is made of."""

    text: str
    key: str
    pieces: tuple[Piece, ...]

    @property
    def cites_survey(self) -> bool:
        """Whether something of the survey's stands in it that the letter's text did not say itself."""
        return any(map(is_of_survey, self.pieces))


class OwnClaim(NamedTuple):
    """A sentence that its writer is asked about.

    `original` is the campaign's sentence that it stands in place of, "" where none is known; `figure_changed`: where
    that one has a figure of the survey, another number stands here. `strangers` are shares that no finding has, in
    points of 100. `is_moved`: the campaign's own words, which now follow others than in the campaign's letter.
    """

    sentence: str
    original: str = ""
    figure_changed: bool = False
    strangers: tuple[Decimal, ...] = ()
    is_moved: bool = False
    on_survey: bool = False
    on_bill: bool = False

    @property
    def key(self) -> str:
        """What tells this claim from others, wherever it stands."""
        return sha256(normalize(self.sentence).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ClaimWords:
    """What a sentence may speak of: the shares of a campaign's survey, and the words for survey, shares and bills."""

    shares: frozenset[Decimal]
    survey: re.Pattern[str]
    share: re.Pattern[str]
    bill: re.Pattern[str]

    @classmethod
    def of(cls, template: LetterTemplate) -> Self:
        """Return those of a letter's campaign, in every language, as citizens may write in either."""
        campaign, polls = template.campaign, template.survey.polls
        stems = {
            kind: [
                *(stem for language in Language for stem in CLAIM_STEMS[language][kind]),
                *campaign.claim_words.get(kind, ()),
            ]
            for kind in CLAIM_SUBJECTS
        }
        stems["survey"] += [text for poll in polls for names in (poll.source, poll.title) for text in names.values()]
        stems["bill"] += [text for bill in campaign.bills for text in (bill.number, *bill.title.values())]
        shares = frozenset(option.percent for poll in polls for option in poll.options)
        return cls(shares, *(_pattern(tuple(stems[kind])) for kind in CLAIM_SUBJECTS))

    def speaks_of(self, digits: str) -> tuple[bool, bool]:
        """Return whether a sentence, as `_in_digits` has it, speaks of the survey or figures, and of a bill."""
        figures = (SHARE, LARGE_NUMBER, self.share, self.survey)
        is_bill = self.bill.search(digits) or BILL_NUMBER.search(digits)
        return any(pattern.search(digits) for pattern in figures), is_bill is not None


def normalize(text: str) -> str:
    """Reduce a sentence to what it is compared by: spaces, quotation marks and dashes are folded, no word is."""
    folded = " ".join(unicodedata.normalize("NFKC", text).translate(_FOLDED).split())
    return _QUOTE_SPACES.sub('"', folded) if '"' in folded else folded


def _plain(text: str) -> str:
    """Return a text in small letters, without accents, its spaces, quotes, dashes and fractions as keys have them."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).translate(_FOLDED).lower()


def sentences_of(paragraph: RenderedParagraph) -> list[Sentence]:
    """Return the sentences of a paragraph."""
    text = paragraph.text
    return [
        Sentence(text[start:end], normalize(text[start:end]), _cut(paragraph.pieces, start, end))
        for start, end in sentence_spans(text)
    ]


def _by_paragraph(letter: Letter) -> list[list[Sentence]]:
    return [sentences_of(paragraph) for paragraph in letter.paragraphs]


def _every_sentence(letter: Letter) -> list[Sentence]:
    return list(chain(*_by_paragraph(letter)))


def mark_sentences(text: str, composed: Letter) -> tuple[Piece, ...]:
    """Return the pieces of a changed paragraph: sentences as composed keep their marks, the rest are own."""
    known = {sentence.key: sentence for sentence in _every_sentence(composed)}
    pieces: list[Piece] = []
    ended = 0
    for start, end in sentence_spans(text):
        between, words = text[ended:start], text[start:end]
        sentence = known.get(normalize(words))
        if sentence is None and pieces and pieces[-1].blank == ON_SHEET:
            pieces[-1] = Piece(pieces[-1].text + between + words, ON_SHEET)
        else:
            pieces += [Piece(between, "")] if between else []
            pieces += [Piece(words, ON_SHEET)] if sentence is None else sentence.pieces
        ended = end
    return tuple(pieces)


def count_sentences(letter: Letter) -> tuple[int, int]:
    """Return how many sentences of a letter's body are the campaign's, and how many its citizen's own."""
    owned = [any(map(letter.is_own, sentence.pieces)) for sentence in _every_sentence(letter)]
    return owned.count(False), owned.count(True)


def sentences_on_survey(composed: Letter) -> list[str]:
    """Return the campaign's own sentences on the survey in a letter as composed."""
    every = _every_sentence(composed)
    return [one.text for one in every if one.cites_survey and not any(map(composed.is_own, one.pieces))]


def own_claims(letter: Letter, composed: Letter, template: LetterTemplate) -> list[OwnClaim]:
    """Return what a letter's citizen is asked about, each sentence once, the subject first; see the module."""
    words = ClaimWords.of(template)
    before = _by_paragraph(composed)
    after = before if letter.paragraphs == composed.paragraphs else _by_paragraph(letter)
    originals = _originals(list(chain(*before)), list(chain(*after)))
    questions, free_fields = _questions(before), template.free_fields
    claims: dict[str, OwnClaim | None] = {}
    if normalize(letter.subject) != normalize(composed.subject):
        subject, original = (
            Sentence(text, normalize(text), (Piece(text, ON_SHEET),)) for text in (letter.subject, composed.subject)
        )
        claims[subject.key] = _claim(subject, [original], words=words)
    lead_in = ""
    for sentence in chain(*after):
        key, asked = sentence.key, questions.get(sentence.key)
        if key not in claims and _is_own(letter, sentence, free_fields, words=words):
            claims[key] = _claim(sentence, originals.get(key, ()), words=words)
        elif sentence.cites_survey and asked and lead_in not in asked:
            claims[key] = OwnClaim(sentence.text, is_moved=True, on_survey=True)
        lead_in = key
    return [claim for claim in claims.values() if claim is not None]


def put_back(letter: Letter, claim: OwnClaim) -> Letter:
    """Return a letter with the campaign's sentence in place of its citizen's, wherever that one stands.

    Its text is what counts: an edited letter is marked anew, and the sentence is the campaign's again.
    """
    if normalize(letter.subject) == normalize(claim.sentence):
        letter = replace(letter, subject=claim.original)
    return replace(letter, paragraphs=tuple([_put_back(paragraph, claim) for paragraph in letter.paragraphs]))


def _put_back(paragraph: RenderedParagraph, claim: OwnClaim) -> RenderedParagraph:
    pieces: list[Piece] = []
    ended = 0
    for start, end in sentence_spans(paragraph.text):
        if normalize(paragraph.text[start:end]) == normalize(claim.sentence):
            pieces += [*_cut(paragraph.pieces, ended, start), Piece(claim.original, ON_SHEET)]
            ended = end
    return paragraph._replace(pieces=(*pieces, *_cut(paragraph.pieces, ended, len(paragraph.text))))


@lru_cache(maxsize=64)
def _pattern(stems: tuple[str, ...]) -> re.Pattern[str]:
    plain = (re.escape(_plain(stem)) for stem in stems if stem)
    parts = (stem.replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for stem in plain)
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


def _cut(pieces: Iterable[Piece], start: int, end: int) -> tuple[Piece, ...]:
    """Return what lies between two places of a paragraph."""
    cut, place = [], 0
    for piece in pieces:
        text = piece.text[max(0, start - place) : max(0, end - place)]
        cut += [Piece(text, piece.blank)] if text else []
        place += len(piece.text)
    return tuple(cut)


def _questions(composed: Iterable[Iterable[Sentence]]) -> Mapping[str, set[str]]:
    """Return the questions that a sentence was composed after: an answer is the campaign’s after its own alone."""
    questions: dict[str, set[str]] = defaultdict(set)
    for question, answer in chain.from_iterable(map(pairwise, composed)):
        if question.text.endswith("?"):
            questions[answer.key].add(question.key)
    return questions


def _is_own(letter: Letter, sentence: Sentence, free_fields: frozenset[str], *, words: ClaimWords) -> bool:
    """Whether a sentence is its citizen's: all of it, or what they typed into the campaign's says more than a name."""
    typed = [piece for piece in sentence.pieces if letter.is_own(piece) or piece.blank in free_fields]
    if len(typed) == len(sentence.pieces):
        return True
    digits = _in_digits(" ".join(piece.text for piece in typed))
    return any(map(str.isdigit, digits)) or any(words.speaks_of(digits))


def _originals(before: Sequence[Sentence], after: Sequence[Sentence]) -> Mapping[str, Sequence[Sentence]]:
    """Return, for each sentence that is not as composed, those that stood there: after the same neighbour."""
    composed, kept = {one.key for one in before}, {one.key for one in after}
    gone, new = _between(before, kept), _between(after, composed)
    originals: dict[str, Sequence[Sentence]] = {}
    for neighbour, sentences in new.items():
        candidates = gone.get(neighbour, [])
        if len(sentences) > 2 * len(candidates):
            continue  # a text of their own, which stands in the place of none
        for sentence in sentences:
            originals.setdefault(sentence.key, candidates)
    return originals


def _between(sentences: Iterable[Sentence], shared: Collection[str]) -> Mapping[str, Sequence[Sentence]]:
    """Return the sentences that are not shared, by the shared one that they follow, "" at the beginning."""
    between: dict[str, list[Sentence]] = defaultdict(list)
    neighbour = ""
    for sentence in sentences:
        if sentence.key in shared:
            neighbour = sentence.key
        else:
            between[neighbour].append(sentence)
    return between


def _claim(sentence: Sentence, candidates: Iterable[Sentence], *, words: ClaimWords) -> OwnClaim | None:
    """Return what is asked about a sentence of its citizen's, if anything; `candidates` stood where it stands."""
    digits = _in_digits(sentence.text)
    on_survey, on_bill = words.speaks_of(digits)
    original = _original(sentence, candidates)
    cited = original if original and original.cites_survey else None
    if not (on_survey or on_bill or cited):
        return None
    shares = dict.fromkeys(share for found in SHARE.finditer(digits) if (share := _share(found)) is not None)
    return OwnClaim(
        sentence.text,
        original.text if original else "",
        figure_changed=cited is not None and bool(_numbers(digits) - _numbers(_in_digits(cited.text))),
        strangers=tuple(share for share in shares if words.shares and share not in words.shares),
        on_survey=on_survey or cited is not None,
        on_bill=on_bill,
    )


def _original(sentence: Sentence, candidates: Iterable[Sentence]) -> Sentence | None:
    """Return the sentence in whose place another stands: the first of which it has half the words."""
    words = set(sentence.key.split())
    for candidate in candidates:
        known = candidate.key.split()
        if 2 * len(words.intersection(known)) >= len(known):
            return candidate
    return None


def _in_digits(text: str) -> str:
    """Return a plain text with its number words, of either language, as digits."""
    for language in Language:
        with suppress(ValueError):  # a language that text2num does not read
            text = alpha2digit(text, language, threshold=0)
    return _plain(text)


def _numbers(digits: str) -> set[Decimal]:
    """Return the numbers of a sentence, shares in percent: "19 of 20" is 95."""
    shares = {share for one in SHARE.finditer(digits) if (share := _share(one)) is not None}
    others = NUMBER.findall(SHARE.sub(" ", digits))
    return shares | {Decimal(re.sub(r"\D", "", number)) for number in others}


def _share(found: re.Match[str]) -> Decimal | None:
    """Return a share in points of 100, that of so many of so many as a whole number: "2 in 3" is 67."""
    if found[1]:
        return Decimal(found[1].replace(",", "."))
    part, whole = Decimal(found[2] or found[4]), Decimal(found[3] or found[5])
    return (100 * part / whole).to_integral_value() if whole else None
