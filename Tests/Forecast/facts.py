"""What a cluster shows of a broker, read from kubectl's JSON and from nothing else."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]
# What a fact is about: its kind (see breaks.KINDS) and which one of them.
Key = tuple[str, str]

HELM_OWNED = ("meta.helm.sh/", "helm.sh/")
DEFAULT_PORTS = {"http": ("HTTP_PORT", 8883), "mqtt": ("TCP_PORT", 1883)}
SWITCHES = {"http": ("API_ENABLED", "WS_ENABLED"), "mqtt": ("TCP_ENABLED",)}
# What a variable is when it is not set, to the broker.
ABSENT = {
    "HTTP_PORT": "8883", "TCP_PORT": "1883", "OIDC_GROUP_FIELD": "groups",
    "REDIS_HOST": "localhost", "REDIS_PORT": "6379", "REDIS_DB": "0",
}
FLAGS = ("K8S_ENABLED", "WS_ENABLED", "API_ENABLED", "TCP_ENABLED", "OIDC_ENABLED", "REDIS_ENABLED")
KNOWN = set(ABSENT) | set(FLAGS) | {
    "ADMIN_TOKEN", "JWT_SECRET", "OIDC_DISCOVERY", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET",
    "OIDC_ADMIN_GROUP", "OIDC_WRITER_GROUP", "OIDC_READER_GROUP", "REDIS_PASSWORD", "TZ",
}


@dataclass
class State:
    """The objects of a namespace, by kind and name."""

    objects: dict[str, dict[str, Object]]

    @classmethod
    def read(cls, listed: Object) -> State:
        objects: dict[str, dict[str, Object]] = {}
        for item in listed["items"]:
            objects.setdefault(item["kind"], {})[item["metadata"]["name"]] = item
        return cls(objects)

    def all(self, kind: str) -> dict[str, Object]:
        return self.objects.get(kind, {})

    @property
    def deployment(self) -> Object | None:
        for deployment in self.all("Deployment").values():
            names = [c["name"] for c in deployment["spec"]["template"]["spec"]["containers"]]
            if "backbone" in names and not deployment["metadata"].get("deletionTimestamp"):
                return deployment
        return None


def is_of_release(item: Object, release: str) -> bool:
    notes = item["metadata"].get("annotations", {})
    return notes.get("meta.helm.sh/release-name") == release


def content(state: State, kind: str, name: str, key: str) -> str:
    """What a Secret or ConfigMap has under a key."""
    data = state.all(kind).get(name, {}).get("data") or {}
    if key not in data:
        return "(missing)"
    return base64.b64decode(data[key]).decode() if kind == "Secret" else data[key]


def environment(container: Object, state: State) -> dict[str, str]:
    """The variables that the broker's process gets, with what Kubernetes looks up."""
    found: dict[str, str] = {}
    for source in container.get("envFrom", []):
        kind = "Secret" if "secretRef" in source else "ConfigMap"
        name = source["secretRef" if kind == "Secret" else "configMapRef"]["name"]
        for key in state.all(kind).get(name, {}).get("data") or {}:
            found[source.get("prefix", "") + key] = content(state, kind, name, key)
    for entry in container.get("env", []):
        reference = entry.get("valueFrom")
        if reference is None:
            text = entry.get("value", "")
            found[entry["name"]] = re.sub(
                r"\$\$|\$\(([^)]*)\)",
                lambda match: "$" if match[0] == "$$" else found.get(match[1], match[0]), text)
            continue
        for member, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
            if member in reference:
                found[entry["name"]] = content(
                    state, kind, reference[member]["name"], reference[member]["key"])
        if "fieldRef" in reference or "resourceFieldRef" in reference:
            found[entry["name"]] = str(reference)
    return found


def meaning(name: str, text: str | None) -> Any:
    """What the broker makes of a variable."""
    if name in FLAGS:
        return text == "true"
    if text is None or text == "" and name in KNOWN:
        return ABSENT.get(name, "" if name in KNOWN else None)
    return text


