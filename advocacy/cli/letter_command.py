"""`advocacy letter`: one letter, to one recipient, on stdout or in a file."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path

import click
from sqlalchemy.orm import Session

from advocacy.campaigns.letter_template import LetterTemplate
from advocacy.campaigns.library import NoSuchTemplate, find_template, stored_folder
from advocacy.cli.format_options import LANGUAGE, POST, FormatType, format_name, refuse_unused_options
from advocacy.cli.site import Site, WrongUse
from advocacy.exports import FORMATS
from advocacy.exports.format import CannotExport, ExportOptions, Post
from advocacy.language import Language
from advocacy.legislators.directory_queries import (
    bounce_warnings,
    has_left,
    members_for,
    notices,
    riding_names,
)
from advocacy.legislators.models import Legislator, Riding, to_recipient
from advocacy.legislators.postal_codes import Candidates, area_candidates, candidates, read_fsa, read_postal_code
from advocacy.letters.alternatives import sequence
from advocacy.letters.compose import Answers, compose, reader_of
from advocacy.letters.forms import AnswersRefused, UnknownFields, keyed, option_keys, read_answers
from advocacy.letters.letter import Letter
from advocacy.letters.sentence_wordings import wordings_at
from advocacy.messages import message

MIN_WIDTH = 20
WHICH = message("Which of these is yours?")
ELSEWHERE = message("This postal code is not known to lie in that riding; the riding you named is used.")
OWN_CLAIMS = message("These words are yours: they give a figure, or speak of the survey or the bill.")
FIND = "“advocacy legislators find” shows names, ridings and ids"


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
@click.option("--wrap", type=click.IntRange(MIN_WIDTH, 1_000), help="Text: the most characters in a line.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of stdout.")
@click.pass_obj
def letter(site: Site, /, **options: object) -> None:
    """Write the letter TEMPLATE, such as child-protection/takedown-and-standards.

    \b
    advocacy letter child-protection/takedown-and-standards --language en \\
      --postal-code K1A0A6 --set name="Camille Essai" --set city=Ottawa --set province=ON
    """
    request = LetterRequest(**options)  # type: ignore[arg-type]  # click has read each by the types above
    form, language = FORMATS[format_name(request.form, request.output)], Language(request.language)
    export_options = ExportOptions(
        site.now().astimezone().date(),
        Post(request.post),
        request.wrap or 0,
        test_recipient=site.settings.test_recipient,
    )
    refuse_unused_options(form.name, export_options.post, export_options.wrap)
    if request.output is None and sys.stdout.isatty() and not form.media_type.startswith("text/"):
        raise WrongUse(f"name a file for it, as --output letter.{form.name}")
    with site.sessions.begin() as session:
        composed = _compose(session, request, today=export_options.today)
    try:
        content = form.render([composed], export_options)
    except CannotExport as error:
        raise click.ClickException(error.message.in_language(language)) from None
    if request.output is None:
        click.echo(content, nl=False)
    else:
        from advocacy.cli.atomic_files import write_file

        output = request.output
        is_device = output.exists() and not output.is_file()
        try:
            output.write_bytes(content) if is_device else write_file(output, content)
        except OSError as error:
            raise click.ClickException(f"{output} cannot be written ({error.strerror}); name another file") from None
        click.echo(f"written to {output}", err=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRequest:
    """What was typed after `advocacy letter`."""

    template: str
    language: str
    postal_code: str
    riding: str
    legislator: str
    pairs: Sequence[str]
    own_language: str | None
    variant: int
    form: str | None
    post: str
    wrap: int | None
    output: Path | None

    def fields(self) -> dict[str, str]:
        """Return the fields that were set, by name; raise WrongUse for what sets none, and for one set twice."""
        fields: dict[str, str] = {}
        for pair in (*self.pairs, *([f"postal_code={self.postal_code}"] if self.postal_code else [])):
            key, sign, text = pair.partition("=")
            if not sign or not key.strip():
                raise WrongUse("--set takes FIELD=TEXT, for example --set city=Ottawa")
            if key.strip() in fields:
                raise WrongUse(f"{key.strip()} is given twice; give each field once")
            fields[key.strip()] = text
        return fields


def _compose(session: Session, request: LetterRequest, *, today: date) -> Letter:
    """Find the template and the recipient, read the answers, compose; what should be read again goes to stderr."""
    try:
        template = find_template(session, request.template)
    except NoSuchTemplate as error:
        raise WrongUse(str(error)) from None
    language, fields = Language(request.language), request.fields()
    area = read_fsa(fields.get("postal_code", ""))
    if area:  # names a place, but is no postal code for the letter to show
        del fields["postal_code"]
    if not (request.riding or request.legislator or area or fields.get("postal_code")):
        raise WrongUse(f"say who the letter goes to with --postal-code, --riding or --legislator; {FIND}")
    answers = _answers(session, request, template, fields=fields, needs_postal_code=not area)
    found = area_candidates(area) if area else None
    if answers.postal_code:
        found = candidates(read_postal_code(answers.postal_code))
    legislator, ridings = _recipient(session, request, found, today=today)
    turn, recipient = request.variant - 1, to_recipient(legislator)
    answers = answers.of_ridings(ridings)
    options = template.options_for(reader_of(template, answers, recipient, today=today))
    composed = compose(
        template,
        answers,
        recipient,
        language=language,
        today=today,
        # The n-th variant is the n-th letter that an office would be sent.
        choice=next(islice(sequence(options), turn, None)),
        wordings=wordings_at(template, language, turn),
    )
    _echo(*_claims(composed, template))
    return composed


def _answers(
    session: Session,
    request: LetterRequest,
    template: LetterTemplate,
    *,
    fields: Mapping[str, str],
    needs_postal_code: bool,
) -> Answers:
    """Read the answers; raise WrongUse with a line for each field that is refused, in the letter's language."""
    try:
        return read_answers(
            keyed(fields, option_keys(template)),
            template,
            language=Language(request.own_language or request.language),
            needs_postal_code=needs_postal_code and not (request.riding or request.legislator),
        )
    except UnknownFields as error:
        raise WrongUse(f"{error}; write --set FIELD=TEXT") from None
    except AnswersRefused as refused:
        language = Language(request.language)
        lines = [f"{field}: {reason.in_language(language)}" for field, reason in refused.reasons.items()]
        safety = stored_folder(session, request.template.partition("/")[0]).safety() if refused.links else None
        if safety and safety.found_material:
            found = safety.found_material
            lines += [text.in_language(language) for text in (found.title, found.words) if text]
        raise WrongUse("\n".join(lines)) from None


