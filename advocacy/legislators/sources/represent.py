"""Members of the House of Commons as Open North's Represent lists them.

Unproven live: tested against recorded shapes only.
"""

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from advocacy.language import Language, read_language
from advocacy.legislators.legislatures import COMMONS
from advocacy.legislators.models import OfficeAddress, SourceRecord
from advocacy.legislators.recipient import Gender
from advocacy.legislators.sources.http_client import Fetch, SourceError

SOURCE = "represent.opennorth.ca"
ORIGIN = f"https://{SOURCE}"
MEMBERS = f"{ORIGIN}/representatives/house-of-commons/?limit=1000"
# About 343 members at 1,000 a page: more pages than this is a loop.
MAX_PAGES = 20
GENDERS = {"f": Gender.F, "female": Gender.F, "m": Gender.M, "male": Gender.M}
_FED_CODE = re.compile(r"/(\d{5})/?$")
_PERSON_ID = re.compile(r"(\d+)\)?/?$")


Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


class _Payload(BaseModel):
    """What we read of an answer; Represent may add to it at any time."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Office(_Payload):
    type: Text = ""
    postal: Text = ""
    tel: Text = ""
    fax: Text = ""


class _Related(_Payload):
    boundary_url: Text = ""


class _Representative(_Payload):
    name: Annotated[str, Field(min_length=1, max_length=180)]
    first_name: Annotated[Text, Field(max_length=90)] = ""
    last_name: Annotated[Text, Field(max_length=90)] = ""
    elected_office: Text = ""
    district_name: Text = ""
    email: Text = ""
    url: Text = ""
    gender: Text = ""
    offices: tuple[_Office, ...] = ()
    extra: dict[str, Any] = {}
    related: _Related = _Related()


class _Meta(_Payload):
    next: str | None = None


class _Page(_Payload):
    objects: Annotated[tuple[_Representative, ...], Field(min_length=1)]
    meta: _Meta = _Meta()


def members(fetch: Fetch) -> list[SourceRecord]:
    """Read every page of the list; raise SourceError when one is missing or is not what it should be."""
    return [record for page in _pages(fetch) for record in map(_record, page.objects)]


def _pages(fetch: Fetch) -> Iterator[_Page]:
    url: str | None = MEMBERS
    for _ in range(MAX_PAGES):
        body = fetch(url or MEMBERS)
        try:
            page = _Page.model_validate(json.loads(body))
        except (ValueError, RecursionError, ValidationError) as error:
            raise SourceError(f"{SOURCE} sent something else than its list of members: try again later") from error
        yield page
        url = urljoin(MEMBERS, page.meta.next) if page.meta.next else None
        if url is None:
            return
        if urlsplit(url)[:2] != urlsplit(ORIGIN)[:2]:
            raise SourceError(f"{SOURCE} points to another site for its next page; nothing was read from there")
    raise SourceError(f"{SOURCE} gave more than {MAX_PAGES} pages, which cannot be the list")


def _record(found: _Representative) -> SourceRecord:
    code = _FED_CODE.search(found.related.boundary_url)
    if code is None:
        raise SourceError(f"{SOURCE} gives no riding code for {found.name}; nothing was changed")
    person = _PERSON_ID.search(urlsplit(found.url).path)
    return SourceRecord(
        chamber=COMMONS,
        name=found.name.strip(),
        first_name=found.first_name.strip(),
        last_name=found.last_name.strip(),
        source_id=person[1] if person else None,
        riding_code=code[1],
        gender=GENDERS.get(found.gender.strip().lower()),
        preferred_language=_preferred_language(found.extra.get("preferred_languages")),
        email=found.email.strip() or None,
        addresses=tuple(
            OfficeAddress(
                office.type,
                tuple(line.strip() for line in office.postal.splitlines() if line.strip()),
                telephone=office.tel,
                fax=office.fax,
            )
            for office in found.offices
        ),
    )


def _preferred_language(listed: object) -> Language | None:
    """Take a language only when it is the one listed: of two, neither is the preferred one."""
    names = listed if isinstance(listed, list) else []
    languages = {language for name in names if (language := read_language(str(name)))}
    return languages.pop() if len(languages) == 1 else None
