"""Both forms of a mail hold the same words, whatever was typed into it."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from advocacy import shipped_folder
from advocacy.campaigns.letter_text import Piece
from advocacy.exports.text import PREFIXES, to_body
from advocacy.language import Language
from advocacy.letters.letter import Kind, RenderedParagraph
from advocacy.letters.mail_pages import LEGEND, MailPages, Notice, safe_name
from tests.citizens import written_to

EN, FR = Language.EN, Language.FR
PAGES = MailPages(shipped_folder("templates") / "mail", to_body)
HOSTILE = '<script>alert("x")</script> {{ 7 * 7 }} & {% raw %}'
NOTICE = Notice(
    language=EN,
    subject="What <became> of it",
    before=(HOSTILE, "Two."),
    items=("first", "second"),
    about=("Campaign of ours", "Request of theirs"),
    button="See",
    link="https://letters.example.ca/en/receipt/x",
    after=("Three.",),
    footer=("Organiser", "contact@example.ca"),
)


def words_of(html: str) -> list[str]:
    body = BeautifulSoup(html, "html.parser").body
    assert body is not None
    return body.get_text(" ").split()


@pytest.mark.parametrize("language", Language)
def test_a_letter_says_the_same_in_both_forms(language: Language) -> None:
    letter = written_to("mp-1", language)
    listed = (
        RenderedParagraph(Kind.BULLET, (Piece("One point", ""), Piece(HOSTILE, "reason"))),
        RenderedParagraph(Kind.BULLET, (Piece("Another", ""),)),
        RenderedParagraph(Kind.QUOTATION, (Piece("As they said", ""),)),
    )
    letter = replace(letter, paragraphs=(*letter.paragraphs, *listed), words_language=EN)
    text, html = PAGES.letter(letter)
    assert text == to_body(letter)
    joined = "".join("".join(words_of(html)).split(PREFIXES[Kind.BULLET].strip()))
    joined = joined.replace("".join(LEGEND.in_language(language).split()), "")
    assert joined == "".join(text.replace(PREFIXES[Kind.BULLET].strip(), "").split())
    soup = BeautifulSoup(html, "html.parser")
    assert [len(ul("li")) for ul in soup("ul")] == [2]
    assert soup("script") == []
    assert soup.html is not None
    assert soup.html["lang"] == language.value


def test_own_words_in_another_language_are_marked() -> None:
    letter = written_to("mp-1", FR)
    _, html = PAGES.letter(letter)
    marked = [span["lang"] for span in BeautifulSoup(html, "html.parser")("span", lang=True)]
    assert letter.words_language is EN
    assert set(marked) == {"en"}


def test_own_words_are_marked_by_a_line_and_the_campaigns_are_not() -> None:
    mixed = RenderedParagraph(Kind.PARAGRAPH, (Piece("Our words, then ", ""), Piece("mine", "reason"), Piece(".", "")))
    own = RenderedParagraph(Kind.PARAGRAPH, (Piece("All of this is mine.", "reason"),))
    listed = RenderedParagraph(Kind.BULLET, (Piece("My point", "on-sheet"),))
    ours = RenderedParagraph(Kind.PARAGRAPH, (Piece("All of this is theirs.", ""),))
    letter = replace(written_to("mp-1", EN), paragraphs=(mixed, own, listed, ours))
    _, html = PAGES.letter(letter)
    soup = BeautifulSoup(html, "html.parser")
    underlined = [one.text for one in soup("span") if "text-decoration:underline" in str(one["style"])]
    ruled = [one.text for one in soup("p") if "border-left" in str(one["style"])]
    assert underlined == ["mine", "My point"]
    assert ruled == ["All of this is mine.", LEGEND.in_language(EN)]


@pytest.mark.parametrize("language", Language)
def test_a_letter_ends_with_the_address_at_which_it_is_verified(language: Language) -> None:
    letter = replace(written_to("mp-1", language), verification="https://letters.example.ca/v/7K3M9-QXDH2")
    text, html = PAGES.letter(letter, footer="Sent through a site.")
    line = letter.verification_line
    assert line.endswith("letters.example.ca/v/7K3M9-QXDH2")
    assert text.endswith(f"\n\n{line}\n\n-- \nSent through a site.\n")
    [link] = BeautifulSoup(html, "html.parser")("a")
    assert link["href"] == letter.verification
    assert link.parent is not None
    assert link.parent.text == line


def test_a_notice_says_the_same_in_both_forms() -> None:
    _, text, html = PAGES.notice(NOTICE)
    assert HOSTILE in text
    assert BeautifulSoup(html, "html.parser")("script") == []
    said = [word for word in text.split() if word not in {"-", "--"}]
    assert sorted(set(words_of(html))) == sorted({*said, *["Or", "copy", "this", "link", "into", "your", "browser:"]})


def test_what_a_notice_is_about_stands_before_its_link_on_lines_of_its_own() -> None:
    _, text, html = PAGES.notice(NOTICE)
    assert "- second\n\nCampaign of ours\nRequest of theirs\n\nSee\nhttps://" in text
    assert html.index("Campaign of ours<br>Request of theirs") < html.index("https://")


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("Camille Essai", "Camille Essai"),
        ("Anne-Marie O’Neil-D'Arcy, Ph.D.", "Anne-Marie O’Neil-D'Arcy, Ph. D."),
        ("José Ñuñez", "José Ñuñez"),
        ("नेहा शर्मा", "नेहा शर्मा"),
        ("J.-P. Roy", "J.-P. Roy"),
        ("see evil.com now", "see evil. com now"),
        ("https://evil.example/a?b=1", "https evil. example a b"),
        ("me@evil.example", "me evil. example"),
        ("a\r\nBcc: b", "a Bcc b"),
        ("call 555-1234", "call -"),
        ("\u202egnp", "gnp"),
        ("", ""),
        ("A" * 61, "A" * 60),
    ],
)
def test_a_name_is_made_safe(typed: str, safe: str) -> None:
    assert safe_name(typed) == safe
