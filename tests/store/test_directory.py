"""The shipped directory, in a real database: seeded by the rule, and answering who can be written to."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from advocacy.language import Language, Wording
from advocacy.legislators import directory_queries, seed
from advocacy.legislators.directory_check import check
from advocacy.legislators.directory_queries import mark_bounced
from advocacy.legislators.legislatures import COMMONS, SENATE
from advocacy.legislators.models import DataSet, Legislator, Origin, Riding, Status, to_recipient
from advocacy.legislators.recipient import Gender, Office
from advocacy.legislators.search import Index, nearest_ridings

Sessions = sessionmaker[Session]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TODAY = NOW.date()


def test_an_empty_database_is_seeded_with_every_shipped_list(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert seed.seed(session, now=NOW).imported == ("ridings", "commons", "senate", "ministers")
    with sessions.begin() as session:
        assert session.scalar(select(func.count()).select_from(Riding)) == 343
        assert session.scalar(select(func.count()).select_from(Legislator)) == 343 + 96
        listed = {row.key: (row.rows, row.origin, row.imported_at) for row in directory_queries.data_sets(session)}
    assert listed == {
        "commons": (343, Origin.SHIPPED, NOW),
        "ministers": (38, Origin.SHIPPED, NOW),
        "ridings": (343, Origin.SHIPPED, NOW),
        "senate": (96, Origin.SHIPPED, NOW),
    }


def test_each_newer_shipped_list_comes_in_unless_the_site_has_its_own(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        assert seed.seed(session, now=NOW) == seed.SeedResult()
        before = set(session.scalars(select(Legislator.id)))
        directory_queries.record_import(session, (SENATE, None), source="a file", as_of=TODAY, now=NOW)
        for key in ("ridings", "commons", "ministers"):
            _data_set(session, key).digest = "an older file's"
    with directory_sessions.begin() as session:
        assert seed.seed(session, now=NOW) == seed.SeedResult(imported=("ridings", "commons", "ministers"))
        assert set(session.scalars(select(Legislator.id))) == before
        assert (_data_set(session, "senate").source, _data_set(session, "senate").rows) == ("a file", 96)
        assert len(directory_queries.ministers(session)) == 38
    with directory_sessions.begin() as session:
        assert seed.seed(session, now=NOW) == seed.SeedResult()


def test_a_shipped_list_older_than_the_one_that_came_in_is_left(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        commons = _data_set(session, "commons")
        commons.digest, commons.as_of = "a newer version's", TODAY
        assert seed.seed(session, now=NOW) == seed.SeedResult()


def test_the_site_is_told_of_its_own_list_only_when_the_shipped_one_is_newer(directory_sessions: Sessions) -> None:
    shipped = next(listed.as_of for listed in seed.shipped_lists() if listed.key == SENATE)
    with directory_sessions.begin() as session:
        for as_of in (TODAY, shipped):
            directory_queries.record_import(session, (SENATE, None), source="a file", as_of=as_of, now=NOW)
            assert seed.seed(session, now=NOW).older == ()
        directory_queries.record_import(session, (SENATE, None), source="a file", as_of=date(2026, 1, 1), now=NOW)
        (told,) = seed.seed(session, now=NOW).older
    assert str(told).startswith(f"this site keeps its own senate list of 2026-01-01, although one of {shipped} ships")


def test_ministers_are_found_in_a_list_of_the_sites_own_by_number_or_seat(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        directory_queries.record_import(session, (COMMONS, None), source="a file", as_of=TODAY, now=NOW)
        by_seat, unknown = (session.get(Legislator, found) for found in ("mp-mark-carney", "mp-melanie-joly"))
        assert by_seat is not None
        assert unknown is not None
        by_seat.source_id = unknown.source_id = None
        unknown.name = "Someone Else"
        _data_set(session, "ministers").digest = "an older file's"
    with directory_sessions.begin() as session:
        assert seed.seed(session, now=NOW).imported == ("ministers",)
        assert _data_set(session, "ministers").rows == 37
        assert directory_queries.ministers(session)[0].id == "mp-mark-carney"


def test_the_minister_who_introduced_a_bill_is_responsible_for_it(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        bills = {row.id: to_recipient(row).responsible_for for row in directory_queries.ministers(session)}
    assert bills.pop("mp-marc-miller") == {"C-34"}
    assert set(bills.values()) == {frozenset()}


def test_a_newer_shipped_list_of_ministers_brings_bills_genders_and_honorifics(
    directory_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = {
        "Marc Miller": {"responsible_for": ""},
        "Mélanie Joly": {"responsible_for": "C-34 C-2", "gender": "f", "honorific": "Right Hon."},
    }
    shipped = [{**row, **facts.get(row["name"], {})} for row in seed.rows_of("ministers.csv")]
    with directory_sessions.begin() as session:
        session.get_one(Legislator, "mp-melanie-joly").privy_councillor = False
        monkeypatch.setattr(seed, "rows_of", lambda file: shipped if file == "ministers.csv" else [])
        _data_set(session, "ministers").digest = "an older file's"
        assert seed.seed(session, now=NOW).imported == ("ministers",)
    with directory_sessions.begin() as session:
        joly, miller = (session.get_one(Legislator, f"mp-{who}") for who in ("melanie-joly", "marc-miller"))
        assert (joly.responsible_for, miller.responsible_for) == ("C-34 C-2", "")
        assert (joly.gender, joly.honorific, joly.privy_councillor) == (Gender.F, "Right Hon.", True)
        assert (miller.gender, miller.honorific, miller.privy_councillor) == (Gender.M, "Hon.", True)


def _data_set(session: Session, key: str) -> DataSet:
    found = session.get(DataSet, key)
    assert found is not None
    return found


def test_a_minister_who_is_ones_own_member_comes_once_as_the_minister(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        (row,) = directory_queries.members_for(session, ["24054"])
        recipient = to_recipient(row)
    assert (recipient.id, recipient.office, recipient.riding_code) == ("mp-marjorie-michel", Office.MINISTER, "24054")
    assert recipient.title == Wording.of(en="Minister of Health", fr="Ministre de la Santé")
    assert recipient.riding == Wording.same("Papineau")
    assert recipient.email == "marjorie.michel@parl.gc.ca"


def test_a_vacant_seat_is_addressed_as_the_office_and_said_to_be_vacant(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        (row,) = directory_queries.members_for(session, ["35015"])
        recipient = to_recipient(row)
    assert (recipient.id, recipient.name, recipient.vacant, recipient.email) == ("seat-35015", "", True, None)
    assert recipient.riding is not None
    assert recipient.riding.in_language(Language.FR) == "Brantford—Brant-Sud—Six Nations"
    said = [notice.in_language(Language.FR) for notice in directory_queries.notices(row, TODAY)]
    assert said[0].startswith("Ce siège est vacant\u00a0:")
    assert "imprimez la lettre et postez-la" in said[1]


def test_a_member_elected_since_and_a_missing_email_are_said(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        row = session.get(Legislator, "mp-tanveer-shahnawaz")
        assert row is not None
        said = [notice.in_language(Language.EN) for notice in directory_queries.notices(row, TODAY)]
        source = directory_queries.provenance(row)
    assert said[0] == "Elected since our list was made."
    assert "print the letter and mail it, no stamp needed" in said[1]
    assert source.in_language(Language.EN) == "vote-scope.com, as of August 31, 2026; not an official list"
    assert source.in_language(Language.FR) == "vote-scope.com, en date du 31 août 2026; liste non officielle"


def test_a_retirement_date_that_passes_is_noticed_without_a_new_list(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        senator = session.get(Legislator, "senator-charles-s-adler")
    assert senator is not None
    assert directory_queries.status_on(senator, date(2029, 8, 24)) is Status.SITTING
    assert directory_queries.status_on(senator, date(2029, 8, 25)) is Status.PAST_RETIREMENT


@pytest.mark.parametrize("name", ["North York", "york-centre", "York Centre"])
def test_a_riding_is_found_by_old_new_and_french_names(directory_sessions: Sessions, name: str) -> None:
    with directory_sessions.begin() as session:
        assert directory_queries.riding_names(session).code(name) == "35120"
        riding = session.get(Riding, "35120")
    assert riding is not None
    assert riding.name == Wording.of(en="York Centre", fr="York-Centre")


def test_the_whole_directory_is_searched_as_people_type(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        index = Index(directory_queries.everyone(session))
        first = {
            text: next((match.legislator.id for match in index.search(text)), None)
            for text in ("naqvi", "Ottawa-Centre", "otawa center", "melanie jolly", "vallee du haut st-laurent", "zzzz")
        }
        assert len(index.search("Québec")) == 97
    assert first == {
        "naqvi": "mp-yasir-naqvi",
        "Ottawa-Centre": "mp-yasir-naqvi",
        "otawa center": "mp-yasir-naqvi",
        "melanie jolly": "mp-melanie-joly",
        "vallee du haut st-laurent": "mp-claude-debellefeuille",
        "zzzz": None,
    }


FOUND: list[tuple[str, set[Office], int]] = [
    ("minister", {Office.MINISTER, Office.PRIME_MINISTER}, 38),
    ("ministres", {Office.MINISTER, Office.PRIME_MINISTER}, 38),
    ("prime minister", {Office.PRIME_MINISTER}, 1),
    ("Premier ministre", {Office.PRIME_MINISTER}, 1),
    ("public safety", {Office.MINISTER}, 1),
    ("sécurité publique", {Office.MINISTER}, 1),
    ("ministre de la santé", {Office.MINISTER}, 1),
    ("health minister", {Office.MINISTER}, 1),
    ("senator", {Office.SENATOR, Office.SPEAKER_SENATE}, 96),
    ("sénatrices", {Office.SENATOR, Office.SPEAKER_SENATE}, 96),
    ("Senate", {Office.SENATOR, Office.SPEAKER_SENATE}, 96),
    ("Ontario senators", {Office.SENATOR}, 23),
    ("senator Ontario", {Office.SENATOR}, 23),
    ("sénateurs de l’Ontario", {Office.SENATOR}, 23),
    ("N.B. senators", {Office.SENATOR}, 10),
    ("ministers from Ontario", {Office.MINISTER, Office.PRIME_MINISTER}, 14),
    ("Ontario", {Office.MINISTER, Office.PRIME_MINISTER, Office.MEMBER, Office.SENATOR}, 145),
    ("vacant seats", {Office.MEMBER}, 4),
    ("MP Naqvi", {Office.MEMBER}, 1),
    ("seat-35015", {Office.MEMBER}, 1),
    ("mp-yasir-naqvi", {Office.MEMBER}, 1),
]


def test_people_are_found_by_office_title_and_province(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        index = Index(directory_queries.everyone(session))
        for typed, offices, count in FOUND:
            found = index.search(typed)
            assert ({match.legislator.office for match in found}, len(found)) == (offices, count), typed
            assert not any(match.near for match in found), typed


def test_what_nobody_bears_finds_nobody_rather_than_nonsense(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        index = Index(directory_queries.everyone(session))
        for typed in ("Montréal", "Patrimoine", "L’Orignal", "senator Naqvi"):
            assert index.search(typed) == [], typed


NEAREST: list[tuple[str, str | None, int]] = [
    ("Ottawa Center", "Ottawa Centre", 1),
    ("centre ottawa", "Ottawa Centre", 1),
    ("Ottawa", "Ottawa Centre", 4),
    ("York", "York Centre", 6),
    ("Terrebone", "Terrebonne", 1),
    ("st-hyacinthe", "Saint-Hyacinthe—Bagot—Acton", 1),
    ("Ottawa Center North", "Ottawa Centre", 3),
    ("saint", None, 8),
    ("?", None, 0),
    ("xyzzyxyzzy", None, 0),
]


def test_the_nearest_ridings_are_few_and_forgive_a_slip(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        for typed, first, count in NEAREST:
            found = nearest_ridings(session, typed)
            assert len(found) == count, typed
            assert not first or found[0].name.in_language(Language.EN) == first


def test_the_check_tells_of_a_list_from_before_an_election(directory_sessions: Sessions) -> None:
    def elections(today: date) -> list[str]:
        with directory_sessions() as session:
            return [str(remark) for remark in check(session, today=today) if "election was due" in str(remark)]

    assert elections(date(2029, 10, 14)) == []
    (remark,) = elections(date(2029, 10, 15))
    assert remark.startswith("note: commons: an election was due by 2029-10-15")


def test_the_check_tells_what_is_old_missing_or_doubtful_and_finds_nothing_broken(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        remarks = check(session, today=TODAY)
    told = "\n".join(map(str, remarks))
    assert not any(remark.broken for remark in remarks)
    assert "commons: 343 rows, as of 2026-07-27, ourcommons.ca (shipped); 121 days old, refresh it" in told
    assert "4 vacant seats: seat-24066" in told
    assert "commons: 3 of 339 without an e-mail address" in told
    assert "senate: 96 of 96 without an e-mail address" in told


def test_the_check_names_whose_mail_came_back_and_breaks_no_rule_by_it(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        before = check(session, today=TODAY)
        mark_bounced(session, "mp-yasir-naqvi", now=datetime(2026, 11, 20, 9, tzinfo=UTC), reason="550")
        new = [remark for remark in check(session, today=TODAY) if remark not in before]
    assert [str(remark) for remark in new] == [
        "note: mp-yasir-naqvi: mail to yasir.naqvi@parl.gc.ca came back on 2026-11-20; "
        "print and mail the letters, and import a list with another address"
    ]


def test_a_list_of_the_sites_own_from_the_future_is_broken_and_a_shipped_one_doubts_the_clock(
    directory_sessions: Sessions,
) -> None:
    with directory_sessions.begin() as session:
        directory_queries.record_import(session, (SENATE, None), source="a file", as_of=date(2030, 1, 1), now=NOW)
        told = [str(remark) for remark in check(session, today=date(2026, 11, 24))]
    assert "broken: senate: as of 2030-01-01, which is after today, 2026-11-24; import it again with its" in told[0]
    assert "note: ridings: as of 2026-11-25, which is after today, 2026-11-24; set the clock of this machine" in told


def test_the_check_finds_what_is_broken(directory_sessions: Sessions) -> None:
    with directory_sessions.begin() as session:
        naqvi, joly, carney = (
            session.get(Legislator, found) for found in ("mp-yasir-naqvi", "mp-melanie-joly", "mp-mark-carney")
        )
        assert naqvi is not None
        assert joly is not None
        assert carney is not None
        naqvi.email, naqvi.riding_code, carney.title = (joly.email or "").upper(), "24003", None
        session.flush()
        broken = [remark.sentence for remark in check(session, today=TODAY) if remark.broken]
    assert len(broken) == 4
    for sentence, start in zip(
        broken,
        ["melanie.joly@parl.gc.ca is", "riding 24003 has more", "riding 35079 has neither", "mp-mark-carney is a"],
        strict=True,
    ):
        assert sentence.startswith(start)
