"""A new Debian with systemd of its own, in namespaces of this machine's kernel: made, booted, and gone at the end."""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Self

import click

MIRROR = "http://deb.debian.org/debian"
NEEDED = ("debootstrap", "unshare", "nsenter", "slirp4netns", "ip")
NAMESPACES = ("--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
ENVIRONMENT = MappingProxyType(
    {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
)
BOOT = """
set -e
mount --make-rprivate /
mount --bind "$ROOT" "$ROOT"
mount -t proc proc "$ROOT/proc"
mount -t sysfs -o ro sysfs "$ROOT/sys"
mount -t cgroup2 cgroup2 "$ROOT/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$ROOT/run"
mount -t tmpfs tmpfs "$ROOT/tmp"
mount -t tmpfs -o mode=755 tmpfs "$ROOT/dev"
mkdir "$ROOT/dev/pts" "$ROOT/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$ROOT/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/dev/shm"
for device in null zero full random urandom tty; do
  touch "$ROOT/dev/$device"; mount --bind "/dev/$device" "$ROOT/dev/$device"
done
ln -s pts/ptmx "$ROOT/dev/ptmx"
ln -s /proc/self/fd "$ROOT/dev/fd"
for number in 0 1 2; do ln -s "fd/$number" "$ROOT/dev/$(echo stdin stdout stderr | cut -d' ' -f$((number + 1)))"; done
ip link set lo up
hostname trial
mkdir -p "$ROOT/before"
cd "$ROOT"
pivot_root . before
umount -l before
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb /lib/systemd/systemd --log-target=null \
  --show-status=0 --unit=multi-user.target
"""


class Machine:
    """A booted Debian; `root` is its file system, seen from here."""

    def __init__(self, release: str, folder: Path, *, base: Path | None) -> None:
        """`base` is a folder with a new Debian of that release, which is kept; it is made where there is none."""
        missing = [name for name in NEEDED if shutil.which(name) is None]
        if missing or os.geteuid() != 0:
            raise SystemExit(f"run this as root, with: apt-get install debootstrap slirp4netns ({', '.join(missing)})")
        self.root = folder / "root"
        base = base or folder / "base"
        if not base.exists():
            packages = "--include=systemd,systemd-sysv,dbus"
            run(["debootstrap", "--variant=minbase", packages, release, str(base), MIRROR])
        run(["cp", "-a", str(base), str(self.root)])
        # What this machine needs to reach the world, the new one needs too.
        shutil.copy("/etc/resolv.conf", self.root / "etc/resolv.conf")
        self._extra = {name: os.environ[name] for name in ("PIP_CERT", "PIP_INDEX_URL") if name in os.environ}
        self._pid = 0

    def __enter__(self) -> Self:
        group = self._group = _unified_group()
        command = ["unshare", *NAMESPACES, "--fork", "--kill-child", "/bin/bash", "-c", BOOT]
        self._boot = subprocess.Popen(
            ["/bin/bash", "-c", f'echo $$ > {group}/cgroup.procs; exec "$@"', "boot", *command],
            env={**os.environ, "ROOT": str(self.root)},
            start_new_session=True,
        )
        self._pid = self._wait_for_init()
        self._network = subprocess.Popen(
            ["slirp4netns", "--configure", "--mtu=1500", str(self._pid), "tap0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            if (
                self.run("ip -4 route show default 2>/dev/null || cat /proc/net/route", quiet=True).strip().count("\n")
                > 1
            ):
                break
            time.sleep(0.1)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._network.terminate()
        self._network.wait(10)
        self._boot.kill()
        self._boot.wait(30)
        for _ in range(100):  # until the last of its processes has ended
            try:
                for folder in sorted((path for path in self._group.rglob("*") if path.is_dir()), reverse=True):
                    folder.rmdir()
                self._group.rmdir()
                return
            except OSError:
                time.sleep(0.1)

    def run(self, script: str, *, quiet: bool = False, variables: Mapping[str, str] = MappingProxyType({})) -> str:
        """Run a script as its root would type it; return what it says. Raises CalledProcessError."""
        environment = {**ENVIRONMENT, **self._extra, "HOME": "/root", **variables}
        return run(self.enter("/bin/bash", "-euo", "pipefail", "-c", script), environment=environment, quiet=quiet)

    def enter(self, *command: str, namespaces: Sequence[str] = NAMESPACES) -> list[str]:
        """Return the command that runs a command inside, or in some of its namespaces alone."""
        return ["nsenter", "-t", str(self._pid), *namespaces, *command]

    def _wait_for_init(self) -> int:
        for _ in range(300):
            for line in _children(self._boot.pid):
                if Path(f"/proc/{line}/comm").read_text().strip() == "systemd":
                    return line
            if self._boot.poll() is not None:
                raise SystemExit("the new machine did not boot: are namespaces and cgroup2 allowed here?")
            time.sleep(0.1)
        raise SystemExit("the new machine did not boot within 30 s")


def run(command: Sequence[str], *, environment: Mapping[str, str] | None = None, quiet: bool = False) -> str:
    """Run a command to its end; return what it says, and show it too unless it is to be quiet."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        told = []
        for line in process.stdout:
            told.append(line)
            if not quiet:
                click.echo(f"    {line}", nl=False)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, "".join(told))
    return "".join(told)


def _children(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [int(child) for child in children]


def _unified_group() -> Path:
    """Return a control group of version 2 of the new machine's own, also where this one still has version 1."""
    mounted = next(
        line.split()[1] for line in Path("/proc/mounts").read_text().splitlines() if line.split()[2] == "cgroup2"
    )
    group = Path(mounted) / f"advocacy-trial-{os.getpid()}"
    group.mkdir(exist_ok=True)
    return group
