"""Write the software bill of materials, `build/sbom.cdx.json`: what is installed with the site, why, and its hashes.

    make sbom

CycloneDX 1.6, read from `requirements.txt` alone, so that the same lock gives the same bytes on every machine. The lock
says why each library is there ("# via"), which becomes the graph of dependencies.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from advocacy import __version__

ROOT = Path(__file__).parent.parent
LOCK, OUTPUT = ROOT / "requirements.txt", ROOT / "build" / "sbom.cdx.json"
NAME, SPECIFICATION = "advocacy", SchemaVersion.V1_6
PINNED = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==")
REASON = re.compile(r"#\s+(?:via )?([A-Za-z0-9._-]+)(?: \(.*\))?")


def make_sbom(lock: Path = LOCK) -> str:
    """Return the bill of materials of a lock; raises ValueError for one that the specification does not allow."""
    made = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", str(lock)),
            *("--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"),
            *("--output-reproducible", "--of", "JSON", "--sv", SPECIFICATION.to_version(), "--no-validate", "-o", "-"),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    bill: dict[str, Any] = json.loads(made.stdout)
    root = bill["metadata"]["component"]
    root.update({"bom-ref": NAME, "version": __version__, "purl": f"pkg:generic/{NAME}@{__version__}"})
    for component in bill["components"]:
        component["bom-ref"] = component["purl"]
        del component["description"]  # the lines of the lock, whose hashes are among its references
    references = {_plain(one["name"]): one["bom-ref"] for one in bill["components"]} | {NAME: NAME}
    needed = defaultdict[str, set[str]](set)
    for name, reasons in reasons_of(lock.read_text("utf-8")).items():
        for reason in reasons:
            if reason in references:
                needed[references[reason]].add(references[name])
    bill["dependencies"] = [
        {"ref": reference, "dependsOn": sorted(needed[reference])} for reference in sorted(references.values())
    ]
    text = json.dumps(bill, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if wrong := JsonStrictValidator(SPECIFICATION).validate_str(text):
        raise ValueError(f"the bill of materials is not valid: {wrong}")
    return text


def reasons_of(lock: str) -> Mapping[str, set[str]]:
    """Return what each library of a lock is there for: other libraries, or this project."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in lock.splitlines():
        if pinned := PINNED.match(line):
            name = _plain(pinned[1])
            found[name] = set()
        elif name and (reason := REASON.fullmatch(line.strip())) and reason[1] != "via":
            found[name].add(_plain(reason[1]))
    return found


def _plain(name: str) -> str:
    """Return a library's name as all its spellings have it in common (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(make_sbom(), encoding="utf-8")
    print(f"{OUTPUT.relative_to(ROOT)}: {LOCK.name} as CycloneDX {SPECIFICATION.to_version()}")
