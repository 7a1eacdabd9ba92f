"""Check what a letter that its citizen edited says of the campaign's bills against what the campaign knows of them.

`mentions` finds the bills that a sentence names, and judges other numbers and titles; each bill becomes a placeholder.
`bill_sentence` finds the verbs that may say something of a bill, with their auxiliaries and negations.
`subjects` finds which bill is the subject of a verb, or its object with the agent who acts on it.
`statements` keeps what is asserted or negated: no condition, wish, request or question.
`stages` gives the stages of a bill at which a statement is true; `dates` the day that it gives.
`bill_check` compares both with what is known. The words of each language stand in `lexicon.toml`.
"""

from advocacy.letters.bills.bill_check import check_bill
from advocacy.letters.bills.bill_claim import BillClaim, BillFault

__all__ = ["BillClaim", "BillFault", "check_bill"]
