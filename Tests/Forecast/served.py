"""What an API server serves: its answers over one proxy, its kinds, and the schema of their fields."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import threading
import urllib.parse
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]

# Kinds whose fields are drawn, as group, version and kind.
ROOTS = {
    "Deployment": ("apps", "v1"),
    "Service": ("", "v1"),
    "ServiceAccount": ("", "v1"),
}


@dataclass
class Answer:
    """What the API server said."""

    status: int
    body: Any

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def message(self) -> str:
        return self.body.get("message", "") if isinstance(self.body, dict) else str(self.body)


class Server:
    """The API server behind a `kubectl proxy`, over one kept connection a thread."""

    def __init__(self, kubectl: str, environment: dict[str, str] | None = None) -> None:
        self._local = threading.local()
        self._proxy: subprocess.Popen[str] | None = None
        given = os.environ.get("BACKBONE_SANDBOX_PROXY")
        if given:
            where = urllib.parse.urlsplit(given)
            self._host, self._port = where.hostname, where.port
        else:
            self._proxy = subprocess.Popen(
                [kubectl, "proxy", "--port=0"], stdout=subprocess.PIPE, text=True,
                env=environment)
            line = self._proxy.stdout.readline() if self._proxy.stdout else ""
            found = re.search(r"127\.0\.0\.1:(\d+)", line)
            if not found:
                raise OSError(f"kubectl proxy says {line!r}")
            self._host, self._port = "127.0.0.1", int(found[1])
        self._kinds: dict[tuple[str, str], list[Kind]] | None = None

    def close(self) -> None:
        if self._proxy:
            self._proxy.terminate()
            self._proxy.wait()

    def __call__(self, method: str, path: str, body: Any = None,
                 content: str = "application/json") -> Answer:
        text = None if body is None else json.dumps(body)
        for is_last in (False, True):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = http.client.HTTPConnection(
                    self._host, self._port, timeout=60)
            try:
                connection.request(method, path, text, {
                    "Content-Type": content, "Accept": "application/json"})
                answer = connection.getresponse()
                read = answer.read().decode()
                break
            except (OSError, http.client.HTTPException):
                connection.close()
                self._local.connection = None
                # A kept connection may have been closed; a dry run or a read is sent again.
                if is_last:
                    raise
        try:
            return Answer(answer.status, json.loads(read))
        except json.JSONDecodeError:
            return Answer(answer.status, read)

    # Discovery.

    def kinds(self) -> list[Kind]:
        """Everything that is served, in the version that the server prefers."""
        if self._kinds is None:
            self._kinds = {}
            versions = [("", "v1", "/api/v1")]
            for group in self("GET", "/apis").body["groups"]:
                preferred = group["preferredVersion"]["version"]
                names = [preferred] + [each["version"] for each in group["versions"]
                                       if each["version"] != preferred]
                versions += [(group["name"], name, f"/apis/{group['name']}/{name}")
                             for name in names]
            for group, version, base in versions:
                answer = self("GET", base)
                if not answer.is_good:
                    continue
                for resource in answer.body["resources"]:
                    if "/" not in resource["name"]:
                        kind = Kind(group, version, resource["kind"], resource["name"],
                                    resource["namespaced"], tuple(resource["verbs"]))
                        self._kinds.setdefault((group, kind.kind), []).append(kind)
        return [each[0] for each in self._kinds.values()]

    def kind(self, kind: str, *groups: str) -> Kind | None:
        """A kind in the newest version that is served of the first group that has it."""
        self.kinds()
        for group in groups or ("",):
            found = (self._kinds or {}).get((group, kind))
            if found:
                return found[0]
        return None

    def forget_kinds(self) -> None:
        """Ask again what is served, after a CRD was made."""
        self._kinds = None

    @property
    def version(self) -> str:
        return self("GET", "/version").body["gitVersion"].removeprefix("v")

    @property
    def minor(self) -> tuple[int, int]:
        """The version up to its second number."""
        found = re.match(r"(\d+)\.(\d+)", self.version)
        return (int(found[1]), int(found[2])) if found else (0, 0)

    # The schema.

    def definitions(self) -> dict[str, Object]:
        """Every definition of the served OpenAPI, of version 2, or of version 3 where that is all."""
        answer = self("GET", "/openapi/v2")
        if answer.is_good:
            return answer.body["definitions"]
        found: dict[str, Object] = {}
        for path in ("apis/apps/v1", "api/v1"):
            part = self("GET", self("GET", "/openapi/v3").body["paths"][path]["serverRelativeURL"])
            found |= part.body["components"]["schemas"]
        return found


@dataclass(frozen=True)
class Kind:
    """A kind as it is served."""

    group: str
    version: str
    kind: str
    plural: str
    is_namespaced: bool
    verbs: tuple[str, ...]

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace: str | None, name: str | None = None, query: str = "") -> str:
        parts = ["/apis/" + self.group if self.group else "/api", self.version]
        if self.is_namespaced and namespace is not None:
            parts += ["namespaces", namespace]
        parts += [self.plural] + ([name] if name else [])
        return "/".join(parts) + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Step:
    """One member on the way to a field."""

    owner: str  # the definition that it is a member of, by its last word
    name: str
    holds: str = ""  # "[]" for a list, "{}" for a map, nothing for a value
    target: str = ""  # the definition that is in it, where that is one with members


@dataclass(frozen=True)
class Field:
    """A path of the schema, down to something that has no members of its own."""

    root: str
    steps: tuple[Step, ...]
    type: str
    format: str
    enum: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return ".".join(step.name + step.holds for step in self.steps)

    @property
    def text(self) -> str:
        return f"{self.root} {self.path}"

    @property
    def last(self) -> Step:
        return self.steps[-1]


class Schema:
    """The definitions that a server serves, and every path of a kind through them."""

    def __init__(self, definitions: dict[str, Object]) -> None:
        self._definitions = definitions
        self._by_word: dict[str, Object] = {}
        self._fields: list[Field] = []
        for root, (group, version) in ROOTS.items():
            self._walk(root, self._root(group, version, root), (), ())

    @property
    def fields(self) -> list[Field]:
        return self._fields

    def required(self, owner: str) -> list[str]:
        return self._by_word.get(owner, {}).get("required", [])

    def members(self, owner: str) -> dict[str, Object]:
        return self._by_word.get(owner, {}).get("properties", {})

    def target(self, member: Object) -> str:
        """The word of the definition that a member leads to, where it has members."""
        reference = _reference(member) or _reference(member.get("items", {}))
        if reference is None:
            return ""
        return _word(reference) if self._definitions[reference].get("properties") else ""

    def _root(self, group: str, version: str, kind: str) -> str:
        wanted = {"group": group, "version": version, "kind": kind}
        return next(name for name, body in self._definitions.items()
                    if wanted in body.get("x-kubernetes-group-version-kind", []))

    def _walk(self, root: str, name: str, steps: tuple[Step, ...], above: tuple[str, ...]) -> None:
        definition = self._definitions[name]
        owner = _word(name)
        self._by_word[owner] = definition
        for member, body in sorted(definition.get("properties", {}).items()):
            if not steps and member in ("apiVersion", "kind"):
                continue
            holds = "[]" if body.get("type") == "array" else \
                "{}" if "additionalProperties" in body else ""
            inner = body.get("items", body.get("additionalProperties", body)) if holds else body
            reference = _reference(inner)
            inside = self._definitions[reference] if reference else inner
            if reference and inside.get("properties") and holds != "{}":
                step = Step(owner, member, holds, _word(reference))
                # A definition within itself is followed once.
                if reference not in above:
                    self._walk(root, reference, (*steps, step), (*above, reference))
                continue
            kind = "map" if holds == "{}" else inside.get("type", "object")
            self._fields.append(Field(
                root, (*steps, Step(owner, member, holds)), kind,
                inside.get("format", "") or (_word(reference) if reference else ""),
                tuple(inside.get("enum", ()))))


def _reference(body: Object) -> str | None:
    """The name of a definition that is referred to, as version 2 and as version 3 write it."""
    found = body.get("$ref") or next(
        (each["$ref"] for each in body.get("allOf", []) if "$ref" in each), None)
    return found.rsplit("/", 1)[1] if found else None


def _word(name: str) -> str:
    return name.rsplit(".", 1)[1]
