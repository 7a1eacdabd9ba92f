"""The fonts' files hold the characters that the style sheet says they hold, and come with their licences."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "advocacy" / "web" / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
SCRIPT = (ROOT / "scripts" / "make_fonts.py").read_text(encoding="utf-8")
FACE = re.compile(r'@font-face \{.*?url\("\.\./fonts/(?P<file>[^"]+)"\).*?unicode-range: (?P<ranges>[^;]+);', re.S)


def ranges_of(name: str) -> str:
    written = re.search(rf"^{name} = \(\n(.*?)^\)", SCRIPT, re.S | re.M)
    assert written
    return "".join(re.findall(r'"([^"]*)"', written[1]))


def test_every_face_names_the_ranges_it_was_made_with() -> None:
    faces = {face["file"]: face["ranges"] for face in FACE.finditer(TOKENS)}
    assert len(faces) == 6
    for file, ranges in faces.items():
        assert ranges == ranges_of("EXTENDED" if file.endswith("-ext.woff2") else "LATIN"), file


def test_every_file_named_is_there_and_no_other() -> None:
    named = {face["file"] for face in FACE.finditer(TOKENS)}
    assert {path.name for path in (STATIC / "fonts").glob("*.woff2")} == named
