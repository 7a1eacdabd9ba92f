"""The live sources of the House of Commons' members, each read the same way by the command and by the site."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from advocacy.legislators.directory_queries import RidingNames
from advocacy.legislators.models import SourceRecord
from advocacy.legislators.sources import ourcommons, represent
from advocacy.legislators.sources.http_client import Fetch


@dataclass(frozen=True, slots=True)
class Source:
    """One source: the name under which its facts are kept, and how its list is read; raises SourceError."""

    name: str
    read: Callable[[Fetch, RidingNames], list[SourceRecord]]


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "represent": Source(represent.SOURCE, lambda fetch, _: represent.members(fetch)),
        "ourcommons": Source(ourcommons.SOURCE, lambda fetch, ridings: ourcommons.members(fetch, ridings.code)),
    }
)