def _recipient(
    session: Session, request: LetterRequest, found: Candidates | None, *, today: date
) -> tuple[Legislator, frozenset[str]]:
    """Return the one recipient, and the ridings the citizen is a constituent of; raise WrongUse where several fit.

    `found` is what the postal code or its first three characters gave. What is uncertain about the answer goes to
    stderr, in the letter's language.
    """
    language = Language(request.language)
    own: tuple[str, ...] = ()
    if request.riding:
        own = (_riding(session, request.riding, language),)
        if found and own[0] not in found.riding_codes:
            _echo(ELSEWHERE.in_language(language))
    elif found:
        own = found.riding_codes
        if not request.legislator:
            _echo(found.explanation.in_language(language), found.provenance.in_language(language))
    if request.legislator:
        chosen = session.get(Legislator, request.legislator.strip())
        if chosen is None:
            raise WrongUse(f"no legislator has the id “{request.legislator[:60]}”; {FIND}")
        if has_left(chosen, today):
            raise WrongUse(f"{chosen.name} has left office; {FIND}")
    else:
        chosen = _one_of(session, own, language, towns=found.towns if found else {})
    _echo(*(notice.in_language(language) for notice in (*notices(chosen, today), *bounce_warnings(session, chosen))))
    return chosen, frozenset(own)


def _riding(session: Session, typed: str, language: Language) -> str:
    code = typed.strip() if session.get(Riding, typed.strip()) else riding_names(session).code(typed)
    if code is None:
        from advocacy.legislators.search import nearest_ridings

        nearest = nearest_ridings(session, typed)
        near = "; ".join(f"{riding.fed_code} {riding.name.in_language(language)}" for riding in nearest)
        raise WrongUse(f"no riding is called “{typed[:60]}”; {f'the nearest are {near}' if near else FIND}")
    return code


def _one_of(
    session: Session, ridings: Sequence[str], language: Language, *, towns: Mapping[str, Sequence[str]]
) -> Legislator:
    """Return the member for the riding; where there are several ridings, ask, or raise WrongUse with the list."""
    rows = members_for(session, ridings)
    if not rows:
        raise WrongUse(f"nobody is known for this riding; {FIND}")
    if len(rows) == len(ridings) == 1:
        return rows[0]
    lines = [describe(row, language, towns.get(row.riding_code or "", ())) for row in rows]
    if not sys.stdin.isatty():
        listed = "\n".join(f"  {line}" for line in lines)
        raise WrongUse(f"several legislators fit; choose yours with --legislator ID:\n{listed}")
    _echo(*(f"{number:>3}  {line}" for number, line in enumerate(lines, start=1)))
    answer: int = click.prompt(
        WHICH.in_language(language), type=click.IntRange(1, len(rows)), prompt_suffix=" ", err=True
    )
    return rows[answer - 1]


def describe(row: Legislator, language: Language, towns: Sequence[str]) -> str:
    """Return a legislator or seat on one line: id, name, riding, and some of the riding's towns."""
    place = row.place.in_language(language) if row.place else row.province or ""
    return f"{row.id}  {row.name or '—'}  {place}" + (f" ({', '.join(towns)})" if towns else "")


def _claims(letter: Letter, template: LetterTemplate) -> Iterator[str]:
    """Yield the letter's own sentences that give a figure, or speak of the survey or a bill, after a line on them.

    Without own words none is looked for: what looks for them takes longer to import than the letter to write.
    """
    if not any(map(letter.is_own, chain.from_iterable(paragraph.pieces for paragraph in letter.paragraphs))):
        return
    from advocacy.letters.provenance import own_claims

    if claims := own_claims(letter, letter, template):
        yield OWN_CLAIMS.in_language(letter.language)
        yield from (f"  “{claim.sentence}”" for claim in claims)


def _echo(*sentences: str) -> None:
    for sentence in sentences:
        click.echo(sentence, err=True)
