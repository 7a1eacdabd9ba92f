"""An address is read as the library reads it, whether or not its domain was read before."""

import pytest
from email_validator import EmailNotValidError, validate_email

from advocacy.email_addresses import read_email_address

TYPED = (
    "camille@example.ca",
    "camille.essai+lettre@Example.CA",
    "Camille.Essai@example.ca",
    "info@éxample.ca",
    "a@xn--xample-9ua.ca",
    "écrire@example.ca",
    "name@site.test",
    "name@localhost",
    "name@example",
    "name@exa_mple.ca",
    "name@-example.ca",
    "name@example..ca",
    "name@@example.ca",
    "two.dots..here@example.ca",
    ".name@example.ca",
    "name.@example.ca",
    "name@[192.0.2.1]",
    "name@example.ca\n",
    "name @example.ca",
    f"name@{'long.' * 42}example.ca",
    f"name@{'long.' * 47}example.ca",
    f"name@{'l' * 64}.ca",
    f"{'n' * 60}@example.ca",
    f"{'n' * 65}@example.ca",
    "example.ca",
    "@example.ca",
    "name@",
    "",
)


@pytest.mark.parametrize("test_environment", [False, True])
def test_an_address_is_read_as_the_library_reads_it(test_environment: bool) -> None:
    for typed in (*TYPED, *TYPED):
        try:
            by_library = validate_email(typed, check_deliverability=False, test_environment=test_environment)
        except EmailNotValidError:
            with pytest.raises(EmailNotValidError):
                read_email_address(typed, test_environment=test_environment)
            continue
        address = read_email_address(typed, test_environment=test_environment)
        assert (address.normalized, address.ascii) == (by_library.normalized, by_library.ascii_email), typed
