"""`make deployment`: docs/deploy.md on a new Debian, block by block, until a citizen's letter has left and is received.

What differs from a real server: the certificate is made here, the provider is a mail server of the trial's own, and no
DNS knows the name. `--release bookworm` tries Debian 12; `--base FOLDER` keeps the new Debian for the next time.
`--short` makes no machine: it reads the page's blocks as the trial would run them.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.deploy.machine import CERTIFICATES, Machine
from tests.fakes.certificate import write_certificate

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OF_PROJECT = re.compile(r"(?<![\w/])(?:/opt/advocacy/)?(deploy/[\w./-]*\w)")
NAME = "letters.example.ca"
SMTP_PORT = 1025
CHANGES = {
    r"^certbot certonly .*$": "mkdir -p /var/www/html",
    r"^ADVOCACY_SMTP_URL=.*$": f"ADVOCACY_SMTP_URL=smtp://127.0.0.1:{SMTP_PORT}",
    # No DNS knows the trial's name, so that this has something to say.
    r"^advocacy doctor$": "advocacy doctor || true",
}
"""What a trial cannot do as it is written, and what it does instead."""


def blocks() -> list[str]:
    """Return the commands of the page, block by block, as the trial runs them."""
    found = BLOCK.findall(DEPLOY.read_text())
    for pattern, instead in CHANGES.items():
        assert any(re.search(pattern, block, re.MULTILINE) for block in found), pattern
        found = [re.sub(pattern, lambda _, text=instead: text, block, flags=re.MULTILINE) for block in found]  # type: ignore[misc]
    return found


def main() -> int:
    """Make the machine, run the page, write and confirm a letter; 0 when it has left."""
    parser = argparse.ArgumentParser(prog="python -m tests.deploy")
    parser.add_argument("--release", default="trixie")
    parser.add_argument("--base", type=Path)
    parser.add_argument("--short", action="store_true", help="read the page's blocks, and run none")
    asked = parser.parse_args()
    if asked.short:
        return read_page()
    with tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        machine = Machine(asked.release, Path(folder), base=asked.base)
        prepare(machine)
        with machine:
            try:
                variables = run_page(machine)
                mails = write_a_letter(machine, "second@example.ca")
                look_for_traces(machine)
                restart_while_asked(machine)
            except subprocess.CalledProcessError as failed:
                say(f"failed with {failed.returncode}: {failed.cmd[-1]}")
                return 1
            say(f"{len(mails)} mails left: " + "; ".join(f"{mail['subject']} → {mail['to']}" for mail in mails))
            say(machine.run("advocacy outbox status", quiet=True, variables=variables))
    return 0


def read_page() -> int:
    """Hold the page's blocks against what runs them; 0 when each is one that the trial runs and a shell can read."""
    page, found = DEPLOY.read_text(), blocks()
    wrong = (
        [] if page.count("```sh") == len(found) else ["a block of ```sh does not begin or end a line, and is not run"]
    )
    for mark in ("ADVOCACY_TEST_RECIPIENT=/d", "make program"):
        wrong += [] if any(mark in block for block in found) else [f"no block has “{mark}”, where the trial does more"]
    for number, block in enumerate(found, 1):
        told = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
        wrong += [f"block {number}: {told.stderr.strip()}"] if told.returncode else []
        wrong += [
            f"block {number}: there is no {name}" for name in OF_PROJECT.findall(block) if not (ROOT / name).exists()
        ]
    for sentence in wrong:
        say(sentence)
    say(f"{len(found)} blocks read" if not wrong else "docs/deploy.md does NOT hold")
    return 1 if wrong else 0


def prepare(machine: Machine) -> None:
    """Lay the project where the page says it is, and what the world would know: a name and a certificate."""
    program = machine.root / "opt" / "advocacy"
    program.mkdir(parents=True)
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", "HEAD"], check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", str(program)], check=True, input=archive.stdout)
    live = machine.root / "etc" / "letsencrypt" / "live" / NAME
    live.mkdir(parents=True)
    certificate = write_certificate(live).read_text()
    for name in ("fullchain.pem", "privkey.pem"):
        (live / name).write_text(certificate)
    (machine.root / "etc" / "hosts").write_text(f"127.0.0.1 localhost {NAME}\n")
    if CERTIFICATES.exists():
        here = machine.root / "usr/local/share/ca-certificates"
        here.mkdir(parents=True, exist_ok=True)
        for file in Path("/usr/local/share/ca-certificates").glob("*.crt"):
            (here / file.name).write_bytes(file.read_bytes())


