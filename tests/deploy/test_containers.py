"""The container is built of files that exist, from locks with hashes, runs as nobody in particular, and holds no secret."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from advocacy.cli import advocacy
from advocacy.settings import PREFIX, variable_names

ROOT = Path(__file__).parents[2]
CONTAINERFILE = (ROOT / "deploy" / "Containerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
SITE = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "advocacy"}


def instructions(name: str) -> list[str]:
    whole = re.sub(r"\\\n", " ", CONTAINERFILE)
    return [line.removeprefix(f"{name} ") for line in whole.splitlines() if line.startswith(f"{name} ")]


def copied() -> list[str]:
    return [source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]]


def test_what_is_copied_exists() -> None:
    for source in copied():
        assert (ROOT / source).exists(), source


def test_what_a_wheel_is_made_of_is_copied() -> None:
    made_of = {"advocacy", "letters", "templates", "docs/guide", "pyproject.toml", "README.md", "LICENSE", "NOTICE"}
    assert made_of <= set(copied())


def test_a_build_sees_no_settings_no_keys_and_no_letters_of_a_site() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    allowed = [line.removeprefix("!") for line in lines if line.startswith("!")]

    assert lines[0] == "*"
    for secret in (".env", "var", ".venv", "deploy", ".git"):
        assert not any(fnmatch(secret, pattern) for pattern in allowed), secret
    for source in copied():
        assert any(fnmatch(source.split("/")[0], pattern) for pattern in allowed), source


def test_everything_is_installed_from_the_locks_with_hashes_and_then_checked() -> None:
    commands = [part.strip() for line in instructions("RUN") for part in line.split("&&")]
    installs = [command for command in commands if "pip install" in command]

    assert all("--require-hashes --no-deps" in line or "--no-deps --no-index" in line for line in installs)
    assert len(installs) == 3
    assert commands.index("pip check") > commands.index(installs[-1])


def test_it_runs_as_a_user_of_its_own_and_says_whether_it_is_up() -> None:
    last = CONTAINERFILE[CONTAINERFILE.rindex("\nFROM ") :]

    assert "\nUSER advocacy\n" in last
    assert last.index("USER advocacy") < last.index("ENTRYPOINT")
    assert "/healthz" in instructions("HEALTHCHECK")[0]


@pytest.mark.parametrize("service", SITE)
def test_a_service_of_the_site_runs_a_command_that_exists(service: str) -> None:
    name, *rest = SITE[service]["command"]
    command = advocacy.get_command(None, name)  # type: ignore[arg-type]

    assert command is not None
    if rest and not rest[0].startswith("--"):
        assert rest[0] in command.commands  # type: ignore[attr-defined]
        return
    known = {option for parameter in command.params for option in parameter.opts}
    assert {option for option in rest if option.startswith("--")} <= known


@pytest.mark.parametrize("service", SITE)
def test_a_service_of_the_site_may_do_little(service: str) -> None:
    described = SITE[service]

    assert (described["read_only"], described["cap_drop"]) == (True, ["ALL"])
    assert described["security_opt"] == ["no-new-privileges:true"]
    assert {name for name in described["environment"] if name.startswith(PREFIX)} <= set(variable_names())


def test_nothing_is_reached_from_outside_but_the_proxy() -> None:
    ports = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}

    assert ports == {"web": ["80:80", "443:443"]}
    assert COMPOSE["services"]["proxy"]["network_mode"] == "service:web"
    assert "--host" not in COMPOSE["services"]["web"]["command"], "the pages listen where the proxy alone reaches them"


def test_files_that_are_mounted_exist_and_volumes_are_named() -> None:
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / "deploy" / source).exists(), source
            elif not source.startswith("/"):
                assert source in COMPOSE["volumes"]


def test_no_secret_is_in_a_file() -> None:
    text = (ROOT / "deploy" / "compose.yaml").read_text()

    assert set(re.findall(r"(?i)password: (\S+)", text)) == {"${POSTGRES_PASSWORD:?make"}
    assert "deploy/advocacy.env" in (ROOT / ".gitignore").read_text().splitlines()
