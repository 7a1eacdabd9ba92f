"""How each part of a letter looks in Word: a table of styles, under the names that Word itself gives letters' parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from docx.oxml.ns import nsdecls

from advocacy.exports.fitting import LINE, NOTE_SIZE, ROOM_TO_SIGN, Layout
from advocacy.exports.parts import Role

FONT, TWIN, SUBSTITUTE = "Cambria", "Caladea", "Times New Roman"
"""Cambria comes with Word for Windows and macOS; Caladea has the same widths; where neither is installed, a narrower
font stands in, so that no letter grows longer."""
W = nsdecls("w")


class Posting(StrEnum):
    """What stands on the page that tells how a letter is posted."""

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
class Look:
    """A style under Word's name for it, or `ours` where Word has none; lengths are in points.

    `first` and `last` are the properties of a paragraph that come before and after its spacing.
    """

    name: str
    size: float
    after: float = 0
    before: float = 0
    first: str = ""
    last: str = ""
    bold: bool = False
    ours: bool = False

    @property
    def id(self) -> str:
        """The style's name inside the file."""
        return style_id(self.name)

    def written(self) -> str:
        """Write the style as WordprocessingML."""
        return STYLE.format(
            W=W,
            ours=' w:customStyle="1"' if self.ours else "",
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


def looks(layout: Layout) -> Mapping[Role | Posting, Look]:
    """Return the style of each part in a layout."""
    size = layout.size
    line = LINE * size
    gap = layout.gap * line
    return {
        Role.LETTERHEAD: Look("Letterhead", size, after=gap, first=WHOLE, ours=True),
        Role.DATE: Look("Date", size, after=line),
        Role.RECIPIENT: Look("Inside Address", size, after=gap, first=WHOLE, ours=True),
        Role.SUBJECT: Look("heading 1", size, after=gap, first=WITH_NEXT, last=FIRST_LEVEL, bold=True),
        Role.APPEL: Look("Salutation", size, after=gap, first=WITH_NEXT),
        Role.PARAGRAPH: Look("Body Text", size, after=gap),
        Role.BULLET: Look("List Bullet", size, after=gap, first=BULLETED, last=TIGHT),
        Role.QUOTATION: Look("Quote", size, after=gap, last=INDENT),
        Role.CLOSING: Look("Closing", size, after=ROOM_TO_SIGN, first=WITH_NEXT),
        Role.SENDER: Look("Signature", size, first=WITH_NEXT),
        Role.SOURCE: Look("Source Note", NOTE_SIZE, before=max(gap, size), first=WHOLE + HAIRLINE, ours=True),
        Posting.HEADING: Look(
            "Posting Heading", 14, after=24, first=WITH_NEXT + NEW_PAGE, last=FIRST_LEVEL, bold=True, ours=True
        ),
        Posting.ENVELOPE: Look("envelope address", 12, after=26, first=WHOLE + TO_CUT, last=BOX),
        Posting.STEP: Look("List Number", 11, after=7, first=NUMBERED),
        Posting.RULE_HEADING: Look("heading 2", 11, before=14, after=5, first=WITH_NEXT, last=SECOND_LEVEL, bold=True),
        Posting.RULE: Look("Posting Rule", 11, after=7, first=WHOLE, ours=True),
    }


def header(layout: Layout) -> Look:
    """Return the style of what stands over the pages after the first."""
    return Look(HEADER, NOTE_SIZE, first=TABS.format(layout.width * 10, layout.width * 20))


HEADER = "header"
