"""Where a text names a bill: by number, by title, as "the bill", or by a word that goes on speaking of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


from advocacy.campaigns.bill import Bill
from advocacy.letters.bills.lexicon import FIRST_BILL, OTHER
from advocacy.letters.figures.sentences import Sentence
from advocacy.numerals import PlainText, plain

_DETERMINER = (
    r"(?:(?:all of |both )?(?:the|this|your|our|their|its|his|her|canada's|ottawa's|parliament's|le|la|ce|cette|votre|leur|notre|son|ledit)"
    r"(?: (?:very|same|whole|entire|new|federal|proposed|government's|government|minister's|minister miller's|mr\.? miller's|current|so-called|said|"
    r"famous|important|historic|landmark|important|long-awaited|promised|latest|present|original|nouveau|nouvelle|fameux|fameuse|meme|important|"
    r"importante|liberal|big|good|great|much-discussed|much-awaited|good old|excellent))* |(?:new|federal|proposed) )?"
)
_KIND = r"(?:(?:government )?bills?|projets? de loi|projet|proposed (?:law|legislation|act)|draft (?:law|bill)|law|legislation|act|pl|p\.l\.|loi|texte|dossier|piece of legislation)"
_SIGN = r"(?:(?:number|no\.?|n[o°]\.?|numero|num\.?|#) ?)?"
_ANY_NUMBER = re.compile(
    rf"(?<![\w'-]){_DETERMINER}{_KIND} {_SIGN}(?P<number>(?:[a-z] ?-? ?)?\d{{1,4}}(?:-?[a-z])?)(?![\w%]|[.,]\d|-\d)"
    rf"|(?:(?<![\w'-]){_DETERMINER}|(?<![\w-])(?:(?<=[ldn]')|(?<!')))(?P<bare>[cs]-? ?\d{{1,4}}(?:-?[a-z])?)(?![\w%]|[.,]\d|-\d)"
)
_ACT = re.compile(
    r"(?<![\w'-])(?:the |an |this |our |le |la )?(?:(?:[\w'’-]+|and|of|to|the|on|for|for the) ){1,8}?act(?![\w'-])"
    r"|(?<![\w'-])(?:la |une |cette )?loi (?:sur|concernant|visant|relative|de|edictant|portant|modifiant) (?:[\w'-]+ ){0,7}[\w'-]+"
)
_SPECIFIC = re.compile(
    r"(?<![\w'-])(?:the|this|that|your|our|their|its|said|his|canada's|ottawa's) (?P<adjectives>(?:(?!(?:the|this|that|a|an|your|our|my|its|their|is|was|has) )[\w'-]+ ){0,4}?)"
    r"(?:bills?|proposed (?:law|legislation|act)|draft (?:law|legislation)|piece of legislation|proposed piece of legislation)(?![\w'-]| of rights| gates)"
    r"|(?<![\w'-])(?:le|ce|votre|leur|notre|son|ledit|dudit|(?<=du )|(?<=au )|(?<=dudit )|(?<=d'un )) ?(?P<adjectifs>(?:fameux |meme |nouveau |present |important |grand )?)projet de loi(?: federal| actuel| propose| en question| canadien)?(?![\w'-])"
    r"|(?<![\w'-])(?:(?:mr?\.? |minister |marc )?miller|government|liberals?|carney|ottawa|minister)'s? (?:own |new |famous )?bill(?![\w'-])"
    r"|(?<![\w'-])ce (?:projet|texte de loi|texte legislatif)(?! (?:de (?!loi)|d'))(?![\w'-])"
)
_WEAK = re.compile(
    r"(?<![\w'-])(?:the|this|that|our|your|such a?|its|said) (?:new |federal |same |proposed |very )?(?:law|legislation|act|measure|text)(?![\w'-])"
    r"|(?<![\w'-])(?:la|cette|votre|notre|ladite) (?:nouvelle |meme )?(?:loi|legislation|mesure(?: legislative)?)(?![\w'-])"
    r"|(?<![\w'-])(?:le|ce|son|votre|dudit|(?<=du )|(?<=au )) ?texte(?![\w'-])"
    r"|(?<![\w'-])(?:l'une|celle-ci|celui-ci|ce dernier|cette derniere|the former|the latter)(?![\w'-])"
)
_ANOTHER = re.compile(
    r"(?<![\w'-])(?:a|an|another|any|no|every|each|some|one|such an?|similar|other|provincial|private members?'?s?|many|several|few|most|two|three|bad|good|all|these|those|past|previous|earlier|old|existing|current|our|my) "
    r"(?:(?!(?:is|are|was|were|has|have|became|will) )[\w'-]+ ){0,3}?(?:bills?|laws?|acts?|legislation|motions?|petitions?|resolutions?|amendments?|budgets?|policy|policies|by-?laws?|regulations?)(?![\w'-])"
    r"|(?<![\w'-])(?:the|this|that|our|my|your|its|their|his|her|school|council's) (?:(?!(?:is|are|was|were|has|have|became|will) )[\w'-]+ ){0,3}?"
    r"(?:motion|petition|resolution|amendment|budget|policy|by-?law|regulations?|criminal code|charter|treaty|agreement|contract|strike|referendum|exam|test|proposal|campaign|deadline)(?![\w'-])"
    r"|(?<![\w'-])(?:un|une|aucune?|tout|toute|chaque|plusieurs|certaines?|d'autres?|des|nos|d'un|d'une|ces|tous les|toutes les|les|autre|anciens?|nouveaux) (?:(?!(?:est|sont|a|ont|etait|devient|devenu) )[\w'-]+ ){0,2}?"
    r"(?:projets? de loi|lois?|reglements?|amendements?|budgets?|politiques?|motions?|petitions?|resolutions?)(?![\w'-])"
    r"|(?<![\w'-])(?:le|la|notre|ma|mon|cette|cet|ce|leur|votre|sa|son|l'|du|au) ?(?:[\w'-]+ ){0,1}?"
    r"(?:motion|petition|resolution|amendement|budget|politique|reglement|code criminel|charte|traite|entente|contrat|referendum|examen|proposition|campagne|echeance)(?![\w'-])"
)
_SAID_OF_BILL = re.compile(
    r"(?<![\w'])(?:is|are|was|isn't|remains|only|just|merely|simply|as|become|became|becomes|becoming|now|into|been|est|reste|demeure|devenue?|partie de|dans|n'est|etait)(?: [\w']+){0,2} $"
)
_MONEY = re.compile(
    r"\b(?:restaurant|dinner|lunch|supper|hydro|phone|telephone|cell|cellphone|electricity|electric|gas|heating|water|power|repair|repairs|grocery|hotel|bar|tab|tax|medical|doctor|doctor's|dentist|hospital|lawyer|lawyer's|legal|legals|internet|cable|rent|utility|utilities|energy|roof|plumber|mechanic|vet|dollars?|\$|pay|paid|waiter|table|"
    r"facture|addition|billets?|dollar|twenty|playbill|duck|duck's)\b"
)
_PAYING = re.compile(
    r"(?<![\w'])(?:pay|pays|paid|paying|split|splitting|foot|footed|footing|settle|settled|picked up|pick up|payer|paye|regle|regler) (?:for )?$"
)
_ABOUT = re.compile(
    r" (?:on|about|concerning|regarding|respecting|sur|concernant|portant sur|au sujet d(?:e|u|es)|to (?:amend|create|ban|reform|cut|fund|build|legali[sz]e)|de (?!loi))(?P<what>[^,.;:!?()]{3,80})"
)
FOREIGN = re.compile(
    r"(?<![\w'-])(?:australia\w*|united kingdom|u\.?k\.?|britain|british|england|english parliament|scotland|wales|ireland|irish|france|french (?:parliament|senate|law|assembly)|germany|german|european|europe|e\.?u\.?|brussels|united states|u\.s\.?(?:a\.?)?|us (?:congress|senate|house)|american?s?|congress|washington|california\w*|texas|new york|florida|utah|new zealand|japan\w*|india\w*|brazil\w*|denmark|danish|norway|sweden|spain|italy|"
    r"quebec\w*|ontario\w*|alberta\w*|manitoba\w*|saskatchewan|nova scotia|new brunswick|british columbia|b\.?c\.?|newfoundland|prince edward island|yukon|nunavut|provinc\w*|queen's park|national assembly|legislative assembly|elsewhere|abroad|other countries|another country|foreign|overseas|school board|city council|city hall|town council|municipal\w*|"
    r"australi\w+|royaume-uni|grande-bretagne|britannique\w*|angleterre|irlande|francais\w*|allemagne|allemand\w*|europeen\w*|union europeenne|etats-unis|americain\w*|congres|californi\w+|nouvelle-zelande|assemblee nationale|colombie-britannique|nouveau-brunswick|nouvelle-ecosse|terre-neuve|ailleurs|a l'etranger|autres? pays|conseil (?:municipal|scolaire|d'etablissement)|commission scolaire|ville de)(?![\w'-])"
)
_STOP_WORDS = frozenset(
    "the a an of and or to in on at for with as by be is are would that this it its from into under who which not no bill act law within face take down also hours content have their have"
    " le la les de des du un une et ou en au aux pour par sur dans qui que ce cette sa son ses est sont serait seraient devrait devraient loi projet heures contenu version peine sous leur leurs".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A bill or another law, named at `start`–`end` of the plain text. `bill` is None for what the campaign does not list.

    `number` and `title` are what was written of it, "" where it was not named so.
    """

    start: int
    end: int
    bill: Bill | None
    number: str = ""
    title: str = ""
    by_number: bool = False


