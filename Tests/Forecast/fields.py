"""Releases in which any field of the served schema is set: in the old chart, or by hand."""

from __future__ import annotations

import copy
import json
import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

from acceptance import Acceptance, forbidden, make, namespace_objects
from cluster import Cluster, Unfit
from makers import Around, Drawer
from served import ROOTS, Field, Object, Schema, Server
from shapes import CHARTS, FIXTURES, MODES

# So many fields are drawn for a release, half of them in the chart and half by hand.
FIELDS = 4
TRIES = 4
# An object goes by these, so they are no fields to be changed.
NAMES = {"metadata.name", "metadata.namespace", "metadata.generateName"}
# Fields that no plan can keep, so that others beside them could not be seen to be kept.
TOGETHER = ("initContainers[].", "metadata.")
GROUP = "forecast.example"


@dataclass
class Put:
    """A value that was drawn for a field, and where it went."""

    field: str
    by: str  # "chart" or "hand"
    object: str
    value: Any

    @property
    def words(self) -> str:
        return f"{self.by}: {self.object} {self.field.split(' ')[1]} = {json.dumps(self.value)[:120]}"


@dataclass
class Drawn:
    """A release as it was drawn and made."""

    seed: int
    mode: str
    chart: str
    release: str
    namespace: str
    puts: list[Put] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    features: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "; ".join([f"{self.mode}, chart {self.chart}, release {self.release}"]
                         + [put.words for put in self.puts]
                         + [f"beside it {each}" for each in self.beside] + self.features)


