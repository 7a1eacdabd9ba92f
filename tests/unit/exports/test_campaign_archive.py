"""A zip of campaigns is the same bytes for the same files, and one that is no such thing is refused with a reason."""

import stat
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from advocacy import shipped_folder
from advocacy.campaigns.campaign_folder import CampaignFolder, read_folders
from advocacy.exports import campaign_archive as archives
from advocacy.exports.campaign_archive import MAX_TOTAL_CHARACTERS, BadArchive, pack_campaigns, unpack_campaigns
from advocacy.language import Language
from tests.campaign_files import CAMPAIGN, NAME, campaign

TOML = f"{NAME}/campaign.toml"


def zip_bytes(*files: tuple[str | ZipInfo, bytes], compression: int = ZIP_DEFLATED) -> bytes:
    """Return a zip of whatever is asked for."""
    held = BytesIO()
    with ZipFile(held, "w", compression) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return held.getvalue()


def good(more: tuple[str | ZipInfo, bytes] | None = None) -> bytes:
    """Return a zip that can be read, with one file more."""
    return zip_bytes((TOML, CAMPAIGN.encode()), *([more] if more else []))


def encrypted() -> bytes:
    """Return a zip that says its file is behind a password."""
    whole = bytearray(good())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + place] |= 1
    return bytes(whole)


def link() -> ZipInfo:
    """Return an entry that is a symbolic link."""
    entry = ZipInfo(f"{NAME}/findings.toml")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


def lying() -> bytes:
    """Return a zip whose file is larger than the zip says."""
    content = b"# " + b"x" * 200_000 + b"\n"
    whole = bytearray(zip_bytes((TOML, content)))
    size, claimed = len(content).to_bytes(4, "little"), (50).to_bytes(4, "little")
    return bytes(whole).replace(size, claimed)


def cut() -> bytes:
    """Return a zip whose file was damaged on its way."""
    whole = bytearray(good())
    whole[60] ^= 0xFF
    return bytes(whole)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"PK, but no more", "not a zip archive"),
    "empty": (lambda: b"", "not a zip archive"),
    "cut off": (lambda: good()[:-30], "not a zip archive"),
    "damaged": (cut, "not a zip archive"),
    "lying about a size": (lying, "not a zip archive"),
    "another compression": (lambda: zip_bytes((TOML, b"x"), compression=ZIP_BZIP2), "not a zip archive"),
    "over 5 MB": (lambda: b"PK\x03\x04" + bytes(archives.MAX_ARCHIVE_BYTES), "larger than 5"),
    "201 entries": (lambda: zip_bytes(*((f"c/l{at}/letter.toml", b"x") for at in range(201))), "more than 200"),
    "a folder above": (lambda: good(("../campaign.toml", b"x")), "“../campaign.toml” is outside"),
    "a folder above, within": (lambda: good((f"{NAME}/../../letter.toml", b"x")), "is outside"),
    "an absolute path": (lambda: good(("/etc/campaign.toml", b"x")), "is outside"),
    "a drive": (lambda: good(("C:/campaign.toml", b"x")), "is outside"),
    "a backslash": (lambda: good((f"{NAME}\\findings.toml", b"x")), "is outside"),
    "a name not in ASCII": (lambda: good((f"{NAME}/été/letter.toml", b"x")), "is outside"),
    "a name with a line's end": (lambda: good((f"{NAME}/a\nb/letter.toml", b"x")), "“open-libraries/a�b/letter.toml”"),
    "a link": (lambda: good((link(), b"/etc/passwd")), "is a link or a device"),
    "a password": (encrypted, "protected by a password"),
    "a zip inside": (
        lambda: good((f"{NAME}/more.zip", good())),
        "“open-libraries/more.zip” is not a file of a campaign",
    ),
    "a file of another kind": (lambda: good((f"{NAME}/page.html", b"<p>")), "is not a file of a campaign"),
    "too deep": (lambda: good((f"{NAME}/a/b/letter.toml", b"x")), "is not a file of a campaign"),
    "no folder": (lambda: zip_bytes(("campaign.toml", CAMPAIGN.encode())), "is not a file of a campaign"),
    "a bomb": (lambda: good((f"{NAME}/findings.toml", b"#" * 200_000)), "a hundred times larger"),
    "a file too large": (
        lambda: zip_bytes((TOML, b"x" * (archives.MAX_FILE_BYTES + 1)), compression=ZIP_STORED),
        "too large once unpacked",
    ),
    "a text longer than any letter": (
        lambda: good((f"{NAME}/l/letter.toml", b"a b " * 15_001)),
        "60,000 characters at most",
    ),
    "too many numbers": (lambda: good((f"{NAME}/l/letter.toml", b"1 " * 301)), "too many numbers: 300 at most"),
    "names inside names": (lambda: good((f"{NAME}/findings.toml", b"a." * 11 + b"a = 1")), "nested too deeply"),
    "the same twice": (lambda: good((TOML, b"x")), "is in the archive twice"),
    "the same twice, in capitals": (lambda: good((f"{NAME.upper()}/campaign.toml", b"x")), "is in the archive twice"),
    "no UTF-8": (lambda: good((f"{NAME}/findings.toml", "é".encode("latin-1"))), "is not text in UTF-8"),
    "nothing of ours": (lambda: zip_bytes((".DS_Store", b"x"), ("README.md", b"x")), "no campaign in this archive"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_archive_is_refused_with_a_reason(kind: str) -> None:
    make, reason = BAD[kind]
    with pytest.raises(BadArchive) as refused:
        unpack_campaigns(make())
    assert reason in refused.value.message.in_language(Language.EN)
    assert refused.value.message.in_language(Language.FR) != refused.value.message.in_language(Language.EN)


def test_all_files_together_have_a_limit() -> None:
    text = b"a b " * 4_500
    whole = zip_bytes(
        *((f"{NAME}/letter-{at}/letter.toml", text) for at in range(MAX_TOTAL_CHARACTERS // len(text) + 1))
    )
    with pytest.raises(BadArchive, match="more than 500,000 characters together"):
        unpack_campaigns(whole)


def test_what_goes_out_comes_in_to_the_byte_and_goes_out_the_same() -> None:
    folders = [*read_folders(shipped_folder()), CampaignFolder.of(NAME, {"campaign.toml": b"\xef\xbb\xbfa = 1\r\n"})]
    archive = pack_campaigns(folders)
    assert unpack_campaigns(archive) == sorted(folders, key=lambda folder: folder.name)
    assert pack_campaigns(reversed(folders)) == archive


def test_hidden_files_and_the_folder_of_all_letters_do_not_matter() -> None:
    archive = zip_bytes(
        (f"letters/{NAME}/campaign.toml", b"a = 1"),
        (f"letters/{NAME}/.DS_Store", b"\xff"),
        ("__MACOSX/._x", b"\xff"),
        ("letters/", b""),
        ("letters/README.md", b"# How"),
    )
    assert unpack_campaigns(archive) == [CampaignFolder.of(NAME, {"campaign.toml": b"a = 1"})]


def test_a_campaign_may_be_called_letters() -> None:
    folder = CampaignFolder.of("letters", {"campaign.toml": b"a = 1", "one/letter.toml": b"a = 1"})
    assert unpack_campaigns(pack_campaigns([folder])) == [folder]


def test_what_a_campaign_says_of_safety_goes_out_and_comes_in() -> None:
    folder = campaign({"safety.toml": "# Nothing yet.\n"})
    assert unpack_campaigns(pack_campaigns([folder])) == [folder]
