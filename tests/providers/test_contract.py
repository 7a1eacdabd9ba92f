"""What holds for every provider: a message arrives as it was given, once it is taken, or it is said what to do."""

import pytest

from advocacy.delivery.provider import Accepted, Mailbox, NotAllowed, Refused, TryLater
from tests.providers.benches import Bench, an_envelope

pytestmark = pytest.mark.loopback


def test_it_has_a_name_and_says_whether_it_rehearses(bench: Bench) -> None:
    assert bench.provider.name.isidentifier()
    assert isinstance(bench.provider.rehearses, bool)


def test_a_message_arrives_word_for_word(bench: Bench) -> None:
    sent = an_envelope()
    assert isinstance(bench.provider.send(sent), Accepted)
    [arrived] = bench.arrived()
    assert (arrived.id, arrived.subject) == (sent.id, sent.subject)
    assert (arrived.sender, arrived.to, arrived.reply_to) == (sent.sender, sent.to, sent.reply_to)
    assert (arrived.text, arrived.html) == (sent.text, sent.html)


def test_a_mail_of_the_sites_own_asks_for_no_automatic_answer_and_a_letter_asks_nothing_of_the_kind(
    bench: Bench,
) -> None:
    bench.provider.send(an_envelope(id="letter", automatic=False))
    bench.provider.send(an_envelope(id="notice", automatic=True))
    headers = {arrived.id: arrived.headers for arrived in bench.arrived()}
    assert headers["notice"]["Auto-Submitted"] == "auto-generated"
    assert headers["notice"]["X-Auto-Response-Suppress"] == "All"
    assert not {"auto-submitted", "x-auto-response-suppress", "precedence"} & {
        name.lower() for name in headers["letter"]
    }


def test_a_mail_that_can_be_stopped_says_how_and_a_letter_says_nothing_of_the_kind(bench: Bench) -> None:
    link = f"https://letters.example/fr/stop/{'A9-_' * 40}"
    bench.provider.send(an_envelope(id="letter"))
    bench.provider.send(an_envelope(id="notice", automatic=True, stop_link=link))
    headers = {arrived.id: arrived.headers for arrived in bench.arrived()}
    assert headers["notice"]["List-Unsubscribe"] == f"<{link}>"
    assert headers["notice"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not {name for name in headers["letter"] if name.lower().startswith("list-")}


def test_the_headers_of_a_message_arrive_with_it_and_with_no_other(bench: Bench) -> None:
    own = {"X-Campaign": "child-protection", "X-Own-Words": "43", "List-Id": "<child-protection.letters.example.ca>"}
    bench.provider.send(an_envelope(id="letter", headers=own))
    bench.provider.send(an_envelope(id="other"))
    headers = {arrived.id: arrived.headers for arrived in bench.arrived()}
    assert {name: headers["letter"][name] for name in own} == own
    assert not set(own) & set(headers["other"])


def test_without_a_mailbox_for_replies_there_is_none(bench: Bench) -> None:
    bench.provider.send(an_envelope(reply_to=None))
    [arrived] = bench.arrived()
    assert arrived.reply_to is None


NAMES = ("Éva “X”, Jr.", "محمد", 'A "B" <c@d.ca>', "x, y@z.ca", "", "ᓄᓇᕗᑦ", "=?utf-8?q?x?=", "à" * 200, "a\\")
BREAKS = ("\r\n", "\n", "\r", "\u2028", "\x0b", "\x85")
NO_ADDRESSES = ("", "a", "a@b.ca, c@d.ca", "a@b.ca\r\nBcc: c@d.ca", "<a@b.ca>", "a b@c.ca", "a@b.ca\n", "é@b.ca")


def test_a_name_is_a_name_whatever_it_looks_like(bench: Bench) -> None:
    senders = [Mailbox(name, "lettres@campagne.example") for name in NAMES]
    for nth, sender in enumerate(senders):
        bench.provider.send(an_envelope(id=f"id{nth}", sender=sender))
    assert [arrived.sender for arrived in bench.arrived()] == senders


def test_what_a_citizen_typed_makes_no_header(bench: Bench) -> None:
    for nth, end in enumerate(BREAKS):
        typed = f"x{end}Bcc: other@example.ca{end}{end}words"
        envelope = an_envelope(id=f"id{nth}", reply_to=Mailbox(typed, "camille.essai@example.ca"), subject=typed)
        bench.provider.send(envelope)
    found = bench.arrived()
    assert [arrived.to.address for arrived in found] == ["yasir.naqvi@parl.example"] * len(BREAKS)
    assert {(arrived.text, arrived.html) for arrived in found} == {(an_envelope().text, an_envelope().html)}
    assert not [arrived.subject for arrived in found if {"\r", "\n"} & set(arrived.subject)]


def test_what_is_not_one_address_is_refused_and_the_reason_tells_nothing_of_it(bench: Bench) -> None:
    for address in NO_ADDRESSES:
        with pytest.raises(Refused) as refused:
            bench.provider.send(an_envelope(to=Mailbox("Yasir Naqvi", address)))
        assert refused.value.reason == "address", address
    assert not bench.arrived()


def test_out_of_reach_no_message_fails(bench: Bench) -> None:
    bench.out_of_reach()
    with pytest.raises((TryLater, NotAllowed)) as trouble:
        bench.provider.send(an_envelope())
    assert str(trouble.value).isidentifier()


def test_closed_it_may_be_used_and_closed_again(bench: Bench) -> None:
    bench.provider.close()
    bench.provider.send(an_envelope())
    bench.provider.close()
    bench.provider.close()
    assert len(bench.arrived()) == 1
