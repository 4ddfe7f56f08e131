"""Commands that are run and timed, and what a verbose run says of itself."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One run of a command."""

    seconds: float
    status: int
    output: str
    errors: str

    @property
    def requests(self) -> int:
        """The HTTP requests that a verbose run says it made."""
        return len(re.findall(r"^\+ [A-Z]+ /", self.errors, re.MULTILINE))

    @property
    def spans(self) -> list[tuple[int, int]]:
        """When each process and request of a verbose run began and ended, in milliseconds."""
        return [
            (int(match[1]), int(match[2]))
            for match in re.finditer(r"^  (\d+)–(\d+) ms  ", self.errors, re.MULTILINE)
        ]

    @property
    def rest(self) -> float:
        """The seconds in which a verbose run waited for no process and for no request."""
        total, end = 0, 0
        for begin, stop in sorted(self.spans):
            total += max(0, stop - max(begin, end))
            end = max(end, stop)
        return self.seconds - total / 1000

    @property
    def core(self) -> float:
        """The seconds that a verbose run says it spent on proposing, comparing and judging."""
        match = re.search(r"^= .* in (\d+) ms$", self.errors, re.MULTILINE)
        return int(match[1]) / 1000 if match else 0.0


def run(
    words: Sequence[str], environment: Mapping[str, str] | None = None, text: str | None = None
) -> Run:
    started = time.perf_counter()
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **(environment or {})},
    )
    output, errors = process.communicate(text)
    return Run(time.perf_counter() - started, process.returncode, output, errors)


def must(
    words: Sequence[str], environment: Mapping[str, str] | None = None, text: str | None = None,
    allowed: tuple[int, ...] = (0,),
) -> Run:
    """The same, for a command that has to end in one of these ways."""
    done = run(words, environment, text)
    if done.status not in allowed:
        sys.exit(f"scripts/bench: {' '.join(words)} ended with {done.status}: {done.errors}")
    return done


def peak(words: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """The peak memory of a command, in MiB, without its children. What the kernel keeps for wait4
    counts this script's own memory from before the command began."""
    program = Path(words[0]).name[:15]
    process = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )
    highest = 0
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        except OSError:
            break
        name = status.split("Name:\t", 1)[1].split("\n", 1)[0]
        match = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
        if match and name == program:
            highest = max(highest, int(match[1]))
        time.sleep(0.001)
    process.wait()
    return highest // 1024


def shown(seconds: Sequence[float]) -> str:
    """The median, with the smallest and the largest."""
    milliseconds = [value * 1000 for value in seconds]
    return (
        f"{statistics.median(milliseconds):,.0f} ms"
        f" ({min(milliseconds):,.0f}–{max(milliseconds):,.0f})"
    )


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of what one side is to the other, round by round."""
    return statistics.median(one / other for one, other in zip(over, under, strict=True))
