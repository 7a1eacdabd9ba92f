"""The words a citizen agrees to before anything is sent, by version: whoever changes them gives them another one."""

from collections.abc import Mapping, Sequence

from advocacy.language import Language
from advocacy.messages import Message, message

CONSENT = "2026-11"
"""The version the site asks for now."""
VERSIONS: Mapping[str, tuple[Message, Message]] = {
    "2026-11": (
        message(
            "I agree that my name, my municipality, my postal code and my e-mail address be used to send this letter "
            "to %(names)s. Their staff will see them."
        ),
        message(
            "I agree that my name, my municipality, my postal code and my e-mail address be used to send these letters "
            "to %(names)s. Their staff will see them."
        ),
    )
}
"""Every version anybody may have agreed to: to one person, and to several."""


def agreed(version: str, names: Sequence[str], language: Language) -> str | None:
    """Return the words of a version, for letters to these people; None for a version that is not known."""
    if version not in VERSIONS or not names:
        return None
    to_one, to_several = VERSIONS[version]
    *first, last = names
    listed: Message | str = message("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
    words = to_several if first else to_one
    return message(words.msgid, names=listed).in_language(language)
