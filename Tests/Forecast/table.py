"""The forecast's report."""

from __future__ import annotations

import collections
import os
import platform
from pathlib import Path

from breaks import KINDS, Break
from forecast import Trial


HEAD = """# The forecast against reality

Made by the command below, on a real control plane ({system}, {cores} cores, {minutes:.0f} min); do not edit.

    {command}

A seed draws a release: a chart 0.1.0, who made it, what was done to it by hand, what is beside it in
the namespace, what the target's defaults are, and what the operator chose. It is made twice. One twin
gets `helm upgrade` and `helm rollback` as anybody types them; where helm stops, that is written down
and it is helped on (`--take-ownership`, `--force-conflicts`, the Deployment deleted), as an operator
would. The other gets `backbone-migrate plan` and `apply`; every third one `rollback` as well.

What broke is read from kubectl's JSON, by a program that shares nothing with the tool. Everything that
broke the plain way has to have a finding in the plan, or, for a variable, a line that says what the
default would make of it: else it is *missed*. A `breaking` finding that the plan leaves open, or that its
options accept, has to come true in its upgrade, and a `blocker` has to be so already or to stop the plain
way: else it is a *false alarm*. An upgrade that the plan warned would come to no end counts as listed,
not as applied. Whatever differs after `apply` has to be in the
plan as open or accepted, and nothing may differ after the tool's `rollback`. `apply` after `ready`
has to end with 0, and a blocked plan has to change nothing.

No container runs there. So what its process could not do (a port below 1024, files of somebody else's
user) is told from what the Deployment says, and no client connects: a Service's port *leads* to a
listener when its selector and target port do. Pod Security levels, Gateway and Istio routes,
NetworkPolicies, and nodes that differ are not drawn.

"""


def summary(trial: Trial) -> str:
    """One release in a few lines."""
    shape = trial.shape
    word = "unfit" if trial.unfit else "BAD" if trial.is_bad else "ok"
    lines = [f"{word} {shape.mode}:{shape.seed} {trial.verdict} "
             f"{len(trial.upgrade)} + {len(trial.rollback)} breaks, {len(trial.applied)} by plan"]
    if trial.is_bad or trial.unfit:
        lines.append(f"  {shape.words}")
    for name, entries in (("missed", trial.missed), ("false alarm", trial.false_alarms),
                          ("failed", trial.failed),
                          ("unfit", [trial.unfit] if trial.unfit else [])):
        lines += [f"  {name}: {entry[:700]}" for entry in entries]
    return "\n".join(lines)


def rows(head: list[str], body: list[list[object]]) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] + [
        "| " + " | ".join(str(cell) for cell in row) + " |" for row in body]


def markdown(trials: list[Trial], command: str, minutes: float) -> str:
    fit = [trial for trial in trials if not trial.unfit]
    lines = HEAD.format(command=command, system=platform.system(), cores=os.cpu_count(),
                        minutes=minutes, seed=min(t.shape.seed for t in trials)).splitlines()
    body = []
    for name, chosen in [("Helm 3", [t for t in fit if t.shape.mode == "Helm 3"]),
                         ("Helm 4", [t for t in fit if t.shape.mode != "Helm 3"]), ("all", fit)]:
        body.append([
            name, len(chosen),
            sum(len(t.upgrade) + len(t.rollback) for t in chosen),
            sum(len(t.applied) for t in chosen),
            sum(len(t.missed) for t in chosen), sum(len(t.false_alarms) for t in chosen),
            sum(t.verdict == "ready" for t in chosen),
            sum(t.verdict == "attention" for t in chosen),
            sum(t.verdict == "blocked" for t in chosen),
            sum(t.applied_status == 0 for t in chosen), sum(len(t.failed) for t in chosen)])
    lines += rows(["", "releases", "broke the plain way", "broke by plan, as listed", "missed",
                   "false alarms", "ready", "attention", "blocked", "applied", "failed"], body)
    lines += ["", "## What broke", ""]
    plain: collections.Counter[str] = collections.Counter()
    back: collections.Counter[str] = collections.Counter()
    applied: collections.Counter[str] = collections.Counter()
    for trial in fit:
        plain.update(b.kind for b in trial.upgrade)
        back.update(b.kind for b in trial.rollback)
        applied.update(b.kind for b in trial.applied)
    lines += rows(["dimension", "what", "helm upgrade", "helm rollback", "by plan, as listed"], [
        [dimension, kind, plain[kind], back[kind], applied[kind]]
        for kind, (dimension, _) in KINDS.items() if plain[kind] + back[kind] + applied[kind]])
    lines += ["", "## What the plans took care of", ""]
    lines += ["In so many releases a finding said that the default would break something and that the",
              "plan keeps it; in the last column those where the plain way spared it this time, by",
              "helm's merge, by the values that it uses again, or because something else stopped it.",
              ""]
    needed = collections.Counter(c for t in fit for c, is_so in t.precautions.items() if is_so)
    spared = collections.Counter(c for t in fit for c, is_so in t.precautions.items() if not is_so)
    lines += rows(["finding", "the plain way broke it", "it did not"], [
        [f"`{code}`", needed[code], spared[code]] for code in sorted({*needed, *spared})])
    lines += ["", "## What was drawn", ""]
    drawn: collections.Counter[str] = collections.Counter()
    for trial in fit:
        shape = trial.shape
        drawn.update([f"chart {shape.chart}", f"mode {shape.mode}", f"target {shape.target}"]
                     + shape.features)
        drawn.update(" ".join(edit.words.split()[:2]) for edit in shape.edits)
        drawn.update([" ".join(shape.choices)] if shape.choices else [])
    lines += rows(["what", "releases"], [[w, n] for w, n in sorted(drawn.items())])
    for name, member in (("Missed", "missed"), ("False alarms", "false_alarms"),
                         ("Failed", "failed")):
        found = [(t, entry) for t in fit for entry in getattr(t, member)]
        if found:
            lines += ["", f"## {name}", ""] + [
                f"- {t.shape.mode}:{t.shape.seed} {entry[:300]}" for t, entry in found]
    return "\n".join(lines) + "\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
