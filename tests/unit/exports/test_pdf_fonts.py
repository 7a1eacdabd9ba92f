"""Every script that ours can print prints on any machine; what no font has is named, and threads do not meet."""

import threading

import pytest

from advocacy.exports.format import CannotExport
from advocacy.language import Language
from advocacy.letters.letter import Kind
from tests.unit.exports.golden import a_letter, signed_by, spoken
from tests.unit.exports.pdfs import OURS, faces, made, opened, without_machine_fonts

SYLLABICS = "ᓄᓇᕗᑦ ᐃᓄᒃᑎᑐᑦ ᙀᙁ"
ARABIC = "محمد الأحمد"
EMOJI = "😀 👍 👩‍👩‍👧‍👦 🇨🇦 ❤ ✋🏿"
NOWHERE = "\U00016a40"  # a letter of the Mro script, which no font of ours has


@pytest.mark.parametrize(
    ("name", "face"),
    [
        (SYLLABICS, "NotoSansCanadianAboriginal-Regular"),
        (ARABIC, "DejaVuSans"),
        (EMOJI, "NotoEmoji-Regular"),
        ("Привет, Ψυχή, שלום", "LibertinusSerif-Regular"),
    ],
)
def test_other_scripts_are_printed_on_a_machine_without_fonts(
    name: str, face: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_machine_fonts(monkeypatch)
    letter = a_letter(sender=signed_by(name), paragraphs=(spoken(Kind.PARAGRAPH, name, "reason"),))
    pdf = made(letter)
    assert face in faces(pdf)
    assert faces(pdf) >= OURS


def test_arabic_runs_from_right_to_left() -> None:
    letter = a_letter(sender=signed_by("محمد"))
    with opened(made(letter)) as document:
        characters = [
            (char["c"], char["bbox"][0])
            for block in document[0].get_text("rawdict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            if span["font"].endswith("DejaVuSans")
            for char in span["chars"]
        ]
    assert len(characters) == len("محمد")
    places = dict(characters)
    assert places["د"] < places["ح"]


def test_characters_of_no_font_are_named_and_other_ways_out_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    without_machine_fonts(monkeypatch)
    letter = a_letter(sender=signed_by(f"A {NOWHERE}"), paragraphs=(spoken(Kind.PARAGRAPH, "王 A", "reason"),))
    with pytest.raises(CannotExport) as refused:
        made(letter)
    for language, offered in ((Language.EN, ("text", "Word", "print")), (Language.FR, ("texte", "Word", "imprimez"))):
        said = refused.value.message.in_language(language)
        assert f"王 (U+738B), {NOWHERE} (U+16A40)" in said
        assert all(word in said for word in offered)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_letters_of_many_threads_are_those_of_one() -> None:
    letters = [a_letter(sender=signed_by(f"Camille Essai {number}")) for number in range(12)]
    alone = [made(letter) for letter in letters]
    together: dict[int, bytes] = {}

    def make(start: int) -> None:
        for number in range(start, len(letters), 4):
            together[number] = made(letters[number])

    threads = [threading.Thread(target=make, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[number] for number in range(len(letters))] == alone
