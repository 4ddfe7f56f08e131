"""Releases of chart 0.1.0 as people leave them behind, each drawn from a seed."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Object = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "Tests/Fixtures/charts"
CHARTS = ("app-label", "recommended-labels", "two-services", "env-list", "env-map", "data-volume")
# Who made the release, and who goes on with it.
MODES = {
    "Helm 3": ("helm3", "helm3"),
    "Helm 4": ("helm4", "helm4"),
    "Helm 4 after Helm 3": ("helm3", "helm4"),
}


@dataclass
class Edit:
    """Something done by hand: what kubectl is told, and what it reads."""

    words: str
    arguments: list[str]
    input: Object | None = None


@dataclass
class Shape:
    """A release, what was done to it by hand, what is around it, and how its plan is made."""

    seed: int
    mode: str
    chart: str
    release: str
    values: Object = field(default_factory=dict)
    objects: list[Object] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    # What the target says by default, over chart 0.2.0 as it is.
    defaults: Object = field(default_factory=dict)
    target: str = "embedded"
    choices: list[str] = field(default_factory=list)
    features: list[str] = field(default_factory=list)

    @property
    def workload(self) -> str:
        if self.chart == "recommended-labels" and "backbone" not in self.release:
            return f"{self.release}-backbone"
        return self.release

    @property
    def services(self) -> list[str]:
        return [self.workload] + ([f"{self.release}-tcp"] if self.chart == "two-services" else [])

    @property
    def chart_path(self) -> str:
        return str(FIXTURES / f"backbone-0.1.0-{self.chart}")

    @property
    def words(self) -> str:
        parts = [f"{self.mode}, chart {self.chart}, release {self.release}, target {self.target}"]
        parts += self.features
        parts += [edit.words for edit in self.edits]
        return "; ".join(parts + [" ".join(self.choices)] if self.choices else parts)


class Drawing:
    """Draws one shape, choice by choice."""

    def __init__(self, seed: int, mode: str) -> None:
        self.random = random.Random(seed)
        self.shape = Shape(seed, mode, self.random.choice(CHARTS),
                           self.random.choice(["web", "broker", "backbone", "my-backbone"]))
        self.names = self.random.sample(list(VARIABLES), len(VARIABLES))

    def one_in(self, count: int) -> bool:
        return self.random.randrange(count) == 0

    def draw(self) -> Shape:
        self.account()
        self.given_values()
        for edit, chance in (
            (self.variables, 4 / 5), (self.variables_by_patch, 1 / 3), (self.pod, 2 / 3),
            (self.volume, 1 / 4), (self.service, 2 / 5), (self.scale, 1 / 6),
            (self.rollout, 1 / 6), (self.image, 1 / 8), (self.neighbours, 2 / 5),
            (self.obstacle, 1 / 12),
        ):
            if self.random.random() < chance:
                edit()
        if self.one_in(4):
            self.other_target()
        if self.random.random() < 0.45:
            self.choose()
        return self.shape

    def add(self, words: str, arguments: list[str], given: Object | None = None) -> None:
        self.shape.edits.append(Edit(words, arguments, given))

    def patch_pod(self, words: str, spec: Object | None = None, container: Object | None = None,
                  metadata: Object | None = None) -> None:
        template: Object = {"spec": dict(spec or {})}
        if container:
            template["spec"].setdefault("containers", []).insert(
                0, {"name": "backbone"} | container)
        if metadata:
            template["metadata"] = metadata
        self.add(words, ["patch", "deployment", self.shape.workload, "--patch-file", "/dev/stdin"],
                 {"spec": {"template": template}})

    # The release itself.

    def account(self) -> None:
        name = self.shape.release
        if self.one_in(10):
            self.shape.features.append("no ServiceAccount")
            return
        account = made("v1", "ServiceAccount", name)
        if self.one_in(3):
            account["metadata"]["annotations"] = {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/b"}
            self.shape.features.append("ServiceAccount with annotations")
        self.shape.objects.append(account)
        if self.one_in(4):
            self.shape.features.append("Role bound to it")
            self.shape.objects += [
                made("rbac.authorization.k8s.io/v1", "Role", "reader", rules=[
                    {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]}]),
                made("rbac.authorization.k8s.io/v1", "RoleBinding", "broker-reads", roleRef={
                    "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"},
                    subjects=[{"kind": "ServiceAccount", "name": name}])]

    def given_values(self) -> None:
        values = self.shape.values
        if self.one_in(4):
            values["image"] = {"tag": "0.1.1"}
            self.shape.features.append("image.tag given")
        if self.shape.chart == "env-list" and not self.one_in(4):
            values["env"] = [{"name": name, "value": text} for name, text in self.draw_variables(2, 4)]
            self.shape.features.append("env given as a list")
        if self.shape.chart == "env-map" and not self.one_in(4):
            values["env"] = dict(self.draw_variables(2, 4))
            self.shape.features.append("env given as a map")
        if self.shape.chart == "data-volume":
            kind = self.random.choice(["emptyDir", "hostPath", "persistentVolumeClaim"])
            if kind == "hostPath":
                values["data"] = {"hostPath": {"path": "/srv/backbone"}}
            elif kind == "persistentVolumeClaim":
                values["data"] = {"persistentVolumeClaim": {"claimName": "broker-data"}}
                self.shape.objects.append(claim("broker-data", self.random))
            self.shape.features.append(f"{kind} at /data")

    def draw_variables(self, least: int, most: int) -> list[tuple[str, str]]:
        names = [self.names.pop() for _ in range(self.random.randint(least, most)) if self.names]
        return [(name, self.random.choice(VARIABLES[name])) for name in names]

    # What is done by hand.

    def variables(self) -> None:
        drawn = self.draw_variables(2, 5)
        self.add(f"set env {' '.join(name for name, _ in drawn)}",
                 ["set", "env", f"deployment/{self.shape.workload}"]
                 + [f"{name}={text}" for name, text in drawn])

    def variables_by_patch(self) -> None:
        entries: list[Object] = []
        words = []
        for name, key in (("ADMIN_TOKEN", "admin-token"), ("JWT_SECRET", "jwt"),
                          ("EXTRA_KEY", "jwt"), ("POD_IP", "")):
            if (name in self.names or name not in VARIABLES) and self.one_in(2):
                if name in self.names:
                    self.names.remove(name)
                words.append(name)
                entries.append({"name": name, "valueFrom":
                                {"secretKeyRef": {"name": "credentials", "key": key}} if key
                                else {"fieldRef": {"fieldPath": "status.podIP"}}})
        container: Object = {"env": entries} if entries else {}
        if self.one_in(3):
            container["envFrom"] = [{"configMapRef": {"name": "settings"}}]
            words.append("envFrom settings")
            self.shape.objects.append(made("v1", "ConfigMap", "settings",
                                           data={"LOG_FORMAT": "json", "REDIS_HOST": "cache"}))
        if not container:
            return
        self.shape.objects.append(made("v1", "Secret", "credentials", stringData={
            "admin-token": "marigold-2207", "jwt": "cornflower-8841"}))
        self.patch_pod(f"patch env {' '.join(words)}", container=container)

    def pod(self) -> None:
        """Some of the fields that people patch, in one or two patches."""
        menu = list(POD_PATCHES)
        for _ in range(self.random.randint(1, 2)):
            spec: Object = {}
            container: Object = {}
            metadata: Object = {}
            words = []
            for name in self.random.sample(menu, self.random.randint(1, 3)):
                menu.remove(name)
                words.append(name)
                for level, into in (("spec", spec), ("container", container),
                                    ("metadata", metadata)):
                    merge(into, POD_PATCHES[name].get(level, {}))
            self.patch_pod("patch " + ", ".join(words), spec, container, metadata)
        text = json.dumps([edit.input for edit in self.shape.edits])
        if '"tls"' in text:
            self.shape.objects.append(made("v1", "ConfigMap", "web-tls", data={"ca.crt": "none"}))

    def volume(self) -> None:
        if self.shape.chart == "data-volume":
            return
        kind = self.random.choice(["emptyDir", "hostPath", "claim", "claim", "elsewhere"])
        if kind == "claim":
            self.shape.objects.append(claim("broker-data", self.random))
        source: Object = {
            "emptyDir": {"emptyDir": {}}, "hostPath": {"hostPath": {"path": "/srv/backbone"}},
        }.get(kind, {"persistentVolumeClaim": {"claimName": "broker-data"}})
        if kind == "elsewhere":
            source = {"emptyDir": {"medium": "Memory"}}
        path = "/cache" if kind == "elsewhere" else "/data"
        name = self.random.choice(["data", "broker-data"])
        mount: Object = {"name": name, "mountPath": path}
        if kind in ("claim", "hostPath") and self.one_in(3):
            mount["subPath"] = "broker"
        self.patch_pod(f"patch volume {kind} at {path}", {"volumes": [{"name": name} | source]},
                       {"volumeMounts": [mount]})

    def service(self) -> None:
        name = self.random.choice(self.shape.services)
        chosen = self.random.sample(list(SERVICE_PATCHES), self.random.randint(1, 2))
        for words in chosen:
            patch = SERVICE_PATCHES[words]
            # These are for the port of the HTTP listener, and not for each other.
            is_http = not name.endswith("-tcp")
            if words.endswith("port") and not is_http or words == "port by name" and (
                    not is_http or "another port" in chosen):
                continue
            # Kubernetes takes no source ranges on a Service of this type.
            if words == "NodePort" and chosen[0] == "LoadBalancer for some":
                continue
            self.add(f"patch Service {name}: {words}",
                     ["patch", "service", name, "--patch-file", "/dev/stdin"], patch)

    def scale(self) -> None:
        count = self.random.choice([0, 2, 2, 3])
        self.add(f"scale to {count}", ["scale", "deployment", self.shape.workload,
                                       f"--replicas={count}"])

    def rollout(self) -> None:
        words, spec = self.random.choice([
            ("Recreate", {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}),
            ("maxUnavailable 0", {"strategy": {"rollingUpdate": {"maxUnavailable": 0}}}),
            ("minReadySeconds", {"minReadySeconds": 1}),
            ("revisionHistoryLimit", {"revisionHistoryLimit": 3}),
            ("progressDeadlineSeconds", {"progressDeadlineSeconds": 300}),
        ])
        self.add(f"patch {words}", ["patch", "deployment", self.shape.workload, "--patch-file",
                                    "/dev/stdin"], {"spec": spec})

    def image(self) -> None:
        image = self.random.choice(["backbone:0.1.2", "registry.example/mqtt/backbone:0.1.0"])
        self.add(f"set image {image}", ["set", "image", f"deployment/{self.shape.workload}",
                                        f"backbone={image}"])

    # What is around it.

    def neighbours(self) -> None:
        labels = {"app": self.shape.release}
        if self.shape.chart == "recommended-labels":
            labels = {"app.kubernetes.io/instance": self.shape.release}
        for _ in range(self.random.randint(1, 2)):
            kind = self.random.choice(["Ingress", "Ingress", "Service", "HorizontalPodAutoscaler",
                                       "PodDisruptionBudget"])
            if any(item["kind"] == kind and item["metadata"]["name"].startswith("own-")
                   for item in self.shape.objects):
                continue
            self.shape.features.append(f"{kind} beside it")
            self.shape.objects.append({
                "Ingress": lambda: made("networking.k8s.io/v1", kind, "own-ingress", spec={
                    "rules": [{"host": "mqtt.example", "http": {"paths": [
                        {"path": "/", "pathType": "Prefix", "backend": {"service": {
                            "name": self.shape.workload,
                            "port": self.random.choice([{"number": 80}, {"name": "http"}])}}}]}}]}),
                "Service": lambda: made("v1", kind, "own-metrics", spec={
                    "selector": labels, "ports": [self.random.choice([
                        {"port": 9000, "targetPort": "mqtt"}, {"port": 9000, "targetPort": "http"},
                        {"port": 9000, "targetPort": 1883}])]}),
                "HorizontalPodAutoscaler": lambda: made("autoscaling/v1", kind, "own-scaler", spec={
                    "minReplicas": 1, "maxReplicas": 3, "scaleTargetRef": {
                        "apiVersion": "apps/v1", "kind": "Deployment",
                        "name": self.shape.workload}}),
                "PodDisruptionBudget": lambda: made("policy/v1beta1", kind, "own-budget", spec={
                    "maxUnavailable": 1, "selector": {"matchLabels": labels}}),
            }[kind]())

    def obstacle(self) -> None:
        """An object of somebody else's that has a name which the target would take."""
        name = f"{self.shape.release}-tcp"
        if self.shape.chart == "two-services":
            return
        self.shape.features.append(f"Service {name} of somebody else's")
        self.shape.objects.append(made("v1", "Service", name, spec={
            "selector": {"app": "other"}, "ports": [{"port": 1}]}))

    # How the plan is made.

    def other_target(self) -> None:
        words, defaults = self.random.choice(list(TARGET_DEFAULTS.items()))
        self.shape.target, self.shape.defaults = words, defaults

    def choose(self) -> None:
        for choice in self.random.sample(list(CHOICES), self.random.randint(1, 2)):
            self.shape.choices += choice


