"""`advocacy letter`: one letter, to one recipient, on stdout or in a file."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import click
from sqlalchemy.orm import Session

from advocacy.campaigns.campaign_files import LetterTemplate
from advocacy.campaigns.grammar.program import Choice
from advocacy.campaigns.library import NoSuchTemplate, find_template, stored_folder
from advocacy.campaigns.safety import Safety
from advocacy.cli.atomic_files import write_file
from advocacy.cli.format_options import LANGUAGE, POST, FormatType, format_name, refuse_unused_options
from advocacy.cli.site import Site, WrongUse
from advocacy.exports import FORMATS
from advocacy.exports.format import CannotExport, ExportOptions, Post
from advocacy.language import Language, Wording
from advocacy.legislators.directory_queries import (
    bounce_warnings,
    by_id,
    members_for,
    notices,
    riding_by_code,
    riding_names,
)
from advocacy.legislators.models import Legislator, Status, to_recipient
from advocacy.legislators.postal_codes import Candidates, area_candidates, candidates, read_fsa, read_postal_code
from advocacy.legislators.search import nearest_ridings
from advocacy.letters.alternatives import sequence
from advocacy.letters.compose import Answers, compose
from advocacy.letters.forms import AnswersRefused, UnknownFields, keyed, option_keys, read_answers
from advocacy.letters.letter import Letter

WHICH = Wording.of(en="Which of these is yours?", fr="Laquelle de ces personnes vous représente?")
ELSEWHERE = Wording.of(
    en="This postal code is not known to lie in that riding; the riding you named is used.",
    fr="On ne sait pas si ce code postal s’y trouve; c’est la circonscription que vous avez nommée qui compte.",
)
FIND = "“advocacy legislators find” shows names, ridings and ids"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The recipient, and the ridings the citizen is a constituent of."""

    legislator: Legislator
    ridings: frozenset[str]


def choose_recipient(
    session: Session, *, found: Candidates | None, riding: str, legislator: str, language: Language, today: date
) -> Chosen:
    """Find the one recipient; WrongUse with the list when several fit and nobody can be asked.

    `found` is what the postal code or its first three characters gave. What is uncertain about the answer goes to
    stderr, in the letter's language.
    """
    own: tuple[str, ...] = ()
    if riding:
        own = (_riding(session, riding, language),)
        if found and own[0] not in found.riding_codes:
            _tell(ELSEWHERE.in_language(language))
    elif found:
        own = found.riding_codes
        if not legislator:
            _tell(found.explanation.in_language(language), found.provenance.in_language(language))
    if legislator:
        chosen = _legislator(session, legislator)
    else:
        chosen = _one_of(session, own, language, towns=found.towns if found else {})
    _tell(*(notice.in_language(language) for notice in (*notices(chosen, today), *bounce_warnings(session, chosen))))
    return Chosen(chosen, frozenset(own))


def describe(row: Legislator, language: Language, towns: Sequence[str]) -> str:
    """Write a legislator or seat on one line: id, name, riding, and some of the riding's towns."""
    place = row.place.in_language(language) if row.place else row.province or ""
    return f"{row.id}  {row.name or '—'}  {place}" + (f" ({', '.join(towns)})" if towns else "")


def _riding(session: Session, typed: str, language: Language) -> str:
    code = typed.strip() if riding_by_code(session, typed.strip()) else riding_names(session).code(typed)
    if code is None:
        near = "; ".join(
            f"{riding.fed_code} {riding.name.in_language(language)}" for riding in nearest_ridings(session, typed)
        )
        raise WrongUse(f"no riding is called “{typed[:60]}”; {f'the nearest are {near}' if near else FIND}")
    return code


def _legislator(session: Session, typed: str) -> Legislator:
    found = by_id(session, typed.strip())
    if found is None:
        raise WrongUse(f"no legislator has the id “{typed[:60]}”; {FIND}")
    if found.status is Status.LEFT:
        raise WrongUse(f"{found.name} has left office; {FIND}")
    return found


def _one_of(
    session: Session, ridings: Sequence[str], language: Language, *, towns: Mapping[str, Sequence[str]]
) -> Legislator:
    rows = members_for(session, ridings)
    if not rows:
        raise WrongUse(f"nobody is known for this riding; {FIND}")
    if len(rows) == len(ridings) == 1:
        return rows[0]
    lines = [describe(row, language, towns.get(row.riding_code or "", ())) for row in rows]
    if not sys.stdin.isatty():
        listed = "\n".join(f"  {line}" for line in lines)
        raise WrongUse(f"several legislators fit; choose yours with --legislator ID:\n{listed}")
    for number, line in enumerate(lines, start=1):
        click.echo(f"{number:>3}  {line}", err=True)
    answer: int = click.prompt(
        WHICH.in_language(language), type=click.IntRange(1, len(rows)), prompt_suffix=" ", err=True
    )
    return rows[answer - 1]


