"""Keeps what was tried, so that a run can be stopped, split, and put together again."""

from __future__ import annotations

import hashlib
import json
import uuid
from pathlib import Path

from acceptance import Acceptance, Tally
from judge import Judged
from served import Object


class Ran:
    """A file of lines, one a release; lines of another binary or another drawing do not count."""

    def __init__(self, path: Path | None, binary: Path, version: str) -> None:
        digest = hashlib.sha256(binary.read_bytes())
        for module in sorted(Path(__file__).resolve().parent.glob("*.py")):
            digest.update(module.read_bytes())
        self.digest = digest.hexdigest()[:16]
        self.versions = {version}
        self.judged: list[Judged] = []
        self.minutes = 0.0
        self._tallies: dict[str, dict[str, Tally]] = {}
        self._run = uuid.uuid4().hex
        self._path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            for entry in _lines(path):
                if entry["digest"] == self.digest and entry["version"] == version:
                    self._take(entry)

    @classmethod
    def merged(cls, paths: list[Path]) -> Ran:
        """What several files have, made by one binary."""
        entries = [entry for path in paths for entry in _lines(path)]
        if not entries:
            raise SystemExit("there is nothing in these files; name what --kept wrote")
        ran = cls.__new__(cls)
        # The newest lines say which binary is meant; lines of others are left out.
        ran.digest = entries[-1]["digest"]
        ran.versions, ran.judged, ran.minutes = set(), [], 0.0
        ran._tallies, ran._run, ran._path = {}, "", None
        for entry in entries:
            if entry["digest"] == ran.digest:
                ran.versions.add(entry["version"])
                ran._take(entry)
        others = sum(entry["digest"] != ran.digest for entry in entries)
        if others:
            print(f"{others} lines of another binary or another drawing are left out")
        return ran

    def _take(self, entry: Object) -> None:
        if "minutes" in entry:
            self.minutes += entry["minutes"]
        elif "accepted" in entry:
            self._tallies[entry["run"]] = {
                path: Tally.read(each) for path, each in entry["accepted"].items()}
        elif not self.has(entry["release"]["mode"], entry["release"]["seed"]):
            self.judged.append(Judged.read(entry["release"]))

    def has(self, mode: str, seed: int) -> bool:
        """Whether a release was tried and was fit."""
        return any(each.mode == mode and each.seed == seed for each in self.judged)

    def add(self, judged: Judged) -> None:
        """Keeps what came of a release."""
        self.judged.append(judged)
        if not judged.unfit:
            self._write({"release": judged.document})

    def acceptance(self, acceptance: Acceptance) -> None:
        """Keeps what the server accepted in this run so far."""
        self._tallies[self._run] = acceptance.tallies
        self._write({"run": self._run, "accepted": {
            path: each.document for path, each in acceptance.tallies.items()}})

    def took(self, minutes: float) -> None:
        """Adds to the minutes of all runs."""
        self.minutes += minutes
        self._write({"minutes": minutes})

    @property
    def tallies(self) -> dict[str, Tally]:
        """What the server accepted, over all runs."""
        found: dict[str, Tally] = {}
        for run in self._tallies.values():
            for path, tally in run.items():
                found.setdefault(path, Tally()).add(tally)
        return found

    def _write(self, entry: Object) -> None:
        if self._path is not None:
            head = {"digest": self.digest, "version": next(iter(self.versions))}
            with self._path.open("a") as file:
                file.write(json.dumps(entry | head) + "\n")


def _lines(path: Path) -> list[Object]:
    found = []
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue  # the program was ended while it wrote
    return found
