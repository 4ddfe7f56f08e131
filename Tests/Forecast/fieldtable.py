"""The report on releases in which any field may be set."""

from __future__ import annotations

import collections
import os
import platform
import re

from acceptance import Tally, forbidden, unexplained
from judge import Judged
from ran import Ran
from table import rows

HEAD = """# The forecast of any field

Made by the command below, against Kubernetes {versions} ({system}, {cores} cores, {minutes:.0f} min); do not edit.

    {command}

The schema that the API server serves is enumerated: every path of a Deployment with its Pod template, of a
Service and of a ServiceAccount, a list as one entry. A seed takes the next {fields} paths, draws a value for
each that the server takes, and puts half of them into the old chart and half by hand onto the live object.
Beside the workload it puts up to three objects of any kind into the chart: some are to be kept, some are
hooks, some are used by the Pods. Then `backbone-migrate plan` and `apply`; every third time `rollback`.

The judge reads every object of the namespace before and after, whole. Its own bookkeeping is short:
`status`, versions and managers of fields, helm's marks, labels and annotations that the target adds and no
selector looks for, a port by its number or by its name, a variable that reads the same by another way,
and a few fields that say what Kubernetes takes for said where nothing is. All else that differs has to be in the plan: a variable in its table of variables, anything else in a finding that stands, with its object
and its path or a field above it; an object that goes, in a finding. What is not is *missed*. After READY `apply` has
to end with 0. A `field-changed` or `object-removed` that does not come true, and a blocker that has nothing to
do with what was drawn, is a *false alarm*. After `rollback` nothing may differ: what does is *left*.

No container runs there, so a Deployment whose Pods would wait for something that is not there is scaled to 0.
Targets other than the embedded chart, and choices of the operator, are drawn by
[the other forecast](forecast.md).

"""


def summary(judged: Judged) -> str:
    """One release in a few lines."""
    word = "unfit" if judged.unfit else "BAD" if judged.is_bad else "ok"
    lines = [f"{word} {judged.mode}:{judged.seed} {judged.verdict} {judged.applied} "
             f"{judged.differing} differ, {judged.seconds:.0f} s {' '.join(judged.codes)}"]
    if judged.is_bad or judged.unfit:
        lines.append(f"  {judged.words}")
    lines += [f"  missed: {shown(each)}" for each in judged.missed]
    lines += [f"  left: {shown(each)}" for each in judged.left or []]
    lines += [f"  false alarm: {each}"[:600] for each in judged.false_alarms]
    lines += [f"  failed: {each}" for each in judged.failed]
    lines += [f"  unfit: {judged.unfit}"] if judged.unfit else []
    return "\n".join(lines)


def shown(entry: dict) -> str:
    """A difference in a line."""
    if not entry["path"]:
        return f"{entry['kind']}/{entry['name']} {'came' if entry['after'] else 'went'}"
    return f"{entry['kind']}/{entry['name']} {entry['path']}: {entry['before']!r} became " \
           f"{entry['after']!r}"[:300]


