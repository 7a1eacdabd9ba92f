"""Letters as one page that stands alone, to be printed: a sheet of paper each, and nothing fetched from anywhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

from advocacy.exports.format import ExportOptions, title_of_several
from advocacy.exports.letter_parts import Part, Passage, Role, parts_on_paper
from advocacy.exports.page_layout import LAYOUTS, LINE, NEWSREADER, layout_of
from advocacy.exports.text import writable
from advocacy.language import Language
from advocacy.letters.letter import Letter

PAGE = Markup("""\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{letters}
</body>
</html>
""")
STYLE = Markup("""\
html { background: #fff; color: #000; }
body { margin: 0; font: 12pt/1.3 Newsreader, Cambria, Georgia, "Liberation Serif", serif; }
article { max-width: 6.3in; margin: 0 auto; overflow-wrap: anywhere; }
article + article { break-before: page; }
p, h1, ul, blockquote { margin: 0 0 var(--gap); }
p, h1, li { white-space: pre-wrap; orphans: 2; widows: 2; }
h1 { font-size: 1em; break-after: avoid; }
.date { margin-bottom: 1.3em; }
ul { padding-left: 1.4em; }
blockquote { padding-left: 1.8em; }
.closing { margin-bottom: 50pt; break-after: avoid; }
.sender, .source { break-inside: avoid; }
.source { margin: 1.3em 0 0; border-top: 1px solid #999; padding-top: 0.6em; font-size: 9pt; }
@media screen { body { padding: 2em 1.2em; font-size: 13pt; --gap: 0.91em; } article + article { margin-top: 4em; } }
""")
LAYOUT = Markup("""\
@page layout-{place} {{ size: letter; margin: {layout.top}in {layout.sides}in {layout.bottom}in; }}
@media print {{ .layout-{place} {{ page: layout-{place}; font-size: {layout.size}pt; --gap: {gap:.2f}em; }} }}
""")
TAGS: Mapping[Role, Markup] = {
    Role.SUBJECT: Markup("<h1>{words}</h1>"),
    Role.BULLET: Markup("<li>{words}</li>"),
    Role.QUOTATION: Markup("<blockquote><p>{words}</p></blockquote>"),
}
OTHERS = Markup('<p class="{role}">{words}</p>')


def to_html(letters: Sequence[Letter], _wishes: ExportOptions) -> bytes:
    """Return one or more letters as an HTML document in UTF-8, every passage marked with its language."""
    first = letters[0]
    title = first.subject if len(letters) == 1 else title_of_several(letters)
    page = PAGE.format(
        language=first.language.value,
        title=writable(title),
        style=STYLE + Markup("").join(_layouts()),
        letters=Markup("\n").join(map(_letter, letters)),
    )
    return page.encode()


def _letter(letter: Letter) -> Markup:
    written = Markup("\n").join(_blocks(parts_on_paper(letter), letter.language))
    layout = layout_of(parts_on_paper(letter), NEWSREADER, date_below=True)
    return Markup('<article class="layout-{}" lang="{}">\n{}\n</article>').format(
        layout, letter.language.value, written
    )


def _layouts() -> Iterator[Markup]:
    """Return the pages and sizes that letters are printed in."""
    for place, layout in enumerate(LAYOUTS):
        yield LAYOUT.format(place=place, layout=layout, gap=layout.gap * LINE)


def _blocks(shown: Iterable[Part], language: Language) -> Iterator[Markup]:
    """Return every part as an element, the items of a list in one."""
    for role, alike in groupby(shown, key=lambda part: part.role):
        elements = [_element(part, language) for part in alike]
        if role is Role.BULLET:
            yield Markup("<ul>\n{}\n</ul>").format(Markup("\n").join(elements))
        else:
            yield from elements


def _element(part: Part, language: Language) -> Markup:
    lines = (Markup("").join(_passage(passage, language) for passage in line) for line in part.lines)
    return TAGS.get(part.role, OTHERS).format(role=part.role.value, words=Markup("<br>").join(lines))


def _passage(passage: Passage, language: Language) -> Markup:
    text = Markup.escape(writable(passage.text))
    if passage.language is language:
        return text
    return Markup('<span lang="{}">{}</span>').format(passage.language.value, text)
