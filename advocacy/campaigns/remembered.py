"""Answers about a campaign's files are remembered by the files' hashes: no whole campaign is held for its answer."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

from advocacy.campaigns.folder import CampaignFolder, digest

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def remembered(most: int) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """Keep the `most` answers of a function that were asked for last; it takes campaigns and words."""

    def keep(answer: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        known: OrderedDict[str, Answer] = OrderedDict()
        lock = Lock()

        @wraps(answer)
        def recall(*asked: Asked.args, **named: Asked.kwargs) -> Answer:
            key = _key((*asked, *named.values()))
            with lock:
                if key in known:
                    known.move_to_end(key)
                    return known[key]
            made = answer(*asked, **named)
            with lock:
                known[key] = made
                while len(known) > most:
                    known.popitem(last=False)
            return made

        return recall

    return keep


def _key(asked: tuple[object, ...]) -> str:
    parts = [(one.name, digest(dict(one.files))) if isinstance(one, CampaignFolder) else one for one in asked]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
