"""A letter as one text to be kept: what comes back is the same letter, word for word."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from advocacy.campaigns.program import Piece
from advocacy.language import Language, Wording
from advocacy.legislators.recipient import Gender, Office, Recipient
from advocacy.letters.letter import Kind, Letter, Spoken


def to_json(letter: Letter) -> str:
    """Write a letter whole, its recipient as they were when it was written."""
    return json.dumps(letter, default=_parts, ensure_ascii=False)


def from_json(text: str) -> Letter:
    """Read what `to_json` wrote."""
    kept = json.loads(text)
    return Letter(
        **kept
        | {
            "language": Language(kept["language"]),
            "words_language": Language(kept["words_language"]),
            "recipient": _recipient(kept["recipient"]),
            "recipient_block": tuple(kept["recipient_block"]),
            "paragraphs": tuple(_paragraph(kind, pieces) for kind, pieces in kept["paragraphs"]),
            "sender": tuple(kept["sender"]),
        }
    )


def _parts(value: object) -> Mapping[str, Any] | list[str]:
    if isinstance(value, Wording):
        return {language.value: text for language, text in value.items()}
    if isinstance(value, Letter | Recipient):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"a letter holds no {type(value).__name__}")


def _recipient(kept: dict[str, Any]) -> Recipient:
    return Recipient(
        **kept
        | {
            "office": Office(kept["office"]),
            "gender": kept["gender"] and Gender(kept["gender"]),
            "riding": _wording(kept["riding"]),
            "title": _wording(kept["title"]),
            "city": _wording(kept["city"]),
            "responsible_for": frozenset(kept.get("responsible_for", ())),
        }
    )


def _wording(kept: Mapping[str, str] | None) -> Wording | None:
    """Read a wording; a language that came to the site since speaks as the first one kept."""
    if kept is None:
        return None
    first = next(iter(kept.values()))
    return Wording({language: kept.get(language, first) for language in Language})


def _paragraph(kind: str, pieces: list[list[str]]) -> Spoken:
    return Spoken(Kind(kind), tuple(Piece(*piece) for piece in pieces))
