"""A letter as a Word document: real styles, every run in its language, the words and order of every other form."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as LINK
from docx.opc.oxml import serialize_part_xml
from docx.oxml.coreprops import CT_CoreProperties
from docx.oxml.document import CT_Body
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Inches, Length, Pt
from docx.text.parfmt import ParagraphFormat

from advocacy.exports.export_files import zip_bytes
from advocacy.exports.format import ExportOptions, Post
from advocacy.exports.letter_parts import Passage, Role, parts_on_paper
from advocacy.exports.page_layout import (
    CAMBRIA,
    LAYOUTS,
    LINE,
    NOTE_GAP,
    NOTE_SIZE,
    NOTES,
    ROOM_TO_SIGN,
    Layout,
    layout_of,
)
from advocacy.exports.qr_code import ALT, QR_GAP, QR_SIDE, qr_png
from advocacy.exports.text import writable
from advocacy.language import LOCALES, Language
from advocacy.legislators.forms_of_address import HEADING, RULE_HEADING, mailing_instructions
from advocacy.letters.letter import Letter

FONT, METRIC_TWIN, SUBSTITUTE = "Cambria", "Caladea", "Times New Roman"
"""Cambria comes with Word for Windows and macOS; Caladea has the same widths; where neither is installed, a narrower
font stands in, so that no letter grows longer."""
W = nsdecls("w")
HEADER = "header"


class PostingPart(StrEnum):
    """A part of the page that tells how a letter is posted."""

    HEADING = "posting heading"
    ENVELOPE = "envelope"
    STEP = "step"
    RULE_HEADING = "rule heading"
    RULE = "rule"


WHOLE, WITH_NEXT, NEW_PAGE = "<w:keepLines/>", "<w:keepNext/><w:keepLines/>", "<w:pageBreakBefore/>"
LISTED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr>'
BULLETED, NUMBERED = LISTED.format(1), LISTED.format(2)
HAIRLINE = '<w:pBdr><w:top w:val="single" w:sz="4" w:space="6" w:color="999999"/></w:pBdr>'
SIDE = '<w:{} w:val="dashed" w:sz="4" w:space="12" w:color="999999"/>'
TO_CUT = f"<w:pBdr>{''.join(SIDE.format(side) for side in ('top', 'left', 'bottom', 'right'))}</w:pBdr>"
INDENT, BOX, TIGHT = '<w:ind w:left="440"/>', '<w:ind w:left="260" w:right="2300"/>', "<w:contextualSpacing/>"
FIRST_LEVEL, SECOND_LEVEL = '<w:outlineLvl w:val="0"/>', '<w:outlineLvl w:val="1"/>'
TABS = '<w:tabs><w:tab w:val="center" w:pos="{:.0f}"/><w:tab w:val="right" w:pos="{:.0f}"/></w:tabs>'
"""Half of a line, and its end."""
BOLD = "<w:b/><w:bCs/>"
STYLE = """
<w:style {W} w:type="paragraph"{ours} w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>
<w:next w:val="BodyText"/><w:qFormat/>
<w:pPr>{first}<w:spacing w:before="{before:.0f}" w:after="{after:.0f}" w:line="{line:.0f}" w:lineRule="atLeast"/>{last}
</w:pPr>
<w:rPr>{bold}<w:sz w:val="{size:.0f}"/><w:szCs w:val="{size:.0f}"/></w:rPr></w:style>"""
"""ISO/IEC 29500-1, 17.7.4 and 17.3.1.26: the order of the elements is fixed."""


def style_id(name: str) -> str:
    """Return what a style is called inside the file."""
    return name.title().replace(" ", "")


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A style under Word's name for it, or `is_custom` where Word has none; lengths are in points.

    `first` and `last` are the properties of a paragraph that come before and after its spacing.
    """

    name: str
    size: float
    after: float = 0
    before: float = 0
    first: str = ""
    last: str = ""
    bold: bool = False
    is_custom: bool = False

    @property
    def id(self) -> str:
        return style_id(self.name)

    def to_xml(self) -> str:
        return STYLE.format(
            W=W,
            ours=' w:customStyle="1"' if self.is_custom else "",
            id=self.id,
            name=self.name,
            first=self.first,
            before=self.before * 20,
            after=self.after * 20,
            line=self.size * LINE * 20,
            last=self.last,
            bold=BOLD if self.bold else "",
            size=self.size * 2,
        )


