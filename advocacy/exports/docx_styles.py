"""How each part of a letter looks in Word: a table of styles, under the names that Word itself gives letters' parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from docx.oxml.ns import nsdecls

from advocacy.exports.parts import Role

FONT = "Cambria"
"""It comes with Word for Windows and macOS; LibreOffice sets Caladea, which has the same widths, in its place."""
SIZE = 10.5
"""Points."""
LEADING = 1.08
"""The height of a line, in those of the font."""
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
TABS = '<w:tabs><w:tab w:val="center" w:pos="4824"/><w:tab w:val="right" w:pos="9648"/></w:tabs>'
"""Half of a line, and its end."""
BOLD = "<w:b/><w:bCs/>"
STYLE = """
<w:style {W} w:type="paragraph"{ours} w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>
<w:next w:val="BodyText"/><w:qFormat/>
<w:pPr>{first}<w:spacing w:before="{before:.0f}" w:after="{after:.0f}"/>{last}</w:pPr>
<w:rPr>{bold}<w:sz w:val="{size:.0f}"/><w:szCs w:val="{size:.0f}"/></w:rPr></w:style>"""
"""ISO/IEC 29500-1, 17.7.4 and 17.3.1.26: the order of the elements is fixed."""


@dataclass(frozen=True, slots=True)
class Look:
    """A style under Word's name for it, or `ours` where Word has none; lengths are in points.

    `first` and `last` are the properties of a paragraph that come before and after its spacing.
    """

    name: str
    after: float = 7
    before: float = 0
    size: float = SIZE
    first: str = ""
    last: str = ""
    bold: bool = False
    ours: bool = False

    @property
    def id(self) -> str:
        """The style's name inside the file."""
        return self.name.title().replace(" ", "")

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
            last=self.last,
            bold=BOLD if self.bold else "",
            size=self.size * 2,
        )


LOOKS: Mapping[Role | Posting, Look] = {
    Role.DATE: Look("Date", after=14),
    Role.RECIPIENT: Look("Inside Address", after=14, first=WHOLE, ours=True),
    Role.SUBJECT: Look("heading 1", after=11, first=WITH_NEXT, last=FIRST_LEVEL, bold=True),
    Role.APPEL: Look("Salutation", first=WITH_NEXT),
    Role.PARAGRAPH: Look("Body Text"),
    Role.BULLET: Look("List Bullet", first=BULLETED, last=TIGHT),
    Role.QUOTATION: Look("Quote", last=INDENT),
    Role.CLOSING: Look("Closing", after=32, first=WITH_NEXT),
    Role.SENDER: Look("Signature", after=0, first=WHOLE),
    Role.SOURCE: Look("Source Note", before=16, after=0, size=9, first=WHOLE + HAIRLINE, ours=True),
    Posting.HEADING: Look(
        "Posting Heading", after=24, size=14, first=WITH_NEXT + NEW_PAGE, last=FIRST_LEVEL, bold=True, ours=True
    ),
    Posting.ENVELOPE: Look("envelope address", after=26, size=12, first=WHOLE + TO_CUT, last=BOX),
    Posting.STEP: Look("List Number", first=NUMBERED),
    Posting.RULE_HEADING: Look("heading 2", before=14, after=5, first=WITH_NEXT, last=SECOND_LEVEL, bold=True),
    Posting.RULE: Look("Posting Rule", first=WHOLE, ours=True),
}
HEADER = Look("header", after=0, size=9, first=TABS)
"""What stands over the pages after the first."""
