"""A stop link works for the mailbox and the campaign that it was made for, and tells neither."""

from advocacy.encryption import Keys
from advocacy.letters.stop_links import StopLink, read_stop_token, stop_token

KEYS = Keys.make()
LINK = StopLink("child-protection", "ab" * 32)


def test_a_token_is_read_back_as_what_it_was_made_of_also_once_the_key_is_older() -> None:
    token = stop_token(LINK, keys=KEYS)
    assert read_stop_token(token, keys=KEYS) == LINK
    assert read_stop_token(token, keys=Keys((*Keys.make().newest_first, *KEYS.newest_first))) == LINK


def test_a_token_reveals_nothing_and_is_another_one_each_time() -> None:
    tokens = {stop_token(LINK, keys=KEYS) for _ in range(3)}
    assert len(tokens) == 3
    assert not [one for one in tokens if "child" in one or "abab" in one]


def test_nobody_makes_or_changes_a_token_without_the_key() -> None:
    token = stop_token(LINK, keys=KEYS)
    changed = [f"{token[:place]}{'A' if token[place] != 'A' else 'B'}{token[place + 1 :]}" for place in (0, 30, 80)]
    for wrong in (*changed, "", "unknown", "é", "=", token[:-8], stop_token(LINK, keys=Keys.make())):
        assert read_stop_token(wrong, keys=KEYS) is None
