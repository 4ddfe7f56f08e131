"""Holds what plans predict against what really happens."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import breaks
from breaks import Break
from cluster import Cluster, Unfit
from facts import Key, State, facts, is_of_release
from shapes import MODES, Object, Shape

SEVERE = ("breaking", "blocker")


@dataclass
class Trial:
    """One release: what was predicted, what happened."""

    shape: Shape
    unfit: str | None = None
    # What broke in the plain upgrade and after the plain rollback, and in the plan's own upgrade.
    upgrade: list[Break] = field(default_factory=list)
    rollback: list[Break] = field(default_factory=list)
    applied: list[Break] = field(default_factory=list)
    verdict: str = ""
    applied_status: int | None = None
    missed: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    # What the plan took care of, and whether the plain way broke it.
    precautions: dict[str, bool] = field(default_factory=dict)

    @property
    def is_bad(self) -> bool:
        return bool(self.missed or self.false_alarms or self.failed)


def attempt(cluster: Cluster, shape: Shape, namespace: str) -> Trial:
    """Makes a release twice, upgrades one plainly and the other by its plan."""
    trial = Trial(shape)
    plain, planned = f"{namespace}-plain", f"{namespace}-planned"
    try:
        for each in (plain, planned):
            cluster.make(shape, each)
        for each in (plain, planned):
            cluster.settle(each, shape.workload)
        before = {each: facts(cluster.read(each), shape.release) for each in (plain, planned)}
        with tempfile.TemporaryDirectory(dir=cluster.folder) as history:
            tool = Tool(cluster, shape, planned, f"{history}/history.sqlite")
            forecast = tool.plan([])
            _plainly(cluster, shape, plain, before[plain], trial)
            _judge_plain(forecast, trial)
            chosen = tool.plan(shape.choices) if shape.choices else forecast
            _by_plan(cluster, shape, planned, before[planned], tool, chosen, trial)
    except Unfit as error:
        trial.unfit = str(error)
    finally:
        cluster.run(cluster.kubectl_path, [
            "delete", "namespace", plain, planned, "--wait=false", "--ignore-not-found"])
    return trial


class Plan:
    """A plan as scripts read it."""

    def __init__(self, document: Object) -> None:
        self.document = document
        self.findings: list[Object] = document["findings"]
        self.verdict: str = document["verdict"]

    def predicts(self, broken: Break, findings: list[Object]) -> bool:
        """Whether some findings speak of a break; for a variable, what the plan says of it."""
        if broken.kind == "variable":
            return self.variable(broken.subject) or any(
                f'"{broken.subject}"' in finding["message"] for finding in findings)
        return any(self.speaks_of(finding, broken) for finding in findings)

    def variable(self, name: str) -> bool:
        return any(
            setting["dimension"] == "environment" and setting["name"] == name
            and setting["before"] != setting["byDefault"]
            for setting in self.document["settings"])

    @property
    def changes_data(self) -> bool:
        """Whether a line says that the default would put something else at /data."""
        lines = [setting for setting in self.document["settings"]
                 if setting["dimension"] == "storage" and setting["name"].startswith("data-")]
        return any(line["name"] == "data-persistent" and line["byDefault"] is True
                   for line in lines) \
            and any(line["before"] != line["byDefault"] for line in lines)

    def changes(self, name: str) -> bool:
        return any(row["name"] == name and row["state"] != "same"
                   for row in self.document["environment"])

    @staticmethod
    def speaks_of(finding: Object, broken: Break) -> bool:
        if finding["code"] not in broken.codes:
            return False
        if finding["resolved"] or broken.dimension != "network":
            return True
        name = re.split("[ :]", broken.subject)[0]
        return name in finding["message"] or name == finding["subject"].get("name")


class Tool:
    """The tool's commands on one release."""

    def __init__(self, cluster: Cluster, shape: Shape, namespace: str, history: str) -> None:
        self.cluster, self.shape, self.namespace = cluster, shape, namespace
        self.helm = cluster.helms[MODES[shape.mode][1]]
        self.history = history

    def __call__(self, *arguments: str) -> Any:
        return self.cluster.run(self.cluster.binary, [
            *arguments, "--history", self.history, "--helm", self.helm,
            "--namespace", self.namespace])

    def plan(self, choices: list[str]) -> Plan:
        chart = self.cluster.target(self.shape.defaults)
        target = ["--chart", chart] if self.shape.defaults else []
        done = self("plan", self.shape.release, *target, *choices, "--output", "json")
        if not done.output.strip():
            raise Unfit(f"plan: {done.errors.strip()}")
        return Plan(json.loads(done.output))


def _plainly(
    cluster: Cluster, shape: Shape, namespace: str, before: dict[Key, Any], trial: Trial
) -> None:
    """`helm upgrade` and `helm rollback` as anybody types them, helped on where helm stops."""
    _, version = MODES[shape.mode]
    chart = cluster.target(shape.defaults)
    more: list[str] = []
    done = None
    for _ in range(5):
        done = cluster.helm(version, namespace, "upgrade", shape.release, chart, *more)
        if done.status == 0:
            break
        broken = breaks.refusal(done.errors)
        if broken.subject in {known.subject for known in trial.upgrade}:
            break
        trial.upgrade.append(broken)
        if "ownership" in broken.subject:
            more.append("--take-ownership")
        elif "immutable" in broken.subject:
            cluster.kubectl(namespace, "delete", "deployment", shape.workload, "--wait=true")
        elif "schema" in broken.subject:
            more.append("--reset-values")
        elif version == "helm4" and "conflict" in broken.subject:
            more.append("--force-conflicts")
        else:
            more.append("--force" if version == "helm3" else "--force-replace")
    is_up = done is not None and done.status == 0
    if is_up:
        state = cluster.read(namespace)
        deployment = state.deployment
        reason = deployment and cluster.settle(namespace, deployment["metadata"]["name"])
        if reason:
            trial.upgrade.append(breaks.stuck(reason))
        trial.upgrade += breaks.between(before, facts(state, shape.release))
    done = cluster.helm(version, namespace, "rollback", shape.release)
    if done.status != 0:
        trial.rollback.append(breaks.refusal(done.errors))
    trial.rollback += breaks.between(before, facts(cluster.read(namespace), shape.release))


