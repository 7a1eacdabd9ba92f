"""What a letter that its citizen edited says of a bill, held against what the campaign knows of it."""

from advocacy.letters.bills.bill_check import check_bill
from advocacy.letters.bills.bill_claim import BillClaim, BillFault

__all__ = ["BillClaim", "BillFault", "check_bill"]
