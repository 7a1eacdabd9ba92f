"""What is sealed opens in its own place alone, and a hash finds it again under every key."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.encryption import (
    ID_BYTES,
    KEY_BYTES,
    NONCE_BYTES,
    CannotDecrypt,
    Keys,
    KeysUnreadable,
    UnknownKey,
    decrypt,
    digests,
    encrypt,
    hashed,
    id_of,
    is_newest,
)

OLD, NEW = b"o" * KEY_BYTES, b"n" * KEY_BYTES
KEYS = Keys((OLD,))
ROTATED = Keys((NEW, OLD))
PLACE = "submissions.name_sealed:4f"


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_sealed_is_opened_word_for_word(plain: str) -> None:
    assert decrypt(KEYS, encrypt(KEYS, plain, of=PLACE), of=PLACE) == plain


def test_what_is_sealed_shows_nothing_and_is_never_twice_the_same() -> None:
    sealed = {encrypt(KEYS, "Camille Essai", of=PLACE) for _ in range(50)}

    assert len(sealed) == 50
    assert not any(b"Camille" in each for each in sealed)


def test_every_changed_byte_is_noticed() -> None:
    sealed = encrypt(KEYS, "Camille", of=PLACE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(CannotDecrypt):
            decrypt(KEYS, bytes(changed), of=PLACE)


def test_what_was_cut_short_is_noticed() -> None:
    encrypted = encrypt(KEYS, "Camille", of=PLACE)
    for length in range(ID_BYTES + NONCE_BYTES + 17):
        with pytest.raises(CannotDecrypt):
            decrypt(KEYS, encrypted[:length], of=PLACE)


@pytest.mark.parametrize("elsewhere", ["submissions.name_sealed:5f", "submissions.email_sealed:4f", ""])
def test_what_was_moved_to_another_row_or_column_is_noticed(elsewhere: str) -> None:
    with pytest.raises(CannotDecrypt, match="belongs elsewhere"):
        decrypt(KEYS, encrypt(KEYS, "Camille", of=PLACE), of=elsewhere)


def test_what_was_changed_or_cut_short_is_not_blamed_on_the_keys() -> None:
    sealed = encrypt(KEYS, "", of=PLACE)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for spoilt in (changed, sealed[:-1], b""):
        with pytest.raises(CannotDecrypt) as told:
            decrypt(KEYS, spoilt, of=PLACE)
        assert not isinstance(told.value, UnknownKey)


def test_an_unknown_key_opens_nothing() -> None:
    sealed = encrypt(KEYS, "Camille", of=PLACE)
    with pytest.raises(UnknownKey, match="not known here") as told:
        decrypt(Keys((NEW,)), sealed, of=PLACE)
    assert told.value.key_id == sealed[:4]


def test_after_a_rotation_the_old_still_opens_and_the_new_seals() -> None:
    before, after = encrypt(KEYS, "Camille", of=PLACE), encrypt(ROTATED, "Camille", of=PLACE)

    assert decrypt(ROTATED, before, of=PLACE) == decrypt(ROTATED, after, of=PLACE) == "Camille"
    assert (is_newest(ROTATED, before), is_newest(ROTATED, after)) == (False, True)
    assert after[:ID_BYTES] == id_of(NEW)


def test_after_a_rotation_what_was_kept_by_the_old_hash_is_still_found() -> None:
    (before,) = digests(KEYS, "camille@example.ca", purpose="email")
    newest, older = digests(ROTATED, "camille@example.ca", purpose="email")

    assert older == before != newest
    assert digests(Keys((NEW,)), "camille@example.ca", purpose="email") == (newest,)


def test_a_hash_made_for_one_purpose_says_nothing_for_another() -> None:
    made = {
        digests(KEYS, text, purpose=purpose)
        for purpose, text in [("email", "a"), ("network", "a"), ("email", "b"), ("e", "mail\0a")]
    }

    assert len(made) == 4


def test_a_hash_is_what_it_has_always_been() -> None:
    """Known answers: a hash that changed would find none of the addresses that stand in a database."""
    assert digests(KEYS, "camille@example.ca", purpose="email") == (
        "f5bf65655134722456c10dfbd3f60d985ad268d478e7088c84bd0f36708f3617",
    )
    assert hashed("token") == "3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0"


def test_keys_are_read_as_they_are_written() -> None:
    assert Keys.read(ROTATED.text) == ROTATED
    assert Keys.read(base64.urlsafe_b64encode(OLD).decode()) == KEYS, "with padding too"


@pytest.mark.parametrize("text", ["", " ", "short", "A" * 44, "é", f"{KEYS.text},{KEYS.text}"])
def test_what_holds_no_keys_is_refused(text: str) -> None:
    with pytest.raises(KeysUnreadable, match="write keys of 32 bytes"):
        Keys.read(text)


def test_made_keys_are_never_the_same() -> None:
    assert Keys.make() != Keys.make()
