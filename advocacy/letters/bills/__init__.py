"""What a letter that its citizen edited says of a bill, held against what the campaign knows of it."""

from advocacy.letters.bills.bill_claim import BillClaim, BillFault
from advocacy.letters.bills.check import check_bill

__all__ = ["BillClaim", "BillFault", "check_bill"]
