"""How many modules a reader meets on the way of one letter, from the button that sends it to the outbox."""

import sys
from pathlib import Path
from types import FrameType

import advocacy
from tests.web.public.sender import AGREED, Sender
from tests.web.public.visitor import FILLED

PACKAGE = Path(advocacy.__file__).parent
MAX_MODULES = 62


def test_a_submit_runs_through_few_modules(sender: Sender) -> None:
    sender.sent()  # what is made once in a process is made
    sender.visitor.post("review", {**FILLED, "email": "another@example.ca"})
    seen: set[str] = set()

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        seen.add(frame.f_code.co_filename)

    sys.setprofile(note)
    try:
        sender.visitor.press('[formaction$="/send"]', **AGREED)
    finally:
        sys.setprofile(None)
    assert sender.visitor.status == 303
    modules = sorted(str(Path(one).relative_to(PACKAGE)) for one in seen if one.startswith(f"{PACKAGE}/"))
    assert len(modules) <= MAX_MODULES, f"{len(modules)} modules:\n" + "\n".join(modules)
