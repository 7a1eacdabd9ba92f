"""The layout of a letter on paper: the largest type at which it keeps to one page, by its characters' widths."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from advocacy.exports.letter_parts import Part, Role
from advocacy.exports.qr_code import QR_GAP, QR_SIDE

POINTS = 72
"""In an inch."""
PAGE = (8.5, 11.0)
"""US Letter, in inches."""
LINE = 1.3
"""The height of a line, in the size of its type."""
ROOM_TO_SIGN = 50.0
NOTE_SIZE = 9.0
"""Points."""
ABOVE_NOTES = 8.0
"""Between the notes that end a letter and the line above them, in points."""
NOTE_GAP = 4.0
"""Between two notes, in points."""
NOTES = frozenset({Role.SOURCE, Role.VERIFICATION})
UNKNOWN_WIDTH = 900
"""Of a character that a table lacks, in thousandths of the size: wider than most."""
BOLD = 1.05
"""The width of a subject's type, in that of the regular one."""

# fmt: off
NEWSREADER_WIDTHS: Mapping[int, str] = {
    216: "'", 244: ' \xa0', 250: '.', 255: ',', 256: '’', 272: 'j', 274: ':', 287: ';', 292: '!', 294: 'l',
    306: 'iîï', 314: '()', 369: 'I', 376: '-', 378: '"', 382: 't', 387: 'f', 410: '_', 419: '/', 423: '•', 427: 'r',
    440: '“', 441: '”', 446: 's', 476: 'z', 482: 'cç', 493: 'J', 502: '?', 506: 'eèéêë', 514: 'aàâ', 534: '–',
    535: '+', 537: 'g', 550: '«', 556: 'x', 565: '»', 569: 'oô', 573: 'y', 586: 'v', 587: 'uùûü', 590: 'kq', 592: 'b',
    596: 'S', 600: '#$0123456789', 606: 'd', 610: 'h', 612: 'p', 623: 'n', 634: 'F', 639: 'L', 648: 'P', 658: 'Z',
    680: 'B', 682: 'EÈÉ', 683: '…', 696: 'R', 698: '—', 712: 'T', 724: 'Y', 734: 'CÇ', 740: 'V', 756: 'AÀ', 761: '&',
    769: 'X', 773: 'K', 790: 'G', 794: 'D', 800: 'w', 804: 'U', 805: 'OQÔ', 812: 'N', 818: '%', 840: 'H', 899: 'œ',
    904: 'm', 918: '@', 1026: 'M', 1028: 'W', 1099: 'Œ',
}
CAMBRIA_WIDTHS: Mapping[int, str] = {
    205: ',', 206: '.', 220: ' \xa0', 221: '’', 237: "'", 255: 'j', 264: ':;', 271: 'l', 277: 'iîï', 286: '!',
    304: 'J', 313: 'f', 325: 't', 329: '-', 343: 'I', 362: '1', 371: '_', 375: '“”', 382: '()', 392: 's', 393: '"',
    396: 'r', 421: 'cç', 422: '?', 428: 'z', 441: 'eèéêë', 443: '•', 453: 'S', 459: 'g', 461: '3', 470: '67avàâ',
    472: '2', 475: '5', 478: '9', 480: 'oô', 482: 'y', 483: 'x', 485: '8', 490: '/', 491: '«»', 492: '4', 500: '–',
    501: 'Lq', 506: '$', 507: 'Z', 509: 'F', 517: '0', 519: 'CÇ', 520: 'bdp', 525: 'k', 533: 'P', 539: 'G',
    540: 'EÈÉ', 546: 'uùûü', 554: '+h', 557: 'TY', 558: 'n', 571: 'X', 579: 'B', 598: 'V', 599: 'AOQÀÔ', 613: 'R',
    619: '#', 625: 'D', 630: 'K', 687: '&U', 693: 'N', 696: 'H', 720: 'w', 752: '…', 771: 'œ', 813: 'm', 885: '@',
    888: 'M', 889: 'W', 890: '%', 929: 'Œ', 1000: '—',
}
# fmt: on
"""The characters of each width, in thousandths of the size; Cambria's are read from Caladea, made as wide."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The size of the type in points, the gap between paragraphs in lines, the margins in inches."""

    size: float
    gap: float
    sides: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        """The length of a line, in points."""
        return (PAGE[0] - 2 * self.sides) * POINTS

    @property
    def height(self) -> float:
        """What a page holds from top to bottom, in points."""
        return (PAGE[1] - self.top - self.bottom) * POINTS


LAYOUTS = (
    Layout(12, 0.7, 1.4, 1.1, 0.9),
    Layout(12, 0.7, 1.1, 1, 0.8),
    Layout(11.5, 0.7, 1.1, 0.9, 0.7),
    Layout(11, 0.7, 1, 0.8, 0.6),
    Layout(10.5, 0.7, 0.9, 0.7, 0.55),
    Layout(10.5, 0.4, 0.9, 0.7, 0.55),
    Layout(10.5, 0.4, 0.9, 0.6, 0.4),
    Layout(11, 0.7, 1, 0.9, 0.8),
)
"""From the roomiest to the closest; the last one is for letters of more than one page."""
OVER_SEVERAL_PAGES = len(LAYOUTS) - 1


