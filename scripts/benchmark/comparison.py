"""The rounds of the comparison, in which the sides take turns."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from . import floor, places
from .places import Counting, Place, Tools
from .runs import Run, must
from .sides import PHASES, Hand, Helm, Program, Side, make_release

NOW, BEFORE, HAND, HELM = "backbone-migrate", "before", "by hand", "helm alone"


@dataclass(frozen=True)
class Binaries:
    """What is measured: this program, and perhaps the one from before a change."""

    now: str
    before: str | None = None


@dataclass(frozen=True)
class Cost:
    """What a phase took, once."""

    seconds: float
    logins: int
    run: Run | None


@dataclass(frozen=True)
class Count:
    """What a phase asked for, by all the programs that took part."""

    requests: int
    processes: Counter[str]
    # What this program says of itself; None of the other sides.
    own_requests: int | None


@dataclass
class Times:
    """What the rounds took at one place."""

    place: str
    costs: dict[tuple[str, str], list[Cost]] = field(default_factory=dict)
    parts: dict[str, list[float]] = field(default_factory=dict)

    def has(self, phase: str, title: str) -> bool:
        return (phase, title) in self.costs

    def seconds(self, phase: str, title: str) -> list[float]:
        return [cost.seconds for cost in self.costs[phase, title]]

    def logins(self, phase: str, title: str) -> list[int]:
        return sorted({cost.logins for cost in self.costs[phase, title]})

    @property
    def floor(self) -> list[float]:
        """No plan is faster than a proxy that answers, and after that two renderings, one of what
        is proposed and one of that repaired."""
        return [
            answer + 2 * values
            for answer, values in zip(
                self.parts["first answer"], self.parts["values"], strict=True)
        ]


@dataclass
class Measured:
    """Everything about one helm."""

    version: str
    counts: dict[tuple[str, str], Count]
    times: list[Times]

    @property
    def local(self) -> Times:
        return self.times[0]

    @property
    def login(self) -> Times:
        return self.times[1]


class Comparison:
    """The sides, with one helm."""

    numbers = count(1)

    def __init__(
        self, version: str, tools: Tools, binaries: Binaries, folder: Path
    ) -> None:
        self.version = version
        self.tools = tools
        self.binaries = binaries
        self.folder = folder
        self.chart = str(folder / f"chart-{version}")
        must([binaries.now, "chart", self.chart])
        self.values = self._values()

    def measure(self, rounds: dict[Place, int]) -> Measured:
        counts = self._count()
        times = []
        for place, number in rounds.items():
            measured = Times(place.name)
            for turn in range(number):
                self._round(measured, place, turn)
            times.append(measured)
        return Measured(self.version, counts, times)

    def program(self, place: Place) -> Program:
        """This program, on a release that nobody has planned yet."""
        side = self._sides(self.tools, place)[0]
        assert isinstance(side, Program)
        return side

    def _values(self) -> str:
        side = Program(
            NOW, self.tools, places.local(), self._namespace(), self.folder, self.chart, "",
            self.binaries.now)
        make_release(side.namespace, self.tools)
        return must(
            side.words("plan", "web", "--output", "values", "--with-secrets", "--no-save"),
            side.environment, allowed=(0, 2)).output

    def _namespace(self) -> str:
        return f"bench-{next(self.numbers)}"

    def _sides(self, tools: Tools, place: Place) -> list[Side]:
        """Each with a release that was just made, so that every round finds the same."""
        kinds = {NOW: partial(Program, binary=self.binaries.now)}
        if self.binaries.before:
            kinds[BEFORE] = partial(Program, binary=self.binaries.before)
        kinds |= {HAND: Hand, HELM: Helm}
        sides = []
        for title, kind in kinds.items():
            namespace = self._namespace()
            folder = self.folder / namespace
            folder.mkdir()
            make_release(namespace, self.tools)
            sides.append(
                kind(title, tools, place, namespace, folder, self.chart, self.values))
        for side in sides:
            side.settle()
        return sides

    def _count(self) -> dict[tuple[str, str], Count]:
        """A round that is not timed, which also warms up."""
        counts = {}
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            with Counting(Path(folder)) as counting:
                tools = counting.wrapped(self.tools)
                sides = self._sides(tools, counting.place)
                for phase in PHASES:
                    for side in sides:
                        if (work := side.work(phase)) is None:
                            continue
                        counting.take()
                        run = work()
                        requests, processes = counting.take()
                        counts[phase, side.title] = Count(
                            requests, processes, run.requests if run else None)
        return counts

    def _round(self, times: Times, place: Place, turn: int) -> None:
        sides = self._sides(self.tools, place)
        for phase in PHASES:
            if phase == "plan":
                for name, part in floor.PARTS.items():
                    times.parts.setdefault(name, []).append(part(sides[0]))
            # Each side is first at times, and last.
            for side in sides[turn % len(sides):] + sides[:turn % len(sides)]:
                if (work := side.work(phase)) is None:
                    continue
                logins, started = place.logins, time.perf_counter()
                run = work()
                seconds = time.perf_counter() - started
                times.costs.setdefault((phase, side.title), []).append(
                    Cost(seconds, place.logins - logins, run))
                side.settle()