class Broker:
    """The broker's Deployment, and what leads to it."""

    def __init__(self, state: State, deployment: Object) -> None:
        self.state, self.deployment = state, deployment
        self.spec: Object = deployment["spec"]
        self.template: Object = self.spec["template"]
        self.pod: Object = self.template["spec"]
        self.container: Object = next(
            c for c in self.pod["containers"] if c["name"] == "backbone")
        self.environment = environment(self.container, state)
        self.labels: Object = self.template["metadata"].get("labels") or {}
        self.account: str = self.pod.get("serviceAccountName") or "default"

    def value(self, name: str) -> Any:
        return meaning(name, self.environment.get(name))

    def port(self, listener: str) -> int:
        return int(self.value(DEFAULT_PORTS[listener][0]))

    def is_on(self, listener: str) -> bool:
        return any(self.value(name) for name in SWITCHES[listener])

    def leads_to(self, service: Object, port: Object) -> tuple[str | None, bool]:
        """What a port of a Service leads to, and whether something is there."""
        selector = service["spec"].get("selector") or {}
        if not selector or any(self.labels.get(k) != v for k, v in selector.items()):
            return None, False
        number = port.get("targetPort") or port["port"]
        ports = [(container["name"], declared) for container in self.pod["containers"]
                 for declared in container.get("ports", [])]
        if isinstance(number, str):
            named = [p["containerPort"] for _, p in ports if p.get("name") == number]
            if not named:
                return None, False
            number = named[0]
        on = [listener for listener in DEFAULT_PORTS if self.port(listener) == number
              and self.is_on(listener)]
        off = [listener for listener in DEFAULT_PORTS if self.port(listener) == number]
        if on or off:
            return (on or off)[0], bool(on)
        others = [name for name, p in ports if p["containerPort"] == number
                  and (name != "backbone" or p.get("name") not in DEFAULT_PORTS)]
        stale = [p for name, p in ports if p["containerPort"] == number and name == "backbone"
                 and p.get("name") in DEFAULT_PORTS]
        if others:
            return f"container {others[0]} port {number}", True
        if stale or number in [default for _, default in DEFAULT_PORTS.values()]:
            return None, False
        return f"undeclared {number}", True


def facts(state: State, release: str) -> dict[Key, Any]:
    """All that can break, by what it is about. Where there is no broker, there is one fact."""
    deployment = state.deployment
    if deployment is None:
        return {("workload", ""): None}
    broker = Broker(state, deployment)
    found: dict[Key, Any] = {}
    for reader in (workload, variables, storage, network, security, health, surroundings):
        found |= reader(broker, release)
    return {key: value for key, value in found.items() if value not in (None, {}, [], "", False)}


