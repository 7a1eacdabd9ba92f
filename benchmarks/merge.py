"""A sheet of people made into letters by `advocacy merge`: its speed beside the mailmerge command, and its memory."""

import csv
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

from advocacy.exports.format import Post
from advocacy.exports.text import to_text
from advocacy.language import Language
from advocacy.legislators.legislatures import DATA
from advocacy.legislators.postal_codes import candidates, read_postal_code
from advocacy.letters.compose import compose
from advocacy.runtime import shipped_letters
from benchmarks.documents import called, own_words
from benchmarks.letters import ANSWERS, RECIPIENT, TODAY
from benchmarks.report import Row, size
from scripts.make_postal_table import read_codes

TURNS = size(3, 1)
FEW, SPEEDY, MANY, ON_PAPER = size(1_000, 10), size(5_000, 20), size(10_000, 20), size(1_000, 10)
LETTER = "takedown-and-standards"
HOME = "K1P 1J1"
PROCESSES = Path("/proc")
SESSION, RESIDENT = 3, 21
"""Places in a process's line of /proc, after its name."""
LOOK_EVERY = 0.02
"""Seconds."""
OURS = (sys.executable, "-m", "advocacy")


def measure() -> list[Row]:
    """Return letters per second of whole commands, then the most memory they held."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.run([*OURS, "legislators", "find", "K1A 0A6"])  # a site's database is filled once, not for every merge
        rows = speed(bench)
        if PROCESSES.exists():
            return rows + memory(bench)
        print("  Memory is not measured: it is read from /proc, which this machine lacks.")
        return rows


def speed(bench: "Bench") -> list[Row]:
    """Time whole commands in turns: ours from its start to its end, its peer without what its own start takes."""
    start = bench.run(bench.merging(1))
    with _sink(bench) as port:
        idle = bench.run(bench.mailing(0, port))
        times = [(bench.run(bench.merging(SPEEDY)), bench.run(bench.mailing(FEW, port))) for _ in range(TURNS)]
    ours, theirs = (median(seconds) for seconds in zip(*times, strict=True))
    per_second, peer = SPEEDY / ours, FEW / (theirs - idle)
    made = "each row screened, its member found, the letter composed and written to a file"
    sent = "each row filled in, printed and sent over SMTP to a server on this machine, which forgets it"
    return [
        Row(f"{SPEEDY:,} rows to text by our merge, its start included: {made}", per_second, "per second"),
        Row("the same command for one row", start, "s"),
        Row(f"the same letter by the mailmerge command, its start left out: {sent}", peer, "per second"),
        Row("ours beside the mailmerge command", per_second / peer, "×", at_least=1),
    ]


def memory(bench: "Bench") -> list[Row]:
    """Watch whole commands with their children; a page that two processes share counts twice."""
    few, many = bench.peak(bench.merging(FEW)), bench.peak(bench.merging(MANY))
    return [
        Row(f"most memory of {FEW:,} rows made into text", few, "MB"),
        Row(f"most memory of {MANY:,} rows made into text", many, "MB"),
        Row("the second beside the first", many / few, "×", at_most=1.15),
        *on_paper(bench),
    ]


def on_paper(bench: "Bench") -> Iterator[Row]:
    """Watch letters for the printer, which come in parts, readied for the mail in each way."""
    for post in Post:
        most = bench.peak(bench.merging(ON_PAPER, "pdf", post))
        made = f"{ON_PAPER:,} rows made into tagged PDF, --post {post}"
        limit = 250 if post is Post.NONE else 300
        yield Row(f"most memory of {made}, all processes together", most, "MB", at_most=limit)


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder with a site of its own, where sheets are written and commands run."""

    folder: Path

    @property
    def said(self) -> Path:
        """What the last command said of its errors."""
        return self.folder / "said"

    def sheet(self, rows: int) -> Path:
        """Write a sheet of people, each from somewhere else and with words of their own."""
        path = self.folder / f"people-{rows}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file)
            sheet.writerow(("name", "city", "province", "postal_code", "email", "relationship", "reason"))
            for number, code in enumerate(islice(_codes(), rows)):
                name, email = f"Camille {called(number)}", f"{called(number).lower()}@example.ca"
                sheet.writerow((name, "Ottawa", "ON", code, email, "parent", own_words(number)))
        return path

    def merging(self, rows: int, form: str = "txt", post: Post = Post.NONE) -> list[str]:
        """Return the command that makes a sheet's letters in a new folder."""
        made = Path(tempfile.mkdtemp(dir=self.folder)) / "letters"
        wanted = ("--language", "en", "--format", form, "--post", post, "--output", str(made))
        return [*OURS, "merge", f"child-protection/{LETTER}", str(self.sheet(rows)), *wanted]

    def mailing(self, rows: int, port: int) -> list[str]:
        """Return the command that mails the same letter for each row of a sheet to the server on `port`."""
        letter, server = self.folder / "letter.txt", self.folder / "server.conf"
        letter.write_text(f"TO: {{{{ email }}}}\nFROM: us@example.ca\nSUBJECT: A letter\n\n{_with_blanks()}", "utf-8")
        server.write_text(f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n", "utf-8")
        read = ("--template", str(letter), "--database", str(self.sheet(rows)), "--config", str(server))
        command = str(Path(sys.executable).with_name("mailmerge"))
        return [command, "--no-dry-run", "--no-limit", "--output-format", "text", *read]

    def run(self, command: Sequence[str]) -> float:
        """Run a command to its end and give its seconds."""
        started = time.perf_counter()
        with self.running(command) as process:
            process.wait()
            seconds = time.perf_counter() - started
            self.expect_done(process)
        return seconds

    def peak(self, command: Sequence[str]) -> float:
        """Run a command to its end and give the most megabytes held at any moment looked at."""
        most = 0.0
        with self.running(command) as process:
            while process.poll() is None:
                most = max(most, _held(process.pid))
                time.sleep(LOOK_EVERY)
            self.expect_done(process)
        return most

    def expect_done(self, process: "subprocess.Popen[str]") -> None:
        """Show what a command said when it failed."""
        assert process.returncode == 0, self.said.read_text("utf-8")

    @contextmanager
    def running(self, command: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
        """Start a command that knows this site alone."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("ADVOCACY_")}
        site = {**others, "ADVOCACY_DATABASE_URL": f"sqlite:///{self.folder / 'site.sqlite3'}"}
        start = partial(subprocess.Popen[str], cwd=self.folder, env=site, start_new_session=True)
        with self.said.open("wb") as said, start(command, stdout=subprocess.DEVNULL, stderr=said) as process:
            try:
                yield process
            finally:
                process.kill()


def _codes() -> Iterator[str]:
    """Return postal codes from all over the country that lie in one riding, in an order that is always the same."""
    codes = list(read_codes(DATA.joinpath("postal_ridings.csv.gz")))
    random.Random(1).shuffle(codes)
    return (code for code in codes if len(candidates(read_postal_code(code)).riding_codes) == 1)


def _with_blanks() -> str:
    """Return a letter in which every answer is a blank of the same name as its column."""
    own = {**ANSWERS.fields, "reason": "{{ reason }}"}
    answers = replace(ANSWERS, name="{{ name }}", email="{{ email }}", postal_code=HOME, street="", fields=own)
    letter = compose(shipped_letters()[0].template(LETTER), answers, RECIPIENT, language=Language.EN, today=TODAY)
    return to_text(letter).replace(HOME, "{{ postal_code }}")


@contextmanager
def _sink(bench: Bench) -> Iterator[int]:
    """Run a mail server that takes everything and keeps nothing; give its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    listen = ("-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink")
    with bench.running([sys.executable, "-m", "aiosmtpd", *listen]) as server:
        answer = 1
        while answer:
            assert server.poll() is None, "the mail server did not start"
            time.sleep(LOOK_EVERY)
            with socket.socket() as asking:
                answer = asking.connect_ex(("127.0.0.1", port))
        yield port


def _held(session: int) -> float:
    """Return the megabytes of resident memory that all processes of a session hold at this moment (proc(5))."""
    pages = 0
    for process in PROCESSES.glob("[0-9]*/stat"):
        try:
            fields = process.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[SESSION]) == session:
            pages += int(fields[RESIDENT])
    return pages * resource.getpagesize() / 1e6
