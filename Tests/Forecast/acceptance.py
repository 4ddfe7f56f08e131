"""How often an API server takes a drawn value, for every path of its schema."""

from __future__ import annotations

import collections
import re
import threading
from dataclasses import dataclass, field
from typing import Any

from makers import Around, Drawer, reads_back
from served import ROOTS, Field, Object, Schema, Server

TRIES = 6
OWN = "the server's own"
# Why a path can hold no value in these objects, whatever is drawn: Kubernetes' own rules.
REASONS: tuple[tuple[str, str], ...] = (
    (r" status\.", "the server's own: written through /status by controllers"),
    (r"^\w+ metadata\.managedFields", "the server's own: who wrote which field"),
    (r"^\w+ metadata\.(uid|creationTimestamp|deletionTimestamp|deletionGracePeriodSeconds|generation"
     r"|selfLink|clusterName|resourceVersion)$", "the server's own: dropped or refused"),
    (r"ephemeralContainers", "only in a Pod that runs, not in a template"),
    (r"volumeClaimTemplate\.metadata\.", "of a claim's template labels and annotations alone"),
    (r"volumes\[\]\.ephemeral\.", "generic ephemeral volumes need a feature gate before 1.21"),
    (r"template\.spec\.activeDeadlineSeconds", "not where Pods are to run for good"),
    (r"initContainers\[\]\.(lifecycle|livenessProbe|readinessProbe|startupProbe)",
     "not in an init container before 1.28"),
    (r"readinessProbe\.terminationGracePeriodSeconds", "a probe that ends no Pod has none"),
    (r"ServiceAccount secrets\[\]\.(?!name$)", "of a secret's reference the server keeps the name alone"),
    (r"Service spec\.(ipFamil|topologyKeys|allocateLoadBalancerNodePorts)",
     "needs a feature gate before 1.21"),
    (r"resourceClaims|resources\.claims|restartPolicyRules|hostnameOverride|schedulingGroup"
     r"|clusterTrustBundle|podCertificate|fileKeyRef|stopSignal|initContainers\[\]\.restartPolicy",
     "needs a feature gate"),
)


@dataclass
class Tally:
    """What became of the values that were drawn for a path."""

    drawn: int = 0
    accepted: int = 0
    dropped: int = 0
    # The server's words, and how often.
    refusals: collections.Counter[str] = field(default_factory=collections.Counter)

    def add(self, other: Tally) -> None:
        self.drawn += other.drawn
        self.accepted += other.accepted
        self.dropped += other.dropped
        self.refusals.update(other.refusals)

    @property
    def document(self) -> Object:
        return {"drawn": self.drawn, "accepted": self.accepted, "dropped": self.dropped,
                "refusals": dict(self.refusals.most_common(3))}

    @classmethod
    def read(cls, document: Object) -> Tally:
        return cls(document["drawn"], document["accepted"], document["dropped"],
                   collections.Counter(document["refusals"]))


def forbidden(path: str, tally: Tally) -> str | None:
    """Why nobody can write a path in these objects, where that is so on this server."""
    words = next((words for pattern, words in REASONS if re.search(pattern, path)), None)
    if words is None or tally.accepted and not words.startswith(OWN):
        return None
    return words


def unexplained(tally: Tally) -> str:
    """What the server said, where no rule says why it took no value."""
    if tally.refusals:
        return "refused: " + tally.refusals.most_common(1)[0][0]
    return "dropped without a word" if tally.dropped else "not drawn"


def bare(kind: str, around: Around) -> Object:
    """An ordinary object of a kind, for fields to be put into."""
    name, labels = around.release, {"app": around.release}
    head: Object = {"apiVersion": {"Deployment": "apps/v1"}.get(kind, "v1"), "kind": kind,
                    "metadata": {"name": name, "labels": dict(labels)}}
    if kind == "Service":
        head["spec"] = {"selector": dict(labels), "ports": [
            {"name": "http", "port": 80, "targetPort": 8883, "protocol": "TCP"},
            {"name": "mqtt", "port": 1883, "targetPort": 1883, "protocol": "TCP"}]}
    if kind == "Deployment":
        head["spec"] = {"replicas": 1, "selector": {"matchLabels": dict(labels)}, "template": {
            "metadata": {"labels": dict(labels)}, "spec": {
                "serviceAccountName": name, "containers": [{
                    "name": "backbone", "image": "backbone:0.1.0", "ports": [
                        {"name": "http", "containerPort": 8883, "protocol": "TCP"},
                        {"name": "mqtt", "containerPort": 1883, "protocol": "TCP"}]}]}}}
    return head


