"""Attackers beside a campaign's visitors: one floods forms from a /24, one hammers the review of long texts of numbers."""

import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException

from tests.faults.browser import Browser, fields
from tests.web.public.sender import AGREED
from tests.web.public.visitor import CAMPAIGN, FILLED

FLOODING, HAMMERING = 6, 4
PATIENCE_S = 60.0
NUMBERS = " ".join(f"{number} %" for number in range(1, 2500))[:12_000]


@contextmanager
def attackers_of(port: int, seconds: float) -> Iterator[Mapping[str, Counter[str]]]:
    """Attack for so many seconds, in a process of their own; what they were answered is there when the block ends."""
    forked = multiprocessing.get_context("fork")
    answers: dict[str, Counter[str]] = {}
    receives, sends = forked.Pipe(duplex=False)
    process = forked.Process(target=lambda: sends.send(_attack(port, seconds)))
    process.start()
    try:
        yield answers
    finally:
        if receives.poll(seconds + PATIENCE_S):
            answers.update(receives.recv())
        process.join()


def _attack(port: int, seconds: float) -> dict[str, Counter[str]]:
    until, answers = time.monotonic() + seconds, {"forms from one /24": Counter[str](), "long reviews": Counter[str]()}
    flood, hammer = answers.values()
    threads = [
        threading.Thread(target=_flood, args=(port, until, flood), kwargs={"seed": one}) for one in range(FLOODING)
    ]
    threads += [threading.Thread(target=_hammer, args=(port, until, hammer)) for _ in range(HAMMERING)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _flood(port: int, until: float, answers: Counter[str], *, seed: int) -> None:
    chance = random.Random(seed)
    browser, form, number = Browser("127.0.0.1", port, patience=PATIENCE_S), dict[str, object](), 0
    while time.monotonic() < until:
        number += 1
        headers = {"X-Forwarded-For": f"198.51.100.{chance.randrange(1, 255)}"}
        try:
            if not form:
                page = browser.get(f"/en/{CAMPAIGN}/write", headers=headers)
                typed = {**fields(page), **FILLED, "email": f"x{seed}.{number}@flood.example.ca"}
                page = browser.post(f"/en/{CAMPAIGN}/review", data=typed, headers=headers)
                form = {**fields(page), **AGREED} if page.status_code == 200 else {}
                if not form:
                    answers[f"review {page.status_code}"] += 1
                    continue
            sent = browser.post(f"/en/{CAMPAIGN}/send", data=form, headers=headers)
            answers[f"send {sent.status_code}"] += 1
            form = {}
        except (OSError, HTTPException) as error:
            answers[type(error).__name__] += 1


def _hammer(port: int, until: float, answers: Counter[str]) -> None:
    browser, headers = Browser("127.0.0.1", port, patience=PATIENCE_S), {"X-Forwarded-For": "203.0.113.9"}
    form = dict[str, object]()
    while time.monotonic() < until:
        try:
            if not form:
                page = browser.get(f"/en/{CAMPAIGN}/write", headers=headers)
                page = browser.post(f"/en/{CAMPAIGN}/review", data={**fields(page), **FILLED}, headers=headers)
                form = dict(fields(page)) if page.status_code == 200 else {}
                body = next((name for name in form if name.startswith("body-")), None)
                if body is None:
                    answers[f"review {page.status_code}"] += 1
                    form = {}
                    continue
                form[body] = NUMBERS
            page = browser.post(f"/en/{CAMPAIGN}/review", data=form, headers=headers)
            answers[f"review {page.status_code}"] += 1
        except (OSError, HTTPException) as error:
            answers[type(error).__name__] += 1
