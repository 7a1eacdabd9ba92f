"""Django's own sender and django-post_office, measured in a process of their own, where they are installed."""

import json
import logging
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from sqlalchemy.engine import make_url


def main(told: Mapping[str, Any]) -> Mapping[str, float]:
    """Send as many mails as told by each way; give mails a second."""
    _set_up(told)
    mail, office = import_module("django.core.mail"), import_module("post_office.mail")
    one = {"sender": told["from"], "subject": told["subject"], "message": told["text"], "html_message": told["html"]}
    mails = [{"recipients": [told["to"]], **one} for _ in range(told["mails"])]
    office.send_many(mails[: told["warm"]])
    office.send_queued_mail_until_done()
    put = _time(lambda: office.send_many(mails))
    queued = _time(office.send_queued_mail_until_done)
    left = import_module("post_office.models").Email.objects.exclude(status=0).count()
    assert left == 0, f"{left} mails were not sent"
    ready = [_ready(mail, told) for _ in mails]
    sender = _time(lambda: mail.get_connection().send_messages(ready))
    return {"send_many": len(mails) / (put + queued), "queued": len(mails) / queued, "sender": len(mails) / sender}


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


def _time(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