class Order:
    """Which fields a seed gets: all of them in turn, in another order each time round."""

    def __init__(self, fields: list[Field]) -> None:
        self._fields = fields

    def of(self, seed: int) -> list[tuple[Field, str]]:
        count = -(-len(self._fields) // FIELDS)
        turn, place = divmod(seed, count)
        # Twice in the same order: what the chart had the first time, comes by hand the second.
        chosen = self._groups(turn // 2)[place]
        return [(each, ("chart", "hand")[(number + turn) % 2])
                for number, each in enumerate(chosen)]

    def _groups(self, turn: int) -> list[list[Field]]:
        """All fields, a few a release; like ones together, so that few plans cover up for others."""
        chance = random.Random(f"turn {turn}")
        shuffled = chance.sample(self._fields, len(self._fields))
        alike = sorted(shuffled, key=lambda each: next(
            (number for number, words in enumerate(TOGETHER) if words in f"{each.path}."),
            len(TOGETHER)))
        groups = [alike[start:start + FIELDS] for start in range(0, len(alike), FIELDS)]
        chance.shuffle(groups)
        return groups


class Maker:
    """Makes releases of one cluster."""

    def __init__(self, cluster: Cluster, server: Server, schema: Schema,
                 acceptance: Acceptance) -> None:
        self.cluster, self.server, self.schema = cluster, server, schema
        self.acceptance = acceptance
        self.order = Order([each for each in schema.fields
                            if not forbidden(each.text, acceptance.tallies[each.text])
                            and each.path not in NAMES])
        self._bases: dict[tuple[str, str], list[Object]] = {}

    def make(self, seed: int, mode: str, namespace: str) -> Drawn:
        """Draws a release and makes it."""
        chance = random.Random(f"release {seed}")
        drawn = Drawn(seed, mode, chance.choice(CHARTS),
                      chance.choice(["web", "broker", "backbone", "my-backbone"]), namespace)
        space: Object = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
        make(self.server, None, [space])
        manifest = copy.deepcopy(self._base(drawn.chart, drawn.release))
        workload = next(each for each in manifest if each["kind"] == "Deployment")
        around = Around(drawn.release, namespace, {}, dict(
            workload["spec"]["selector"]["matchLabels"]), version=self.server.minor)
        around.uids = make(self.server, namespace, namespace_objects(around))
        fields = self.order.of(seed)
        self._account(drawn, manifest, fields, chance)
        for number, (each, by) in enumerate(fields):
            if by == "chart":
                self._in_chart(drawn, manifest, each, around, f"{seed} {number}")
        self._beside(drawn, manifest, workload, around, chance)
        self._install(drawn, manifest)
        name = workload["metadata"]["name"]
        self._settle(drawn, name)
        is_changed = False
        for number, (each, by) in enumerate(fields):
            if by == "hand":
                is_changed |= self._by_hand(drawn, manifest, each, around, f"{seed} {number}")
        if is_changed:
            self._settle(drawn, name)
        return drawn

    def _base(self, chart: str, release: str) -> list[Object]:
        """The objects of a chart 0.1.0, as helm renders them."""
        key = (chart, release)
        if key not in self._bases:
            cluster = self.cluster
            shown = cluster.run(cluster.helms["helm4"], [
                "template", release, str(FIXTURES / f"backbone-0.1.0-{chart}")])
            read = cluster.kubectl("default", "create", "--dry-run=client", "--output", "json",
                                   "--filename", "-", text=shown.output)
            items = []
            decoder = json.JSONDecoder()
            while read.strip():
                item, end = decoder.raw_decode(read.lstrip())
                read = read.lstrip()[end:]
                items += item.get("items", [item])
            for item in items:
                item["metadata"].pop("namespace", None)
            self._bases[key] = items
        return self._bases[key]

    def _account(self, drawn: Drawn, manifest: list[Object], fields: list[tuple[Field, str]],
                 chance: random.Random) -> None:
        """The ServiceAccount is made by hand, as it was with this chart, or belongs to a fork."""
        account: Object = {"apiVersion": "v1", "kind": "ServiceAccount",
                           "metadata": {"name": drawn.release}}
        if any(each.root == "ServiceAccount" and by == "chart" for each, by in fields) \
                or chance.randrange(4) == 0:
            manifest.append(account)
            drawn.features.append("ServiceAccount in the chart")
        else:
            make(self.server, drawn.namespace, [account])

    def _in_chart(self, drawn: Drawn, manifest: list[Object], each: Field, around: Around,
                  seed: str) -> None:
        places = [n for n, item in enumerate(manifest) if item["kind"] == each.root]
        place = random.Random(seed).choice(places)
        for attempt in range(TRIES):
            drawer = Drawer(self.schema, around, f"{seed} {attempt}")
            made = drawer.put(each, manifest[place])
            if self._is_taken(each, made, drawn):
                manifest[place].clear()
                manifest[place].update(made)
                drawn.puts.append(self._put(each, "chart", made, drawer))
                return

    def _is_taken(self, each: Field | None, made: Object, drawn: Drawn) -> bool:
        """Whether the server takes an object, in the way in which its helm sends it."""
        group = made["apiVersion"].rpartition("/")[0]
        kind = self.server.kind(made["kind"], group)
        assert kind is not None
        if MODES[drawn.mode][0] == "helm4":
            answer = self.server(
                "PATCH", kind.path(drawn.namespace, made["metadata"]["name"],
                                   "dryRun=All&fieldManager=helm"),
                made, "application/apply-patch+yaml")
        else:
            answer = self.server("POST", kind.path(drawn.namespace, query="dryRun=All"), made)
        if each is None:
            return answer.is_good
        return self.acceptance.count(each, made, answer.status, answer.body)

    @staticmethod
    def _put(each: Field, by: str, made: Object, drawer: Drawer) -> Put:
        return Put(each.text, by, f"{made['kind']}/{made['metadata']['name']}", drawer.drawn)

    def _install(self, drawn: Drawn, manifest: list[Object]) -> None:
        with tempfile.TemporaryDirectory(dir=self.cluster.folder) as folder:
            chart = Path(folder) / "backbone"
            (chart / "templates").mkdir(parents=True)
            (chart / "Chart.yaml").write_text(json.dumps({
                "apiVersion": "v2", "name": "backbone", "version": "0.1.0",
                "appVersion": "0.1.0"}))
            (chart / "values.yaml").write_text(json.dumps({"image": {
                "repository": "backbone", "tag": "0.1.0", "pullPolicy": "IfNotPresent"}}))
            for number, item in enumerate(manifest):
                text = json.dumps(item, indent=1).replace("{{", "{{ `{{` }}")
                (chart / f"templates/{number:02}-{item['kind'].lower()}.yaml").write_text(text)
            done = self.cluster.helm(MODES[drawn.mode][0], drawn.namespace, "install",
                                     drawn.release, str(chart))
        if done.status != 0:
            raise Unfit(f"helm install: {done.errors.strip()[-400:]}")

    def _settle(self, drawn: Drawn, workload: str) -> None:
        """Waits for the Pods; where none comes here, there are to be none."""
        reason = self.cluster.settle(drawn.namespace, workload)
        if reason is None:
            return
        live = self._live(drawn, "Deployment", workload)
        if live["spec"].get("paused") or live["spec"]["replicas"] == 0:
            return
        drawn.features.append(f"scaled to 0 by hand, as no Pod gets ready here: {reason[:80]}")
        self.cluster.kubectl(drawn.namespace, "scale", "deployment", workload, "--replicas=0")
        self.cluster.settle(drawn.namespace, workload)

    def _live(self, drawn: Drawn, kind: str, name: str) -> Object:
        served = self.server.kind(kind, ROOTS[kind][0])
        assert served is not None
        answer = self.server("GET", served.path(drawn.namespace, name))
        if not answer.is_good:
            raise Unfit(f"{kind} {name}: {answer.message}")
        return answer.body

    def _by_hand(self, drawn: Drawn, manifest: list[Object], each: Field, around: Around,
                 seed: str) -> bool:
        names = [item["metadata"]["name"] for item in manifest if item["kind"] == each.root]
        name = random.Random(seed).choice(names or [drawn.release])
        kind = self.server.kind(each.root, ROOTS[each.root][0])
        assert kind is not None
        for attempt in range(TRIES):
            live = self._live(drawn, each.root, name)
            drawer = Drawer(self.schema, around, f"{seed} {attempt}")
            made = drawer.put(each, live)
            patch = _patch(live, made)
            answer = self.server("PATCH", kind.path(drawn.namespace, name, "dryRun=All"), patch,
                                 "application/json-patch+json")
            if self.acceptance.count(each, made, answer.status, answer.body):
                self.cluster.kubectl(drawn.namespace, "patch", each.root.lower(), name,
                                     "--type=json", "--patch-file", "/dev/stdin", given=patch)
                drawn.puts.append(self._put(each, "hand", made, drawer))
                return True
        return False

    # What is beside the workload.

    def _beside(self, drawn: Drawn, manifest: list[Object], workload: Object, around: Around,
                chance: random.Random) -> None:
        count = chance.choice([0, 0, 0, 0, 1, 2, 3])
        for maker in chance.sample(BESIDE, count):
            item = maker(self.server, workload, around, chance)
            if item is None:
                continue
            words = item["kind"]
            way = chance.randrange(8)
            if way == 0:
                note(item, "helm.sh/resource-policy", "keep")
                words += " that is to be kept"
            elif way == 1 and item["kind"] in ("Job", "ConfigMap", "Secret"):
                note(item, "helm.sh/hook", "post-install")
                words += " of a hook"
            if not self._is_taken(None, item, drawn):
                drawn.features.append(f"{words}: refused")
                continue
            manifest.append(item)
            if way in (2, 3) and use(item, workload):
                words += " that its Pods use"
            drawn.beside.append(words)


def note(item: Object, key: str, value: str) -> None:
    item["metadata"].setdefault("annotations", {})[key] = value


def use(item: Object, workload: Object) -> bool:
    """Makes a Deployment's Pods use an object; false where they cannot."""
    pod = workload["spec"]["template"]["spec"]
    container, name = pod["containers"][0], item["metadata"]["name"]
    if item["kind"] == "Secret":
        pod.setdefault("imagePullSecrets", []).append({"name": name})
    elif item["kind"] == "ConfigMap":
        container.setdefault("envFrom", []).append({"configMapRef": {"name": name}})
    elif item["kind"] == "PersistentVolumeClaim":
        pod.setdefault("volumes", []).append(
            {"name": "own", "persistentVolumeClaim": {"claimName": name}})
        container.setdefault("volumeMounts", []).append({"name": "own", "mountPath": "/own"})
    else:
        return False
    return True


def _patch(live: Object, made: Object) -> list[Object]:
    """A JSON patch from what is live to what was made."""
    patch: list[Object] = []
    for path in sorted({*live, *made} - {"metadata", "status"}):
        if live.get(path) != made.get(path):
            patch.append({"op": "add", "path": f"/{path}", "value": made[path]})
    for path in sorted({*live["metadata"], *made["metadata"]} - {"managedFields"}):
        if live["metadata"].get(path) != made["metadata"].get(path):
            patch.append({"op": "add", "path": f"/metadata/{path}",
                          "value": made["metadata"][path]})
    return patch


def _named(server: Server, kind: str, group: str, name: str, **members: Any) -> Object | None:
    served = server.kind(kind, group)
    if served is None:
        return None
    return {"apiVersion": served.api_version, "kind": kind, "metadata": {"name": name}} | members


def _pod(name: str) -> Object:
    return {"metadata": {"labels": {"job": name}}, "spec": {
        "restartPolicy": "Never", "containers": [{"name": "main", "image": "busybox:1"}]}}


Beside = Callable[[Server, Object, Around, random.Random], "Object | None"]
BESIDE: list[Beside] = [
    lambda s, w, a, r: _named(s, "Ingress", "networking.k8s.io", "own-ingress", spec={"rules": [{
        "host": "mqtt.example", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": {
            "service": {"name": w["metadata"]["name"], "port": {"number": 80}}}}]}}]}),
    lambda s, w, a, r: _named(s, "NetworkPolicy", "networking.k8s.io", "own-policy", spec={
        "podSelector": {"matchLabels": dict(a.labels)}, "policyTypes": ["Ingress"],
        "ingress": [{"ports": [{"port": 1883, "protocol": "TCP"}]}]}),
    lambda s, w, a, r: _named(s, "PodDisruptionBudget", "policy", "own-budget", spec={
        "maxUnavailable": 1, "selector": {"matchLabels": dict(a.labels)}}),
    lambda s, w, a, r: _named(s, "HorizontalPodAutoscaler", "autoscaling", "own-scaler", spec={
        "minReplicas": 1, "maxReplicas": 3, "scaleTargetRef": {
            "apiVersion": "apps/v1", "kind": "Deployment", "name": w["metadata"]["name"]}}),
    lambda s, w, a, r: _named(s, "Role", "rbac.authorization.k8s.io", "own-role", rules=[
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]}]),
    lambda s, w, a, r: _named(
        s, "RoleBinding", "rbac.authorization.k8s.io", "own-binding", roleRef={
            "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
        subjects=[{"kind": "ServiceAccount", "name": a.release, "namespace": a.namespace}]),
    lambda s, w, a, r: _named(s, "Secret", "", "own-secret", stringData={"key": "peony-5512"}),
    lambda s, w, a, r: _named(s, "Secret", "", "own-registry",
                              type="kubernetes.io/dockerconfigjson",
                              data={".dockerconfigjson": "eyJhdXRocyI6e319"}),
    lambda s, w, a, r: _named(s, "ConfigMap", "", "own-settings", data={"LOG_LEVEL": "debug"}),
    lambda s, w, a, r: _named(s, "Job", "batch", "own-job", spec={"template": _pod("own-job")}),
    lambda s, w, a, r: _named(s, "CronJob", "batch", "own-cron", spec={
        "schedule": "7 3 * * *", "jobTemplate": {"spec": {"template": _pod("own-cron")}}}),
    lambda s, w, a, r: _named(s, "Listener", GROUP, "own-listener", spec={"port": 1883}),
    lambda s, w, a, r: _named(s, "PersistentVolumeClaim", "", "own-claim", spec={
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}),
    lambda s, w, a, r: _named(s, "ServiceAccount", "", "own-account"),
    lambda s, w, a, r: _named(s, "Service", "", "own-headless", spec={
        "clusterIP": "None", "selector": dict(a.labels),
        "ports": [{"name": "mqtt", "port": 1883, "protocol": "TCP"}]}),
    lambda s, w, a, r: _named(s, "LimitRange", "", "own-limits", spec={"limits": [
        {"type": "PersistentVolumeClaim", "max": {"storage": "100Gi"}}]}),
    lambda s, w, a, r: _named(s, "ResourceQuota", "", "own-quota", spec={
        "hard": {"count/configmaps": "100"}}),
    lambda s, w, a, r: _named(s, "Lease", "coordination.k8s.io", "own-lease", spec={
        "holderIdentity": "broker-0"}),
    lambda s, w, a, r: _named(s, "PodTemplate", "", "own-template", template=_pod("own-template")),
    lambda s, w, a, r: _named(s, "StatefulSet", "apps", "own-cache", spec={
        "serviceName": "own-cache", "replicas": 1,
        "selector": {"matchLabels": {"cache": "own"}}, "template": {
            "metadata": {"labels": {"cache": "own"}},
            "spec": {"containers": [{"name": "cache", "image": "cache:1"}]}}}),
]


def definition(server: Server) -> Object | None:
    """The CRD of what stands for other people's resources."""
    crd = server.kind("CustomResourceDefinition", "apiextensions.k8s.io")
    if crd is None:
        return None
    return {"apiVersion": crd.api_version, "kind": crd.kind,
            "metadata": {"name": f"listeners.{GROUP}"},
            "spec": {"group": GROUP, "scope": "Namespaced",
                     "names": {"kind": "Listener", "plural": "listeners", "singular": "listener"},
                     "versions": [{"name": "v1", "served": True, "storage": True, "schema": {
                         "openAPIV3Schema": {"type": "object", "properties": {"spec": {
                             "type": "object", "properties": {"port": {"type": "integer"}}}}}}}]}}
