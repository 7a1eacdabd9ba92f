"""A letter as a Word document: real styles, every run in its language, the words and order of every other form."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from docx.opc.oxml import serialize_part_xml
from docx.oxml.coreprops import CT_CoreProperties
from docx.oxml.document import CT_Body
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.oxml.text.paragraph import CT_P
from docx.shared import Inches

from advocacy.exports.archive import zipped
from advocacy.exports.characters import writable
from advocacy.exports.docx_post import TOP, UNSEEN, posting_page, put_in_window
from advocacy.exports.docx_stationery import stationery, tag_of
from advocacy.exports.docx_styles import HEADER, Look, W, looks, style_id
from advocacy.exports.fitting import CAMBRIA, LAYOUTS, Layout, layout_of
from advocacy.exports.form import Post, Wishes
from advocacy.exports.parts import Passage, Role, parts_on_paper
from advocacy.letters.letter import Letter

DOCUMENT, HEAD, PROPERTIES = "word/document.xml", "word/header1.xml", "docProps/core.xml"
NUMBER = f'<w:fldSimple {W} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>'
"""The page's number, which the program that shows the page sets in the place of ours."""
MOST_OF_PROPERTY = 255
"""Characters."""


def to_docx(letters: Sequence[Letter], wishes: Wishes) -> bytes:
    """Return one letter as an Office Open XML document on US Letter paper, readied for the mail as wished."""
    (letter,) = letters
    post = wishes.post_of(letter)
    above = UNSEEN / Inches(1) if post is Post.WINDOW else 0
    layout = LAYOUTS[layout_of(parts_on_paper(letter), CAMBRIA, above=above, date_below=True)]
    if post is Post.WINDOW:
        layout = replace(layout, top=TOP)
    files = dict(stationery(letter.language, layout))
    files[DOCUMENT] = _written(files[DOCUMENT], letter, post, layout=layout)
    files[HEAD] = _headed(files[HEAD], letter)
    files[PROPERTIES] = _described(letter, wishes.dated)
    return zipped(files.items(), day=wishes.today)


def _written(blank: bytes, letter: Letter, post: Post, *, layout: Layout) -> bytes:
    document, styles = parse_xml(blank), looks(layout)
    placed = [(part.role, _add(document.body, styles[part.role], part.lines)) for part in parts_on_paper(letter)]
    for (_, last), (role, _) in pairwise(placed):
        if role is Role.CLOSING:
            last.get_or_add_pPr().keepNext_val = True  # a signature never stands alone on a page
    if post is Post.WINDOW:
        put_in_window(dict(placed), layout.size)
    if post is Post.SHEET:
        _end_section(document.body, placed[-1][1])
        for kind, lines in posting_page(letter):
            _add(document.body, styles[kind], [[Passage(line, letter.language)] for line in lines])
    return serialize_part_xml(document)


def _end_section(body: CT_Body, last: CT_P) -> None:
    """Let the letter end with this paragraph: the page after it is no page of the letter, and has no header."""
    [section] = body.xpath("w:sectPr")
    last.get_or_add_pPr().append(deepcopy(section))
    for reference in section.xpath("w:headerReference"):
        section.remove(reference)


def _headed(blank: bytes, letter: Letter) -> bytes:
    """Tell over every page but the first whose letter it is, of what day, and the page's number."""
    header = parse_xml(blank)
    [paragraph] = header.xpath("w:p")
    paragraph.style = style_id(HEADER)
    for text in (letter.recipient.name or letter.recipient_block[0], letter.date_line):
        run = paragraph.add_r()
        run.text = f"{writable(text)}\t"
        run.get_or_add_rPr().append(OxmlElement("w:lang", {qn("w:val"): tag_of(letter.language)}))
    paragraph.append(parse_xml(NUMBER))
    return serialize_part_xml(header)


def _add(body: CT_Body, look: Look, lines: Sequence[Sequence[Passage]]) -> CT_P:
    paragraph = body.add_p()
    paragraph.style = look.id
    for number, line in enumerate(lines):
        if number:
            paragraph.add_r().add_br()
        for passage in line:
            run = paragraph.add_r()
            run.text = writable(passage.text)
            run.get_or_add_rPr().append(OxmlElement("w:lang", {qn("w:val"): tag_of(passage.language)}))
    return paragraph


def _described(letter: Letter, made: datetime) -> bytes:
    """Name the letter and its author, and neither program nor hour."""
    said = CT_CoreProperties.new()
    said.title_text = writable(letter.subject)[:MOST_OF_PROPERTY]
    said.author_text = said.lastModifiedBy_text = writable(letter.signature)[:MOST_OF_PROPERTY]
    said.language_text = tag_of(letter.language)
    said.created_datetime = said.modified_datetime = made
    return serialize_part_xml(said)
