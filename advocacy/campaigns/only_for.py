"""For whom a sentence is: what a reader can do, how far the bill has come, and what the citizen gave."""

from dataclasses import dataclass
from typing import Literal, Self

from pydantic import model_validator

from advocacy.campaigns.legislation import Role, Stage
from advocacy.legislators.directory_snapshot import names_portfolio
from advocacy.problems import invalid
from advocacy.toml_source import Frozen

PENDING: Literal["pending"] = "pending"
"""While the bill, as far as is known, has neither passed nor died."""
DECIDED = frozenset({Stage.PASSED, Stage.DIED})


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a letter, and what it is made of: `title` is the office's English one, `given` names what is not empty.

    Among `given` are the letter's fields, and `email`, `street`, `riding` and `city` of who writes.
    """

    role: Role
    stage: Stage
    title: str = ""
    given: frozenset[str] = frozenset()


class OnlyFor(Frozen):
    """Whom a sentence is for; what is left out asks nothing.

    `portfolios` are offices as their English titles have them ("Minister of Justice").
    """

    roles: tuple[Role, ...] = ()
    portfolios: tuple[str, ...] = ()
    stages: tuple[Stage | Literal["pending"], ...] = ()
    given: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not (self.roles or self.portfolios or self.stages or self.given):
            raise invalid("only-for-empty")
        return self

    def fits(self, reader: Reader) -> bool:
        return (
            (not self.roles or reader.role in self.roles)
            and (not self.portfolios or any(names_portfolio(reader.title, portfolio) for portfolio in self.portfolios))
            and self.is_for_stage(reader.stage)
            and reader.given.issuperset(self.given)
        )

    def is_for_stage(self, stage: Stage) -> bool:
        return not self.stages or stage in self.stages or (PENDING in self.stages and stage not in DECIDED)
