"""Visitors of a campaign: most read, some look up their legislator and preview a letter, some send and confirm one."""

import base64
import csv
import itertools
import json
import queue
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import altcha

from advocacy import legislators
from advocacy.abuse import challenges
from advocacy.abuse.challenges import ChallengeKeys
from advocacy.legislators.postal_codes import Basis, PostalCode, candidates
from advocacy.runtime import utc_now
from tests.builders import SECRET
from tests.cluster.citizens import TOKEN, Mails
from tests.faults.browser import Browser, Page, fields
from tests.web.public.sender import AGREED
from tests.web.public.visitor import CAMPAIGN

READ, LOOK_UP, SEND = "read", "look up and preview", "send"
SHARES = {READ: 70, LOOK_UP: 20, SEND: 10}
"""Of a hundred visitors, how many do what."""
AT_ONCE = 24
CONFIRMING = 6
PATIENCE_S = 60.0
READING_S = 4.0
"""How long somebody reads their letter before they send it: nobody does at once."""
WORDS = (
    "Mes enfants apprennent à lire sur une tablette", "J’enseigne depuis quinze ans", "My niece is nine",
    "Notre école en a parlé ce printemps", "I run a small daycare", "Nous avons déménagé l’an dernier",
    "I volunteer at the library on Saturdays", "Ma fille joue au hockey", "I grew up without any of this",
    "Je travaille de nuit à l’hôpital",
)  # fmt: skip
WISHES = (
    "je veux une règle claire", "I want one rule for everybody", "j’attends une réponse", "please act this year",
    "les délais doivent être courts", "companies should answer for it", "on en parle à table chaque soir",
)  # fmt: skip
OTHER_PAGES = ("help", "privacy", "accessibility")
MAX_CODES = 150
MEMBERS = Path(legislators.__file__).parent / "data" / "members_of_parliament.csv"


@dataclass
class Record:
    """What was answered: seconds by step, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    confirmed: int = 0
    counts_from: float = 0.0

    def add(self, step: str, seconds: float) -> None:
        """Record an answer."""
        self.seconds[step].append(seconds)

    def quantile(self, share: float, *, step: str | None = None) -> float:
        """Return the milliseconds within which this share of the answers came."""
        times = sorted(self.seconds.get(step, []) if step else itertools.chain(*self.seconds.values()))
        return times[min(int(len(times) * share), len(times) - 1)] * 1000 if times else 0.0

    @property
    def answers(self) -> int:
        return sum(map(len, self.seconds.values()))


def single_riding_codes() -> list[str]:
    """Return postal codes from all over the country that lie in one riding each, whose member has an e-mail address."""
    with MEMBERS.open(encoding="utf-8", newline="") as members:
        reachable = {row["fed_code"] for row in csv.DictReader(members) if row["email"]}
    found: dict[str, str] = {}
    for first, digit, letter in itertools.product("ABCEGHJKLMNPRSTV", "1234579", "ABCEHLNPST"):
        code = PostalCode(f"{first}{digit}{letter}1A1")
        looked_up = candidates(code)
        if looked_up.basis is Basis.CODE and looked_up.riding_codes[0] in reachable:
            found.setdefault(looked_up.riding_codes[0], str(code))
    return list(found.values())[:MAX_CODES]


def proof() -> str:
    """Return a solved challenge: a phone takes a second of its own for one, which is no load of the site's.

    So here it is made with the site's key, and solved by the first number.
    """
    keys = ChallengeKeys.derive(SECRET)
    made = altcha.create_challenge(
        challenges.ALGORITHM,
        challenges.COST,
        counter=0,
        data={"expires": int((utc_now() + challenges.LIFETIME).timestamp())},
        hmac_secret=keys.of_challenges,
        hmac_key_secret=keys.of_solutions,
    )
    solution = altcha.solve_challenge(made)
    assert solution is not None
    answer = {
        "challenge": made.to_dict(),
        "solution": {"counter": solution.counter, "derivedKey": solution.derived_key},
    }
    return base64.b64encode(json.dumps(answer).encode()).decode()


class Visitor:
    """One visitor, in a network and a browser of their own."""

    def __init__(self, port: int, record: Record, *, chance: random.Random, number: int) -> None:
        self._browser = Browser("127.0.0.1", port, patience=PATIENCE_S)
        self._record, self._chance, self.number = record, chance, number
        self._language = chance.choice(("en", "fr"))
        network = f"{100 + number // 62500 % 100}.{number // 250 % 250}.{number % 250}.{chance.randrange(1, 250)}"
        self._headers = {"X-Forwarded-For": network}

    def ask(
        self, step: str, path: str, form: Mapping[str, object] | None = None, *, expected: tuple[int, ...] = (200,)
    ) -> Page | None:
        """Ask for a page and record how long its answer took; None where it is not the expected one."""
        path = path.replace("/LANG/", f"/{self._language}/")
        headers = {**self._headers, "Referer": f"http://127.0.0.1:{self._browser.port}{path}"}
        began = time.perf_counter()
        try:
            page = (
                self._browser.get(path, headers=headers)
                if form is None
                else self._browser.post(path, data=form, headers=headers)
            )
        except (OSError, HTTPException) as error:
            self._record.wrong[f"{step}: {type(error).__name__}"] += 1
            return None
        ended = time.perf_counter()
        if page.status_code not in expected:
            self._record.wrong[f"{step}: {page.status_code}"] += 1
            return None
        if ended >= self._record.counts_from:
            self._record.add(step, ended - began)
        return page

    def read(self) -> None:
        """Read the campaign's page, and now and then another."""
        self.ask("campaign page", f"/LANG/{CAMPAIGN}/")
        if self._chance.random() < 1 / 3:
            self.ask("plain page", f"/LANG/{self._chance.choice(OTHER_PAGES)}")

    def look_up(self, code: str) -> dict[str, object] | None:
        """Open the form, look up the legislator and preview the letter; return the form as it is filled in."""
        page = self.ask("blank form", f"/LANG/{CAMPAIGN}/write")
        if page is None:
            return None
        typed = {**fields(page), **self._typed(code)}
        self.ask("look-up", f"/LANG/{CAMPAIGN}/legislators", typed)
        self.ask("preview", f"/LANG/{CAMPAIGN}/preview", typed)
        return typed

    def review(self, code: str) -> dict[str, object] | None:
        """Write a letter and open its review; return the form that sends it."""
        typed = self.look_up(code)
        page = typed and self.ask("review", f"/LANG/{CAMPAIGN}/review", typed)
        if not typed or not page:
            return None
        return self._proved({**fields(page), **AGREED, "email": typed["email"]}, page)

    def press_send(self, form: dict[str, object]) -> str | None:
        """Have a letter sent; return the e-mail address, None where it was not taken.

        Where the site has come under pressure since the review, it asks for a proof, and the button is pressed again.
        """
        path, email = f"/LANG/{CAMPAIGN}/send", str(form["email"])
        page = self.ask("send", path, form, expected=(303, 422))
        if page is not None and page.status_code == 422:
            again = self._proved({**fields(page), **AGREED, "email": email}, page)
            page = self.ask("send", path, again, expected=(303,))
        if page is None:
            return None
        self._record.sent += 1
        return email

    def _proved(self, form: dict[str, object], page: Page) -> dict[str, object]:
        """Return a form with the proof that its page asks for."""
        if b"data-proof" in page.data and self.ask("challenge", f"/LANG/{CAMPAIGN}/challenge"):
            form["proof"] = proof()
        return form

    def confirm(self, token: str) -> None:
        """Follow the link of the mail, press its button and look at the receipt."""
        page = self.ask("confirmation page", f"/LANG/confirm/{token}")
        asked = TOKEN.search(page.data.decode()) if page else None
        form = {"csrf_token": asked[1] if asked else "", "act": "send"}
        answer = self.ask("confirm", f"/LANG/confirm/{token}", form, expected=(303,))
        if answer is not None:
            self._record.confirmed += 1
            self.ask("receipt", answer.headers["Location"])

    def _typed(self, code: str) -> dict[str, object]:
        words, wish = self._chance.choice(WORDS), self._chance.choice(WISHES)
        return {
            "postal_code": code,
            "template": "takedown-and-standards",
            "name": f"Camille {_letters(self.number)}",
            "city": "Ottawa",
            "province": "ON",
            "email": f"camille.{_letters(self.number).lower()}@load.example.ca",
            "relationship": "parent",
            "reason": f"{words}, {wish}: {_letters(self.number * 7919 + 13)} {self._chance.choice(WORDS)}.",
        }


