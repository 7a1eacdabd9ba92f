"""Tags are taken in the order of the source; those alone on their line are known, and every name is one that is offered."""

import pytest

from advocacy.campaigns.grammar.tags import MAX_TOKENS, TagChecker
from advocacy.campaigns.grammar.tokens import Refused, tokenize
from tests.unit.campaigns.grammar.attacks import NAMES


def take(source: str) -> TagChecker:
    tags = TagChecker(source, NAMES)
    for token in tokenize(source):
        tags.add(token)
    tags.finish()
    return tags


def test_tags_alone_on_their_lines_are_reported_from_those_in_a_paragraph() -> None:
    source = "{% if reason %}\na {% if today %}b{% endif %}\n  {% else %}  \nc\n{% endif %}"
    assert take(source).alone == {1, 3, 5}


def test_two_tags_on_a_line_are_not_alone() -> None:
    assert take("{% if reason %}{% endif %}").alone == set()


def test_five_levels_and_five_brackets_are_allowed() -> None:
    assert take("{% if (((((reason))))) %}" * 5 + "x" + "{% endif %}" * 5).tokens


def test_as_many_words_and_signs_as_allowed_are_taken() -> None:
    assert take("{{ reason }}" * MAX_TOKENS).tokens
    with pytest.raises(Refused, match="1,500"):
        take("{{ reason }}" * (MAX_TOKENS + 1))


def test_no_space_is_needed_inside_braces_and_more_do_no_harm() -> None:
    assert take("{{reason}}{%if reason%}x{%   endif   %}{{   citizen.name\u00a0}}").tokens


def test_a_name_in_a_condition_may_answer_yes_or_no() -> None:
    assert take("{% if citizen.is_constituent and not survey.is_translated %}x{% endif %}").tokens


@pytest.mark.parametrize("word", ["true", "none", "is", "for", "if", "and", "or", "not", "in", "else"])
def test_a_word_of_the_language_is_no_name(word: str) -> None:
    with pytest.raises(Refused, match=rf"^1:4: “{word}” (is not allowed|cannot stand)"):
        take(f"{{{{ {word} }}}}")