def paragraph_styles(layout: Layout) -> Mapping[Role | PostingPart, ParagraphStyle]:
    """Return the style of each part in a layout."""
    size = layout.size
    line = LINE * size
    gap = layout.gap * line
    return {
        Role.LETTERHEAD: ParagraphStyle("Letterhead", size, after=gap, first=WHOLE, is_custom=True),
        Role.DATE: ParagraphStyle("Date", size, after=line),
        Role.RECIPIENT: ParagraphStyle("Inside Address", size, after=gap, first=WHOLE, is_custom=True),
        Role.SUBJECT: ParagraphStyle("heading 1", size, after=gap, first=WITH_NEXT, last=FIRST_LEVEL, bold=True),
        Role.APPEL: ParagraphStyle("Salutation", size, after=gap, first=WITH_NEXT),
        Role.PARAGRAPH: ParagraphStyle("Body Text", size, after=gap),
        Role.BULLET: ParagraphStyle("List Bullet", size, after=gap, first=BULLETED, last=TIGHT),
        Role.QUOTATION: ParagraphStyle("Quote", size, after=gap, last=INDENT),
        Role.CLOSING: ParagraphStyle("Closing", size, after=ROOM_TO_SIGN, first=WITH_NEXT),
        Role.SENDER: ParagraphStyle("Signature", size, first=WITH_NEXT),
        Role.SOURCE: ParagraphStyle(
            "Source Note", NOTE_SIZE, before=max(gap, size), first=WHOLE + HAIRLINE, is_custom=True
        ),
        Role.VERIFICATION: ParagraphStyle("Verification", NOTE_SIZE, before=NOTE_GAP, first=WHOLE, is_custom=True),
        PostingPart.HEADING: ParagraphStyle(
            "Posting Heading", 14, after=24, first=WITH_NEXT + NEW_PAGE, last=FIRST_LEVEL, bold=True, is_custom=True
        ),
        PostingPart.ENVELOPE: ParagraphStyle("envelope address", 12, after=26, first=WHOLE + TO_CUT, last=BOX),
        PostingPart.STEP: ParagraphStyle("List Number", 11, after=7, first=NUMBERED),
        PostingPart.RULE_HEADING: ParagraphStyle(
            "heading 2", 11, before=14, after=5, first=WITH_NEXT, last=SECOND_LEVEL, bold=True
        ),
        PostingPart.RULE: ParagraphStyle("Posting Rule", 11, after=7, first=WHOLE, is_custom=True),
    }


def header_style(layout: Layout) -> ParagraphStyle:
    """Return the style of what stands over the pages after the first."""
    return ParagraphStyle(HEADER, NOTE_SIZE, first=TABS.format(layout.width * 10, layout.width * 20))


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
COMPATIBILITY = f"""
<w:compat {W}><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
</w:compat>"""
FONTS = f"""\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts {W}><w:font w:name="{FONT}"><w:altName w:val="{METRIC_TWIN}"/><w:panose1 w:val="02040503050406030204"/>
<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>
<w:font w:name="{METRIC_TWIN}"><w:altName w:val="{SUBSTITUTE}"/><w:charset w:val="00"/><w:family w:val="roman"/>
<w:pitch w:val="variable"/></w:font></w:fonts>"""
"""Which font stands in for one that is not installed (ISO/IEC 29500-1, 17.8.3.1)."""
THEME_LANGUAGE = '<w:themeFontLang {W} w:val="{tag}"/>'


@cache
def blank_document(language: Language, layout: Layout) -> Mapping[str, bytes]:
    """Return the files of an empty letter by their names inside a .docx, in the order they are written."""
    document = docx.Document()
    # The library’s own blank brings a thumbnail, a theme, other styles, another program's name.
    for links in (document.part.package.rels, document.part.rels):
        for key in [key for key, link in links.items() if link.reltype not in LINKS]:
            del links[key]
    tag = language_tag(language)
    defaults = DEFAULTS.format(W=W, font=FONT, size=int(layout.size * 2), tag=tag)
    _replace_content(
        document.styles.element,
        defaults,
        NORMAL,
        *(style.to_xml() for style in (*paragraph_styles(layout).values(), header_style(layout))),
    )
    _replace_content(document.settings.element, COMPATIBILITY, THEME_LANGUAGE.format(W=W, tag=tag))
    _replace_content(document.part.numbering_part.element, *LISTS, *LIST_NUMBERS)
    page = document.sections[0]
    page.left_margin = page.right_margin = Inches(layout.sides)
    page.top_margin, page.bottom_margin = Inches(layout.top), Inches(layout.bottom)
    page.different_first_page_header_footer, page.header.is_linked_to_previous = True, False
    buffer = BytesIO()
    document.save(buffer)
    with ZipFile(buffer) as saved:
        return {name: saved.read(name) for name in saved.namelist()} | {"word/fontTable.xml": FONTS.encode()}


def language_tag(language: Language) -> str:
    """Return the tag of a language as Word writes it, with the country it is spelt for: "fr-CA"."""
    return str(LOCALES[language]).replace("_", "-")


