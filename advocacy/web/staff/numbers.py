"""Numbers in addresses and questions, as far as a database can be asked for them."""

from flask import request
from werkzeug.routing import IntegerConverter, ValidationError

MOST = 2**31 - 1
"""The largest number that PostgreSQL can be asked for where an id is an INTEGER, as all are but those of messages."""


class Number(IntegerConverter):
    """A number in an address; one that no table counts to, or beyond its own `max`, is the address of nothing."""

    def to_python(self, value: str) -> int:
        """Read it; raises ValidationError, which leads to 404."""
        number: int = super().to_python(value)
        if self.max is None and number > MOST:
            raise ValidationError
        return number


def asked_number(name: str) -> int | None:
    """Return a number that is asked for after the address's question mark; None where there is none to look for."""
    given = request.args.get(name, type=int)
    return given if given is not None and abs(given) <= MOST else None
