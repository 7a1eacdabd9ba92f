"""The names and files of a new campaign or letter, and the shipped campaigns that one can begin with."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from advocacy import PACKAGE, shipped_folder
from advocacy.campaigns.campaign_folder import CAMPAIGN, LETTER, CampaignFolder, campaign_folders, read_folder
from advocacy.campaigns.checks.campaign_check import MAX_NAME_LENGTH
from advocacy.campaigns.toml_text import edit_toml, format_toml
from advocacy.language import Language, Wording, fold
from advocacy.problems import KeyPath

SKELETON = PACKAGE / "campaigns" / "skeleton" / LETTER
KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


def new_name(title: str, taken: Collection[str]) -> str:
    """Return a name for addresses, made of a title; another than those taken."""
    stem = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[: MAX_NAME_LENGTH - 4].strip("-") or "campaign"
    return next(name for name in (stem, *(f"{stem}-{number}" for number in range(2, 1000))) if name not in taken)


def new_key(label: str, taken: Collection[str]) -> str:
    """Return a key made of a label; another than those taken."""
    stem = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:40] or "answer"
    stem = stem if stem[0].isalpha() else f"n_{stem}"
    return next(key for key in (stem, *(f"{stem}_{number}" for number in range(2, 10_000))) if key not in taken)


def add_missing_keys(rows: Sequence[dict[str, Any]], label: str) -> None:
    """Add a key to each table that has none, made of its `label`, in the first language that has it."""
    taken = {row.get("key", "") for row in rows}
    for row in rows:
        texts = row.get(label) or {}
        row["key"] = row.get("key") or new_key(next((texts[one] for one in Language if texts.get(one)), ""), taken)
        taken.add(row["key"])


def blank_campaign(title: Wording, ask: Wording) -> Mapping[str, bytes]:
    """Return the files of a campaign with its name and its ask, which writes to the House of Commons."""
    return {CAMPAIGN: format_toml({"name": title, "ask": ask, "chambers": ["house-of-commons"]}).encode()}


def blank_letter(name: str, title: Wording, ask: Wording, *, place: int) -> Mapping[str, bytes]:
    """Return the files of a letter each section of which says what is to be written there."""
    values: Mapping[KeyPath, object] = {("title",): title, ("ask",): ask, ("place",): place}
    return {f"{name}/{LETTER}": edit_toml(SKELETON.read_bytes(), values)}


def with_name(folder: CampaignFolder, name: Wording) -> CampaignFolder:
    """Return a campaign with another name, open at any time."""
    content = edit_toml(folder.content(CAMPAIGN) or b"", {("name",): name, ("opens",): None, ("closes",): None})
    return CampaignFolder.of(folder.name, {**dict(folder.files), CAMPAIGN: content})


@lru_cache(maxsize=1)
def presets() -> Mapping[str, CampaignFolder]:
    """Return the campaigns that ship with the software, by their names: each can be the start of another."""
    roots = (shipped_folder(), PACKAGE / "demo")
    return {path.name: read_folder(path) for root in roots for path in campaign_folders(root)}
