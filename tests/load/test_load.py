"""The load harness itself: a few visitors beside attackers, and a release while they come, without an error."""

import pytest

from benchmarks.stores import is_there
from tests.cluster.citizens import Mails
from tests.load import restarts
from tests.load.attackers import attackers_of
from tests.load.citizens import Crowd
from tests.load.site import place_with, site_on

SECONDS = 4.0

pytestmark = [pytest.mark.loopback, pytest.mark.thorough]


@pytest.fixture(autouse=True)
def postgresql() -> None:
    if not is_there():
        pytest.skip("PostgreSQL does not answer")


def test_visitors_are_answered_beside_attackers_and_every_letter_that_was_taken_is_confirmed() -> None:
    with (
        place_with(100) as (place, sink),
        site_on(place, sink, processes=2) as site,
        attackers_of(site.served.port, SECONDS) as answers,
    ):
        record = Crowd(site.served.port, Mails(sink), seed=1).visit(SECONDS, warm_up=0)
    assert record.wrong.total() == 0, record.wrong
    assert record.answers > 0
    assert record.sent == record.confirmed
    assert answers.keys() == {"forms from one /24", "long reviews"}


def test_a_release_is_an_error_to_nobody() -> None:
    found = restarts.release("HEAD", phase_s=SECONDS)
    assert found.record.wrong.total() == 0, found.wrong
    assert found.stored == found.record.sent
    assert found.most_copies <= 1