def markdown(ran: Ran, command: str) -> str:
    from fields import FIELDS

    fit = sorted((each for each in ran.judged if not each.unfit), key=lambda each: each.seed)
    lines = HEAD.format(versions=", ".join(sorted(ran.versions)), system=platform.system(),
                        cores=os.cpu_count(), minutes=ran.minutes, command=command,
                        fields=FIELDS).splitlines()
    body = []
    for name, chosen in (("Helm 3", [each for each in fit if each.mode == "Helm 3"]),
                         ("Helm 4", [each for each in fit if each.mode != "Helm 3"]), ("all", fit)):
        ready = [each for each in chosen if each.verdict == "ready"]
        body.append([
            name, len(chosen), sum(len(each.puts) for each in chosen),
            sum(len(each.beside) for each in chosen), len(ready),
            sum(each.verdict == "attention" for each in chosen),
            sum(each.verdict == "blocked" for each in chosen),
            sum(each.applied == 0 for each in chosen),
            sum(bool(each.missed or each.ready_differs) for each in ready),
            sum(len(each.missed) for each in chosen),
            sum(len(each.false_alarms) for each in chosen),
            sum(len(each.left or []) for each in chosen),
            sum(each.left is not None for each in chosen),
            sum(len(each.failed) for each in chosen)])
    lines += rows(["", "releases", "fields set", "objects beside", "ready", "attention", "blocked",
                   "applied", "READY after which anything differs", "missed", "false alarms",
                   "left", "of rollbacks", "failed"], body)
    if ran.judged and len(fit) < len(ran.judged):
        lines += ["", f"{len(ran.judged) - len(fit)} more could not be made as they were drawn."]
    lines += ["", "## What the plans said", ""]
    codes = collections.Counter(code for each in fit for code in each.codes)
    lines += rows(["finding that stood, breaking or a blocker", "releases"],
                  [[f"`{code}`", count] for code, count in sorted(codes.items())])
    lines += ["", "## What was beside the workload", ""]
    beside = collections.Counter(what for each in fit for what in each.beside)
    lines += rows(["what", "releases"], [[what, n] for what, n in sorted(beside.items())])
    for name, member in (("Missed", "missed"), ("Left after rollback", "left")):
        found = [(each, entry) for each in fit for entry in getattr(each, member) or []]
        if found:
            lines += ["", f"## {name}", ""] + [
                f"- {each.mode}:{each.seed} {each.verdict}: {shown(entry)}"
                for each, entry in found]
    for name, member in (("READY, and listed, but no variable", "ready_differs"),
                         ("False alarms", "false_alarms"), ("Failed", "failed")):
        entries = [(each, entry) for each in fit for entry in getattr(each, member)]
        if entries:
            lines += ["", f"## {name}", ""] + [
                f"- {each.mode}:{each.seed} {entry[:400]}" for each, entry in entries]
    lines += ["", acceptance_table(ran.tallies, ", ".join(sorted(ran.versions)),
                                   collections.Counter(
                                       put.field for each in fit for put in each.puts))]
    return "\n".join(lines)


def is_enough(tallies: dict[str, Tally]) -> bool:
    """Whether nine in ten of the paths that somebody can write were accepted once."""
    written = [each for path, each in tallies.items() if not forbidden(path, each)]
    return sum(each.accepted > 0 for each in written) >= 0.9 * len(written)


def acceptance_table(tallies: dict[str, Tally], version: str,
                     used: collections.Counter[str] | None = None) -> str:
    """Every path, with how often the server accepted a drawn value."""
    closed = {path: words for path in tallies
              if (words := forbidden(path, tallies[path]))}
    open_paths = [path for path in tallies if path not in closed]
    accepted = [path for path in open_paths if tallies[path].accepted]
    share = 100 * len(accepted) / len(open_paths) if open_paths else 0
    lines = ["## What the server accepted", "",
             f"Kubernetes {version} serves {len(tallies)} paths. {len(closed)} of them nobody can "
             f"write in these objects, for the reasons below. Of the other {len(open_paths)}, the "
             f"server accepted a drawn value of {len(accepted)} ({share:.1f} %).", ""]
    rest = [path for path in open_paths if not tallies[path].accepted]
    if rest:
        lines += rows(["path that was never accepted", "drawn", "what the server said"], [
            [f"`{path}`", tallies[path].drawn, unexplained(tallies[path])] for path in rest])
        lines.append("")
    lines += ["### What nobody can write", ""]
    groups: dict[tuple[str, str], list[str]] = {}
    for path, words in closed.items():
        groups.setdefault((words, _stem(path, words)), []).append(path)
    lines += rows(["why", "where", "paths"], [
        [words, f"`{stem}`", len(paths)] for (words, stem), paths in groups.items()])
    lines += ["", "### Every path", "",
              "*Accepted* counts dry runs and the real ones; *set* is in how many of the releases "
              "above it was.", ""]
    head = ["path", "drawn", "accepted"] + (["set"] if used is not None else [])
    lines += rows(head, [
        [f"`{path}`", tallies[path].drawn, tallies[path].accepted]
        + ([used[path]] if used is not None else []) for path in open_paths])
    return "\n".join(lines) + "\n"


def _stem(path: str, words: str) -> str:
    """What many closed paths have in common."""
    for pattern in (r".*?ephemeralContainers\[\]", r".*?\.ephemeral\.volumeClaimTemplate\.metadata",
                    r".*?\.ephemeral\b", r"\w+ status", r".*?managedFields\[\]",
                    r".*?initContainers\[\]\.\w+", r"\w+ secrets\[\]", r"\w+ metadata"):
        match = re.match(pattern, path)
        if match:
            return match[0]
    return path
