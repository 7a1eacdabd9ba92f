"""`advocacy letter` imports what one letter needs, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

from tests.databases import Beginning, Files

ROOT = Path(__file__).parents[3]
MAX_MODULES = 62
NOT_FOR_A_LETTER = {
    *("advocacy.exports.merge", "advocacy.exports.pdf", "advocacy.exports.docx", "advocacy.exports.mail"),
    *("advocacy.letters.provenance", "alembic", "cryptography", "docx", "typst"),
}
WRITE = """
import sys
from advocacy.cli import advocacy
try:
    advocacy(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""
ARGUMENTS = (
    *("letter", "child-protection/takedown-and-standards", "--language", "en", "--postal-code", "K1A0A6"),
    *("--set", "name=Camille Essai", "--set", "city=Ottawa", "--set", "province=ON"),
)


def test_a_letter_in_text_imports_few_modules_and_nothing_of_other_formats(filled_files: Files, tmp_path: Path) -> None:
    site = filled_files.lay(tmp_path / "advocacy.sqlite3", Beginning.SITE)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ADVOCACY_DATABASE_URL": site}
    command = [sys.executable, "-c", WRITE, *ARGUMENTS]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "Dear Yasir Naqvi:" in run.stdout
    modules = run.stderr.split()
    assert NOT_FOR_A_LETTER.isdisjoint(modules)
    ours = sorted(module for module in modules if module.partition(".")[0] == "advocacy")
    assert len(ours) <= MAX_MODULES, "\n".join(ours)
