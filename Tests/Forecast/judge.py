"""Judges plans for releases in which any field may be set: what differs has to be said."""

from __future__ import annotations

import json
import re
import shlex
import tempfile
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from cluster import Cluster, Unfit
from facts import State, environment
from fields import Drawn, Maker, Put
from same import Difference, Name, Snapshot, differences, snapshot
from served import Object, Server
from shapes import MODES

# The fields that a finding speaks of without writing their paths.
SPEAKS: dict[str, str] = {
    "image-changed": r"\.(image|imagePullPolicy)$",
    "replicas-changed": r"^spec\.replicas$",
    "runs-as-non-root": r"securityContext",
    "capabilities-dropped": r"securityContext",
    "resources-lost": r"\.(resources|resizePolicy)\b",
    "image-pull-secrets-lost": r"imagePullSecrets",
    "probe-introduced": r"Probe\b", "probe-without-endpoint": r"Probe\b",
    "volume-lost": r"\.(volumes|volumeMounts)\[", "data-left-behind": r"\.(volumes|volumeMounts)\[",
    "persistence-disabled": r"\[/data\]",
    "container-lost": r"\.(initContainers|containers)\[(?!backbone)|\.(command|args)\[",
    "service-account-renamed": r"serviceAccount",
    "strategy-changed": r"^spec\.(strategy|minReady|progressDeadline|revisionHistory)",
    "selector-immutable": r"^spec\.selector|^metadata\.uid$",
    "workload-renamed": r"^$",
}
# What Kubernetes takes for said where nothing is.
UNSAID: tuple[tuple[str, object], ...] = (
    (r"^automountServiceAccountToken$", True), (r"\.enableServiceLinks$", True),
    (r"\.runAsNonRoot$", False), (r"\.privileged$", False), (r"\.readOnlyRootFilesystem$", False),
    (r"\.procMount$", "Default"), (r"\.optional$", False), (r"\.setHostnameAsFQDN$", False),
    (r"\.hostUsers$", True), (r"\.shareProcessNamespace$", False),
)
# Kinds whose selectors look for Pods; those of all others look for anything.
SELECT_PODS = {"Service", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob",
               "ReplicationController", "PodDisruptionBudget", "NetworkPolicy"}
KNOWN_AS_NEW = ("field-changed", "object-removed")
PATH = re.compile(r"(?:metadata|spec|data|type|rules|subjects|roleRef|automount\w*"
                  r"|imagePullSecrets|secrets)(?:\.[A-Za-z]\w*|\[[^\]]*\])*")
TIMEOUT = "20s"


@dataclass
class Judged:
    """What was planned for a drawn release, and what came of it."""

    seed: int
    mode: str
    words: str = ""
    puts: list[Put] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    unfit: str | None = None
    verdict: str = ""
    codes: list[str] = field(default_factory=list)
    applied: int | None = None
    differing: int = 0
    # After READY: what differs beyond bookkeeping, and is no variable of which the plan says that
    # the broker reads the same.
    ready_differs: list[str] = field(default_factory=list)
    missed: list[Object] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    # What a rollback left otherwise; None where none was tried.
    left: list[Object] | None = None
    seconds: float = 0

    @property
    def is_bad(self) -> bool:
        return bool(self.missed or self.false_alarms or self.failed or self.left)

    @property
    def document(self) -> Object:
        return asdict(self)

    @classmethod
    def read(cls, document: Object) -> Judged:
        known = {name: document[name] for name in cls.__dataclass_fields__ if name in document}
        return cls(**(known | {"puts": [Put(**each) for each in document["puts"]]}))


