"""`make load`: what a machine carries, in figures; exit 1 when something failed, or more letters make a site slower."""

import argparse
import sys
import time
from contextlib import ExitStack

import click

from benchmarks.stores import is_there
from tests.cluster.citizens import Mails
from tests.load import restarts
from tests.load.attackers import attackers_of
from tests.load.citizens import Crowd, Record
from tests.load.site import place_with, site_on

PARTS = ("campaign", "release")
SIZES, PROCESSES = (1_000, 100_000, 1_000_000), (1, 2)
SECONDS, WARM_UP_S = 20.0, 4.0
SHORT = {"sizes": (100,), "processes": (2,), "seconds": 4.0}
"""What is given where it is only asked whether all of it still works."""
MAX_SLOWDOWN = 2.0
"""How many times as long as with the fewest letters the median answer may take with more."""
HEAD = (
    f"{'stored':>9} {'processes':>9} {'attackers':>9} {'requests/s':>10} {'p50 ms':>7} {'p99 ms':>7} "
    f"{'help p99':>8} {'errors':>6} {'sent':>5} {'confirmed':>9}"
)


def main() -> int:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("parts", nargs="*", choices=(*PARTS, []), help="all of them when none is named")
    parser.add_argument("--sizes", default=SIZES, type=_numbers, help="letters stored: 1000,100000,1000000")
    parser.add_argument("--processes", default=PROCESSES, type=_numbers, help="web processes: 1,2")
    parser.add_argument("--seconds", default=SECONDS, type=float, help="how long visitors come in each row")
    parser.add_argument("--previous", default="HEAD", help="the revision that a release begins with")
    parser.add_argument("--short", action="store_true", help="a little of everything, to see that it works")
    asked = parser.parse_args()
    if asked.short:
        vars(asked).update(SHORT)
    if not is_there():
        return 1
    began, wrong = time.monotonic(), 0
    parts = asked.parts or PARTS
    if "campaign" in parts:
        wrong += _print_campaigns(asked.sizes, asked.processes, asked.seconds)
    if "release" in parts:
        wrong += _print_release(asked.previous, asked.seconds / 2)
    click.echo(f"{'does NOT hold' if wrong else 'all holds'}, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))


def _print_campaigns(sizes: tuple[int, ...], processes: tuple[int, ...], seconds: float) -> bool:
    click.echo(HEAD)
    failed, medians = False, dict[tuple[int, int], float]()
    for size in sizes:
        with place_with(size) as (place, sink):
            for row, (number, is_attacked) in enumerate((number, one) for number in processes for one in (False, True)):
                with site_on(place, sink, processes=number) as site, ExitStack() as stack:
                    crowd = Crowd(site.served.port, Mails(sink), seed=row, first=row * 1_000_000)
                    if is_attacked:
                        answers = stack.enter_context(attackers_of(site.served.port, seconds + WARM_UP_S))
                    record = crowd.visit(seconds, warm_up=WARM_UP_S)
                click.echo(f"{size:>9,} {number:>9} {'yes' if is_attacked else 'no':>9} {_figures(record, seconds)}")
                if is_attacked:
                    for who, counts in answers.items():
                        click.echo(f"{'':>9} {who}: {', '.join(f'{what} × {n}' for what, n in counts.most_common())}")
                else:
                    medians[size, number] = record.quantile(0.5)
                if record.wrong:
                    failed = True
                    click.echo(f"{'':>9} wrong: {dict(record.wrong)}")
    for (size, number), median in medians.items():
        slowdown = median / medians[sizes[0], number]
        if slowdown > MAX_SLOWDOWN:
            click.echo(f"with {size:,} letters the median answer takes {slowdown:.1f} × as long")
            failed = True
    return failed


def _figures(record: Record, seconds: float) -> str:
    return (
        f"{record.answers / seconds:>10.0f} {record.quantile(0.5):>7.0f} {record.quantile(0.99):>7.0f} "
        f"{record.quantile(0.99, step='plain page'):>8.0f} {record.wrong.total():>6} {record.sent:>5} "
        f"{record.confirmed:>9}"
    )


def _print_release(previous: str, phase_s: float) -> bool:
    found = restarts.release(previous, phase_s=phase_s)
    record = found.record
    click.echo(f"\na release under load, from {previous} (tables {found.schema[0]}) to this tree ({found.schema[1]})")
    for name, wrong in found.wrong.items():
        click.echo(f"  {name + ':':<28} {wrong.total()} errors {dict(wrong) or ''}")
    click.echo(
        f"  {record.answers:,} answers, half within {record.quantile(0.5):.0f} ms, the slowest of all "
        f"{record.quantile(1.0):.0f} ms; {record.sent} forms thanked for, {found.stored} stored, "
        f"{record.confirmed} confirmed, most copies of a mail {found.most_copies}"
    )
    return bool(record.wrong) or found.stored != record.sent or found.most_copies > 1


if __name__ == "__main__":
    sys.exit(main())