class Crowd:
    """Visitors that come one after another, so many at once, until told to stop."""

    def __init__(self, port: int, mails: Mails, *, seed: int, first: int = 0) -> None:
        self.record = Record()
        self._port, self._mails, self._seed = port, mails, seed
        self._numbers = itertools.count(first)
        self._codes = single_riding_codes()
        self._stops, self._all_have_sent = threading.Event(), threading.Event()
        self._to_confirm: queue.Queue[tuple[Visitor, str]] = queue.Queue()
        self._visiting = [threading.Thread(target=self._visit, args=(one,)) for one in range(AT_ONCE)]
        self._confirming = [threading.Thread(target=self._confirm) for _ in range(CONFIRMING)]

    def visit(self, seconds: float, *, warm_up: float, while_going_on: Callable[[], None] = lambda: None) -> Record:
        """Visit for so many seconds, of which those of the warm-up do not count; return what was answered."""
        self.record.counts_from = time.perf_counter() + warm_up
        for thread in (*self._visiting, *self._confirming):
            thread.start()
        try:
            until = time.monotonic() + warm_up + seconds
            while_going_on()
            time.sleep(max(until - time.monotonic(), 0))
        finally:
            self.stop()
        return self.record

    def stop(self) -> None:
        """Let no more visitors come, and wait until those who are there have gone, their letters confirmed."""
        self._stops.set()
        for thread in self._visiting:
            thread.join()
        self._all_have_sent.set()
        for thread in self._confirming:
            thread.join()

    def _visit(self, thread: int) -> None:
        chance = random.Random(f"{self._seed} {thread}")
        while not self._stops.is_set():
            visitor = Visitor(self._port, self.record, chance=chance, number=next(self._numbers))
            [kind] = chance.choices(list(SHARES), list(SHARES.values()))
            if kind == READ:
                visitor.read()
            elif kind == LOOK_UP:
                visitor.look_up(chance.choice(self._codes))
            elif form := visitor.review(chance.choice(self._codes)):
                time.sleep(READING_S)
                if email := visitor.press_send(form):
                    self._to_confirm.put((visitor, email))

    def _confirm(self) -> None:
        while True:
            try:
                visitor, email = self._to_confirm.get(timeout=0.2)
            except queue.Empty:
                if self._all_have_sent.is_set():
                    return
                continue
            if token := self._mails.token(email):
                visitor.confirm(token)
            else:
                self.record.wrong["no mail came"] += 1


def _letters(number: int) -> str:
    """Return a name for a number."""
    name = ""
    while True:
        number, rest = divmod(number, 26)
        name += chr(ord("a") + rest)
        if not number:
            return name.capitalize()