def run_page(machine: Machine) -> dict[str, str]:
    """Run every block; return the variables that the first one sets."""
    first, *others = blocks()
    variables = dict(re.findall(r"^export (\w+)=(\S+)", first, re.MULTILINE))
    for number, block in enumerate(others, 2):
        if "ADVOCACY_TEST_RECIPIENT=/d" in block:
            mails = write_a_letter(machine, "first@example.ca")
            assert {mail["to"] for mail in mails} == {variables["OPERATOR"]}, "the test address gets all of it"
        say(f"block {number}")
        began = time.monotonic()
        click.echo("".join(f"  $ {line}\n" for line in block.splitlines()), nl=False)
        machine.run(block, variables=variables)
        if "make program" in block:
            # From here on the trial reaches nobody: names of examples are not asked about in the world's DNS.
            machine.run("echo nameserver 127.0.0.1 > /etc/resolv.conf", quiet=True)
        say(f"{time.monotonic() - began:.0f} s")
    return variables


def write_a_letter(machine: Machine, email: str) -> list[dict[str, str]]:
    """Write, confirm and receive one letter by https; return the mails that a provider took meanwhile."""
    wait_until_served(machine)
    citizen = [sys.executable, "-m", "tests.deploy.citizen", str(SMTP_PORT), NAME, email]
    command = machine.enter(*citizen, namespaces=["--net"])
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    say(done.stderr.strip()[-3000:])
    if done.returncode:
        say(machine.run("journalctl -u advocacy -u advocacy-worker -n 60 --no-pager", quiet=True))
        raise subprocess.CalledProcessError(done.returncode, ["a citizen's letter"])
    mails: list[dict[str, str]] = json.loads(done.stdout)
    return mails


def look_for_traces(machine: Machine) -> None:
    """Fail where a log holds an address that lets somebody in, or a file of secrets is open to others."""
    machine.run("grep -q 'GET /en/confirm/- ' /var/log/nginx/advocacy.access.log")
    machine.run("! grep -rE '/(confirm|receipt)/[[:alnum:]_-]{9}' /var/log/nginx")
    machine.run("! journalctl -u advocacy -u advocacy-worker | grep -E '(confirm|receipt)/[[:alnum:]_-]{9}|@example'")
    machine.run('test -z "$(find /etc/advocacy /var/lib/advocacy /var/backups/advocacy -type f -perm /o+rwx)"')


def restart_while_asked(machine: Machine) -> None:
    """Restart the pages while somebody asks for them; fail where any request is not answered well."""
    ask = f"curl -sk -m 90 -o /dev/null -w '%{{http_code}}\\n' https://{NAME}/en/help"
    told = machine.run(
        f"(for n in $(seq 150); do {ask}; done > /tmp/answers) & sleep 1; "
        "systemctl restart advocacy.service; wait; sort /tmp/answers | uniq -c",
        quiet=True,
    )
    say(f"answers during a restart: {' '.join(told.split())}")
    if told.split()[1:] != ["200"]:
        raise subprocess.CalledProcessError(1, ["a restart under load"])


def wait_until_served(machine: Machine) -> None:
    """Wait until the pages answer through nginx."""
    for _ in range(120):
        told = machine.run(f"curl -sk -o /dev/null -w '%{{http_code}}' https://{NAME}/readyz || true", quiet=True)
        if told.strip() == "200":
            return
        time.sleep(0.5)
    raise subprocess.CalledProcessError(1, ["the pages do not answer"])


def say(text: str) -> None:
    """Print a line of the trial's own."""
    click.echo(f"== {text}")


if __name__ == "__main__":
    sys.exit(main())