def workload(broker: Broker, release: str) -> dict[Key, Any]:
    spec, pod, container = broker.spec, broker.pod, broker.container
    strategy = spec.get("strategy", {})
    rolling = strategy.get("rollingUpdate", {})
    found: dict[Key, Any] = {
        ("workload", ""): broker.deployment["metadata"]["name"],
        ("image", ""): container["image"],
        ("image", "pull policy"): container.get("imagePullPolicy"),
        ("replicas", ""): str(spec.get("replicas", 1)),
        ("strategy", ""): (strategy.get("type"), str(rolling.get("maxSurge", "25%")),
                           str(rolling.get("maxUnavailable", "25%")))
        if strategy.get("type") != "Recreate" else "Recreate",
        ("strategy", "minReadySeconds"): spec.get("minReadySeconds", 0) or None,
        ("strategy", "revisionHistoryLimit"): str(spec.get("revisionHistoryLimit", 10)),
        ("strategy", "progressDeadlineSeconds"): str(spec.get("progressDeadlineSeconds", 600)),
        ("resources", ""): {k: v for k, v in container.get("resources", {}).items() if v},
        ("pull secrets", ""): pod.get("imagePullSecrets"),
        ("account", ""): broker.account,
        ("pod setting", "token"): str(pod.get("automountServiceAccountToken", True)),
        ("pod setting", "grace"): str(pod.get("terminationGracePeriodSeconds", 30)),
        ("pod setting", "lifecycle"): container.get("lifecycle"),
        ("command", "command"): container.get("command"),
        ("command", "args"): container.get("args"),
    }
    for field in ("nodeSelector", "tolerations", "affinity", "topologySpreadConstraints",
                  "priorityClassName", "runtimeClassName"):
        found["scheduling", field] = pod.get(field)
    for field in ("hostNetwork", "dnsConfig", "hostAliases", "shareProcessNamespace"):
        found["pod setting", field] = pod.get(field)
    if pod.get("dnsPolicy") != "ClusterFirst":
        found["pod setting", "dnsPolicy"] = pod.get("dnsPolicy")
    for field in ("workingDir", "stdin", "tty", "volumeDevices"):
        found["pod setting", field] = container.get(field)
    selector = spec["selector"].get("matchLabels", {})
    for key, value in broker.labels.items():
        if key not in selector:
            found["pod label", key] = value
    for key, value in (broker.template["metadata"].get("annotations") or {}).items():
        if key != "kubectl.kubernetes.io/restartedAt":
            found["pod annotation", key] = value
    for other in pod["containers"]:
        if other["name"] != "backbone":
            found["container", other["name"]] = other["image"]
    for other in pod.get("initContainers", []):
        found["container", f"init {other['name']}"] = other["image"]
    for port in container.get("ports", []):
        if port.get("name") not in DEFAULT_PORTS and port["containerPort"] not in (
                broker.port("http"), broker.port("mqtt")):
            found["pod setting", f"port {port.get('name', port['containerPort'])}"] = (
                port["containerPort"], port.get("protocol", "TCP"))
    account = broker.state.all("ServiceAccount").get(broker.account)
    if account is None:
        found["missing account", ""] = broker.account
    else:
        for key, value in account["metadata"].get("annotations", {}).items():
            if not key.startswith(HELM_OWNED):
                found["account annotation", key] = value
    return found


def variables(broker: Broker, release: str) -> dict[Key, Any]:
    names = set(broker.environment) | KNOWN
    found: dict[Key, Any] = {}
    for name in names:
        value = broker.value(name)
        found["variable", name] = value if value not in (False, "") else None
        # An unknown variable that is empty is not one that is missing.
        if name not in KNOWN and broker.environment.get(name) == "":
            found["variable", name] = "(empty)"
    return found


def storage(broker: Broker, release: str) -> dict[Key, Any]:
    volumes = {volume["name"]: {k: v for k, v in volume.items() if k != "name"}
               for volume in broker.pod.get("volumes", [])}
    found: dict[Key, Any] = {}
    for mount in broker.container.get("volumeMounts", []):
        where = ("data", "") if mount["mountPath"] == "/data" else ("mount", mount["mountPath"])
        source = volumes.get(mount["name"], {})
        for body in source.values():
            body.pop("defaultMode", None)
            if body.get("type") == "":
                body.pop("type")
        found[where] = (str(source), mount.get("subPath"), mount.get("readOnly", False))
    for name, item in broker.state.all("PersistentVolumeClaim").items():
        if not item["metadata"].get("deletionTimestamp"):
            found["claim", name] = "there"
    return found


BALANCING = ("loadBalancerSourceRanges", "externalTrafficPolicy", "sessionAffinity", "externalIPs",
             "loadBalancerIP", "publishNotReadyAddresses")


def network(broker: Broker, release: str) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    for name, service in broker.state.all("Service").items():
        spec = service["spec"]
        is_own = is_of_release(service, release)
        for port in spec.get("ports", []):
            end, works = broker.leads_to(service, port)
            address = f"{name}:{port['port']}"
            found["port" if is_own else "foreign port", address] = Route(end, works).value
            if is_own and port.get("nodePort"):
                found["node port", address] = port["nodePort"]
        if not is_own:
            continue
        found["service", name] = "there"
        found["service type", name] = spec.get("type", "ClusterIP")
        for field in BALANCING:
            value = spec.get(field)
            if value not in ("None", "Cluster"):
                found["balancing", f"{name} {field}"] = value
        for kind in ("annotations", "labels"):
            for key, value in (service["metadata"].get(kind) or {}).items():
                if not key.startswith(HELM_OWNED) and not key.startswith("app.kubernetes.io/") \
                        and key != "app" and "last-applied" not in key:
                    found["balancing", f"{name} {key}"] = value
    for name, ingress in broker.state.all("Ingress").items():
        for rule in ingress["spec"].get("rules", []):
            for path in rule.get("http", {}).get("paths", []):
                backend = path["backend"]["service"]
                service = broker.state.all("Service").get(backend["name"], {"spec": {}})
                wanted = backend["port"]
                found["ingress", f"{name} to {backend['name']}"] = any(
                    port["port"] == wanted.get("number")
                    or wanted.get("name") and port.get("name") == wanted["name"]
                    for port in service["spec"].get("ports", []))
    return found


