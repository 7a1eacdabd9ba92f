"""The processes below a process, found in the operating system's own table: what one calls itself is not asked."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc/self/task")
GONE_WITHIN = 10.0


def below(parent: int) -> list[int]:
    """Return the living processes that a process has begun, and those that these have begun."""
    found = [child for child in _children(parent) if alive(child)]
    return found + [deeper for child in found for deeper in below(child)]


def alive(process: int) -> bool:
    """Return whether a process runs; one that has ended and that nobody has collected yet does not."""
    if PROC.exists():
        try:
            return Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] not in "ZX"
        except (FileNotFoundError, ProcessLookupError):
            return False
    said = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True)
    return said.returncode == 0 and not said.stdout.startswith("Z")


def kill(processes: Iterable[int]) -> list[int]:
    """Kill -9 these processes and wait until they have ended; give those that ran."""
    killed = []
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
            killed.append(process)
    until = time.monotonic() + GONE_WITHIN
    while any(map(alive, killed)):
        if time.monotonic() > until:
            raise TimeoutError(f"still there after a kill: {[one for one in killed if alive(one)]}")
        time.sleep(0.005)
    return killed


def _children(parent: int) -> list[int]:
    if PROC.exists():
        lists = []
        for thread in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(FileNotFoundError, ProcessLookupError):
                lists += thread.read_text("ascii").split()
        return [int(child) for child in lists]
    said = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [int(child) for child, of in (line.split() for line in said.splitlines()) if int(of) == parent]
