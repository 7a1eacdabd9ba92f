"""How often an office got each choice of alternatives is counted exactly, and without anyone's name."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session, sessionmaker

from advocacy.campaigns.letter_text import Choice
from advocacy.letters.alternatives import allot
from advocacy.letters.choices import add_choices, choices_sent
from advocacy.letters.compose import reader_of
from tests.builders import TODAY, a_member, a_template, some_answers

Sessions = sessionmaker[Session]


def add(sessions: Sessions, *choices: Choice, office: str = "mp-1", text: str = "f" * 16) -> None:
    for choice in choices:
        with sessions.begin() as session:
            add_choices(session, office, {text: choice})


def test_every_choice_is_counted_by_office_and_by_text(sessions: Sessions) -> None:
    add(sessions, (0, 2, 11), (0, 2, 11), (0, 21, 1), ())
    add(sessions, (1, 1, 1), office="mp-2")
    add(sessions, (2, 2, 2), text="0" * 16)

    with sessions() as session:
        assert choices_sent(session, "mp-1", "f" * 16) == {(0, 2, 11): 2, (0, 21, 1): 1, (): 1}
        assert choices_sent(session, "mp-2", "f" * 16) == {(1, 1, 1): 1}
        assert choices_sent(session, "mp-3", "f" * 16) == {}


def test_counts_at_the_same_moment_are_all_counted(sessions: Sessions) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: add(sessions, (0, 1)), range(40)))

    with sessions() as session:
        assert choices_sent(session, "mp-1", "f" * 16) == {(0, 1): 40}


def test_the_next_letters_take_what_was_sent_least(sessions: Sessions) -> None:
    template = a_template()
    options = template.options_for(reader_of(template, some_answers(), a_member(), today=TODAY))
    for _ in range(9):
        with sessions() as session:
            choice = allot(options, choices_sent(session, "mp-1", "f" * 16))
        add(sessions, choice)

    with sessions() as session:
        assert sorted(choices_sent(session, "mp-1", "f" * 16).values()) == [1] * 9