class Names:
    """How the bills of a campaign are named."""

    def __init__(self, bills: Sequence[Bill]) -> None:
        self.bills = bills
        self._by_number = {compact(bill.number): bill for bill in bills}
        self._titles = [
            (re.compile(_title_pattern(plain(title))), bill) for bill in bills for title in bill.title.values()
        ]
        self.topics = {bill.number: topic_words(bill) for bill in bills}

    def in_sentence(
        self, text: PlainText, sentence: Sentence, last: Bill | None, *, last_is_other: bool
    ) -> list[Mention]:
        """Return what a sentence names, in order; `last` is the bill that was named before it."""
        plain_text, found = text.plain, []
        taken: list[tuple[int, int]] = []

        def take(mention: Mention) -> None:
            if not any(mention.start < end and start < mention.end for start, end in taken):
                taken.append((mention.start, mention.end))
                found.append(mention)

        for mention in self._titled(plain_text, sentence):
            take(mention)
        for mention in self._numbered(plain_text, sentence):
            take(mention)
        for mention in self._acts(text, sentence):
            take(mention)
        for mention in self._specific(plain_text, sentence, found, last, last_is_other=last_is_other):
            take(mention)
        for another in _ANOTHER.finditer(plain_text, sentence.start, sentence.end):
            if not _is_predicate(plain_text, another.start()):
                take(Mention(another.start(), another.end(), None))
        for mention in self._weak(plain_text, sentence, found, last):
            take(mention)
        return sorted(found, key=lambda mention: mention.start)

    def _titled(self, text: str, sentence: Sentence) -> Iterator[Mention]:
        for pattern, bill in self._titles:
            for found in pattern.finditer(text, sentence.start, sentence.end):
                yield Mention(found.start(), found.end(), bill, title=found[0])

    def _numbered(self, text: str, sentence: Sentence) -> Iterator[Mention]:
        for found in _ANY_NUMBER.finditer(text, sentence.start, sentence.end):
            number = found["number"] or found["bare"]
            bill = self._by_number.get(compact(number))
            bare = not re.match(r"[a-z]-? ?\d", number)
            if bare and bill is None and not re.search(r"bill|projet|\bpl\b|loi", found[0]):
                continue
            if found["bare"] and " " in number and bill is None:
                continue
            yield Mention(found.start(), found.end(), bill, number=number, by_number=True)

    def _acts(self, text: PlainText, sentence: Sentence) -> Iterator[Mention]:
        for found in _ACT.finditer(text.plain, sentence.start, sentence.end):
            words = found[0]
            if words.startswith(("la loi", "loi", "une loi", "cette loi")):
                yield Mention(found.start(), found.end(), None, title=words)
                continue
            start, end = text.span(*found.span())
            typed = text.typed[start:end]
            if not re.search(r"Act\b|ACT\b", typed) or text.plain.startswith(" of parliament", found.end()):
                continue
            named = re.search(
                r"(?:[A-Z][\w'’-]*(?: (?:and|of|to|the|on|for|in|from|against))* )+Act$",
                typed,
                re.I if typed.isupper() else 0,
            )
            if named and re.search(r"[A-Z]", typed[named.start() : -3]):
                first = found.start() + len(words) - (end - start - named.start())
                first = max(found.start(), first)
                before = text.plain[:first]
                article = re.search(r"(?<![\w'-])(?:the|an|this|le|la) $", before[-6:])
                yield Mention(
                    first - (len(article[0]) if article else 0),
                    found.end(),
                    None,
                    title=text.plain[first : found.end()],
                )

    def _specific(
        self, text: str, sentence: Sentence, found: Sequence[Mention], last: Bill | None, *, last_is_other: bool
    ) -> Iterator[Mention]:
        for named in _SPECIFIC.finditer(text, sentence.start, sentence.end):
            before = [mention for mention in found if mention.end <= named.start()]
            nearest = max(before, key=lambda mention: mention.end, default=None)
            bill: Bill | None = last or (self.bills[0] if self.bills else None)
            if nearest is not None and nearest.by_number:
                bill = nearest.bill
            elif last_is_other and nearest is None:
                bill = None
            if named[0].startswith(("his ", "her ")) and last is None and nearest is None:
                bill = None
            if bill and self._is_another(text, named, sentence, bill):
                bill = None
            yield Mention(named.start(), named.end(), bill)

    def _is_another(self, text: str, named: re.Match[str], sentence: Sentence, bill: Bill) -> bool:
        """Whether "the … bill" has an adjective, or a subject, that is not the bill's."""
        topics = self.topics[bill.number] | _FITTING
        adjectives = (named.groupdict().get("adjectives") or "").split()
        if any(word not in topics and word.rstrip("'s") not in topics for word in adjectives):
            return True
        if _PAYING.search(text[max(0, named.start() - 20) : named.start()]):
            return True
        clause = text[named.end() : min(sentence.end, named.end() + 60)]
        if _MONEY.search(clause[:30]) or FOREIGN.match(clause.lstrip(" ").removeprefix("in ").removeprefix("of ")):
            return True
        about = _ABOUT.match(clause)
        return bool(about and not set(re.findall(r"[\w-]+", about["what"])) & (topics | {"table", "floor"}))

    def _weak(self, text: str, sentence: Sentence, found: Sequence[Mention], last: Bill | None) -> Iterator[Mention]:
        for named in _WEAK.finditer(text, sentence.start, sentence.end):
            before = [mention for mention in found if mention.end <= named.start()]
            bill = max(before, key=lambda mention: mention.end).bill if before else last
            after = text[named.end() : named.end() + 14]
            if re.match(r" (?:of|on|against|in|that|which|about|sur|du|des|contre|should|must|to)\b", after):
                bill = None
            if (bill is not None or before) and not _is_predicate(text, named.start()):
                yield Mention(named.start(), named.end(), bill)