def _tell(*sentences: str) -> None:
    for sentence in sentences:
        click.echo(sentence, err=True)


NARROWEST = 20


@click.command()
@click.argument("template")
@click.option("--language", type=LANGUAGE, required=True, help="The letter's language.")
@click.option("--postal-code", default="", help="Your postal code, or its first half, to find your riding.")
@click.option("--riding", default="", help="Your riding instead, by its five digits or its name.")
@click.option("--legislator", default="", help="Who to write to, by the id that “legislators find” shows.")
@click.option("--set", "pairs", multiple=True, metavar="FIELD=TEXT", help="An answer; once for each field.")
@click.option("--own-language", type=LANGUAGE, help="The language of your own words, if not the letter's.")
@click.option("--variant", type=click.IntRange(1, 10_000), default=1, help="Which of the letter's alternatives.")
@click.option(
    "--format", "form", type=FormatType(), help=f"One of {', '.join(FORMATS)}; else as --output ends, or txt."
)
@click.option("--post", type=POST, default=Post.NONE.value, help="Paper: add an address sheet, or fit a #10 window.")
@click.option("--wrap", type=click.IntRange(NARROWEST, 1_000), help="Text: the most characters in a line.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of stdout.")
@click.pass_obj
def letter(site: Site, /, **options: object) -> None:
    """Write the letter TEMPLATE, such as child-protection/takedown-and-standards.

    \b
    advocacy letter child-protection/takedown-and-standards --language en \\
      --postal-code K1A0A6 --set name="Camille Essai" --set city=Ottawa --set province=ON
    """
    asked = Asked(**options)  # type: ignore[arg-type]  # click has read each by the types above
    asked.refuse_what_cannot_be_shown()
    today = site.now().astimezone().date()
    with site.sessions.begin() as session:
        made = asked.letter(session, today=today)
    content = asked.document(made, today=today, test_recipient=site.settings.test_recipient)
    if asked.output is None:
        click.echo(content, nl=False)
    else:
        _write(asked.output, content)


class Asked:
    """What was typed after `advocacy letter`, and the letter it asks for."""

    def __init__(
        self,
        *,
        template: str,
        language: str,
        postal_code: str,
        riding: str,
        legislator: str,
        pairs: Sequence[str],
        own_language: str | None,
        variant: int,
        form: str | None,
        post: str,
        wrap: int | None,
        output: Path | None,
    ) -> None:
        self.template, self.form, self.output, self.variant = template, format_name(form, output), output, variant
        self.post, self.wrap = Post(post), wrap or 0
        self.language = Language(language)
        self.own_language = Language(own_language or language)
        self.riding, self.legislator = riding, legislator
        self.typed = _pairs([*pairs, *([f"postal_code={postal_code}"] if postal_code else [])])
        self.area = read_fsa(self.typed.get("postal_code", ""))
        if self.area:  # names a place, but is no postal code for the letter to show
            del self.typed["postal_code"]

    def letter(self, session: Session, *, today: date) -> Letter:
        """Find the template and the recipient, read the answers, compose."""
        template = _template(session, self.template)
        if not (self.riding or self.legislator or self.area or self.typed.get("postal_code")):
            raise WrongUse(f"say who the letter goes to with --postal-code, --riding or --legislator; {FIND}")
        answers = self.answers(template, session)
        found = area_candidates(self.area) if self.area else None
        if answers.postal_code:
            found = candidates(read_postal_code(answers.postal_code))
        chosen = choose_recipient(
            session,
            found=found,
            riding=self.riding,
            legislator=self.legislator,
            language=self.language,
            today=today,
        )
        answers = answers.of_ridings(chosen.ridings)
        recipient = to_recipient(chosen.legislator)
        made = compose(template, answers, recipient, language=self.language, today=today, choice=self.choice(template))
        for sentence in _doubtful(made, template, today=today):
            click.echo(sentence, err=True)
        return made

    def refuse_what_cannot_be_shown(self) -> None:
        """Ask for a file where a terminal would show what is no text; refuse options that mean nothing here."""
        refuse_unused_options(self.form, self.post, self.wrap)
        if self.output is None and sys.stdout.isatty() and not FORMATS[self.form].media_type.startswith("text/"):
            raise WrongUse(f"name a file for it, as --output letter.{self.form}")

    def document(self, made: Letter, *, today: date, test_recipient: str) -> bytes:
        """Return the letter in the form asked for."""
        options = ExportOptions(today, self.post, self.wrap, test_recipient=test_recipient)
        try:
            return FORMATS[self.form].render([made], options)
        except CannotExport as error:
            raise click.ClickException(error.message.in_language(self.language)) from None

    def answers(self, template: LetterTemplate, session: Session) -> Answers:
        """Read the answers; a refusal is said field by field, in the letter's language."""
        located = bool(self.riding or self.legislator or self.area)
        try:
            return read_answers(
                keyed(self.typed, option_keys(template)),
                template,
                language=self.own_language,
                needs_postal_code=not located,
            )
        except UnknownFields as error:
            raise WrongUse(f"{error}; write --set FIELD=TEXT") from None
        except AnswersRefused as refused:
            safety = stored_folder(session, self.template.partition("/")[0]).safety()
            raise WrongUse(_refusal(refused, safety, self.language)) from None

    def choice(self, template: LetterTemplate) -> Choice:
        """Return the alternatives of the letter's n-th variant, in the order in which an office is sent them."""
        return next(islice(sequence(template.texts[self.language]), self.variant - 1, None))