class Judge:
    """Makes releases, lets them be planned and applied, and compares."""

    def __init__(self, cluster: Cluster, server: Server, maker: Maker) -> None:
        self.cluster, self.server, self.maker = cluster, server, maker

    def attempt(self, seed: int, mode: str, namespace: str) -> Judged:
        judged = Judged(seed, mode)
        began = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(dir=self.cluster.folder) as history:
                drawn = self.maker.make(seed, mode, namespace)
                judged.words, judged.puts = drawn.words, drawn.puts
                judged.beside = drawn.beside
                self._judge(drawn, judged, f"{history}/history.sqlite")
        except Unfit as error:
            judged.unfit = str(error)
        finally:
            self._tidy(namespace)
        judged.seconds = round(time.monotonic() - began, 1)
        return judged

    def _judge(self, drawn: Drawn, judged: Judged, history: str) -> None:
        before = snapshot(self.server, drawn.namespace)
        done = self._tool(drawn, history, "plan", drawn.release, "--output", "json")
        if not done.output.strip():
            judged.failed.append(f"plan ended with {done.status}: {done.errors.strip()[-500:]}")
            return
        plan: Object = json.loads(done.output)
        judged.verdict = plan["verdict"]
        standing = [each for each in plan["findings"] if not each["resolved"]]
        judged.codes = sorted({each["code"] for each in standing
                               if each["severity"] in ("blocker", "breaking")})
        done = self._tool(drawn, history, "apply", plan["id"], "--yes", "--timeout", TIMEOUT,
                          "--no-rollback-on-failure", *consents(plan, standing))
        judged.applied = done.status
        after = snapshot(self.server, drawn.namespace)
        everything = differences(before, after)
        found = [each for each in everything if not is_bookkeeping(each, before, after)]
        judged.differing = len(found)
        if plan["verdict"] == "blocked":
            if done.status != 3:
                judged.failed.append(f"apply of a blocked plan ended with {done.status}")
            judged.missed += [each.document for each in found]
            self._judge_blockers(drawn, standing, judged)
            return
        if done.status != 0:
            judged.failed.append(f"apply ended with {done.status} after {plan['verdict']}: "
                                 f"{done.errors.strip()[-600:]}")
        for each in found:
            if is_listed(plan, standing, each):
                if plan["verdict"] == "ready" and not is_variable(plan, each) and (
                        each.path or each.after is None):
                    judged.ready_differs.append(str(each)[:300])
            else:
                judged.missed.append(each.document)
        if done.status == 0:
            judged.false_alarms += false_alarms(standing, everything)
        if drawn.seed % 3 == 0:
            done = self._tool(drawn, history, "rollback", drawn.release, "--yes",
                              "--timeout", TIMEOUT)
            now = snapshot(self.server, drawn.namespace)
            judged.left = [each.document for each in differences(before, now)
                           if not is_bookkeeping(each, before, now)
                           and each.path != "metadata.uid"]
            if done.status != 0:
                judged.failed.append(
                    f"rollback ended with {done.status}: {done.errors.strip()[-600:]}")

    @staticmethod
    def _judge_blockers(drawn: Drawn, standing: list[Object], judged: Judged) -> None:
        """A plan that is blocked has to say by what, and that has to be something that was drawn."""
        for finding in standing:
            if finding["severity"] != "blocker":
                continue
            text = f"{finding['message']} {finding['subject']} {finding['before']} " \
                   f"{finding['after']}"
            is_drawn = any(set(re.findall(r"\w+", put.field.split(" ")[1])) - COMMON
                           & set(re.findall(r"\w+", text)) for put in drawn.puts)
            if not is_drawn and not any(each.split(" ")[0] in text for each in drawn.beside):
                judged.false_alarms.append(f"blocker: {finding['code']}: {finding['message']}")

    def _tool(self, drawn: Drawn, history: str, *arguments: str) -> Any:
        return self.cluster.run(self.cluster.binary, [
            *arguments, "--history", history, "--namespace", drawn.namespace,
            "--helm", self.cluster.helms[MODES[drawn.mode][1]]], seconds=300)

    def _tidy(self, namespace: str) -> None:
        """Deletes a namespace, and takes off the finalizers that nobody would."""
        self.server("DELETE", f"/api/v1/namespaces/{namespace}")
        for kind in self.server.kinds():
            if not kind.is_namespaced or "list" not in kind.verbs or "patch" not in kind.verbs:
                continue
            for item in self.server("GET", kind.path(namespace)).body.get("items", []):
                if any(each.startswith("example.test/")
                       for each in item["metadata"].get("finalizers", [])):
                    self.server("PATCH", kind.path(namespace, item["metadata"]["name"]),
                                {"metadata": {"finalizers": None}},
                                "application/merge-patch+json")