_FITTING = frozenset(
    "miller marc carney liberal federal government government's new proposed current same whole entire full original amended important historic landmark promised long-awaited latest present minister's minister miller's"
    " liberal so-called online internet safety protection child children children's harms harm web digital protective social media takedown removal said much-discussed very good great excellent young ottawa's"
    " enfants internet ligne jeunes protection securite images numerique reseaux sociaux medias".split()
)


def _is_predicate(text: str, start: int) -> bool:
    """Whether the words that begin at `start` say what something is, as in "C-34 is a law"."""
    return _SAID_OF_BILL.search(text[max(0, start - 30) : start]) is not None


def masked(text: str, sentence: Sentence, mentions: Sequence[Mention], bills: Sequence[Bill]) -> str:
    """Return a sentence with a character for each bill in place of its names, of the same length."""
    piece = [char if char < FIRST_BILL or char > "\ue1ff" else " " for char in text[sentence.start : sentence.end]]
    piece = [" " if char == OTHER else char for char in piece]
    for mention in mentions:
        sign = OTHER if mention.bill is None else chr(ord(FIRST_BILL) + list(bills).index(mention.bill))
        start, end = mention.start - sentence.start, mention.end - sentence.start
        piece[start:end] = sign * (end - start)
    return "".join(piece)


def compact(number: str) -> str:
    """Return a bill's number without what people leave out: "c34"."""
    return re.sub(r"[\s-]", "", plain(number))


def topic_words(bill: Bill) -> frozenset[str]:
    """Return the words of a bill's title and of what it covers, without those that every text has."""
    texts = [*bill.title.values(), *bill.covers.values()]
    words = {word for text in texts for word in re.findall(r"[a-z]+", plain(text)) if len(word) > 3}
    return frozenset(words - _STOP_WORDS)


def _title_pattern(title: str) -> str:
    words = re.escape(title).replace(r"\ ", "[ -]")
    return rf"(?<![\w'-])(?:{_DETERMINER})\"?{words}\"?(?![\w])"