class Acceptance:
    """Asks a server by dry runs what it takes."""

    def __init__(self, server: Server, schema: Schema, namespace: str) -> None:
        self.server, self.schema, self.namespace = server, schema, namespace
        self.tallies: dict[str, Tally] = {each.text: Tally() for each in schema.fields}
        self._lock = threading.Lock()

    def everything(self, seed: int, around: Around) -> None:
        """Draws values for each path, by dry runs, until one was accepted."""
        for each in self.schema.fields:
            kind = self.server.kind(each.root, ROOTS[each.root][0])
            assert kind is not None
            for attempt in range(TRIES):
                made = Drawer(self.schema, around, f"{seed} {each.text} {attempt}").put(
                    each, bare(each.root, around))
                answer = self.server("POST", kind.path(self.namespace, query="dryRun=All"), made)
                if self.count(each, made, answer.status, answer.body):
                    break

    def count(self, drawn: Field, made: Object, status: int, body: Any) -> bool:
        """Counts what a server made of a value; whether it was accepted."""
        tally = self.tallies[drawn.text]
        with self._lock:
            tally.drawn += 1
            if not 200 <= status < 300:
                tally.refusals[words(body, made)] += 1
                return False
            if not reads_back(drawn, made, body):
                tally.dropped += 1
                return False
            tally.accepted += 1
        return True


def words(body: Any, made: Object) -> str:
    """A refusal in a line, without the object's name."""
    text = body.get("message", "") if isinstance(body, dict) else str(body)
    name = made["metadata"]["name"]
    text = re.sub(rf'^{made["kind"]}[.a-z]* "{re.escape(name)}" is invalid: ', "", text)
    return " ".join(text.replace("|", "/").split())[:160]


def namespace_objects(around: Around) -> list[Object]:
    """What drawn values refer to: made in the namespace before anything else."""
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "other"}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"},
         "data": {"LOG_FORMAT": "json", "REDIS_HOST": "cache"}},
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "credentials"},
         "stringData": {"jwt": "cornflower-8841", "admin-token": "marigold-2207"}},
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "registry"},
         "type": "kubernetes.io/dockerconfigjson",
         "stringData": {".dockerconfigjson": '{"auths":{}}'}},
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "broker-data"},
         "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}},
    ]


def cluster_objects(server: Server) -> list[Object]:
    """What drawn values refer to and no namespace holds."""
    made: list[Object] = []
    classes = server.kind("RuntimeClass", "node.k8s.io")
    if classes:
        made.append({"apiVersion": classes.api_version, "kind": "RuntimeClass",
                     "metadata": {"name": "sandboxed"}, "handler": "sandboxed",
                     "overhead": {"podFixed": {"cpu": "10m"}}})
    priorities = server.kind("PriorityClass", "scheduling.k8s.io")
    if priorities:
        made.append({"apiVersion": priorities.api_version, "kind": "PriorityClass",
                     "metadata": {"name": "steady"}, "value": 1000})
    return made


def make(server: Server, namespace: str | None, items: list[Object]) -> dict[str, str]:
    """Makes objects, where they are not there yet; their uids by name."""
    uids = {}
    for item in items:
        group = item["apiVersion"].rpartition("/")[0]
        kind = server.kind(item["kind"], group)
        assert kind is not None, item["kind"]
        answer = server("POST", kind.path(namespace), item)
        if answer.status == 409:
            answer = server("GET", kind.path(namespace, item["metadata"]["name"]))
        if not answer.is_good:
            raise OSError(f"{item['kind']} {item['metadata']['name']}: {answer.message}")
        uids[item["metadata"]["name"]] = answer.body["metadata"]["uid"]
    return uids