def draw(seed: int, mode: str) -> Shape:
    """The shape of a seed; the same for every seed and mode."""
    return Drawing(seed, mode).draw()


def made(version: str, kind: str, name: str, **members: Any) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}} | members


def claim(name: str, drawing: random.Random) -> Object:
    return made("v1", "PersistentVolumeClaim", name, spec={
        "accessModes": [drawing.choice(["ReadWriteOnce", "ReadWriteOnce", "ReadWriteMany"])],
        "resources": {"requests": {"storage": "1Gi"}}})


def merge(into: Object, other: Object) -> None:
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        elif isinstance(value, list) and isinstance(into.get(key), list):
            into[key] = into[key] + value
        else:
            into[key] = json.loads(json.dumps(value))


# What a variable may be set to. Numbers that two listeners would share are left out.
VARIABLES = {
    "ADMIN_TOKEN": ["sunflower-7041", "daffodil-1187"],
    "JWT_SECRET": ["lavender-3390"],
    "HTTP_PORT": ["9000", "8080", "80", "8883"],
    "TCP_PORT": ["1884", "1883", "10883"],
    "K8S_ENABLED": ["true", "false", "1"],
    "WS_ENABLED": ["true", "true", "yes"],
    "API_ENABLED": ["true", "true", "True"],
    "TCP_ENABLED": ["true", "true", "false"],
    "OIDC_ENABLED": ["true", "false"],
    "OIDC_DISCOVERY": ["https://id.example/.well-known/openid-configuration"],
    "OIDC_CLIENT_ID": ["backbone"],
    "OIDC_GROUP_FIELD": ["groups", "teams"],
    "REDIS_ENABLED": ["true", "false"],
    "REDIS_HOST": ["localhost", "cache.example"],
    "REDIS_PORT": ["6380"],
    "REDIS_DB": ["2"],
    "TZ": ["Europe/Vienna"],
    "LOG_LEVEL": ["debug", "info"],
    "NODE_OPTIONS": ["--max-old-space-size=256"],
    "GREETING": ["a 'quoted' word", "0123456"],
}

