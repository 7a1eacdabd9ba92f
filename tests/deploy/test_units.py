"""The shipped systemd units are ones that systemd takes, start commands that exist, and leave little open."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from advocacy.cli import advocacy

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
WRAPPER = UNITS.parent / "advocacy"
PROGRAM = "/opt/advocacy/.venv/bin/advocacy"
HARDENING = {
    "User": "advocacy",
    "UMask": "0077",
    "StateDirectoryMode": "0700",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "MemoryDenyWriteExecute": "yes",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "SystemCallArchitectures": "native",
}
MAX_EXPOSURE = 20
"""Tenths, as `systemd-analyze security` counts: 10 is safe, 96 is what a unit has that says nothing."""
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing: apt-get install systemd"
)


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(unit)
    return parser


@needs_systemd
def test_systemd_takes_the_units_without_a_remark(tmp_path: Path) -> None:
    program = tmp_path / "advocacy"
    program.touch(mode=0o755)
    for unit in UNITS.iterdir():
        (tmp_path / unit.name).write_text(unit.read_text().replace(PROGRAM, str(program)))
    units = [tmp_path / unit.name for unit in UNITS.iterdir()]
    command = ["systemd-analyze", "verify", "--man=no", *map(str, units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, [line for line in done.stderr.splitlines() if str(tmp_path) in line]) == (0, [])


@needs_systemd
@pytest.mark.parametrize("service", SERVICES, ids=lambda unit: unit.name)
def test_a_service_is_exposed_little(service: Path) -> None:
    command = [
        "systemd-analyze",
        "security",
        "--offline=true",
        f"--threshold={MAX_EXPOSURE}",
        "--no-pager",
        str(service),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout.splitlines()[-1]


@pytest.mark.parametrize("service", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_write_to_its_own_folder_alone(service: Path) -> None:
    section = read(service)["Service"]

    assert {name: section.get(name) for name in HARDENING} == HARDENING
    assert section.get("ReadWritePaths", "/var/backups/advocacy") == "/var/backups/advocacy"


@pytest.mark.parametrize("service", SERVICES, ids=lambda unit: unit.name)
def test_a_service_starts_a_command_that_exists(service: Path) -> None:
    words = shlex.split(read(service)["Service"]["ExecStart"].replace("'", " ").replace('"', " "))
    name, *options = words[words.index(PROGRAM) + 1 :]
    command = advocacy.get_command(None, name)  # type: ignore[arg-type]

    assert command is not None, name
    known = {option for parameter in command.params for option in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= known


def test_a_restart_loses_no_request_and_the_worker_is_apart() -> None:
    web, worker = read(UNITS / "advocacy.service"), read(UNITS / "advocacy-worker.service")

    assert web["Unit"]["Requires"] == "advocacy.socket"
    assert read(UNITS / "advocacy.socket")["Socket"]["ListenStream"] == "127.0.0.1:8000"
    assert "--no-worker" in web["Service"]["ExecStart"]
    assert {unit["Service"]["KillMode"] for unit in (web, worker)} == {"mixed"}


def test_no_unit_and_no_script_holds_a_secret() -> None:
    for file in [*UNITS.iterdir(), WRAPPER]:
        assert not re.search(r"password|secret_key=|data_keys=|Environment=", file.read_text(), re.IGNORECASE), (
            file.name
        )