@dataclass(frozen=True)
class Route:
    """Where a Service's port leads."""

    end: str | None
    works: bool

    @property
    def value(self) -> Route | None:
        return None if self.end is None else self


def security(broker: Broker, release: str) -> dict[Key, Any]:
    pod = broker.pod.get("securityContext") or {}
    own = broker.container.get("securityContext") or {}
    merged = {k: v for k, v in pod.items() if k in (
        "runAsUser", "runAsGroup", "runAsNonRoot", "seLinuxOptions", "seccompProfile")} | own
    found: dict[Key, Any] = {}
    for field in ("runAsUser", "runAsGroup", "runAsNonRoot"):
        value = merged.get(field)
        found["user", field] = str(value) if value not in (None, False) else None
    for field in ("fsGroup", "supplementalGroups", "sysctls"):
        found["user", field] = str(pod[field]) if pod.get(field) else None
    for field in ("capabilities", "privileged", "readOnlyRootFilesystem", "seccompProfile"):
        found["rights", field] = merged.get(field)
    if merged.get("allowPrivilegeEscalation") is False:
        found["rights", "allowPrivilegeEscalation"] = "not"
    # No container runs here, so what its process could not do is told from what is said of it.
    is_other = merged.get("runAsNonRoot") is True or merged.get("runAsUser") not in (None, 0)
    for listener in DEFAULT_PORTS:
        if is_other and broker.is_on(listener) and broker.port(listener) < 1024:
            found["low port", listener] = str(broker.port(listener))
    for volume in broker.pod.get("volumes", []):
        mounts = [m for m in broker.container.get("volumeMounts", [])
                  if m["name"] == volume["name"] and m["mountPath"] == "/data"]
        if mounts and is_other and ("hostPath" in volume or "fsGroup" not in pod):
            found["foreign files", ""] = str(merged.get("runAsUser", "not root"))
    return found


def health(broker: Broker, release: str) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = broker.container.get(kind)
        if probe is None:
            continue
        usual = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1,
                 "failureThreshold": 3}
        probe = usual | {k: v for k, v in probe.items() if v not in (0, None)}
        for action in ("httpGet", "tcpSocket"):
            # The same place by its number, whatever name it goes by.
            if isinstance(probe.get(action), dict):
                probe[action] = {"scheme": "HTTP"} | probe[action] if action == "httpGet" \
                    else dict(probe[action])
                port = probe[action].get("port")
                numbers = [p["containerPort"] for p in broker.container.get("ports", [])
                           if p.get("name") == port]
                probe[action]["port"] = numbers[0] if numbers else port
        found["probe", kind] = probe
    return found


def surroundings(broker: Broker, release: str) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    for name, scaler in broker.state.all("HorizontalPodAutoscaler").items():
        target = scaler["spec"]["scaleTargetRef"]["name"]
        found["autoscaler", name] = target == broker.deployment["metadata"]["name"]
    for name, budget in broker.state.all("PodDisruptionBudget").items():
        wanted = budget["spec"]["selector"].get("matchLabels", {})
        found["budget", name] = all(broker.labels.get(k) == v for k, v in wanted.items())
    for name, binding in broker.state.all("RoleBinding").items():
        if is_of_release(binding, release):
            continue
        found["binding", name] = any(
            subject.get("name") == broker.account for subject in binding.get("subjects", []))
    for name, account in broker.state.all("ServiceAccount").items():
        if name != "default" and not is_of_release(account, release):
            found["own account", name] = "there"
    return found
