"""A letter for each person of a sheet, on the command line and on the site: nothing here reads or writes a disk."""

from advocacy.exports.merge.addressees import Addressees
from advocacy.exports.merge.answering import Reader
from advocacy.exports.merge.bounds import IN_BACKGROUND
from advocacy.exports.merge.columns import Columns
from advocacy.exports.merge.handed_out import WIDTH_OF_ROW, HandedOut, Paper, hand_out, letter_name
from advocacy.exports.merge.merging import Merge, Merged, Rejection
from advocacy.exports.merge.rejected import is_rejected_file, rejected_file
from advocacy.exports.merge.rows import Fault, People, read_people
from advocacy.exports.merge.sample import SAMPLES, columns
from advocacy.exports.merge.sheet import TOO_LARGE, SheetRefused
from advocacy.exports.merge.tally import Tally
from advocacy.exports.merge.titles import LANGUAGE_COLUMN
from advocacy.exports.merge.unshown import tried, unshown

__all__ = [
    "IN_BACKGROUND",
    "LANGUAGE_COLUMN",
    "SAMPLES",
    "TOO_LARGE",
    "WIDTH_OF_ROW",
    "Addressees",
    "Columns",
    "Fault",
    "HandedOut",
    "Merge",
    "Merged",
    "Paper",
    "People",
    "Reader",
    "Rejection",
    "SheetRefused",
    "Tally",
    "columns",
    "hand_out",
    "is_rejected_file",
    "letter_name",
    "read_people",
    "rejected_file",
    "tried",
    "unshown",
]
