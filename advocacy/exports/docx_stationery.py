"""The paper a letter in Word is written on: US Letter, a named style for each part, one language for what is added."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as LINK
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Inches

from advocacy.exports.docx_styles import FONT, SUBSTITUTE, TWIN, W, header, looks
from advocacy.exports.fitting import Layout
from advocacy.language import LOCALES, Language

LINKS = frozenset(
    {LINK.OFFICE_DOCUMENT, LINK.CORE_PROPERTIES, LINK.STYLES, LINK.SETTINGS, LINK.NUMBERING, LINK.FONT_TABLE}
)
"""What a letter's file holds; the rest of the library's own blank is of no use to one."""

DEFAULTS = """
<w:docDefaults {W}><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="Times New Roman"/>
<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="{tag}" w:eastAsia="{tag}" w:bidi="ar-SA"/>
</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>
</w:pPrDefault></w:docDefaults>"""
NORMAL = f"""
<w:style {W} w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>
<w:pPr><w:widowControl/></w:pPr></w:style>"""
LIST = """
<w:abstractNum {W} w:abstractNumId="{id}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>
<w:numFmt w:val="{kind}"/><w:pStyle w:val="{style}"/><w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>
<w:pPr><w:ind w:left="360" w:hanging="{hanging}"/></w:pPr></w:lvl></w:abstractNum>"""
LISTS = (
    LIST.format(W=W, id=1, kind="bullet", style="ListBullet", sign="•", hanging=240),
    LIST.format(W=W, id=2, kind="decimal", style="ListNumber", sign="%1.", hanging=360),
)
LIST_NUMBERS = tuple(f'<w:num {W} w:numId="{one}"><w:abstractNumId w:val="{one}"/></w:num>' for one in (1, 2))
TODAYS_WORD = f"""
<w:compat {W}><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
</w:compat>"""
FONTS = f"""\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts {W}><w:font w:name="{FONT}"><w:altName w:val="{TWIN}"/><w:panose1 w:val="02040503050406030204"/>
<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>
<w:font w:name="{TWIN}"><w:altName w:val="{SUBSTITUTE}"/><w:charset w:val="00"/><w:family w:val="roman"/>
<w:pitch w:val="variable"/></w:font></w:fonts>"""
"""Which font stands in for one that is not installed (ISO/IEC 29500-1, 17.8.3.1)."""
SPOKEN = '<w:themeFontLang {W} w:val="{tag}"/>'


@cache
def stationery(language: Language, layout: Layout) -> Mapping[str, bytes]:
    """Return the files of an empty letter by their names inside a .docx, in the order they are written."""
    document = docx.Document()
    _lighten(document)
    tag = tag_of(language)
    defaults = DEFAULTS.format(W=W, font=FONT, size=int(layout.size * 2), tag=tag)
    _fill(
        document.styles.element,
        defaults,
        NORMAL,
        *(look.written() for look in (*looks(layout).values(), header(layout))),
    )
    _fill(document.settings.element, TODAYS_WORD, SPOKEN.format(W=W, tag=tag))
    _fill(document.part.numbering_part.element, *LISTS, *LIST_NUMBERS)
    page = document.sections[0]
    page.left_margin = page.right_margin = Inches(layout.sides)
    page.top_margin, page.bottom_margin = Inches(layout.top), Inches(layout.bottom)
    page.different_first_page_header_footer, page.header.is_linked_to_previous = True, False
    held = BytesIO()
    document.save(held)
    with ZipFile(held) as saved:
        return {name: saved.read(name) for name in saved.namelist()} | {"word/fontTable.xml": FONTS.encode()}


def tag_of(language: Language) -> str:
    """Name a language as Word does, with the country it is spelt for: "fr-CA"."""
    return str(LOCALES[language]).replace("_", "-")


def _lighten(document: Document) -> None:
    """Leave out what the library's own blank brings: a thumbnail, a theme, other styles, another program's name."""
    for links in (document.part.package.rels, document.part.rels):
        for key in [key for key, link in links.items() if link.reltype not in LINKS]:
            del links[key]


def _fill(element: BaseOxmlElement, *contents: str) -> None:
    """Put these in place of all that an element holds."""
    element[:] = [parse_xml(content) for content in contents]