COMMON = {"spec", "template", "metadata", "containers", "items", "name", "key", "type", "path"}


def consents(plan: Object, standing: list[Object]) -> list[str]:
    """What `apply` has to be told so that it goes on."""
    given = set()
    for finding in standing:
        if finding["severity"] != "breaking" or finding["acceptedBy"] is not None:
            continue
        written = re.findall(r"--accept[ =]('[^']*'|\"[^\"]*\"|\S+)", finding["remedy"] or "")
        wanted = [shlex.split(each.rstrip(".,;"))[0] for each in written]
        wanted = [each for each in wanted if each.startswith(finding["code"])]
        if finding["code"] == "field-changed" and not wanted:
            path = path_of(finding)
            subject = finding["subject"]
            wanted = [f"field-changed={subject['kind']}/{subject['name']}:{path}"] if path else []
        given.update(wanted or [finding["code"]])
    given.update(entry["code"] for entry in plan["unchecked"])
    return [word for code in sorted(given) for word in ("--accept", code)]


def path_of(finding: Object) -> str | None:
    """The path that a finding's message has, the longest where it has some."""
    return max(PATH.findall(finding["message"]), key=len, default=None)


def is_listed(plan: Object, standing: list[Object], difference: Difference) -> bool:
    """Whether a plan says that something will differ."""
    if is_variable(plan, difference):
        return True
    if not difference.path:
        if difference.after is not None:
            return any(each["change"] == "create" and is_of(each, difference.object)
                       for each in plan["objects"])
        return any(names_object(each, difference.object) for each in standing)
    if difference.path == "metadata.uid":
        return any(each["change"] == "replace" and is_of(each, difference.object)
                   for each in plan["objects"])
    if any(names(each, difference) for each in standing):
        return True
    return any(
        setting["before"] != setting["after"] and is_of(setting["subject"], difference.object)
        and re.search(rf"\b{re.escape(setting['name'])}\b", difference.path)
        for setting in plan["settings"] if setting["dimension"] != "environment")


def is_of(entry: Object, name: Name) -> bool:
    return entry["kind"] == name.kind and entry["name"] == name.name


def is_variable(plan: Object, difference: Difference) -> bool:
    """Whether a plan has a line on a variable of the broker, with what it becomes."""
    match = re.match(r"spec\.template\.spec\.containers\[[^\]]*\]\.env\[([^\]]*)\]",
                     difference.path)
    return match is not None and any(
        row["name"] == match[1] and row["state"] != "same" for row in plan["environment"])


def names_object(finding: Object, name: Name) -> bool:
    """Whether a finding is about an object that goes."""
    return is_of(finding["subject"], name) or name.kind in finding["message"] and bool(
        re.search(rf'["/]{re.escape(name.name)}\b', finding["message"]))


def names(finding: Object, difference: Difference) -> bool:
    """Whether a finding speaks of a field: by its path, one above it, or a code that means it."""
    if not names_object(finding, difference.object):
        return False
    text = json.dumps([finding["message"], finding["before"], finding["after"]],
                      ensure_ascii=False)
    if any(each in text for each in ways(difference.path)):
        return True
    code = SPEAKS.get(finding["code"])
    if code is not None and re.search(code, difference.path):
        return True
    # The older rules name a member, such as "hostAliases", and no path.
    members = set(re.findall(r"[A-Za-z]\w*", re.sub(r"\[[^\]]*\]", "", difference.path)))
    return finding["code"] not in KNOWN_AS_NEW and any(
        re.search(rf"\b{member}\b", text)
        for member in members - {"spec", "template", "metadata", "containers", "name", "key",
                                 "type", "value", "env", "ports", "port"})