@dataclass(frozen=True, slots=True)
class FontMetrics:
    """A font's widths of characters, in thousandths of its size; `spare` lines of the body stay free on a page."""

    widths: Mapping[str, float]
    spare: float

    @classmethod
    def of(cls, table: Mapping[int, str], *, scale: float, spare: float) -> "FontMetrics":
        """Read a table of the characters of each width, which are multiplied by `scale`."""
        widths = {character: width * scale for width, characters in table.items() for character in characters}
        return cls(_Widths(widths), spare)

    def word_ends(self, line: str) -> list[float]:
        """Return where each word of a line ends that is not broken, in sizes of the type."""
        width_of = self.widths.__getitem__
        space = width_of(" ")
        starts = accumulate([sum(map(width_of, word)) + space for word in line.split(" ")])
        return [(start - space) / 1000 for start in starts]

    def lines(self, ends: Sequence[float], width: float) -> int:
        """Return how many lines words with these ends take that are broken between; `width` is in sizes of the type."""
        space = self.widths[" "] / 1000
        count, begin, word = 1, 0.0, 0
        while (word := max(word + 1, bisect_right(ends, begin + width, word))) < len(ends):
            count, begin = count + 1, ends[word - 1] + space
        return count


class _Widths(dict[str, float]):
    """Widths by their characters; one that a table lacks is wide."""

    def __missing__(self, _character: str) -> float:
        return UNKNOWN_WIDTH


class _MeasuredPart(NamedTuple):
    """A part with the ends of the words of each of its lines, measured once for all layouts."""

    role: Role
    lines: list[list[float]]


NEWSREADER = FontMetrics.of(NEWSREADER_WIDTHS, scale=0.99, spare=0)
"""Measured: kerning leaves 99 % of a line."""
CAMBRIA = FontMetrics.of(CAMBRIA_WIDTHS, scale=1.01, spare=0.8)
"""With room for programs that break lines otherwise: nobody sets a letter closer that has run over in Word."""


def layout_of(parts: Iterable[Part], font: FontMetrics, *, above: float = 0, date_below: bool = False) -> int:
    """Return the place in `LAYOUTS` of the first layout in which these parts are likely to keep to one page.

    `above` is the height in inches, from the top of the page, that the parts up to the recipient fill; 0 where they
    take what they need. `date_below` says that the date stands under the sender's address, not beside it.
    """
    measured = [_MeasuredPart(one.role, list(map(font.word_ends, one.text.split("\n")))) for one in parts]
    for place, layout in enumerate(LAYOUTS[:OVER_SEVERAL_PAGES]):
        if _total_height(measured, font, layout, above=above, date_below=date_below) <= layout.height:
            return place
    return OVER_SEVERAL_PAGES


def _total_height(
    measured: list[_MeasuredPart], font: FontMetrics, layout: Layout, *, above: float, date_below: bool
) -> float:
    """Return how many points the parts take from top to bottom."""
    opening = {Role.LETTERHEAD, Role.DATE}
    rest = [part for part in measured if part.role not in opening]
    if above:
        rest = [part for part in rest if part.role is not Role.RECIPIENT]
        total = (above - layout.top) * POINTS
    else:
        heights = [len(part.lines) for part in measured if part.role in opening]
        lines = sum(heights) + layout.gap * (len(heights) - 1) if date_below else max(heights, default=0)
        total = (lines + 1) * LINE * layout.size
    body = [part for part in rest if part.role not in NOTES]
    notes = [part for part in rest if part.role in NOTES]
    total += sum(_part_height(part, font, layout) for part in body) + _notes_height(notes, font, layout)
    beginnings = [*body, *notes[:1]]
    total += sum(_space_between(before.role, after.role, layout) for before, after in pairwise(beginnings))
    return total - (LINE - 1) * NOTE_SIZE + font.spare * LINE * layout.size


def _notes_height(notes: list[_MeasuredPart], font: FontMetrics, layout: Layout) -> float:
    """Return the height of the notes that end a letter, in points; a QR code stands beside them."""
    has_code = any(part.role is Role.VERIFICATION for part in notes)
    width = (layout.width - (QR_SIDE + QR_GAP if has_code else 0)) / NOTE_SIZE
    lines = sum(font.lines(line, width) for part in notes for line in part.lines)
    text = lines * LINE * NOTE_SIZE + max(0, len(notes) - 1) * NOTE_GAP
    return max(text, QR_SIDE + (LINE - 1) * NOTE_SIZE) if has_code else text


def _part_height(part: _MeasuredPart, font: FontMetrics, layout: Layout) -> float:
    size = layout.size
    indent = {Role.QUOTATION: 4.0, Role.BULLET: 1.0}.get(part.role, 0.0)
    wider = BOLD if part.role is Role.SUBJECT else 1
    width = (layout.width / size - indent) / wider
    return sum(font.lines(line, width) for line in part.lines) * LINE * size


def _space_between(before: Role, after: Role, layout: Layout) -> float:
    """Return the space between two parts, in points."""
    line = LINE * layout.size
    if after is Role.SENDER:
        return ROOM_TO_SIGN - 0.3 * layout.size
    if after in NOTES:
        return max(layout.gap * line, layout.size) + ABOVE_NOTES
    if before is after is Role.BULLET:
        return layout.gap * 0.4 * layout.size
    return layout.gap * line
