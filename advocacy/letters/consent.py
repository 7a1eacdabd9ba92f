"""The words a citizen agrees to before anything is sent, by version: whoever changes them gives them another one."""

from collections.abc import Mapping, Sequence

from advocacy.language import Language, Wording

CONSENT = "2026-11"
"""The version the site asks for now."""
TO_ONE, TO_SEVERAL = "one", "several"
WORDS: Mapping[str, Mapping[str, Wording]] = {
    "2026-11": {
        TO_ONE: Wording.of(
            en="I agree that my name, my municipality, my postal code and my e-mail address be used to send this "
            "letter to {names}. Their staff will see them.",
            fr="J’accepte que mon nom, ma municipalité, mon code postal et mon adresse courriel servent à envoyer "
            "cette lettre à {names}. Son équipe les verra.",
        ),
        TO_SEVERAL: Wording.of(
            en="I agree that my name, my municipality, my postal code and my e-mail address be used to send these "
            "letters to {names}. Their staff will see them.",
            fr="J’accepte que mon nom, ma municipalité, mon code postal et mon adresse courriel servent à envoyer "
            "ces lettres à {names}. Leurs équipes les verront.",
        ),
    }
}
"""Every version anybody may have agreed to."""
AND = Wording.of(en="{first} and {last}", fr="{first} et {last}")


def agreed(version: str, names: Sequence[str], language: Language) -> str | None:
    """Give the words of a version, for letters to these people; None for a version that is not known."""
    words = WORDS.get(version)
    if words is None or not names:
        return None
    return words[TO_ONE if len(names) == 1 else TO_SEVERAL].spoken(language).format(names=_listed(names, language))


def _listed(names: Sequence[str], language: Language) -> str:
    *first, last = names
    return AND.spoken(language).format(first=", ".join(first), last=last) if first else last
