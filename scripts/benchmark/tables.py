"""What was measured, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .comparison import BEFORE, HAND, HELM, NOW, Measured
from .runs import ratio, shown
from .sides import PHASES


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def plans(measured: Sequence[Measured]) -> str:
    rows = []
    for each in measured:
        for times in each.times:
            plan, hand = times.seconds("plan", NOW), times.seconds("plan", HAND)
            row = [
                each.version, times.place, shown(plan), shown(hand), f"{ratio(hand, plan):.1f}",
                shown(times.floor), f"{ratio(plan, times.floor):.2f}",
            ]
            if times.has("plan", BEFORE):
                before = times.seconds("plan", BEFORE)
                row += [shown(before), f"{ratio(before, plan):.1f}"]
            rows.append(row)
    head = ["helm", "cluster", "plan", "by hand", "by hand ÷ plan", "floor", "plan ÷ floor"]
    if measured[0].local.has("plan", BEFORE):
        head += ["plan before", "before ÷ plan"]
    return table(head, rows)


def floors(measured: Sequence[Measured]) -> str:
    return table(
        ["helm", "cluster", "first answer of `kubectl proxy`", "`helm template` with defaults",
         "`helm template` with values", "of the plan neither process nor request"],
        [
            [each.version, times.place, *(shown(part) for part in times.parts.values()),
             shown([cost.run.rest for cost in times.costs["plan", NOW] if cost.run])]
            for each in measured for times in each.times
        ])


def changes(measured: Sequence[Measured]) -> str:
    rows = []
    for each in measured:
        for times in each.times:
            for phase in PHASES[1:]:
                now, hand, helm = (times.seconds(phase, title) for title in (NOW, HAND, HELM))
                upgrade = times.seconds("apply", HELM)
                row = [
                    each.version, times.place, phase, shown(now), shown(hand),
                    f"{ratio(hand, now):.1f}", shown(helm), f"{ratio(now, upgrade):.1f}",
                ]
                if times.has(phase, BEFORE):
                    row.append(shown(times.seconds(phase, BEFORE)))
                rows.append(row)
    head = ["helm", "cluster", "run", "backbone-migrate", "by hand", "by hand ÷ it",
            "`helm upgrade`, `helm rollback` alone", "it ÷ `helm upgrade`"]
    if measured[0].local.has("apply", BEFORE):
        head.append("before")
    return table(head, rows)


def counts(measured: Sequence[Measured]) -> str:
    rows = []
    for each in measured:
        for (phase, title), found in each.counts.items():
            rows.append([
                each.version, phase, title,
                _either(each.login.logins(phase, title)),
                found.requests, "" if found.own_requests is None else found.own_requests,
                found.processes["helm"], found.processes["kubectl"],
            ])
    return table(
        ["helm", "what", "who", "logins", "HTTP requests", "of them its own", "helm", "kubectl"],
        rows)


def targets(
    measured: Sequence[Measured], help_seconds: Sequence[float], memory: dict[str, int]
) -> str:
    """What was aimed at, what came out, and whether that is it."""
    rows: list[list[object]] = []

    def aim(name: str, limit: str, found: list[tuple[str, bool]]) -> None:
        rows.append([
            name, limit, *(text if is_met else f"**{text}, missed**" for text, is_met in found)])

    def at_most(name: str, limit: float, values: list[float], unit: str = "") -> None:
        aim(name, f"≤ {limit:g}{unit}", [(f"{value:.2f}{unit}", value <= limit)
                                         for value in values])

    def at_least(name: str, limit: float, values: list[float]) -> None:
        aim(name, f"≥ {limit:g}", [(f"{value:.1f}", value >= limit) for value in values])

    for what, pick in (("local", 0), ("with the login", 1)):
        times = [each.times[pick] for each in measured]
        at_most(f"plan ÷ floor, {what}", 1.5,
                [ratio(each.seconds("plan", NOW), each.floor) for each in times])
        at_least(f"by hand ÷ plan, {what}", (2, 5)[pick],
                 [ratio(each.seconds("plan", HAND), each.seconds("plan", NOW)) for each in times])
    logins = [each.login for each in measured]
    for phase in PHASES[1:]:
        at_most(f"{phase} ÷ `helm upgrade`, with the login", 2.5,
                [ratio(each.seconds(phase, NOW), each.seconds("apply", HELM)) for each in logins])
    for phase, allowed in zip(PHASES, ((1,), (2,), (2, 3)), strict=True):
        found = [each.logins(phase, NOW) for each in logins]
        aim(f"logins of {phase}", _either(allowed),
            [(_either(each), set(each) <= set(allowed)) for each in found])
    if measured[0].local.has("plan", BEFORE):
        at_most("plan ÷ plan before, local", 1,
                [ratio(each.local.seconds("plan", NOW), each.local.seconds("plan", BEFORE))
                 for each in measured])
    aim("memory of a plan of 11 variables", "< 45 MiB",
        [(f"{memory[each.version]} MiB", memory[each.version] < 45) for each in measured])
    start = shown(help_seconds)
    median = sorted(help_seconds)[len(help_seconds) // 2]
    aim("`--help`", "< 15 ms", [(start, median < 0.015)] * len(measured))
    return table(["target", "", *(each.version for each in measured)], rows)


def _either(values: Sequence[int]) -> str:
    return " or ".join(str(value) for value in values)
