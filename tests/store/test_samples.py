"""A letter is tried out on somebody whom its campaign writes to."""

from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.campaign_files import CampaignFile, NamedMinister
from advocacy.exports.people_csv import Person
from advocacy.language import Language, Wording
from advocacy.letters.samples import Kind, kinds_of, somebody
from advocacy.staff.own_list import store
from tests.builders import the_campaign
from tests.citizens import NOW


def with_audience(**audience: Any) -> CampaignFile:
    """The shipped campaign, written to others."""
    nobody = {"chambers": (), "ministers": (), "own_list": False}
    return the_campaign().campaign().model_copy(update={**nobody, **audience})


def test_the_minister_is_the_first_whom_the_campaign_names(directory_sessions: sessionmaker[Session]) -> None:
    named = [NamedMinister(portfolio=one) for one in ("Prime Minister", "Minister of Health", "Minister of Justice")]
    with directory_sessions() as session:
        found = somebody(session, Kind.MINISTER, with_audience(ministers=tuple(named)), name="any")
        alone = somebody(session, Kind.MINISTER, with_audience(ministers=tuple(named[:1])), name="any")
    assert found
    assert found.title
    assert "Minister of Health" in found.title[Language.EN]
    assert alone
    assert alone.title
    assert "Prime Minister" in alone.title[Language.EN]


def test_a_list_of_ones_own_has_somebody_too(directory_sessions: sessionmaker[Session]) -> None:
    own, other = (Person(name, title=Wording.same("Chair"), email="ada@example.ca") for name in ("Ada Roy", "Bo Li"))
    campaign = with_audience(chambers=("senate",), own_list=True)
    with directory_sessions() as session:
        store(session, "other", [other], by=None, now=NOW)
        store(session, "mine", [own], by=None, now=NOW)
        session.flush()
        found = {kind: somebody(session, kind, campaign, name="mine") for kind in kinds_of(campaign)}
    assert [*found] == [Kind.SENATOR, Kind.LISTED]
    assert [one.name if one else "" for one in found.values()][1] == "Ada Roy"
