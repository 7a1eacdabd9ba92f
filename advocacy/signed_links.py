"""Links in mails: each names a row and is signed with the site's signing key, so that nothing of it is stored.

A link ends with its row: once that is deleted, used, withdrawn or past its `expires_at`. Rows with links have random
ids, so that no later row is ever opened by an older one's link.
"""

from dataclasses import dataclass
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer


class Purpose(StrEnum):
    """What a link is for; one that is signed for one purpose serves no other."""

    CONFIRMATION = "confirmation link"
    RECEIPT = "receipt link"
    INVITATION = "invitation link"
    OFFICE = "office link"


class InvalidLink(Exception):
    """A token that this site never signed for this purpose."""


@dataclass(frozen=True, slots=True)
class SignedLinks:
    """Makes and reads the tokens of a site's links; `signing_key` is that of `secret_keys.py`."""

    signing_key: str

    def make(self, purpose: Purpose, row_id: str) -> str:
        """Return the token of a row's link, the same each time."""
        return str(self._serializer(purpose).dumps(row_id))

    def read(self, purpose: Purpose, token: str) -> str:
        """Return the id of the row that a token names, which may be gone; raises InvalidLink."""
        try:
            return str(self._serializer(purpose).loads(token))
        except BadData:
            raise InvalidLink from None

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(self.signing_key, salt=purpose.value)
