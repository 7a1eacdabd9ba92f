"""Sending for a citizen: what a form costs beside a bare one, how fast letters leave, and where many are stored."""

import time
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from itertools import count
from urllib.parse import urlencode

from bs4 import BeautifulSoup, Tag
from flask import Flask, redirect
from flask_wtf import FlaskForm
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length

from advocacy.abuse.form_ids import MIN_AGE, FormId
from advocacy.app import create_app
from advocacy.database import make_engine, make_sessions
from advocacy.runtime import Runtime
from advocacy.settings import Settings
from benchmarks import handing_over, many_letters, stores
from benchmarks.documents import called
from benchmarks.report import Row, size
from benchmarks.site import FORM, PLACE

ROUNDS, EACH = size(30, 1), size(6, 2)
AGREED = {"age_ok": "yes", "consent": "yes"}
NUMBERS = count()


def measure() -> list[Row]:
    """Return every figure but those of a million letters."""
    if not stores.is_there():
        return handing_over.by_sendgrid()
    return [
        *submitting(),
        *handing_over.by_smtp(),
        *handing_over.by_sendgrid(),
        *many_letters.growth(),
        *many_letters.claiming_at_once(),
    ]


def million() -> list[Row]:
    """Return the steps where a million letters are stored, which takes some minutes to build."""
    return many_letters.growth((many_letters.FEW, many_letters.MOST)) if stores.is_there() else []


def submitting() -> list[Row]:
    """Return the processor time, in the web process, of a form sent in: ours and a bare one, on the same PostgreSQL."""
    with stores.a_site("submit") as site, stores.empty_database("bare") as url:
        ours, bare = _in_turns([_ours(site), _bare(url)])
    what = "read, composed, screened, sealed and durable in PostgreSQL"
    return [
        Row(f"a letter sent in: {what}", ours * 1e3, "ms of CPU"),
        Row("a bare Flask form with CSRF: read, checked, a row inserted in PostgreSQL", bare * 1e3, "ms of CPU"),
        Row("ours beside the bare form", ours / bare, "×", at_most=6),
    ]


class Base(DeclarativeBase):
    """The tables of the bare form."""


class Entry(Base):
    """What the bare form keeps."""

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    city: Mapped[str]
    province: Mapped[str]
    postal_code: Mapped[str]
    reason: Mapped[str]


class BareForm(FlaskForm):  # type: ignore[misc]
    """As many fields as a letter asks for, checked as most forms do."""

    name = StringField(validators=[InputRequired(), Length(max=100)])
    email = StringField(validators=[InputRequired(), Email()])
    city = StringField(validators=[InputRequired(), Length(max=100)])
    province = StringField(validators=[InputRequired(), Length(max=2)])
    postal_code = StringField(validators=[InputRequired(), Length(max=7)])
    reason = TextAreaField(validators=[InputRequired(), Length(max=3000)])


def _ours(site: Runtime) -> Callable[[], None]:
    """Review a letter as a browser does, then send it in again and again, each time as another person."""
    app = create_app(site, now=lambda: stores.NOW)
    client = app.test_client()
    token = _field(client.get(f"{PLACE}/write").text, "csrf_token")
    page = BeautifulSoup(client.post(f"{PLACE}/review", data={"csrf_token": token, **FORM}).data, "html5lib")
    fields = {**dict(_controls(page)), **AGREED, "csrf_token": token}
    cookie = client.get_cookie("advocacy")
    assert cookie is not None
    return _asking(app, f"{PLACE}/send", fields, cookie=f"advocacy={cookie.value}")


def _bare(url: str) -> Callable[[], None]:
    engine = make_engine(Settings.model_validate({"database_url": url}).database_url)
    Base.metadata.create_all(engine)
    app = _bare_app(make_sessions(engine))
    client = app.test_client()
    fields = {name: value for name, value in FORM.items() if name in Entry.__table__.columns}
    fields["csrf_token"] = client.get("/").text
    cookie = client.get_cookie("session")
    assert cookie is not None
    return _asking(app, "/", fields, cookie=f"session={cookie.value}")


def _bare_app(sessions: sessionmaker[Session]) -> Flask:
    app = Flask("bare")
    app.secret_key = "a key for measuring, known to everybody"

    @app.get("/")
    def page() -> str:
        return str(BareForm().csrf_token.current_token)

    @app.post("/")
    def take() -> Response | tuple[str, int]:
        form = BareForm()
        if not form.validate_on_submit():
            return str(form.errors), 422
        with sessions.begin() as session:
            session.add(Entry(**{name: text for name, text in form.data.items() if name != "csrf_token"}))
        return redirect("/sent", 303)

    return app


def _asking(app: Flask, path: str, fields: Mapping[str, str], *, cookie: str) -> Callable[[], None]:
    """Make what posts these fields once, from an address that nobody has used yet."""

    def ask() -> None:
        number = next(NUMBERS)
        form_id = FormId(f"{number:032}", stores.NOW - MIN_AGE).sign(app.secret_key or "")
        different = {"email": f"{called(number).lower()}@example.ca", "submission": form_id}
        body = urlencode({**fields, **different}).encode()
        kind = "application/x-www-form-urlencoded"
        builder = EnvironBuilder(path=path, method="POST", headers=[("Cookie", cookie)], data=body, content_type=kind)
        _, status, _ = run_wsgi_app(app, {**builder.get_environ(), "wsgi.input": BytesIO(body)}, buffered=True)
        assert status.startswith("303"), status

    return ask


def _controls(page: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Return what the form of a page sends when its fields are left as they are."""
    for control in page.select("form#writing input, form#writing textarea, [form=writing]"):
        if control.get("name") and control.name != "button" and control.get("type") not in {"checkbox", "radio"}:
            yield str(control["name"]), _value(control)


def _value(control: Tag) -> str:
    return control.get_text().removeprefix("\n") if control.name == "textarea" else str(control.get("value", ""))


def _field(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def _in_turns(ways: list[Callable[[], None]]) -> list[float]:
    """Run each way in short turns, the first of them uncounted; give the least in seconds of processor time."""
    spent: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS + 1):
        for times, ask in zip(spent, ways, strict=True):
            started = time.process_time()
            for _ in range(EACH):
                ask()
            times.append((time.process_time() - started) / EACH)
    return [min(times[1:]) for times in spent]