POD_PATCHES: dict[str, Object] = {
    "resources": {"container": {"resources": {"requests": {"memory": "64Mi"},
                                              "limits": {"memory": "256Mi"}}}},
    "nodeSelector": {"spec": {"nodeSelector": {"kubernetes.io/hostname": "sandbox-node"}}},
    "tolerations": {"spec": {"tolerations": [{"key": "mqtt", "operator": "Exists"}]}},
    "affinity": {"spec": {"affinity": {"nodeAffinity": {
        "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference": {
            "matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}}]}}}},
    "imagePullSecrets": {"spec": {"imagePullSecrets": [{"name": "registry"}]}},
    "Pod annotations": {"metadata": {"annotations": {"prometheus.io/scrape": "true"}}},
    "Pod labels": {"metadata": {"labels": {"team": "messaging"}}},
    "fsGroup": {"spec": {"securityContext": {"fsGroup": 2000}}},
    "runAsUser": {"spec": {"securityContext": {"runAsUser": 999, "runAsNonRoot": True}}},
    "root by hand": {"container": {"securityContext": {"runAsUser": 0}}},
    "capabilities": {"container": {"securityContext": {"capabilities": {
        "add": ["NET_BIND_SERVICE"], "drop": ["ALL"]}}}},
    "no privilege escalation": {"container": {"securityContext": {
        "allowPrivilegeEscalation": False}}},
    "readiness probe": {"container": {"readinessProbe": {"tcpSocket": {"port": 1883}}}},
    "liveness probe by name": {"container": {"livenessProbe": {
        "tcpSocket": {"port": "mqtt"}, "periodSeconds": 20}}},
    "startup probe": {"container": {"startupProbe": {
        "tcpSocket": {"port": 8883}, "failureThreshold": 60}}},
    "sidecar": {"spec": {"containers": [{"name": "proxy", "image": "proxy:1", "ports": [
        {"containerPort": 9100, "name": "proxy", "protocol": "TCP"}]}]}},
    "init container": {"spec": {"initContainers": [{"name": "chown", "image": "busybox:1",
                                                    "command": ["true"]}]}},
    "lifecycle": {"container": {"lifecycle": {"preStop": {"exec": {"command": ["sleep", "1"]}}}}},
    "terminationGracePeriodSeconds": {"spec": {"terminationGracePeriodSeconds": 5}},
    "args": {"container": {"args": ["--verbose"]}},
    "hostAliases": {"spec": {"hostAliases": [{"ip": "10.0.0.9", "hostnames": ["db"]}]}},
    "dnsConfig": {"spec": {"dnsConfig": {"options": [{"name": "ndots", "value": "1"}]}}},
    "dnsPolicy": {"spec": {"dnsPolicy": "Default"}},
    "no token": {"spec": {"automountServiceAccountToken": False}},
    "another mount": {"spec": {"volumes": [{"name": "tls", "configMap": {"name": "web-tls"}}]},
                      "container": {"volumeMounts": [{"name": "tls", "mountPath": "/tls"}]}},
    "metrics port": {"container": {"ports": [{"containerPort": 9102, "name": "metrics",
                                              "protocol": "TCP"}]}},
    "pull policy": {"container": {"imagePullPolicy": "Always"}},
}

SERVICE_PATCHES: dict[str, Object] = {
    "NodePort": {"spec": {"type": "NodePort"}},
    "LoadBalancer": {"spec": {"type": "LoadBalancer"}},
    "LoadBalancer for some": {"spec": {"type": "LoadBalancer",
                                       "loadBalancerSourceRanges": ["10.0.0.0/8"],
                                       "externalTrafficPolicy": "Local"}},
    "annotation": {"metadata": {"annotations": {"cloud.example/internal": "true"}}},
    "label": {"metadata": {"labels": {"team": "messaging"}}},
    "session affinity": {"spec": {"sessionAffinity": "ClientIP"}},
    "another port": {"spec": {"ports": [{"name": "http", "port": 80, "$patch": "delete"},
                                        {"name": "http", "port": 8080, "targetPort": 8883,
                                         "protocol": "TCP"}]}},
    "port by name": {"spec": {"ports": [{"port": 80, "targetPort": "http"}]}},
    "further port": {"spec": {"ports": [{"name": "metrics", "port": 9102, "targetPort": 9102,
                                         "protocol": "TCP"}]}},
    "external address": {"spec": {"externalIPs": ["192.0.2.7"]}},
}

# Other defaults that a later or forked chart 0.2.0 may have.
TARGET_DEFAULTS: dict[str, Object] = {
    "data kept by default": {"persistence": {"enabled": True}},
    "data in a class of its own": {"persistence": {"enabled": True, "storageClass": "fast"}},
    "everything on": {"tcp": {"enabled": True}, "api": {"enabled": True},
                      "ws": {"enabled": True}},
    "balanced": {"service": {"tcp": {"type": "LoadBalancer"}, "http": {"port": 8080}}},
    "two and small": {"replicaCount": 2, "resources": {"limits": {"memory": "128Mi"}},
                      "nodeSelector": {"disk": "ssd"}},
    "hardened": {"containerSecurityContext": {"allowPrivilegeEscalation": False,
                                              "capabilities": {"drop": ["ALL"]}}},
    "without probes": {"livenessProbe": {"enabled": False}, "readinessProbe": {"enabled": False}},
    "replaced at once": {"strategy": {"type": "Recreate"}, "terminationGracePeriodSeconds": 60},
}

CHOICES = (
    ["--adopt", "k8s.enabled"], ["--adopt", "service.tcp.enabled"],
    ["--adopt", "service-port-moved"], ["--adopt", "service-removed"],
    ["--adopt", "fullnameOverride"], ["--adopt", "probe-introduced"],
    ["--adopt", "runs-as-non-root"], ["--adopt", "replicas-changed"],
    ["--adopt", "resources-lost"], ["--adopt", "pod-settings-lost"],
    ["--adopt", "scheduling-lost"], ["--adopt", "volume-lost"], ["--adopt", "container-lost"],
    ["--adopt", "image-changed"], ["--adopt", "service-type-changed"],
    ["--adopt", "load-balancer-settings-lost"], ["--adopt", "strategy-changed"],
    ["--adopt", "serviceAccount.name", "--adopt", "serviceAccount.create"],
    ["--set", "persistence.enabled=true"], ["--set", "persistence.storageClass=nowhere",
                                           "--set", "persistence.enabled=true"],
    ["--set", "tcp.enabled=true"], ["--set", "config.httpPort=9443"],
    ["--set", "replicaCount=2"], ["--set", "service.http.type=LoadBalancer"],
    ["--set", "securityContext.runAsUser=1000"], ["--set", "livenessProbe.enabled=true"],
)
