"""Why an archive is refused, in sentences that say what to do."""

import unicodedata

from advocacy.campaigns.condition_words import each
from advocacy.language import Language, speak_number
from advocacy.messages import Message, message

NO_ZIP = message("This is not a zip archive that can be read. Make it again, as an ordinary zip.")
TOO_LARGE = message("The archive is larger than 5\u00a0MB. Keep only the files of the campaign.")
TOO_MANY = message("The archive contains more than 200 files and folders. Export fewer campaigns at once.")
TOO_MUCH = message("The archive is too large once unpacked: 2\u00a0MB at most, 256\u00a0KB for “%(name)s”.")
A_BOMB = message("“%(name)s” becomes more than a hundred times larger when unpacked. Remove it.")
LOCKED = message("The archive is protected by a password. Make it again without one.")
A_LINK = message("“%(name)s” is a link or a device, not a file. Put the file itself into the archive.")
A_PATH = message("“%(name)s” is outside the archive’s folder, or its name has characters that are not allowed here.")
TWICE = message("“%(name)s” is in the archive twice. Keep one of the two.")
UNKNOWN = message(
    "“%(name)s” is not a file of a campaign. A campaign is a folder with "
    "campaign.toml, findings.toml, safety.toml if it needs "
    "one, and a folder for each letter with letter.toml, en.md and fr.md."
)
NOT_TEXT = message("“%(name)s” is not text in UTF-8. Save it as UTF-8.")
EMPTY = message("There is no campaign in this archive.")
TOO_LONG = message("“%(name)s” is too long: %(most)s characters at most.")
TOO_LONG_IN_ALL = message("The files have more than %(most)s characters together. Export fewer campaigns at once.")
NO_LETTER = message("“%(name)s” is too long: %(lines)s lines and %(figures)s numbers at most.")
TOO_DEEP = message("“%(name)s” is nested too deeply. Write it as in an exported campaign.")


class BadArchive(ValueError):
    """An archive that is refused whole; `message` says why and what to do."""

    def __init__(self, message: Message, name: str = "", **numbers: int) -> None:
        spelled = {key: each(lambda language, one=one: speak_number(one, language)) for key, one in numbers.items()}  # type: ignore[misc]
        self.message = message.with_params(name=_shown(name), **spelled)
        super().__init__(self.message.in_language(Language.EN))


def _shown(name: str) -> str:
    """Give a name as a sentence can show it: a stranger's, and perhaps made to mislead."""
    plain = "".join(sign if unicodedata.category(sign)[0] not in "CZ" or sign == " " else "\ufffd" for sign in name)
    return plain if len(plain) <= 80 else f"{plain[:79]}…"
