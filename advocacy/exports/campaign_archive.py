"""Campaigns as one zip: written with the same bytes for the same files, read without trusting anything in it."""

import re
import stat
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from advocacy.campaigns.campaign_folder import (
    CAMPAIGN,
    FINDINGS,
    LETTER,
    OWN_DOCUMENTS,
    OWN_LIST,
    SAFETY,
    SENTENCES,
    CampaignFolder,
)
from advocacy.campaigns.pictures import MAX_BYTES, PICTURE_FILES, read_picture
from advocacy.exports.export_files import zip_bytes
from advocacy.language import SOURCE, Wording, format_number
from advocacy.messages import Message, message

MEGABYTE = 1024 * 1024
MAX_ARCHIVE_BYTES, MAX_UNPACKED_BYTES, MAX_FILE_BYTES = 5 * MEGABYTE, 6 * MEGABYTE, 256 * 1024
"""The most bytes of an archive, of all its files together once unpacked, and of one of them."""
MAX_ENTRIES, MAX_RATIO, SMALL_BYTES = 200, 100, 64 * 1024
"""How many entries an archive may have, and how many times smaller a file above `SMALL_BYTES` bytes may have become."""
ENCRYPTED = 0x1
NAME = re.compile(r"[\x20-\x7e]+")
LETTERS, NOTES = "letters", "README.md"
"""The folder of all campaigns, which may be the archive's first, and what explains them, which is no campaign's."""
KNOWN_FILES = frozenset({*OWN_DOCUMENTS, OWN_LIST, LETTER})
LARGER_FILES = {OWN_LIST: 2 * MEGABYTE, **dict.fromkeys(PICTURE_FILES, MAX_BYTES)}
"""The most bytes of files that can be larger."""
ZIP_ERRORS = (BadZipFile, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError, zlib.error)
"""What reading a zip that somebody broke can end in."""
MAX_CHARACTERS_OF = {
    LETTER: 60_000,
    CAMPAIGN: 60_000,
    SENTENCES: 120_000,
    FINDINGS: 60_000,
    SAFETY: 20_000,
}
"""The most characters of each file: twice those of the shipped campaign, and more."""
MAX_TOTAL_CHARACTERS = 500_000
"""The most characters of all files together: two such campaigns and more, and some seconds of checks."""
MAX_FIGURES = 300
"""The most numbers of any file but the findings."""
_FIGURE = re.compile(r"\d+")
_DEEP_NAME = re.compile(r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){10}""")
"""Names inside names, as in `a.b.c = 1`, deeper than any file here; the time TOML takes grows with their square."""

NOT_A_ZIP = message("This is not a zip archive that can be read. Make it again, as an ordinary zip.")
UNKNOWN = message(
    "“%(name)s” is not a file of a campaign. A campaign is a folder with "
    "campaign.toml, sentences.toml, findings.toml, safety.toml if it needs "
    "one, and a folder for each letter with letter.toml."
)
TOO_LARGE = message("The archive is larger than 5\u00a0MB. Keep only the files of the campaign.")
TOO_MANY_FIGURES = message("“%(name)s” has too many numbers: %(figures)s at most.")


class BadArchive(ValueError):
    """An archive that is refused whole; `message` says why and what to do."""

    def __init__(self, message: Message, name: str = "", **numbers: int) -> None:
        # A name is a stranger's, and perhaps made to mislead.
        printable = "".join(
            sign if unicodedata.category(sign)[0] not in "CZ" or sign == " " else "\ufffd" for sign in name
        )
        shown = printable if len(printable) <= 80 else f"{printable[:79]}…"
        spelled = {key: Wording.for_each(partial(format_number, one)) for key, one in numbers.items()}
        self.message = message.with_params(name=shown, **spelled)
        super().__init__(self.message.in_language(SOURCE))


def pack_campaigns(folders: Iterable[CampaignFolder]) -> bytes:
    """Return one zip of campaigns, each in a folder of its name: the same bytes for the same files, whenever made."""
    return zip_bytes(sorted((f"{folder.name}/{name}", content) for folder in folders for name, content in folder.files))


def unpack_campaigns(archive: bytes) -> Sequence[CampaignFolder]:
    """Read the campaigns of a zip, in memory; raise BadArchive for anything that a campaign is not.

    Hidden files, and the folder that macOS adds, are left out. Whether the files are good is for the checks to say.
    """
    if len(archive) > MAX_ARCHIVE_BYTES:
        raise BadArchive(TOO_LARGE)
    try:
        with ZipFile(BytesIO(archive)) as opened:
            files = _files(opened)
    except ZIP_ERRORS as error:
        if isinstance(error, BadArchive):
            raise
        raise BadArchive(NOT_A_ZIP) from None
    return _campaigns(files)


def _files(opened: ZipFile) -> Mapping[str, bytes]:
    entries = opened.infolist()
    if len(entries) > MAX_ENTRIES:
        raise BadArchive(
            message("The archive contains more than 200 files and folders. Export fewer campaigns at once.")
        )
    for entry in entries:
        _check_entry(entry)
    wanted = [
        entry
        for entry in entries
        if not entry.is_dir()
        and not any(part.startswith(".") or part == "__MACOSX" for part in entry.filename.split("/"))
    ]
    names: set[str] = set()
    for entry in wanted:
        if entry.filename.casefold() in names:
            raise BadArchive(message("“%(name)s” is in the archive twice. Keep one of the two."), entry.filename)
        names.add(entry.filename.casefold())
    files: dict[str, bytes] = {}
    for entry in wanted:
        files[entry.filename] = _content(opened, entry, left=MAX_UNPACKED_BYTES - sum(map(len, files.values())))
    checked = (content for name, content in files.items() if name.rsplit("/", 1)[-1] not in LARGER_FILES)
    if sum(len(content.decode("utf-8")) for content in checked) > MAX_TOTAL_CHARACTERS:
        raise BadArchive(
            message("The files have more than %(most)s characters together. Export fewer campaigns at once."),
            most=MAX_TOTAL_CHARACTERS,
        )
    return files


def _check_entry(entry: ZipInfo) -> None:
    name = entry.orig_filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    parts = name.removesuffix("/").split("/")
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise BadArchive(
            message("“%(name)s” is a link or a device, not a file. Put the file itself into the archive."), name
        )
    if "\\" in name or ":" in name or not NAME.fullmatch(name) or {"", ".", ".."} & set(parts):
        raise BadArchive(
            message(
                "“%(name)s” is outside the archive’s folder, or its name has characters that are not allowed here."
            ),
            name,
        )
    if entry.flag_bits & ENCRYPTED:
        raise BadArchive(message("The archive is protected by a password. Make it again without one."))
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise BadArchive(NOT_A_ZIP)


def _content(opened: ZipFile, entry: ZipInfo, *, left: int) -> bytes:
    """Read one file, never more of it than is allowed, whatever the archive says of its size."""
    name, file_name = entry.filename, entry.filename.rsplit("/", 1)[-1]
    most = min(left, LARGER_FILES.get(file_name, MAX_FILE_BYTES))
    if file_name not in KNOWN_FILES | {NOTES}:
        raise BadArchive(UNKNOWN, name)
    if entry.file_size > max(SMALL_BYTES, MAX_RATIO * entry.compress_size):
        raise BadArchive(message("“%(name)s” becomes more than a hundred times larger when unpacked. Remove it."), name)
    with opened.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BadArchive(
            message("The archive is too large once unpacked: 2\u00a0MB at most, 256\u00a0KB for “%(name)s”."), name
        )
    if file_name in LARGER_FILES:
        picture = read_picture(content) if file_name in PICTURE_FILES else None
        if file_name in PICTURE_FILES and picture is None:
            raise BadArchive(UNKNOWN, name)
        return picture.content if picture else content
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise BadArchive(message("“%(name)s” is not text in UTF-8. Save it as UTF-8."), name) from None
    _check_size(name, text)
    return content


def _campaigns(files: Mapping[str, bytes]) -> Sequence[CampaignFolder]:
    # Somebody may have packed the whole folder of letters: then everything is in one folder more.
    own = {f"{LETTERS}/{name}" for name in OWN_DOCUMENTS}
    is_nested = all(name.startswith(f"{LETTERS}/") for name in files) and not own & set(files)
    outer = f"{LETTERS}/" if is_nested else ""
    campaigns: dict[str, dict[str, bytes]] = {}
    for name, content in files.items():
        campaign, _, file = name.removeprefix(outer).partition("/")
        if campaign == NOTES and not file:
            continue
        if not file or file.count("/") > 1 or file.rsplit("/", 1)[-1] not in KNOWN_FILES:
            raise BadArchive(UNKNOWN, name)
        campaigns.setdefault(campaign, {})[file] = content
    if not campaigns:
        raise BadArchive(message("There is no campaign in this archive."))
    return [CampaignFolder.of(name, documents) for name, documents in sorted(campaigns.items())]


def _check_size(name: str, text: str) -> None:
    """Raise BadArchive for a file that is longer, has more numbers or is nested deeper than any of its kind."""
    file = name.rsplit("/", 1)[-1]
    most = MAX_CHARACTERS_OF.get(file, MAX_TOTAL_CHARACTERS)
    if len(text) > most:
        raise BadArchive(message("“%(name)s” is too long: %(most)s characters at most."), name, most=most)
    if file in MAX_CHARACTERS_OF and file != FINDINGS and len(_FIGURE.findall(text)) > MAX_FIGURES:
        raise BadArchive(TOO_MANY_FIGURES, name, figures=MAX_FIGURES)
    if file.endswith(".toml") and _DEEP_NAME.search(text):
        raise BadArchive(message("“%(name)s” is nested too deeply. Write it as in an exported campaign."), name)