def _replace_content(element: BaseOxmlElement, *contents: str) -> None:
    """Put these in place of all that an element holds."""
    element[:] = [parse_xml(content) for content in contents]


STRIP_TOP, STRIP = Inches(2.5), Inches(0.67)
"""Where the strip that a #10 window shows in every fold begins, from the top of the page, and how high it is."""
CLEARANCE = Pt(1)
"""Kept free above and below the address."""
BELOW_WINDOW = Inches(3.65)
"""From the top of the page: where the letter goes on, below all that a window of 1.125 in may show in any fold."""
TOP = 0.7
"""The margin in inches above a letter for a window: its date and its sender's address end above the window."""
CLOSEST, LEGIBLE = 1.06, Pt(9)
"""The least height of a line, in the size of its type, and the size from which on lines are as high as the body's."""
HALF_POINT = Pt(0.5)


def posting_page(letter: Letter) -> Iterator[tuple[PostingPart, Sequence[str]]]:
    """Yield the parts of the page to post a letter with, each with its lines, in the letter’s language."""
    instructions, language = mailing_instructions(letter.recipient), letter.language
    yield PostingPart.HEADING, [HEADING.in_language(language)]
    yield PostingPart.ENVELOPE, letter.recipient_block
    for step in instructions.steps:
        yield PostingPart.STEP, [step.in_language(language)]
    if instructions.rule:
        yield PostingPart.RULE_HEADING, [RULE_HEADING.in_language(language)]
        yield PostingPart.RULE, [instructions.rule.in_language(language)]


