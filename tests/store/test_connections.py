"""A connection that is gone is replaced before anything is asked of it."""

from sqlalchemy import func, select

from advocacy.abuse.models import RateLimit
from advocacy.database import make_engine
from tests.databases import connected, end_others

COUNTED = select(func.count()).select_from(RateLimit)


def test_a_connection_that_went_while_it_rested_is_replaced(postgresql_url: str) -> None:
    engine = make_engine(postgresql_url)
    with engine.connect() as one, engine.connect() as other:
        before = {each.scalar(select(func.pg_backend_pid())) for each in (one, other)}
    with connected(engine.url) as connection:
        end_others(connection)

    with engine.connect() as one, engine.connect() as other:
        assert before.isdisjoint(each.scalar(select(func.pg_backend_pid())) for each in (one, other))
    engine.dispose()
