"""What is typed comes out as a reader sees it, whatever it was typed with."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.letters.text_cleaning import INVISIBLE, MARKS_IN_A_ROW, clean

# Format characters that are seen: signs that stand around the numbers of Arabic, Syriac and Kaithi.
SEEN_THOUGH_FORMAT = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
JUDGED_APART = {*map(ord, "\t\n\v\f\r\x85\u200c\u200d")}

awkward = st.text(
    st.sampled_from(
        "ae\u0301\u0302\u0327\u200c\u200d\u200b\u034f\ufe0f \u00a0\t\n\r\u2028\u093f\u094d\u0915می❤🏽👩\u1100\u1161\u11a8\ud800"
    )
    | st.characters(),
    max_size=40,
)

NAMES = [
    "Zoë Nuñez-Peña",
    "François Lefèvre",
    "Siobhán O’Connor",
    "Nguyễn Thị Hồng",
    "Þórður Ægisson",
    "kʷənəq̓",
    "x̱ʷənaʔəl̓",
    "ᐃᓄᒃᑎᑐᑦ",
    "می\u200cخواهم",
    "نرگس علی\u200cپور",
    "ശ്രീ",
    "അവന്\u200d",
    "ක්\u200dරිස්තෝපර්",
    "र्\u200dय",
    "ভ্লাদিমির",
    "བཀྲ་ཤིས",
    "שָׁלוֹם",
    "ဇော်ဝင်း",
    "김민준",
    "李小龍",
    "Ольга Їжак",
]

# typed, as one line, as many lines
CLEANED = [
    ("e\u0301cole", "école", "école"),
    ("a\u200bb\u2060c\ufeff", "abc", "abc"),
    ("\u202eabc\u202c \u2066x\u2069 \u200ey\u200f", "abc x y", "abc x y"),
    ("a\U000e0041\U000e0062\U000e007fb", "ab", "ab"),
    ("a\ud800b\udfffc", "abc", "abc"),
    ("a\x00b\x07c\x1bd\x7fe\x9b", "abcde", "abcde"),
    ("a\ue000b\U000f0000c\U0010fffd", "abc", "abc"),
    ("a\ufdd0b\uffffc\U0001fffed", "abcd", "abcd"),
    ("so\u00adft", "soft", "soft"),
    ("heart ❤\ufe0f", "heart ❤", "heart ❤"),
    ("\u3164\u115f\u2800", "", ""),
    ("a\u034f\u0301", "á", "á"),
    ("a\u200db\u200cc", "abc", "abc"),
    ("👩\u200d👧", "👩\u200d👧", "👩\u200d👧"),
    ("👩🏽\u200d⚕\ufe0f", "👩🏽\u200d⚕", "👩🏽\u200d⚕"),
    ("👩\u200d", "👩", "👩"),
    ("\u200d\u200c", "", ""),
    ("می\u200c\u200c\u200dخواهم", "می\u200cخواهم", "می\u200cخواهم"),
    ("می\u200c خواهم", "می خواهم", "می خواهم"),
    ("\u0301a \u0302b", "a b", "a b"),
    ("one\ttwo", "one two", "one two"),
    ("  a  b  ", "a  b", "a  b"),
    ("a\r\nb\rc\nd", "a b c d", "a\nb\nc\nd"),
    ("a\u2028b\u2029c\x85d\ve\ff", "a b c d e f", "a\nb\nc\nd\ne\nf"),
    ("a  \n\t\n \n\n\nb", "a b", "a\n\nb"),
    ("\n\n a\n\n", "a", "a"),
    ("a\u00a0\nb\u3000", "a b", "a\nb"),
    ("  a\n    b", "a b", "a\n    b"),
    ("95\u00a0%", "95\u00a0%", "95\u00a0%"),
    ("« Assez », 3 ½ km²", "« Assez », 3 ½ km²", "« Assez », 3 ½ km²"),
    ("", "", ""),
    (" \n ", "", ""),
]


@pytest.mark.parametrize(("typed", "line", "lines"), CLEANED)
def test_what_hides_goes_and_what_is_read_stays(typed: str, line: str, lines: str) -> None:
    assert clean(typed, lines=False) == line
    assert clean(typed, lines=True) == lines


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script_stay_as_they_are(name: str) -> None:
    composed = unicodedata.normalize("NFC", name)
    assert clean(name, lines=False) == composed
    assert clean(unicodedata.normalize("NFD", name), lines=False) == composed


def test_a_tower_of_accents_is_cut_down() -> None:
    tower = "Z" + "\u0335\u0321\u031b\u0300\u0301\u0302\u0303\u0304\u0305\u0306" * 50
    assert clean(f"{tower}a", lines=False) == clean(tower, lines=False) + "a"
    assert len(clean(tower, lines=False)) == 1 + MARKS_IN_A_ROW


def test_every_character_that_shows_nothing_is_listed() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs") and code not in SEEN_THOUGH_FORMAT | JUDGED_APART:
            assert INVISIBLE.match(char), hex(code)


def test_nothing_that_is_read_is_listed_as_showing_nothing() -> None:
    fillers = {0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5, 0x2800, 0xFFFC}
    for code in range(sys.maxunicode + 1):
        if INVISIBLE.match(chr(code)) and code not in fillers:
            name = unicodedata.name(chr(code), "")
            assert unicodedata.category(chr(code))[0] == "C" or "VARIATION SELECTOR" in name or "JOINER" in name, hex(
                code
            )


@given(awkward, st.booleans())
def test_cleaning_twice_is_cleaning_once(text: str, lines: bool) -> None:
    once = clean(text, lines=lines)
    assert clean(once, lines=lines) == once


@given(awkward)
def test_what_comes_out_is_nfc_encodable_and_free_of_breaks(text: str) -> None:
    line, many = clean(text, lines=False), clean(text, lines=True)
    for out in (line, many):
        assert unicodedata.is_normalized("NFC", out)
        assert out.encode("utf-8") or not out
        assert out == out.strip()
        assert not INVISIBLE.search(out)
    assert len(line.splitlines()) <= 1
    assert many.splitlines() == (many.split("\n") if many else [])
    assert "\n\n\n" not in many
    assert all(row == row.rstrip() for row in many.split("\n"))
