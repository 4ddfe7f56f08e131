"""Whether everything of a namespace is as it was: objects read whole, and compared field by field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Iterator

from makers import KEYS, quantity
from served import Object, Server

# What controllers make of other objects, or what says nothing of the release.
PASSING = {"Event", "Pod", "ReplicaSet", "ControllerRevision", "Endpoints", "EndpointSlice",
           "PodMetrics"}
CONTROLLERS = {"Deployment", "ReplicaSet", "CronJob", "Job", "Service", "StatefulSet", "DaemonSet"}
# The judge's own bookkeeping: fields of any object, as patterns of their paths, that may differ.
BOOKKEEPING = (
    r"status\b",
    r"metadata\.(resourceVersion|generation|managedFields|creationTimestamp|selfLink)\b",
    r"metadata\.annotations\[deployment\.kubernetes\.io/revision\]",
    r"metadata\.annotations\[kubectl\.kubernetes\.io/last-applied-configuration\]",
    r"metadata\.annotations\[meta\.helm\.sh/[^\]]*\]",
    r"metadata\.labels\[(helm\.sh/chart|app\.kubernetes\.io/managed-by)\]",
)
QUANTITIES = re.compile(r"(resources|limits|requests|overhead|sizeLimit|divisor)\b")
# Members whose own members are keys that somebody chose.
MAPS = {"labels", "annotations", "matchLabels", "nodeSelector", "selector", "data", "limits",
        "requests", "overhead", "options", "volumeAttributes"}
# Members of which the order says something, and which are told apart by a name all the same.
ORDERED = {"initContainers"}


@dataclass(frozen=True)
class Name:
    """An object by its kind and name."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


@dataclass(frozen=True)
class Difference:
    """A field that is otherwise; the object itself where its path is empty."""

    object: Name
    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if not self.path:
            return f"{self.object} {'went' if self.after is None else 'came'}"
        return f"{self.object} {self.path}: {self.before!r} became {self.after!r}"

    @property
    def document(self) -> Object:
        return {"kind": self.object.kind, "name": self.object.name, "path": self.path,
                "before": self.before, "after": self.after}


@dataclass
class Snapshot:
    """The objects of a namespace, whole and as fields by path."""

    items: dict[Name, Object]
    fields: dict[Name, dict[str, Any]]


def snapshot(server: Server, namespace: str) -> Snapshot:
    """Every object of a namespace that somebody made, as fields by path."""
    found = Snapshot({}, {})
    for kind in server.kinds():
        if not kind.is_namespaced or "list" not in kind.verbs or kind.kind in PASSING \
                or kind.group in ("extensions", "events.k8s.io", "metrics.k8s.io"):
            continue
        answer = server("GET", kind.path(namespace))
        if not answer.is_good:
            raise OSError(f"{kind.plural}: {answer.message}")
        for item in answer.body["items"]:
            if not _is_passing(kind.kind, item):
                fields = dict(flat(item))
                fields.pop("apiVersion", None)
                fields.pop("kind", None)
                name = Name(kind.kind, item["metadata"]["name"])
                found.fields[name], found.items[name] = fields, item
    return found


def _is_passing(kind: str, item: Object) -> bool:
    metadata = item["metadata"]
    name = metadata["name"]
    if metadata.get("deletionTimestamp"):
        return True
    if any(owner.get("controller") and owner["kind"] in CONTROLLERS
           for owner in metadata.get("ownerReferences", [])):
        return True
    if kind == "Secret":
        return item.get("type") in ("helm.sh/release.v1", "kubernetes.io/service-account-token") \
            or name.startswith("backbone-migrate")
    if kind == "Lease":
        return name.startswith("backbone-migrate")
    return kind == "ConfigMap" and name == "kube-root-ca.crt" \
        or kind == "ServiceAccount" and name == "default"


def flat(item: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field by its path, list entries by what tells them apart."""
    if isinstance(item, dict) and item:
        is_map = path.rpartition(".")[2] in MAPS
        for key, value in item.items():
            is_key = is_map and not isinstance(value, (dict, list)) or not key.isidentifier()
            inner = f"{path}[{key}]" if is_key else f"{path}.{key}" if path else key
            yield from flat(value, inner)
    elif isinstance(item, list) and item:
        name = path.rpartition(".")[2]
        seen: dict[str, int] = {}
        for number, entry in enumerate(item):
            key = entry_key(name, entry)
            if key is None:
                yield from flat(entry, f"{path}[{number}]")
                continue
            seen[key] = seen.get(key, 0) + 1
            inner = f"{path}[{key}]" if seen[key] == 1 else f"{path}[{key}#{seen[key]}]"
            if name == "secrets" and re.search(r"-token-[a-z0-9]{5}$", key):
                continue
            yield from flat(entry, inner)
        if name in ORDERED:
            yield f"{path}#order", [each["name"] for each in item]
    else:
        yield path, item


def entry_key(name: str, entry: Any) -> str | None:
    """What a list's entry goes by, where the API tells entries apart by that."""
    if not isinstance(entry, dict):
        return None
    if name == "ports":
        number = entry.get("containerPort", entry.get("port"))
        return None if number is None else f"{number}/{entry.get('protocol', 'TCP')}"
    keys = KEYS.get(name)
    if keys is None or any(key not in entry for key in keys):
        return None
    return "/".join(str(entry[key]) for key in keys)


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """All that differs between two snapshots, bookkeeping aside."""
    found = []
    for name in sorted({*before.fields, *after.fields}, key=str):
        old, new = before.fields.get(name), after.fields.get(name)
        if old is None or new is None:
            found.append(Difference(name, "", old and "there", new and "there"))
            continue
        for path in sorted({*old, *new}):
            one, other = old.get(path), new.get(path)
            if same(path, one, other) or any(re.match(each, path) for each in BOOKKEEPING):
                continue
            found.append(Difference(name, path, one, other))
    return found


def same(path: str, one: Any, other: Any) -> bool:
    """Whether two values are one to the API."""
    if one == other or one in (None, {}, []) and other in (None, {}, []):
        return True
    if QUANTITIES.search(path):
        try:
            return quantity(str(one)) == quantity(str(other))
        except ValueError:
            return False
    return False
