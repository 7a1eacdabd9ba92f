"""What the checks of a text know of each language, read from writing_rules.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from advocacy.language import Language


def writing_rules(language: Language) -> Mapping[str, Any]:
    """Return a language's typography and words for a bill's stages."""
    rules: Mapping[str, Any] = _all_rules()[language]
    return rules


@cache
def _all_rules() -> Mapping[str, Any]:
    return tomllib.loads((files("advocacy.campaigns.checks") / "writing_rules.toml").read_text("utf-8"))
