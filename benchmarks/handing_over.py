"""Letters handed over: by SMTP beside Django's senders and bare smtplib, by SendGrid beside its official client."""

import json
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from itertools import count
from statistics import median
from typing import Any
from unittest.mock import patch

from sendgrid import SendGridAPIClient
from urllib3 import PoolManager

from advocacy import shipped_folder
from advocacy.delivery.provider import Envelope, Mailbox
from advocacy.exports.mail import to_mail
from advocacy.exports.text import to_body
from advocacy.language import Language
from advocacy.letters.mail_pages import MailPages
from advocacy.providers.sendgrid import Sendgrid, request_body
from advocacy.runtime import Runtime
from benchmarks import sinks, stores
from benchmarks.draining import WARM, Speed, cpu_of_process, drained
from benchmarks.report import Row, size
from benchmarks.stores import NOW

LETTERS, TURNS = size(300, 8), size(3, 1)
WORKERS = 4
"""Processes of ours, and of django-post_office."""
CALLS, ROUNDS = size(40, 4), size(11, 1)
PEER = "benchmarks.django_mail"
SENDER, TO = Mailbox("Camille Essai via Essai", "letters@example.ca"), Mailbox("Yasir Naqvi", "yasir@parl.example")
IDS = count()
PAGES = MailPages(shipped_folder("templates") / "mail", to_body)


def by_smtp() -> list[Row]:
    """Empty an outbox into a mail sink, each letter durable before and after, and beside it the peers that are here."""
    with (
        sinks.mail_sink() as port,
        stores.a_site("smtp", **_by_smtp(port)) as site,
        stores.empty_database("django") as url,
    ):
        stores.name_who_answers(site)
        turns = [_turn(site, port, url) for _ in range(TURNS)]
    speeds = {way: _median([turn[way] for turn in turns]) for way in turns[0]}
    one, several, bare = speeds["one"], speeds["several"], speeds["smtplib"]
    what = "unsealed, made, sent, its outcome written: from the outbox in PostgreSQL to a mail sink"
    rows = [
        Row(f"{2 * LETTERS} mails {what}, one worker", one.per_second, "per second"),
        Row(f"the same by {WORKERS} workers", several.per_second, "per second"),
        Row("one of them again and again by bare smtplib on one line, nothing kept", bare.per_second, "per second"),
        Row("processor time of one mail, one worker", one.cpu_each * 1e3, "ms of CPU"),
        Row(f"the same, {WORKERS} workers", several.cpu_each * 1e3, "ms of CPU"),
    ]
    if "queued" not in speeds:
        print("  django-post_office is not measured: it is not installed.")
        return rows
    return [*rows, *_beside_django(turns, speeds)]


def by_sendgrid() -> list[Row]:
    """Hand letters to a SendGrid of our own over TLS, in turns with the official client and with bare calls.

    A bare call posts the bytes of one letter, made before, on a connection that urllib3 keeps.
    """
    with sinks.sendgrid_over_tls() as (url, ca_certs, key), patch.dict(os.environ, SSL_CERT_FILE=ca_certs):
        kept = Sendgrid(key, url, ca_certs=ca_certs)
        official = SendGridAPIClient(key, host=url)
        with PoolManager(ca_certs=ca_certs) as pool:
            body = json.dumps(request_body(_envelope())).encode()
            said = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            ways: Sequence[Callable[[Envelope], object]] = (
                kept.send,
                lambda envelope: official.send(request_body(envelope)),
                lambda _: pool.request("POST", f"{url}/v3/mail/send", body=body, headers=said),
            )
            turns = _calls_in_turns(ways)
        kept.close()
    ours, theirs, bare = (_median(way) for way in zip(*turns, strict=True))
    cpu = median(one.cpu_each / its.cpu_each for one, its, _ in turns)
    rate = median(one.per_second / its.per_second for one, _, its in turns)
    return [
        Row("letters to SendGrid over TLS, ours", ours.per_second, "per second"),
        Row(
            "the same by the official client, which trusts this one certificate alone", theirs.per_second, "per second"
        ),
        Row("one of them again and again by bare pooled calls", bare.per_second, "per second"),
        Row("processor time of one letter, ours", ours.cpu_each * 1e3, "ms of CPU"),
        Row("processor time of one by the official client", theirs.cpu_each * 1e3, "ms of CPU"),
        Row("processor time of one bare call", bare.cpu_each * 1e3, "ms of CPU"),
        Row("processor time, ours beside the official client", cpu, "×", at_most=0.4),
        Row("letters a second, ours beside bare pooled calls", rate, "×", at_least=0.6),
    ]


