"""Keeps what was tried, so that it need not be tried again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from pathlib import Path

from breaks import Break
from forecast import Trial
from shapes import draw


class Kept:
    """A file with a line for each release; lines of another binary or another drawing do not count."""

    def __init__(self, path: Path | None, binary: Path) -> None:
        self._path = path
        self._trials: dict[tuple[str, int], Trial] = {}
        self._minutes = 0.0
        if path is None:
            return
        digest = hashlib.sha256(binary.read_bytes())
        for module in sorted(Path(__file__).resolve().parent.glob("*.py")):
            digest.update(module.read_bytes())
        self._digest = digest.hexdigest()
        path.parent.mkdir(parents=True, exist_ok=True)
        for line in path.read_text().splitlines() if path.exists() else []:
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue  # the program was ended while it wrote
            if entry["digest"] != self._digest:
                continue
            if "minutes" in entry:
                self._minutes += entry["minutes"]
            else:
                self._trials[(entry["mode"], entry["seed"])] = _trial(entry)

    def trial(self, key: tuple[str, int]) -> Trial | None:
        """What became of a mode and a seed, when it was fit."""
        return self._trials.get(key)

    def add(self, trial: Trial) -> None:
        """Keeps a trial that has come to its end."""
        if trial.unfit:
            return
        entry = {field.name: getattr(trial, field.name) for field in fields(trial)}
        del entry["shape"]
        for name in ("upgrade", "rollback", "applied"):
            entry[name] = [asdict(each) for each in entry[name]]
        self._write(entry | {"mode": trial.shape.mode, "seed": trial.shape.seed})

    def finish(self, more: float) -> float:
        """Keeps how many minutes a run took; returns those of all runs."""
        self._write({"minutes": more})
        return self._minutes + more

    def _write(self, entry: dict[str, object]) -> None:
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(json.dumps(entry | {"digest": self._digest}) + "\n")


def _trial(entry: dict[str, object]) -> Trial:
    trial = Trial(draw(entry["seed"], entry["mode"]))
    for name in (field.name for field in fields(trial) if field.name != "shape"):
        value = entry[name]
        if name in ("upgrade", "rollback", "applied"):
            value = [Break(**(each | {"codes": tuple(each["codes"])})) for each in value]
        setattr(trial, name, value)
    return trial
