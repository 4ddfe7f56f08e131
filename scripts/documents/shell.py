"""A shell that runs the commands of a page one after the other."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import string
import subprocess
import uuid
from pathlib import Path

TIMEOUT = 240.0
NAME = r"([a-z][a-z0-9-]+)"
NAMED = re.compile(
    rf"(?:--namespace[ =]|(?<!\S)-n |\b(?:create|delete|label|annotate) namespaces? |\bnamespaces?/){NAME}")
# Without vowels, so that no word comes of it.
LETTERS = "bcdfghjkmnpqrstvwxz"


class Namespaces:
    """Namespaces of this run's own for those that a page names: as long, and in the same order."""

    def __init__(self, commands: list[str]) -> None:
        found = {name for command in commands for name in NAMED.findall(command)}
        number = uuid.uuid4().int
        mark = LETTERS[number % len(LETTERS)]
        for _ in range(3):
            number //= 64
            mark += (LETTERS + string.digits[2:])[number % (len(LETTERS) + 8)]
        self.own = {name: mark + name[4:] for name in sorted(found) if name not in ("default", "kube-system")}
        if len(set(self.own.values())) < len(self.own) or any(len(name) < 4 for name in self.own):
            raise ValueError(f"namespaces differ only in their first four letters: {', '.join(self.own)}")

    def into(self, text: str) -> str:
        for name, own in self.own.items():
            text = re.sub(rf"(?<![\w.$-]){re.escape(name)}(?![\w-])", own, text)
        return text

    def back(self, text: str) -> str:
        for name, own in sorted(self.own.items(), key=lambda each: -len(each[1])):
            text = text.replace(own, name)
        return text


class Shell:
    def __init__(self, folder: Path, environment: dict[str, str], files: Path) -> None:
        self.files, self.count = files, 0
        self.reading, writing = os.pipe()
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(writing,), text=True,
            start_new_session=True)
        self.status = writing
        self.tell = f"echo $? >&{writing}"
        os.close(writing)

    def run(self, command: str) -> tuple[int | None, str]:
        """The status, or None when the shell ended or took too long, and what was printed."""
        self.count += 1
        source, output = (self.files / f"{self.count}.{kind}" for kind in ("sh", "out"))
        source.write_text(command + "\n", encoding="utf-8")
        assert self.process.stdin is not None
        # The descriptor of the status is the shell's alone: what runs on in the background keeps it not.
        self.process.stdin.write(
            f"{{ . '{source}'; }} >'{output}' 2>&1 </dev/null {self.status}>&1; {self.tell}\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.reading], [], [], TIMEOUT)
        said = os.read(self.reading, 64).decode() if ready else ""
        printed = output.read_text(encoding="utf-8", errors="replace") if output.exists() else ""
        return (int(said) if said.strip() else None), printed

    def close(self) -> None:
        # Its own process group: what it left in the background as well.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()
        os.close(self.reading)