NOT_THE_SURVEYS = Wording.of(
    en="Your own words say “{typed}” of the survey, which does not: {sentence}",
    fr="Vos propres mots attribuent « {typed} » au sondage, qui ne le dit pas : {sentence}",
)


LOOK_AGAIN = Wording.of(
    en="Please check that the survey says this: {sentence}",
    fr="Veuillez vérifier que le sondage le dit bien : {sentence}",
)
NOT_THE_BILLS = Wording.of(
    en="Your own words say “{typed}” of Bill {number}, of which is known: {known}.",
    fr="Vos propres mots disent « {typed} » du projet de loi {number}, dont on sait ceci : {known}.",
)
CONFIRM = Wording.of(
    en="Please confirm that “{typed}” is so of Bill {number}, of which is known: {known}.",
    fr="Veuillez vérifier que « {typed} » est vrai du projet de loi {number}, dont on sait ceci : {known}.",
)


def _doubtful(letter: Letter, template: LetterTemplate, *, today: date) -> Iterator[str]:
    """Return a sentence for each claim of own words that the survey, or what is known of a bill, does not bear out.

    Without own words nothing is checked: what checks them takes longer to import than the letter to write.
    """
    if len(letter.template_paragraphs) == len(letter.paragraphs):
        return
    from advocacy.letters.bills import check_bill
    from advocacy.letters.figures import Verdict, check_figures

    of_survey = {Verdict.FALSE: NOT_THE_SURVEYS, Verdict.UNCLEAR: LOOK_AGAIN}
    of_a_bill = {Verdict.FALSE: NOT_THE_BILLS, Verdict.UNCLEAR: CONFIRM}
    for claim in check_figures(letter.body, template.survey, letter.language, composed=letter.template_paragraphs):
        if claim.verdict in of_survey:
            yield (
                of_survey[claim.verdict]
                .in_language(letter.language)
                .format(typed=claim.as_typed, sentence=claim.sentence)
            )
    bills = template.campaign.bills
    for of_bill in check_bill(letter.body, bills, letter.language, today=today, composed=letter.template_paragraphs):
        if of_bill.verdict in of_a_bill:
            yield (
                of_a_bill[of_bill.verdict]
                .in_language(letter.language)
                .format(
                    typed=of_bill.as_typed, number=of_bill.number, known=of_bill.evidence.in_language(letter.language)
                )
            )


def _template(session: Session, path: str) -> LetterTemplate:
    try:
        return find_template(session, path)
    except NoSuchTemplate as error:
        raise WrongUse(str(error)) from None


def _pairs(pairs: Sequence[str]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for pair in pairs:
        key, sign, text = pair.partition("=")
        if not sign or not key.strip():
            raise WrongUse("--set takes FIELD=TEXT, for example --set city=Ottawa")
        if key.strip() in typed:
            raise WrongUse(f"{key.strip()} is given twice; give each field once")
        typed[key.strip()] = text
    return typed


def _refusal(refused: AnswersRefused, safety: Safety | None, language: Language) -> str:
    lines = [f"{field}: {reason.in_language(language)}" for field, reason in refused.reasons.items()]
    if refused.links and safety and safety.found_material:
        found = safety.found_material
        lines += [text.in_language(language) for text in (found.title, found.words) if text]
    return "\n".join(lines)


def _write(output: Path, content: bytes) -> None:
    device = output.exists() and not output.is_file()
    try:
        output.write_bytes(content) if device else write_file(output, content)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written ({error.strerror}); name another file") from None
    click.echo(f"written to {output}", err=True)