def _by_smtp(port: int) -> Mapping[str, Any]:
    return {"provider": "smtp", "smtp_url": f"smtp://{sinks.HOST}:{port}", "from_email": SENDER.address}


def _turn(site: Runtime, port: int, url: str) -> Mapping[str, Speed]:
    """Send as many mails by each way."""
    envelope = _envelope()
    peers = _by_django(envelope, port, url=url) if find_spec("post_office") else {}
    ours = {
        "one": drained(site, port, letters=LETTERS, workers=1),
        "several": drained(site, port, letters=LETTERS, workers=WORKERS),
    }
    return {**ours, "smtplib": _by_smtplib(envelope, port), **peers}


def _by_smtplib(envelope: Envelope, port: int) -> Speed:
    mail = to_mail(envelope, at=NOW)
    with smtplib.SMTP(sinks.HOST, port) as line:
        busy, started = cpu_of_process(), time.perf_counter()
        for _ in range(2 * LETTERS):
            line.sendmail(SENDER.address, [TO.address], mail)
        passed = time.perf_counter() - started
        return Speed(2 * LETTERS / passed, (cpu_of_process() - busy) / (2 * LETTERS))


def _by_django(envelope: Envelope, port: int, *, url: str) -> Mapping[str, Speed]:
    """Run Django in a process of its own; return how fast each of its ways is."""
    told = {"port": port, "url": url, "mails": 2 * LETTERS, "from": SENDER.address, "to": TO.address}
    told |= {"warm": 2 * WARM, "subject": envelope.subject, "text": envelope.text, "html": envelope.html}
    told |= {"processes": WORKERS}
    command = [sys.executable, "-m", PEER]
    said = subprocess.run(command, input=json.dumps(told), stdout=subprocess.PIPE, text=True, check=True).stdout
    speeds: Mapping[str, tuple[float, float]] = json.loads(said.splitlines()[-1])
    return {way: Speed(*speed) for way, speed in speeds.items()}


def _beside_django(turns: Sequence[Mapping[str, Speed]], speeds: Mapping[str, Speed]) -> list[Row]:
    """Compare within each turn, whose ways come one after the other: the machine is not alike from turn to turn."""
    cpu = median(turn["one"].cpu_each / turn["queued"].cpu_each for turn in turns)
    rate = median(turn["several"].per_second / turn["shared"].per_second for turn in turns)
    send_many = median(turn["several"].per_second / turn["send_many"].per_second for turn in turns)
    queue, shared = "django-post_office from its queue to the same sink", f"its {WORKERS} processes"
    return [
        Row(f"as many by {queue}, one process", speeds["queued"].per_second, "per second"),
        Row(f"the same by {shared}", speeds["shared"].per_second, "per second"),
        Row("as many by Django's own sender on one line, nothing kept", speeds["sender"].per_second, "per second"),
        Row(f"processor time of one mail by {queue}, one process", speeds["queued"].cpu_each * 1e3, "ms of CPU"),
        Row(f"the same by {shared}", speeds["shared"].cpu_each * 1e3, "ms of CPU"),
        Row("processor time, ours, one worker, beside its one process", cpu, "×", at_most=1),
        Row(f"mails a second, ours, {WORKERS} workers, beside {shared}", rate, "×", at_least=0.8),
        Row(f"ours, {WORKERS} workers, beside its send_many and one process", send_many, "×", at_least=0.8),
    ]


def _median(speeds: Sequence[Speed]) -> Speed:
    return Speed(median(one.per_second for one in speeds), median(one.cpu_each for one in speeds))


def _calls_in_turns(ways: Sequence[Callable[[Envelope], object]]) -> Sequence[tuple[Speed, ...]]:
    """Return how fast each way is, turn by turn; the first turn is not counted."""
    return [tuple(_calls(send) for send in ways) for _ in range(ROUNDS + 1)][1:]


def _calls(send: Callable[[Envelope], object]) -> Speed:
    envelopes = [_envelope() for _ in range(CALLS)]
    started, busy = time.perf_counter(), cpu_of_process()
    for envelope in envelopes:
        send(envelope)
    passed = time.perf_counter() - started
    return Speed(CALLS / passed, (cpu_of_process() - busy) / CALLS)


def _envelope() -> Envelope:
    letter = stores.a_form().letters[0].letter
    text, html = PAGES.letter(letter)
    return Envelope(f"id{next(IDS)}", SENDER, TO, None, letter.subject, text, html, Language.EN, automatic=False)
