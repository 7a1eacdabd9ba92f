"""Campaigns go out as one zip, the same bytes for the same files, and come in as one that is trusted in nothing."""

import re
import stat
import zlib
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from advocacy.campaigns.folder import LETTER, OWN_DOCUMENTS, OWN_LIST, TEXTS, CampaignFolder
from advocacy.campaigns.pictures import FILES, MAX_BYTES, read_picture
from advocacy.exports.archive import zipped
from advocacy.exports.campaign_archive_bounds import refuse_what_is_too_long, refuse_what_no_campaign_holds
from advocacy.exports.campaign_archive_words import (
    A_BOMB,
    A_LINK,
    A_PATH,
    EMPTY,
    LOCKED,
    NO_ZIP,
    NOT_TEXT,
    TOO_LARGE,
    TOO_MANY,
    TOO_MUCH,
    TWICE,
    UNKNOWN,
    BadArchive,
)

MEGABYTE = 1024 * 1024
MOST_BYTES, MOST_UNPACKED, MOST_OF_ONE = 5 * MEGABYTE, 6 * MEGABYTE, 256 * 1024
"""The most bytes of an archive, of all its files together once unpacked, and of one of them."""
MOST_ENTRIES, MOST_RATIO, SMALL = 200, 100, 64 * 1024
"""How many entries an archive may have, and how many times smaller a file above `SMALL` bytes may have become."""
ENCRYPTED = 0x1
NAME = re.compile(r"[\x20-\x7e]+")
LETTERS, NOTES = "letters", "README.md"
"""The folder of all campaigns, which may be the archive's first, and what explains them, which is no campaign's."""
KNOWN = frozenset({*OWN_DOCUMENTS, OWN_LIST, LETTER, *TEXTS.values()})
LARGER = {OWN_LIST: 2 * MEGABYTE, **dict.fromkeys(FILES, MAX_BYTES)}
"""The most bytes of files that can be larger."""
FAILURES = (BadZipFile, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError, zlib.error)
"""What reading a zip that somebody broke can end in."""


def packed(folders: Iterable[CampaignFolder]) -> bytes:
    """Give one zip of campaigns, each in a folder of its name: the same bytes for the same files, whenever made."""
    return zipped(sorted((f"{folder.name}/{name}", content) for folder in folders for name, content in folder.files))


def unpacked(archive: bytes) -> Sequence[CampaignFolder]:
    """Read the campaigns of a zip, in memory; raise BadArchive for anything that a campaign is not.

    Hidden files, and the folder that macOS adds, are left out. Whether the files are good is for the checks to say.
    """
    if len(archive) > MOST_BYTES:
        raise BadArchive(TOO_LARGE)
    try:
        with ZipFile(BytesIO(archive)) as opened:
            files = _files(opened)
    except FAILURES as error:
        if isinstance(error, BadArchive):
            raise
        raise BadArchive(NO_ZIP) from None
    return _campaigns(files)


def _files(opened: ZipFile) -> Mapping[str, bytes]:
    entries = opened.infolist()
    if len(entries) > MOST_ENTRIES:
        raise BadArchive(TOO_MANY)
    for entry in entries:
        _refuse_what_is_no_file(entry)
    wanted = [entry for entry in entries if not entry.is_dir() and not _hidden(entry.filename)]
    seen: set[str] = set()
    for entry in wanted:
        if entry.filename.casefold() in seen:
            raise BadArchive(TWICE, entry.filename)
        seen.add(entry.filename.casefold())
    files: dict[str, bytes] = {}
    for entry in wanted:
        files[entry.filename] = _content(opened, entry, left=MOST_UNPACKED - sum(map(len, files.values())))
    refuse_what_is_too_long([content for name, content in files.items() if name.rsplit("/", 1)[-1] not in LARGER])
    return files


def _refuse_what_is_no_file(entry: ZipInfo) -> None:
    name = entry.orig_filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    parts = name.removesuffix("/").split("/")
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise BadArchive(A_LINK, name)
    if "\\" in name or ":" in name or not NAME.fullmatch(name) or {"", ".", ".."} & set(parts):
        raise BadArchive(A_PATH, name)
    if entry.flag_bits & ENCRYPTED:
        raise BadArchive(LOCKED)
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise BadArchive(NO_ZIP)


def _hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _content(opened: ZipFile, entry: ZipInfo, *, left: int) -> bytes:
    """Read one file, never more of it than is allowed, whatever the archive says of its size."""
    name, file_name = entry.filename, entry.filename.rsplit("/", 1)[-1]
    most = min(left, LARGER.get(file_name, MOST_OF_ONE))
    if file_name not in KNOWN | {NOTES}:
        raise BadArchive(UNKNOWN, name)
    if entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size):
        raise BadArchive(A_BOMB, name)
    with opened.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BadArchive(TOO_MUCH, name)
    if file_name in LARGER:
        if file_name in FILES and read_picture(content) is None:
            raise BadArchive(UNKNOWN, name)
        return content
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise BadArchive(NOT_TEXT, name) from None
    refuse_what_no_campaign_holds(name, text)
    return content


def _campaigns(files: Mapping[str, bytes]) -> Sequence[CampaignFolder]:
    outer = f"{LETTERS}/" if _are_of_all_letters(files) else ""
    campaigns: dict[str, dict[str, bytes]] = {}
    for name, content in files.items():
        campaign, _, file = name.removeprefix(outer).partition("/")
        if campaign == NOTES and not file:
            continue
        if not file or file.count("/") > 1 or file.rsplit("/", 1)[-1] not in KNOWN:
            raise BadArchive(UNKNOWN, name)
        campaigns.setdefault(campaign, {})[file] = content
    if not campaigns:
        raise BadArchive(EMPTY)
    return [CampaignFolder.of(name, held) for name, held in sorted(campaigns.items())]


def _are_of_all_letters(files: Mapping[str, bytes]) -> bool:
    """Tell whether all stands in one folder more, as when somebody packs the whole folder of letters."""
    own = {f"{LETTERS}/{name}" for name in OWN_DOCUMENTS}
    return all(name.startswith(f"{LETTERS}/") for name in files) and not own & set(files)