def ways(path: str) -> list[str]:
    """A path, and those above it down to what a person would still find it by."""
    found = [path]
    while True:
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut]
        if cut < 0 or path in ("spec", "metadata", "spec.template", "spec.template.spec",
                               "spec.template.spec.containers", "spec.template.metadata",
                               "spec.ports", "metadata.labels", "metadata.annotations") \
                or re.fullmatch(r"spec\.template\.spec\.containers\[[^\]]*\]", path):
            return found
        found.append(path)


def is_bookkeeping(difference: Difference, before: Snapshot, after: Snapshot) -> bool:
    """Whether something that differs is the same to whoever looks: see the report's head."""
    path = difference.path
    match = re.fullmatch(r"(spec\.template\.)?metadata\.(labels|annotations)\[([^\]]*)\]", path)
    if match and (difference.before is None or match[3] == "app.kubernetes.io/version"):
        return not is_selected(match[3], difference.after, before, match[1] is not None)
    if re.search(r"\.(targetPort|port)$", path):
        old = numbers(before).get(difference.before, difference.before)
        return old == numbers(after).get(difference.after, difference.after)
    match = re.match(r"spec\.template\.spec\.containers\[backbone\]\.env(From)?\[([^\]]*)\]", path)
    if match and not match[1]:
        return effective(before, difference.object).get(match[2], "(none)") \
            == effective(after, difference.object).get(match[2], "(none)")
    if None in (difference.before, difference.after) and is_plain(difference):
        said = difference.after if difference.before is None else difference.before
        return any(re.search(pattern, path) and said == meant for pattern, meant in UNSAID) \
            and not (path.endswith("runAsNonRoot") and asks_non_root(after, difference.object))
    return False


def is_plain(difference: Difference) -> bool:
    """Whether both sides are single values."""
    return not isinstance(difference.before, (dict, list)) \
        and not isinstance(difference.after, (dict, list))


def asks_non_root(objects: Snapshot, name: Name) -> bool:
    """Whether the Pod wants what a container may have said no to."""
    return objects.fields.get(name, {}).get(
        "spec.template.spec.securityContext.runAsNonRoot") is True


def effective(objects: Snapshot, name: Name) -> dict[str, str]:
    """The variables of a Deployment's broker as the kubelet makes them."""
    state = State({})
    for each, item in objects.items.items():
        state.objects.setdefault(each.kind, {})[each.name] = item
    pod = objects.items[name]["spec"]["template"]["spec"]
    return next((environment(container, state) for container in pod["containers"]
                 if container["name"] == "backbone"), {})


def is_selected(key: str, value: Any, objects: Snapshot, is_of_pods: bool) -> bool:
    """Whether some selector that was there looks for a label, of Pods or of other objects."""
    return any(path.endswith(f"[{key}]") and "elector" in path and found == value
               for name, fields in objects.fields.items()
               if (name.kind in SELECT_PODS) == is_of_pods for path, found in fields.items())


def numbers(objects: Snapshot) -> dict[Any, Any]:
    """The container ports of the Deployments by their names."""
    found = {}
    for name, fields in objects.fields.items():
        for path, value in fields.items():
            match = re.fullmatch(r"(spec\.template\.spec\.containers\[[^\]]*\]\.ports\[[^\]]*\])"
                                 r"\.name", path)
            if match and name.kind == "Deployment":
                found[value] = fields[f"{match[1]}.containerPort"]
    return found


def false_alarms(standing: list[Object], found: list[Difference]) -> list[str]:
    """What plans foretell field by field, and what did not come."""
    alarms = []
    for finding in standing:
        if finding["code"] == "object-removed":
            if not any(not each.path and each.after is None
                       and names_object(finding, each.object) for each in found):
                alarms.append(f"object-removed: {finding['message']}")
        if finding["code"] == "field-changed":
            if not any(names(finding, each) for each in found):
                alarms.append(f"field-changed: {finding['message']}")
    return alarms