def fit_address_to_window(paragraphs: Mapping[Role, CT_P], size: float) -> None:
    """Set the address into the strip, under what stands above it; the more lines, the smaller, and never cut.

    `size` is the body's, in points. Lines of exact heights stand at the same place in every program.
    """
    date, address = paragraphs.get(Role.DATE), paragraphs.get(Role.RECIPIENT)
    if date is None or address is None:
        return
    above, line = 0, Pt(size * LINE)
    for role in (Role.LETTERHEAD, Role.DATE):
        if role in paragraphs:
            opening = ParagraphFormat(paragraphs[role])
            opening.line_spacing, opening.space_after = line, Pt(0)
            above += line * _lines(paragraphs[role])
    lines = _lines(address)
    start, height = STRIP_TOP + CLEARANCE, min(line, (STRIP - 2 * CLEARANCE) // lines)
    block = ParagraphFormat(address)
    block.space_before, block.line_spacing = Length(start - int(Inches(TOP)) - above), Length(height)
    block.space_after = Length(BELOW_WINDOW - start - height * lines)
    as_the_body = height / LINE
    type_size = as_the_body if as_the_body >= LEGIBLE - HALF_POINT / 2 else height / CLOSEST
    rounded = Length(min(Pt(size), int(type_size) // HALF_POINT * HALF_POINT))
    for run in address.r_lst:
        run.get_or_add_rPr().sz_val = rounded


def _lines(paragraph: CT_P) -> int:
    return len(paragraph.xpath("w:r/w:br")) + 1


DOCUMENT, HEAD, PROPERTIES = "word/document.xml", "word/header1.xml", "docProps/core.xml"
TYPES, RELATIONS, PICTURE = "[Content_Types].xml", "word/_rels/document.xml.rels", "word/media/verification.png"
PICTURE_TYPE = (
    '<Default xmlns="http://schemas.openxmlformats.org/package/2006/content-types" Extension="png" '
    'ContentType="image/png"/>'
)
PICTURE_ID = "verification"
PICTURE_RELATION = (
    '<Relationship xmlns="http://schemas.openxmlformats.org/package/2006/relationships" '
    f'Id="{PICTURE_ID}" Type="{LINK.IMAGE}" Target="media/verification.png"/>'
)
PICTURE_RUN = f"""
<w:r {nsdecls("w", "wp", "a", "pic", "r")}><w:drawing><wp:anchor distT="0" distB="0" distL="{{gap}}" distR="0"
 simplePos="0" relativeHeight="1" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="0">
<wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>right</wp:align></wp:positionH>
<wp:positionV relativeFrom="paragraph"><wp:posOffset>{{lower}}</wp:posOffset></wp:positionV>
<wp:extent cx="{{side}}" cy="{{side}}"/><wp:wrapSquare wrapText="left"/>
<wp:docPr id="1" name="QR" descr="{{alt}}"/>
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>
<pic:nvPicPr><pic:cNvPr id="1" name="QR" descr="{{alt}}"/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:embed="{PICTURE_ID}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{{side}}" cy="{{side}}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>
</pic:pic></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"""
"""At the right of the notes that end a letter, which go around it (ISO/IEC 29500-1, 20.4.2.3)."""
NUMBER = f'<w:fldSimple {W} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>'
"""The page's number, which the program that shows the page sets in the place of ours."""
MAX_PROPERTY = 255
"""Characters."""


def to_docx(letters: Sequence[Letter], options: ExportOptions) -> bytes:
    """Return one letter as an Office Open XML document on US Letter paper, prepared for the mail as asked."""
    (letter,) = letters
    post = options.post_of(letter)
    above = BELOW_WINDOW / Inches(1) if post is Post.WINDOW else 0
    layout = LAYOUTS[layout_of(parts_on_paper(letter), CAMBRIA, above=above, date_below=True)]
    if post is Post.WINDOW:
        layout = replace(layout, top=TOP)
    files = dict(blank_document(letter.language, layout))
    files[DOCUMENT] = _document(files[DOCUMENT], letter, post, layout=layout)
    files[HEAD] = _header(files[HEAD], letter)
    files[PROPERTIES] = _properties(letter, options.timestamp)
    if letter.verification:
        files[TYPES] = _with_child(files[TYPES], PICTURE_TYPE)
        files[RELATIONS] = _with_child(files[RELATIONS], PICTURE_RELATION)
        files[PICTURE] = qr_png(letter.verification)
    return zip_bytes(files.items(), day=options.today)


def _document(blank: bytes, letter: Letter, post: Post, *, layout: Layout) -> bytes:
    document, styles = parse_xml(blank), paragraph_styles(layout)
    paragraphs = [(part.role, _add(document.body, styles[part.role], part.lines)) for part in parts_on_paper(letter)]
    for (_, last), (role, _) in pairwise(paragraphs):
        if role is Role.CLOSING:
            last.get_or_add_pPr().keepNext_val = True  # a signature never stands alone on a page
    if letter.verification:
        note = next(paragraph for role, paragraph in paragraphs if role in NOTES)
        size = {"side": int(Pt(QR_SIDE)), "gap": int(Pt(QR_GAP)), "lower": int(Pt(2))}
        run = parse_xml(PICTURE_RUN.format(alt=ALT.in_language(letter.language), **size))
        note.get_or_add_pPr().addnext(run)
        if note is paragraphs[-1][1]:  # there is no source note, whose line would part it from the letter
            note.style = styles[Role.SOURCE].id
    if post is Post.WINDOW:
        fit_address_to_window(dict(paragraphs), layout.size)
    if post is Post.SHEET:
        # The section ends here: the page after it is no page of the letter, and has no header.
        [section] = document.body.xpath("w:sectPr")
        paragraphs[-1][1].get_or_add_pPr().append(deepcopy(section))
        for reference in section.xpath("w:headerReference"):
            section.remove(reference)
        for kind, lines in posting_page(letter):
            _add(document.body, styles[kind], [[Passage(line, letter.language)] for line in lines])
    return serialize_part_xml(document)


def _with_child(blank: bytes, child: str) -> bytes:
    element = parse_xml(blank)
    element.append(parse_xml(child))
    return serialize_part_xml(element)


def _header(blank: bytes, letter: Letter) -> bytes:
    """Return the header of every page but the first: whose letter it is, of what day, and the page number."""
    header = parse_xml(blank)
    [paragraph] = header.xpath("w:p")
    paragraph.style = style_id(HEADER)
    for text in (letter.recipient.name or letter.recipient_block[0], letter.date_line):
        _add_run(paragraph, f"{writable(text)}\t", letter.language)
    paragraph.append(parse_xml(NUMBER))
    return serialize_part_xml(header)


def _add(body: CT_Body, style: ParagraphStyle, lines: Sequence[Sequence[Passage]]) -> CT_P:
    paragraph = body.add_p()
    paragraph.style = style.id
    for number, line in enumerate(lines):
        if number:
            paragraph.add_r().add_br()
        for passage in line:
            _add_run(paragraph, writable(passage.text), passage.language)
    return paragraph


def _add_run(paragraph: CT_P, text: str, language: Language) -> None:
    run = paragraph.add_r()
    run.text = text
    run.get_or_add_rPr().append(OxmlElement("w:lang", {qn("w:val"): language_tag(language)}))


def _properties(letter: Letter, made: datetime) -> bytes:
    """Return the title, author and language; neither program nor hour is named."""
    properties = CT_CoreProperties.new()
    properties.title_text = writable(letter.subject)[:MAX_PROPERTY]
    properties.author_text = properties.lastModifiedBy_text = writable(letter.sender.name)[:MAX_PROPERTY]
    properties.language_text = language_tag(letter.language)
    properties.created_datetime = properties.modified_datetime = made
    return serialize_part_xml(properties)
