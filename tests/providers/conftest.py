"""The provider that the contract is held against, one after the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.benches import BENCHES, Bench


@pytest.fixture(params=BENCHES)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """A provider that works, with nothing sent by it yet."""
    with BENCHES[request.param](tmp_path) as made:
        yield made