def _judge_plain(plan: Plan, trial: Trial) -> None:
    for broken in trial.upgrade:
        by_default = broken.kind in ("data", "stuck") and plan.changes_data
        if not by_default and not plan.predicts(broken, plan.findings):
            trial.missed.append(f"upgrade: {broken.kind} {broken.subject}: {broken.words}")
    drift = " ".join(f["message"] for f in plan.findings if f["code"] == "drift")
    for broken in trial.rollback:
        # What was set by hand on the Deployment, drift says by name.
        is_named = broken.kind == "variable" and re.search(
            rf"(^|[ ,]){re.escape(broken.subject)}(,|$)", drift)
        if not is_named and not plan.predicts(broken, plan.findings):
            trial.missed.append(f"rollback: {broken.kind} {broken.subject}: {broken.words}")
    happened = {code for broken in trial.upgrade + trial.rollback for code in broken.codes}
    variables = {b.subject for b in trial.upgrade + trial.rollback if b.kind == "variable"}
    for finding in plan.findings:
        if finding["severity"] in SEVERE and finding["resolved"]:
            is_needed = any(f'"{name}"' in finding["message"] for name in variables) \
                if finding["dimension"] == "environment" else finding["code"] in happened
            trial.precautions[finding["code"]] = is_needed


def _judge_blockers(
    findings: list[Object], before: dict[Key, Any], state: State, trial: Trial
) -> None:
    """A blocker has to be so already, or to stop the plain way as well."""
    unowned = {
        f"{kind}/{name} " for kind, named in state.objects.items()
        for name, item in named.items() if not is_of_release(item, trial.shape.release)}
    so_already = {breaks.KINDS[kind][1][0] for kind, _ in before if kind in breaks.ONLY_GAIN}
    happened = {code for broken in trial.upgrade for code in broken.codes}
    for finding in findings:
        is_taken = finding["code"] == "object-unowned" and any(
            name in finding["message"] for name in unowned)
        if finding["severity"] == "blocker" and not is_taken \
                and finding["code"] not in so_already | happened:
            trial.false_alarms.append(f"blocker: {finding['code']}: {finding['message']}")


def _by_plan(
    cluster: Cluster, shape: Shape, namespace: str, before: dict[Key, Any], tool: Tool, plan: Plan,
    trial: Trial,
) -> None:
    """The plan's own upgrade, and its way back for every third release."""
    trial.verdict = plan.verdict
    open_findings = [f for f in plan.findings if not f["resolved"]]
    consents = sorted({
        f["code"] for f in open_findings
        if f["severity"] == "breaking" and f["acceptedBy"] is None
    } | {entry["code"] for entry in plan.document["unchecked"]})
    accept = [word for code in consents for word in ("--accept", code)]
    done = tool("apply", plan.document["id"], "--yes", "--timeout", "20s",
                "--no-rollback-on-failure", *accept)
    trial.applied_status = done.status
    state = cluster.read(namespace)
    trial.applied = breaks.between(before, facts(state, shape.release))
    if plan.verdict == "blocked":
        _judge_blockers(open_findings, before, state, trial)
        if done.status != 3:
            trial.failed.append(f"apply of a blocked plan ended with {done.status}")
        if trial.applied:
            trial.failed.append(f"a blocked plan changed {trial.applied[0]}")
        return
    if done.status != 0:
        reason = state.deployment and cluster.settle(
            namespace, state.deployment["metadata"]["name"])
        if reason and plan.verdict != "ready":
            trial.applied.append(breaks.stuck(reason))
        else:
            trial.failed.append(f"apply ended with {done.status} after {plan.verdict}: "
                                f"{done.errors.strip()[-600:]}")
    elif state.deployment and state.deployment["spec"]["replicas"] == 0:
        trial.applied += [
            breaks.stuck(reason) for reason in cluster.claims_without_class(namespace, state)]
    for broken in trial.applied:
        told = plan.changes(broken.subject) if broken.kind == "variable" \
            else plan.predicts(broken, open_findings)
        if not told:
            trial.missed.append(f"apply: {broken.kind} {broken.subject}: {broken.words}")
    happened = {code for broken in trial.applied for code in broken.codes}
    for finding in open_findings:
        if finding["severity"] not in SEVERE or finding["dimension"] == "environment":
            continue
        if finding["code"] not in happened:
            trial.false_alarms.append(f"apply: {finding['code']}: {finding['message']}")
    if shape.seed % 3 == 0:
        done = tool("rollback", shape.release, "--yes", "--timeout", "20s")
        left = breaks.between(before, facts(cluster.read(namespace), shape.release))
        if done.status != 0:
            trial.failed.append(f"rollback ended with {done.status}: {done.errors.strip()[-400:]}")
        for broken in left:
            trial.missed.append(f"rollback by the tool: {broken.kind} {broken.subject}: "
                                f"{broken.words}")
