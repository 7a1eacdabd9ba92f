"""Django's own sender and django-post_office, measured in a process of their own, where they are installed.

post_office sends from its queue as `manage.py send_queued_mail --processes N` does: it takes 100 mails (BATCH_SIZE),
parts them among N processes that it forks for them, each with 5 threads (THREADS_PER_PROCESS) and a line for each
thread, and so on until there is none. These are its own settings. Where N is 1 it forks none.
"""

import json
import logging
import resource
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from sqlalchemy.engine import make_url


def main(told: Mapping[str, Any]) -> Mapping[str, tuple[float, float]]:
    """Send as many mails as told by each way; give mails a second, and the seconds of processor time of one.

    That time is of this process and those it forks, user and system.
    """
    _set_up(told)
    mail, office = import_module("django.core.mail"), import_module("post_office.mail")
    one = {"sender": told["from"], "subject": told["subject"], "message": told["text"], "html_message": told["html"]}
    mails = [{"recipients": [told["to"]], **one} for _ in range(told["mails"])]
    office.send_many(mails[: told["warm"]])
    office.send_queued_mail_until_done()
    put = _time(lambda: office.send_many(mails))
    queued = _time(office.send_queued_mail_until_done)
    office.send_many(mails)
    shared = _time(lambda: office.send_queued_mail_until_done(processes=told["processes"]))
    left = import_module("post_office.models").Email.objects.exclude(status=0).count()
    assert left == 0, f"{left} mails were not sent"
    ready = [_ready(mail, told) for _ in mails]
    sender = _time(lambda: mail.get_connection().send_messages(ready))
    times = {
        "send_many": (put[0] + queued[0], put[1] + queued[1]),
        "queued": queued,
        "shared": shared,
        "sender": sender,
    }
    return {way: (len(mails) / passed, busy / len(mails)) for way, (passed, busy) in times.items()}


def _set_up(told: Mapping[str, Any]) -> None:
    django, url = import_module("django"), make_url(told["url"])
    database = {
        "NAME": url.database,
        "USER": url.username,
        "PASSWORD": url.password,
        "HOST": url.host,
        "PORT": url.port,
    }
    import_module("django.conf").settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **database}},
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=told["port"],
        SECRET_KEY="a key for measuring, known to everybody",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    logging.disable(logging.INFO)
    import_module("django.core.management").call_command("migrate", verbosity=0)
    import_module("post_office.models").Email.objects.all().delete()


def _ready(mail: Any, told: Mapping[str, Any]) -> Any:
    made = mail.EmailMultiAlternatives(told["subject"], told["text"], told["from"], [told["to"]])
    made.attach_alternative(told["html"], "text/html")
    return made


def _time(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that passed, and those of processor time."""
    busy, started = _cpu(), time.perf_counter()
    work()
    return time.perf_counter() - started, _cpu() - busy


def _cpu() -> float:
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
