"""A sentence with its blanks filled, in every language at once."""

from advocacy.language import Language, Wording


def filled(sentence: Wording, **blanks: object) -> Wording:
    """Put values into the `{blanks}` of a sentence; one that is itself a wording is spoken in each language."""
    return Wording({language: _in(sentence, language, blanks) for language in Language})


def _in(sentence: Wording, language: Language, blanks: dict[str, object]) -> str:
    spoken = {name: text.spoken(language) if isinstance(text, Wording) else text for name, text in blanks.items()}
    return sentence.spoken(language).format(**spoken)
