"""`advocacy rehearse`: a campaign tried out with invented citizens, before anybody real writes."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta

import click

from advocacy.campaigns.documents import campaign_names
from advocacy.cli.progress import progress
from advocacy.cli.site import OPERATOR_LANGUAGE, Site, WrongUse
from advocacy.database import immediate
from advocacy.messages import Message
from advocacy.rehearsal.rehearse import CannotRehearse, rehearse
from advocacy.rehearsal.report import RehearsalReport
from advocacy.staff import publication, rehearsals
from advocacy.staff.rehearsals import BLANKS, CANNOT_REHEARSE, MET, OFFICES, PROBLEMS, describe

MAX_LETTERS = 1_000_000


@click.command()
@click.argument("campaign")
@click.option(
    "--letters",
    default=100,
    show_default=True,
    type=click.IntRange(1, MAX_LETTERS),
    help="How many letters are written.",
)
@click.option("--live", is_flag=True, help="Rehearse what is live, without what waits to be published.")
@click.option("--seed", default=1, show_default=True, help="Another number has other citizens write.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def command(site: Site, campaign: str, *, letters: int, live: bool, seed: int, as_json: bool) -> None:
    """Have invented citizens write through the pages of CAMPAIGN, and print what came of it.

    They write as many letters as wanted within a simulated day: form, review, confirmation, delivery by a mail service
    that fails now and then. It happens in a database of its own, which is deleted at the end, and no mail leaves. The
    report is stored with the campaign. Exit 1 if the rehearsal did not pass.
    """
    with site.sessions() as session:
        if campaign not in campaign_names(session):
            raise WrongUse(
                f"there is no campaign “{campaign}”; there are {', '.join(campaign_names(session)) or 'none'}"
            )
        waiting = () if live else publication.to_publish(session, campaign)
        revisions = rehearsals.revisions_after(session, campaign, waiting)
    done = 0
    with progress("Letters", letters, least=200, lines=True) as count:

        def report_progress(now_done: int, _total: int) -> None:
            nonlocal done
            count(now_done - done)
            done = now_done

        try:
            report = rehearse(
                site.sessions,
                campaign,
                revisions,
                letters=letters,
                settings=site.settings,
                now=site.now(),
                seed=seed,
                progress=report_progress,
            )
        except CannotRehearse as refused:
            raise click.ClickException(CANNOT_REHEARSE[refused.code].in_language(OPERATOR_LANGUAGE)) from None
    with immediate(site.sessions) as session:
        rehearsals.store(session, campaign, report.to_data(), by=None, now=site.now())
    click.echo(json.dumps(report.to_data(), ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(report)))
    if not report.passed:
        raise click.ClickException("the rehearsal did not pass; what is to be corrected is listed under “To correct”")


def _lines(report: RehearsalReport) -> Iterator[str]:
    per_day, alike = report.per_day, report.alikeness
    yield f"{report.campaign}: {report.confirmed:,} of {report.wanted:,} letters confirmed; seed {report.seed}"
    yield f"Letters an office a day: {per_day.highest:,} at most, {per_day.median:g} in the median"
    yield from (f"  {number:>6,}  {office}" for office, number in per_day.busiest)
    drain, wait = (timedelta(seconds=round(one)) for one in (report.drain_s, report.longest_wait_s))
    yield f"At {report.per_hour:,} an hour to one office: the last letter leaves {drain} after the last confirmation"
    yield f"Longest wait of a letter: {wait}"
    yield (
        f"Alikeness of letters to one office: {alike.mean:.2f} on average, {alike.tail:.2f} at the 95th percentile, "
        f"{alike.nearest:.2f} the nearest pair ({alike.pairs:,} pairs)"
    )
    yield from _counts("Blanks", report.blanks, BLANKS)
    for code, names in report.offices.items():
        yield f"{describe(code, OFFICES).in_language(OPERATOR_LANGUAGE)}: {'; '.join(names)}"
    yield from _counts("States at the end", report.states, {})
    yield from _counts("Met on the way", report.met, MET)
    yield f"Lost: {report.lost:,}. Sent twice: {report.doubled:,}."
    numbers = {"lost": report.lost, "doubled": report.doubled, "unfinished": report.unfinished, **report.problems}
    yield from _counts("To correct", {code: numbers.get(code, 0) for code in report.failures}, PROBLEMS)
    yield "Passed." if report.passed else "Not passed."


def _counts(title: str, counts: Mapping[str, int], words: Mapping[str, Message]) -> Iterator[str]:
    if counts:
        yield f"{title}:"
    for code, number in counts.items():
        yield f"  {number:>6,}  {describe(code, words).in_language(OPERATOR_LANGUAGE)}"
