"""A page to print holds the letters alone: word for word, each passage in its language, and it fetches nothing."""

import re
from itertools import groupby

import html5lib
import pytest
from bs4 import BeautifulSoup, Tag

from advocacy.campaigns.letter_text import Kind
from advocacy.exports.format import ExportOptions
from advocacy.exports.html import to_html
from advocacy.exports.letter_parts import Role, letter_parts
from advocacy.language import Language
from advocacy.letters.letter import Letter
from tests.builders import TODAY
from tests.unit.exports.golden import a_letter, everything, signed_by, spoken

ELEMENTS = {
    Role.SUBJECT: "h1",
    Role.BULLET: "li",
    Role.QUOTATION: "blockquote p",
}


def made(*letters: Letter) -> str:
    return to_html(letters, ExportOptions(TODAY)).decode()


def opened(*letters: Letter) -> BeautifulSoup:
    return BeautifulSoup(made(*letters), "html5lib")


def shown(article: Tag) -> list[Tag]:
    """Return the elements that hold words, in their order."""
    return list(article.select("p, h1, li"))


def text(element: Tag) -> str:
    for line_break in element.select("br"):
        line_break.replace_with("\n")
    return element.get_text()


def language_of(element: Tag) -> str:
    holder = element if element.has_attr("lang") else element.find_parent(lang=True)
    assert isinstance(holder, Tag)
    return str(holder["lang"])


@pytest.mark.parametrize("letter", everything().values(), ids=list(everything()))
def test_every_part_is_an_element_word_for_word_in_order_and_every_passage_in_its_language(letter: Letter) -> None:
    html5lib.HTMLParser(strict=True).parse(made(letter))
    [article] = opened(letter).select("article")
    found = [
        one for one in article.find_all(string=True) if one.parent and one.parent.name in {*["p", "h1", "li", "span"]}
    ]
    passages = [
        ("".join(passage.text for passage in passages), language)
        for part in letter_parts(letter)
        for line in part.lines
        for language, passages in groupby(line, key=lambda passage: passage.language)
    ]
    assert [(str(one), language_of(one.parent)) for one in found if one.parent] == passages
    parts = list(letter_parts(letter))
    assert [text(element) for element in shown(article)] == [part.text for part in parts]
    selectors = [ELEMENTS.get(part.role, f"p.{part.role}") for part in parts]
    selected = {selector: {id(element) for element in article.select(selector)} for selector in set(selectors)}
    assert all(id(one) in selected[selector] for one, selector in zip(shown(article), selectors, strict=True))


def test_several_letters_are_an_article_each_in_their_languages() -> None:
    page = opened(a_letter(), a_letter(Language.EN))
    assert [one["lang"] for one in page.select("article")] == ["fr", "en"]
    assert page.title is not None
    assert page.title.string == "2 lettres"
    assert "article + article { break-before: page; }" in made(a_letter())


def test_one_letter_is_titled_by_its_subject() -> None:
    page = opened(a_letter())
    assert page.title is not None
    assert page.title.string == a_letter().subject
    assert [one["lang"] for one in page.select("html")] == ["fr"]


def test_it_runs_nothing_and_fetches_nothing() -> None:
    page = opened(
        a_letter(sender=signed_by("<script src=//x.example></script><img src=x onerror=y>", city="javascript:x"))
    )
    assert not page.select("script, img, link, iframe, a, form, object, embed, [src], [href], [style]")
    assert not [name for tag in page.select("*") for name in tag.attrs if name.startswith("on")]
    assert not re.search(r"url\(|@import|://", made(a_letter()))
    [policy] = page.select("meta[http-equiv=Content-Security-Policy]")
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_words_that_look_like_markup_are_words() -> None:
    words = "</title></style><b>{0} {letters} &amp; &lt;"
    page = opened(a_letter(subject=words, paragraphs=(spoken(Kind.PARAGRAPH, words, "reason"),)))
    assert page.title is not None
    assert page.title.string == words
    assert [one.text for one in page.select("h1, .paragraph")] == [words, words]
