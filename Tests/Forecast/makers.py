"""Values that an API server takes, for any field of its schema, with what else they need beside them."""

from __future__ import annotations

import copy
import random
import re
from dataclasses import dataclass, field
from typing import Any, Callable

from served import Field, Object, Schema, Step

# The members of which an object has one at most.
UNIONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "EnvVar": (("value", "valueFrom"),),
    "EnvVarSource": (("configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef",
                      "secretKeyRef"),),
    "EnvFromSource": (("configMapRef", "secretRef"),),
    "Handler": (("exec", "httpGet", "tcpSocket"),),
    "LifecycleHandler": (("exec", "httpGet", "tcpSocket", "sleep"),),
    "Probe": (("exec", "httpGet", "tcpSocket", "grpc"),),
    "DownwardAPIVolumeFile": (("fieldRef", "resourceFieldRef"),),
    "PodResourceClaim": (("resourceClaimName", "resourceClaimTemplateName"),),
    "ClusterTrustBundleProjection": (("name", "signerName"),),
    "FCVolumeSource": (("targetWWNs", "wwids"),),
}
# How the API tells the elements of a list apart.
KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",), "initContainers": ("name",), "volumes": ("name",), "env": ("name",),
    "volumeMounts": ("mountPath",), "volumeDevices": ("devicePath",), "imagePullSecrets": ("name",),
    "hostAliases": ("ip",), "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    "ownerReferences": ("uid",), "secrets": ("name",), "resourceClaims": ("name",),
}
PORTS = {"ContainerPort": "containerPort", "ServicePort": "port"}


@dataclass
class Around:
    """What a value may refer to."""

    release: str = "web"
    namespace: str = "default"
    # uids of the namespace's objects by name, for what has to be named by its uid.
    uids: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    service_range: str = "10.0"
    version: tuple[int, int] = (1, 20)


Maker = Callable[["Drawer"], Any]


class Drawer:
    """Draws values for fields and puts them into objects."""

    def __init__(self, schema: Schema, around: Around, seed: object) -> None:
        self.schema, self.around = schema, around
        self.random = random.Random(str(seed))
        self.field: Field | None = None
        # What was drawn last.
        self.drawn: Any = None

    # Putting a value where it belongs.

    def put(self, field: Field, item: Object) -> Object:
        """A copy of an object with a drawn value in a field, and with what that needs."""
        self.field = field
        made = self._put(field.steps, copy.deepcopy(item))
        made["apiVersion"], made["kind"] = item["apiVersion"], item["kind"]
        mend(made, self)
        return made

    def _put(self, steps: tuple[Step, ...], made: Object) -> Object:
        step = steps[0]
        for union in UNIONS.get(step.owner, ()):
            if step.name in union:
                for other in union:
                    if other != step.name:
                        made.pop(other, None)
        if step.owner == "Volume" and step.name != "name":
            for other in [each for each in made if each not in ("name", step.name)]:
                del made[other]
        made.update(self._needs(step.owner, step.name, made))
        if len(steps) == 1:
            made[step.name] = self._leaf(step, made)
        elif step.holds == "[]":
            entries = made.get(step.name) or []
            made[step.name] = entries
            position = self._entry(steps, entries)
            entry = self._put(steps[1:], entries[position])
            entries[position] = self._filled(step.target, entry, steps[1].name)
        else:
            inner = self._put(steps[1:], made.get(step.name) or {})
            made[step.name] = self._filled(step.target, inner, steps[1].name)
        return made

    def _entry(self, steps: tuple[Step, ...], entries: list[Any]) -> int:
        """Which entry of a list gets the value: one that is there, or a new one."""
        step, member = steps[0], steps[1].name
        is_named = member in KEYS.get(step.name, ())
        if entries and not is_named:
            chance = {"containers": 0.8, "ports": 0.5}.get(step.name, 0.5)
            if self.random.random() < chance:
                return 0 if step.name == "containers" else self.random.randrange(len(entries))
        entries.append({})
        return len(entries) - 1

    def _filled(self, owner: str, made: Object, member: str) -> Object:
        """With the members that an object must have."""
        needed = [*self.schema.required(owner), *ALSO_REQUIRED.get(owner, ())]
        for name in needed:
            if name not in made:
                made[name] = self._made(owner, name, made)
        for union in ONE_OF.get(owner, ()):
            if not any(name in made for name in union):
                made[union[0]] = self._made(owner, union[0], made)
        return made

    def _made(self, owner: str, name: str, beside: Object) -> Any:
        """A member that nobody drew, but that has to be there."""
        usual = USUAL.get(f"{owner}.{name}")
        if usual is not None:
            return usual(self) if callable(usual) else copy.deepcopy(usual)
        body = self.schema.members(owner)[name]
        target = self.schema.target(body)
        if target:
            inner = self._filled(target, {}, "")
            return [inner] if body.get("type") == "array" else inner
        return self._value(owner, name, body.get("type", "string"), "", ())

    # Values.

    def _leaf(self, step: Step, made: Object) -> Any:
        assert self.field is not None
        before = made.get(step.name)
        value = None
        for _ in range(8):
            value = self._value(step.owner, step.name, self.field.type, self.field.format,
                                self.field.enum)
            if step.holds == "{}":
                value = {**(before or {}), **value}
            elif step.holds == "[]" and step.name in ADDED_TO:
                value = [*(before or []), *value]
            if value != before:
                break
        self.drawn = value
        return value

    def _value(self, owner: str, name: str, kind: str, form: str, enum: tuple[str, ...]) -> Any:
        body = self.schema.members(owner).get(name, {})
        if f"{owner}.{name}" in VALUES:
            return self._pick(VALUES[f"{owner}.{name}"])
        listed = body.get("type") == "array"
        made = self._scalar(name, kind, form, enum or tuple(body.get("enum", ())))
        return [made] if listed and not isinstance(made, list) else made

    def _scalar(self, name: str, kind: str, form: str, enum: tuple[str, ...]) -> Any:
        if name in VALUES:
            return self._pick(VALUES[name])
        if enum:
            return self.random.choice([each for each in enum if each] or list(enum))
        if form in ("Time", "date-time", "MicroTime"):
            return "2026-01-02T03:04:05Z"
        if kind == "boolean":
            return self.random.choice([True, True, False])
        if kind == "integer" or form in ("int32", "int64"):
            return self.random.randint(1, 9)
        if kind == "map" or kind == "object":
            return {f"example.test/{self.word()}": self.word()}
        if form in ("Quantity",):
            return self.random.choice(["250m", "64Mi", "1500m"])
        return self.word()

    def _pick(self, choices: Any) -> Any:
        if callable(choices):
            return choices(self)
        return copy.deepcopy(self.random.choice(choices))

    def word(self) -> str:
        return self.random.choice(WORDS) + str(self.random.randint(2, 99))

    def port(self) -> int:
        return self.random.randint(9101, 19999)

    def address(self) -> str:
        return f"192.0.2.{self.random.randint(1, 254)}"

    # What a member needs beside it.

    def _needs(self, owner: str, member: str, made: Object) -> Object:
        found = NEEDS.get(f"{owner}.{member}")
        if found is None:
            return {}
        return found(self, made) if callable(found) else copy.deepcopy(found)

    @property
    def is_of_selector(self) -> bool:
        """Whether the field is in a Deployment's own selector."""
        assert self.field is not None
        return self.field.root == "Deployment" and self.field.path.startswith("spec.selector")

    @property
    def label(self) -> tuple[str, str]:
        return next(iter(self.around.labels.items()), ("app", self.around.release))


WORDS = ("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heron", "iris", "juniper")
# Lists to which an entry is added, rather than replaced.
ADDED_TO = {"finalizers"}
# What an object has to have, beyond what its schema says.
ALSO_REQUIRED: dict[str, tuple[str, ...]] = {
    "Container": ("image",),
    "ConfigMapVolumeSource": ("name",),
    "ConfigMapEnvSource": ("name",), "SecretEnvSource": ("name",),
    "ConfigMapKeySelector": ("name",), "SecretKeySelector": ("name",),
    "ConfigMapProjection": ("name",), "SecretProjection": ("name",),
    "SecretVolumeSource": ("secretName",),
    "ProjectedVolumeSource": ("sources",),
    "ScaleIOVolumeSource": ("volumeName",), "FCVolumeSource": ("lun",),
    "StorageOSVolumeSource": ("volumeName", "volumeNamespace"),
    "LocalObjectReference": ("name",), "SecretReference": ("name",),
    "HostAlias": ("ip", "hostnames"), "PodDNSConfigOption": ("name",),
    "HTTPHeader": ("name", "value"), "ExecAction": ("command",),
    "TopologySpreadConstraint": ("labelSelector",),
    "PodAffinityTerm": ("labelSelector",),
    "PersistentVolumeClaimTemplate": ("spec",),
    "PodCertificateProjection": ("credentialBundlePath",),
    "PersistentVolumeClaimSpec": ("accessModes", "resources"),
    "ImageVolumeSource": ("reference",),
    "ClientIPConfig": ("timeoutSeconds",),
    "ClusterTrustBundleProjection": ("path",),
    "Toleration": ("key",),
    "ManagedFieldsEntry": ("apiVersion", "fieldsType", "fieldsV1", "manager", "operation", "time"),
}
# Of these one has to be there; the first where none is.
ONE_OF: dict[str, tuple[tuple[str, ...], ...]] = {
    "EnvFromSource": (("configMapRef", "secretRef"),),
    "EnvVarSource": (("configMapKeyRef", "fieldRef", "resourceFieldRef", "secretKeyRef",
                      "fileKeyRef"),),
    "Handler": (("tcpSocket", "exec", "httpGet"),),
    "LifecycleHandler": (("tcpSocket", "exec", "httpGet", "sleep"),),
    "Probe": (("tcpSocket", "exec", "httpGet", "grpc"),),
    "DownwardAPIVolumeFile": (("fieldRef", "resourceFieldRef"),),
    "VolumeProjection": (("configMap", "downwardAPI", "secret", "serviceAccountToken",
                          "clusterTrustBundle", "podCertificate"),),
    "NodeSelectorTerm": (("matchExpressions", "matchFields"),),
    "FCVolumeSource": (("targetWWNs", "wwids"),),
    "PodResourceClaim": (("resourceClaimName", "resourceClaimTemplateName"),),
    "ClusterTrustBundleProjection": (("signerName", "name"),),
    "Volume": (("emptyDir", "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder",
                "configMap", "csi", "downwardAPI", "ephemeral", "fc", "flexVolume", "flocker",
                "gcePersistentDisk", "gitRepo", "glusterfs", "hostPath", "image", "iscsi", "nfs",
                "persistentVolumeClaim", "photonPersistentDisk", "portworxVolume", "projected",
                "quobyte", "rbd", "scaleIO", "secret", "storageos", "vsphereVolume"),),
}
# Members that are only there because others are.
USUAL: dict[str, Any] = {
    "Volume.name": lambda d: d.word(), "Volume.emptyDir": {},
    "Container.name": lambda d: d.word(), "Container.image": "helper:1",
    "TCPSocketAction.port": 1883, "HTTPGetAction.port": 8883, "GRPCAction.port": 9090,
    "Handler.tcpSocket": {"port": 1883}, "LifecycleHandler.tcpSocket": {"port": 1883},
    "Probe.tcpSocket": {"port": 1883},
    "ContainerPort.containerPort": lambda d: d.port(), "ServicePort.port": lambda d: d.port(),
    "VolumeMount.name": lambda d: d.word(), "VolumeMount.mountPath": lambda d: f"/mnt/{d.word()}",
    "VolumeDevice.name": lambda d: d.word(), "VolumeDevice.devicePath": lambda d: f"/dev/{d.word()}",
    "EnvVar.name": lambda d: d.word().upper(),
    "EnvFromSource.configMapRef": {"name": "settings"},
    "EnvVarSource.configMapKeyRef": {"name": "settings", "key": "LOG_FORMAT"},
    "ConfigMapKeySelector.key": "LOG_FORMAT", "SecretKeySelector.key": "jwt",
    "ConfigMapKeySelector.name": "settings", "SecretKeySelector.name": "credentials",
    "ConfigMapEnvSource.name": "settings", "SecretEnvSource.name": "credentials",
    "ConfigMapVolumeSource.name": "settings", "ConfigMapProjection.name": "settings",
    "SecretProjection.name": "credentials", "SecretVolumeSource.secretName": "credentials",
    "ObjectFieldSelector.fieldPath": "metadata.name",
    "ResourceFieldSelector.resource": "limits.cpu",
    "DownwardAPIVolumeFile.fieldRef": {"fieldPath": "metadata.name"},
    "DownwardAPIVolumeFile.path": lambda d: d.word(),
    "KeyToPath.key": lambda d: d.random.choice(["LOG_FORMAT"]) if "onfigMap" in d.field.path
    else "jwt",
    "KeyToPath.path": lambda d: d.word(),
    "VolumeProjection.configMap": {"name": "settings"},
    "ProjectedVolumeSource.sources": [{"configMap": {"name": "settings"}}],
    "ServiceAccountTokenProjection.path": "token",
    "LocalObjectReference.name": "registry", "SecretReference.name": "credentials",
    "LabelSelectorRequirement.key": lambda d: d.label[0],
    "LabelSelectorRequirement.operator": "Exists",
    "TopologySpreadConstraint.labelSelector": lambda d: {"matchLabels": dict([d.label])},
    "PodAffinityTerm.labelSelector": lambda d: {"matchLabels": dict([d.label])},
    "NodeSelectorTerm.matchExpressions": [
        {"key": "kubernetes.io/hostname", "operator": "Exists"}],
    "NodeSelectorRequirement.key": lambda d: "metadata.name" if "matchFields" in d.field.path
    else "kubernetes.io/hostname",
    "NodeSelectorRequirement.operator": lambda d: "In" if "matchFields" in d.field.path
    else "Exists",
    "Toleration.key": lambda d: d.word(),
    "PreferredSchedulingTerm.preference": {"matchExpressions": [
        {"key": "disk", "operator": "In", "values": ["ssd"]}]},
    "NodeSelector.nodeSelectorTerms": [{"matchExpressions": [
        {"key": "kubernetes.io/hostname", "operator": "Exists"}]}],
    "PodReadinessGate.conditionType": "example.test/ready",
    "PersistentVolumeClaimSpec.accessModes": ["ReadWriteOnce"],
    "PersistentVolumeClaimSpec.resources": {"requests": {"storage": "1Gi"}},
    "PersistentVolumeClaimTemplate.spec": {
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    "TypedObjectReference.name": "broker-data",
    "TypedObjectReference.kind": "PersistentVolumeClaim",
    "PodCertificateProjection.keyType": "ED25519",
    "PodCertificateProjection.signerName": "example.test/signer",
    "PodCertificateProjection.credentialBundlePath": "bundle.pem",
    "TypedLocalObjectReference.name": "broker-data",
    "TypedLocalObjectReference.kind": "PersistentVolumeClaim",
    "FCVolumeSource.targetWWNs": ["500a0982991b8dc5"],
    "ManagedFieldsEntry.apiVersion": "apps/v1", "ManagedFieldsEntry.fieldsType": "FieldsV1",
    "ManagedFieldsEntry.fieldsV1": {"f:metadata": {"f:labels": {"f:app": {}}}},
    "ManagedFieldsEntry.manager": "kubectl", "ManagedFieldsEntry.operation": "Update",
    "ManagedFieldsEntry.time": "2026-01-02T03:04:05Z",
    "OwnerReference.apiVersion": "v1", "OwnerReference.kind": "ConfigMap",
    "OwnerReference.name": "settings",
    "OwnerReference.uid": lambda d: d.around.uids.get("settings", NO_UID),
    "ContainerResizePolicy.resourceName": "cpu",
    "ContainerResizePolicy.restartPolicy": "NotRequired",
    "PodOS.name": "linux",
    "ScaleIOVolumeSource.secretRef": {"name": "credentials"},
    "ContainerRestartRule.action": "Restart",
    "Sysctl.name": "net.ipv4.ip_local_port_range", "Sysctl.value": "1024 65000",
    "ResourceClaim.name": "device", "PodResourceClaim.name": "device",
    "PodResourceClaim.resourceClaimName": "device",
    "SeccompProfile.type": "RuntimeDefault", "AppArmorProfile.type": "RuntimeDefault",
    "HostAlias.ip": lambda d: d.address(), "HostAlias.hostnames": ["cache.example"],
}
NO_UID = "8c1a1f2e-0000-4000-8000-000000000001"
USERS = [999, 1000, 65534]
# What a field is given, by definition and name or by name alone.
VALUES: dict[str, Any] = {
    # Objects.
    "ObjectMeta.annotations": lambda d: dict([d.random.choice([
        ("prometheus.io/scrape", "true"), ("reloader.stakater.com/auto", "true"),
        ("keel.sh/policy", "minor"), ("example.test/note", d.word())])]),
    "ObjectMeta.labels": lambda d: dict([d.random.choice([
        ("team", d.word()), ("tier", "messaging"), ("example.test/cost-centre", d.word())])]),
    "ObjectMeta.finalizers": lambda d: [f"example.test/{d.word()}"],
    "ObjectMeta.name": lambda d: d.around.release, "ObjectMeta.namespace": lambda d:
        d.around.namespace,
    "ObjectMeta.generateName": lambda d: f"{d.word()}-",
    "ObjectMeta.uid": [NO_UID], "ObjectMeta.resourceVersion": ["7"],
    "ObjectMeta.selfLink": ["/apis/apps/v1/namespaces/default/deployments/web"],
    "ObjectMeta.clusterName": ["east"], "ObjectMeta.generation": [7],
    "ObjectMeta.deletionGracePeriodSeconds": [30],
    "OwnerReference.uid": lambda d: d.around.uids.get("settings", NO_UID),
    "OwnerReference.apiVersion": ["v1"], "OwnerReference.kind": ["ConfigMap"],
    "OwnerReference.name": ["settings"],
    "ManagedFieldsEntry.apiVersion": ["apps/v1", "v1"],
    "ManagedFieldsEntry.fieldsType": ["FieldsV1"],
    "ManagedFieldsEntry.fieldsV1": [{"f:metadata": {"f:labels": {"f:app": {}}}}],
    "ManagedFieldsEntry.operation": ["Update", "Apply"],
    "ManagedFieldsEntry.subresource": ["status"],
    # Deployments.
    "DeploymentSpec.replicas": [0, 2, 3], "DeploymentSpec.minReadySeconds": [1],
    "DeploymentSpec.progressDeadlineSeconds": [300, 900],
    "DeploymentSpec.revisionHistoryLimit": [0, 3, 5],
    "DeploymentSpec.paused": [True],
    "DeploymentStrategy.type": ["Recreate"],
    "RollingUpdateDeployment.maxSurge": [1, 2, "50%"],
    "RollingUpdateDeployment.maxUnavailable": [1, "10%", "50%"],
    "LabelSelector.matchLabels": lambda d: dict([d.label]) | (
        {"tier": "messaging"} if d.is_of_selector else {}),
    "LabelSelectorRequirement.key": lambda d: d.label[0],
    "LabelSelectorRequirement.operator": lambda d: d.random.choice(["Exists", "In"]),
    "LabelSelectorRequirement.values": lambda d: [d.label[1]] + d.random.choice([
        [], [d.word()]]),
    # Pods.
    "PodSpec.activeDeadlineSeconds": [600], "PodSpec.dnsPolicy": ["Default", "None",
                                                                 "ClusterFirstWithHostNet"],
    "PodSpec.hostname": lambda d: d.word(), "PodSpec.subdomain": lambda d: d.word(),
    "PodSpec.hostnameOverride": lambda d: d.word(),
    "PodSpec.nodeName": ["sandbox-node"], "PodSpec.nodeSelector": [
        {"kubernetes.io/hostname": "sandbox-node"}, {"disk": "ssd"}],
    "PodSpec.overhead": [{"cpu": "10m"}], "PodSpec.preemptionPolicy": ["PreemptLowerPriority"],
    "PodSpec.priority": [1000], "PodSpec.priorityClassName": ["steady"],
    "PodSpec.restartPolicy": ["Always"], "PodSpec.runtimeClassName": ["sandboxed"],
    "PodSpec.schedulerName": ["own-scheduler"], "PodSpec.serviceAccount": ["other"],
    "PodSpec.serviceAccountName": ["other", "default"],
    "PodSpec.terminationGracePeriodSeconds": [0, 5, 120],
    "PodSpec.shareProcessNamespace": [True], "PodSpec.hostIPC": [True], "PodSpec.hostPID": [True],
    "PodSpec.hostNetwork": [True], "PodSpec.setHostnameAsFQDN": [True, False],
    "PodSpec.enableServiceLinks": [False, True],
    "PodSpec.automountServiceAccountToken": [False, True],
    "PodSpec.hostUsers": [False, True],
    "PodOS.name": ["linux"],
    "PodReadinessGate.conditionType": ["example.test/ready"],
    "PodSchedulingGate.name": ["example.test/wait"],
    "PodDNSConfig.nameservers": [["192.0.2.53"]], "PodDNSConfig.searches": [["mqtt.example"]],
    "PodDNSConfigOption.name": ["ndots", "edns0"], "PodDNSConfigOption.value": ["1", "2"],
    "HostAlias.hostnames": lambda d: [f"{d.word()}.example"], "HostAlias.ip": lambda d: d.address(),
    "NodeSelectorRequirement.key": lambda d: "metadata.name" if "matchFields" in d.field.path
    else d.random.choice(["disk", "kubernetes.io/hostname"]),
    "NodeSelectorRequirement.operator": lambda d: "In" if "matchFields" in d.field.path
    else d.random.choice(["Exists", "In", "NotIn", "DoesNotExist"]),
    "NodeSelectorRequirement.values": lambda d: ["sandbox-node"],
    "PreferredSchedulingTerm.weight": [1, 50, 100], "WeightedPodAffinityTerm.weight": [1, 50, 100],
    "PodAffinityTerm.namespaces": [["default"]], "PodAffinityTerm.topologyKey": [
        "kubernetes.io/hostname", "topology.kubernetes.io/zone"],
    "PodAffinityTerm.matchLabelKeys": [["pod-template-hash"]],
    "PodAffinityTerm.mismatchLabelKeys": [["pod-template-hash"]],
    "Toleration.effect": ["NoSchedule", "NoExecute"], "Toleration.operator": ["Exists", "Equal"],
    "Toleration.key": lambda d: d.word(), "Toleration.tolerationSeconds": [60, 300],
    "TopologySpreadConstraint.topologyKey": ["kubernetes.io/hostname",
                                             "topology.kubernetes.io/zone"],
    "TopologySpreadConstraint.whenUnsatisfiable": ["ScheduleAnyway", "DoNotSchedule"],
    "TopologySpreadConstraint.maxSkew": [1, 2], "TopologySpreadConstraint.minDomains": [1, 2],
    "TopologySpreadConstraint.nodeAffinityPolicy": ["Honor", "Ignore"],
    "TopologySpreadConstraint.nodeTaintsPolicy": ["Honor", "Ignore"],
    "TopologySpreadConstraint.matchLabelKeys": [["pod-template-hash"]],
    # Security.
    "runAsUser": USERS, "runAsGroup": [999, 3000], "fsGroup": [2000, 3000],
    "runAsNonRoot": [True, False], "supplementalGroups": [[4000], [4000, 5000]],
    "fsGroupChangePolicy": ["OnRootMismatch", "Always"],
    "supplementalGroupsPolicy": ["Merge", "Strict"],
    "seLinuxChangePolicy": ["MountOption", "Recursive"],
    "SELinuxOptions.level": ["s0:c123,c456"], "SELinuxOptions.role": ["object_r"],
    "SELinuxOptions.type": ["container_t"], "SELinuxOptions.user": ["system_u"],
    "SeccompProfile.type": ["RuntimeDefault", "Unconfined"],
    "SeccompProfile.localhostProfile": ["profiles/audit.json"],
    "AppArmorProfile.type": ["RuntimeDefault", "Unconfined"],
    "AppArmorProfile.localhostProfile": ["broker"],
    "Sysctl.name": ["net.ipv4.tcp_syncookies", "kernel.shm_rmid_forced"], "Sysctl.value": ["1"],
    "procMount": ["Default"], "Capabilities.add": [["NET_BIND_SERVICE"], ["SYS_TIME"]],
    "Capabilities.drop": [["ALL"], ["NET_RAW"]],
    "SecurityContext.allowPrivilegeEscalation": [False, True],
    "SecurityContext.privileged": [True, False],
    "SecurityContext.readOnlyRootFilesystem": [True, False],
    "WindowsSecurityContextOptions.gmsaCredentialSpec": ["{}"],
    "WindowsSecurityContextOptions.gmsaCredentialSpecName": ["broker-gmsa"],
    "WindowsSecurityContextOptions.runAsUserName": ["ContainerUser"],
    "WindowsSecurityContextOptions.hostProcess": [False],
    # Containers.
    "Container.command": [["/bin/broker"], ["/bin/broker", "--verbose"]],
    "Container.args": [["--verbose"], ["--trace", "--colour=never"]],
    "EphemeralContainer.command": [["/bin/sh"]], "EphemeralContainer.args": [["-l"]],
    "image": lambda d: d.random.choice(["registry.example/mqtt/backbone:0.1.0", "backbone:0.1.2"]),
    "imagePullPolicy": ["Always", "Never"],
    "Container.name": lambda d: d.word(), "EphemeralContainer.name": lambda d: d.word(),
    "Container.restartPolicy": ["Always"], "workingDir": ["/srv", "/data"],
    "terminationMessagePath": ["/dev/own-log"], "terminationMessagePolicy": [
        "FallbackToLogsOnError"],
    "stdin": [True], "stdinOnce": [True], "tty": [True],
    "EnvVar.name": lambda d: d.random.choice(["LOG_LEVEL", "NODE_OPTIONS", d.word().upper()]),
    "EnvVar.value": lambda d: d.random.choice([d.word(), "a 'quoted' word", "$(HOSTNAME)-x",
                                               "0123456", "true"]),
    "EnvFromSource.prefix": ["BROKER_", "X_"],
    "ConfigMapKeySelector.key": ["LOG_FORMAT", "REDIS_HOST"], "SecretKeySelector.key": ["jwt"],
    "ConfigMapKeySelector.name": ["settings"], "SecretKeySelector.name": ["credentials"],
    "ConfigMapEnvSource.name": ["settings"], "SecretEnvSource.name": ["credentials"],
    "ObjectFieldSelector.apiVersion": ["v1"], "ObjectFieldSelector.fieldPath": lambda d:
        d.random.choice(["metadata.name", "metadata.namespace", "metadata.labels['app']"]),
    "ResourceFieldSelector.resource": ["limits.cpu", "requests.memory", "limits.memory"],
    "ResourceFieldSelector.divisor": lambda d: "1", "ResourceFieldSelector.containerName":
        ["backbone"],
    "ExecAction.command": [["true"], ["cat", "/tmp/healthy"]],
    "HTTPGetAction.host": ["127.0.0.1"], "HTTPGetAction.path": ["/healthz", "/ready?full=1"],
    "HTTPGetAction.port": [8883, "http", 9000], "HTTPGetAction.scheme": ["HTTPS"],
    "HTTPHeader.name": ["X-Probe", "Accept"], "HTTPHeader.value": ["yes", "text/plain"],
    "TCPSocketAction.host": ["127.0.0.1"], "TCPSocketAction.port": [1883, "mqtt", 8883],
    "GRPCAction.port": [9090], "GRPCAction.service": ["health"],
    "Probe.successThreshold": lambda d: 2 if "readiness" in d.field.path else 1,
    "Probe.failureThreshold": [2, 30], "Probe.periodSeconds": [5, 20],
    "Probe.initialDelaySeconds": [3, 15], "Probe.timeoutSeconds": [2, 5],
    "Probe.terminationGracePeriodSeconds": [10],
    "Lifecycle.stopSignal": ["SIGUSR1", "SIGINT"],
    "ContainerPort.containerPort": lambda d: d.port(), "ContainerPort.hostPort": lambda d:
        d.random.randint(20000, 29999),
    "ContainerPort.hostIP": ["127.0.0.1"], "ContainerPort.name": lambda d: d.word(),
    "ContainerPort.protocol": ["UDP"],
    "ResourceRequirements.limits": [{"memory": "256Mi"}, {"cpu": "500m"}, {
        "ephemeral-storage": "1Gi"}],
    "ResourceRequirements.requests": [{"memory": "64Mi"}, {"cpu": "50m"}],
    "ResourceClaim.name": ["device"], "ResourceClaim.request": ["one"],
    "PodResourceClaim.name": ["device"],
    "ContainerResizePolicy.resourceName": ["cpu", "memory"],
    "ContainerResizePolicy.restartPolicy": ["NotRequired", "RestartContainer"],
    "ContainerRestartRule.action": ["Restart"],
    "ContainerRestartRuleOnExitCodes.operator": ["In", "NotIn"],
    "ContainerRestartRuleOnExitCodes.values": [[42]],
    "VolumeMount.mountPath": lambda d: f"/mnt/{d.word()}", "VolumeMount.name": lambda d: d.word(),
    "VolumeMount.mountPropagation": ["HostToContainer"], "VolumeMount.subPath": ["broker"],
    "VolumeMount.subPathExpr": ["$(POD_NAME)"], "VolumeMount.readOnly": [True],
    "VolumeMount.recursiveReadOnly": ["IfPossible", "Disabled"],
    "VolumeDevice.devicePath": lambda d: f"/dev/{d.word()}", "VolumeDevice.name": lambda d: d.word(),
    # Volumes.
    "Volume.name": lambda d: d.word(),
    "KeyToPath.key": lambda d: "LOG_FORMAT" if "onfigMap" in d.field.path else "jwt",
    "KeyToPath.path": lambda d: d.word(), "KeyToPath.mode": [256, 292], "defaultMode": [256, 288],
    "DownwardAPIVolumeFile.mode": [256, 292], "DownwardAPIVolumeFile.path": lambda d: d.word(),
    "ConfigMapVolumeSource.name": ["settings"], "ConfigMapProjection.name": ["settings"],
    "SecretProjection.name": ["credentials"], "SecretVolumeSource.secretName": ["credentials"],
    "LocalObjectReference.name": lambda d: "registry" if "imagePull" in d.field.path
    else "credentials", "SecretReference.name": ["credentials"],
    "AzureDiskVolumeSource.cachingMode": ["ReadOnly", "None"],
    "AzureDiskVolumeSource.kind": ["Dedicated"], "AzureDiskVolumeSource.diskURI": [
        "https://blob.example/vhds/disk.vhd"],
    "AzureFileVolumeSource.secretName": ["credentials"],
    "CephFSVolumeSource.monitors": [["192.0.2.9:6789"]],
    "CephFSVolumeSource.path": ["/broker"], "CephFSVolumeSource.secretFile": ["/etc/ceph/secret"],
    "RBDVolumeSource.monitors": [["192.0.2.9:6789"]],
    "CSIVolumeSource.driver": ["csi.example.test"], "CSIVolumeSource.volumeAttributes": [
        {"share": "broker"}],
    "EmptyDirVolumeSource.medium": ["Memory"], "EmptyDirVolumeSource.sizeLimit": ["64Mi", "1Gi"],
    "FCVolumeSource.lun": [2], "FCVolumeSource.targetWWNs": [["500a0982991b8dc5"]],
    "FCVolumeSource.wwids": [["3600508b400105e21"]],
    "FlexVolumeSource.driver": ["example.test/flex"], "FlexVolumeSource.options": [
        {"share": "broker"}],
    "FlockerVolumeSource.datasetName": ["broker"], "FlockerVolumeSource.datasetUUID": [NO_UID],
    "GitRepoVolumeSource.directory": ["broker"], "GitRepoVolumeSource.repository": [
        "https://git.example/broker.git"],
    "HostPathVolumeSource.path": ["/srv/backbone"], "HostPathVolumeSource.type": [
        "DirectoryOrCreate", "Directory"],
    "ISCSIVolumeSource.iqn": ["iqn.2026-01.example:broker"], "ISCSIVolumeSource.lun": [1],
    "ISCSIVolumeSource.initiatorName": ["iqn.2026-01.example:init"],
    "ISCSIVolumeSource.targetPortal": ["192.0.2.9:3260"],
    "ISCSIVolumeSource.portals": [["192.0.2.10:3260"]],
    "ISCSIVolumeSource.iscsiInterface": ["own"],
    "NFSVolumeSource.path": ["/export/broker"], "NFSVolumeSource.server": ["nfs.example"],
    "PersistentVolumeClaimVolumeSource.claimName": ["broker-data"],
    "GlusterfsVolumeSource.path": ["broker"],
    "QuobyteVolumeSource.registry": ["192.0.2.9:7861"],
    "QuobyteVolumeSource.tenant": ["broker"],
    "ServiceAccountTokenProjection.audience": ["broker"],
    "ServiceAccountTokenProjection.path": ["token"],
    "ServiceAccountTokenProjection.expirationSeconds": [3600, 7200],
    "ClusterTrustBundleProjection.path": ["ca.crt"],
    "ClusterTrustBundleProjection.signerName": ["example.test/signer"],
    "PodCertificateProjection.keyType": ["ED25519", "RSA3072"],
    "PodCertificateProjection.signerName": ["example.test/signer"],
    "PodCertificateProjection.maxExpirationSeconds": [3600, 7200],
    "ImageVolumeSource.reference": ["registry.example/data:1"],
    "ImageVolumeSource.pullPolicy": ["Always", "IfNotPresent"],
    "partition": [1, 2], "fsType": ["ext4", "xfs"],
    "PersistentVolumeClaimSpec.accessModes": [["ReadWriteOnce"]],
    "PersistentVolumeClaimSpec.volumeMode": ["Filesystem"],
    "PersistentVolumeClaimSpec.storageClassName": ["standard"],
    "TypedObjectReference.apiGroup": ["example.test"], "TypedObjectReference.kind": ["Populator"],
    "TypedLocalObjectReference.apiGroup": ["snapshot.storage.k8s.io"],
    "TypedLocalObjectReference.kind": ["VolumeSnapshot"],
    "VolumeResourceRequirements.requests": [{"storage": "1Gi"}],
    "VolumeResourceRequirements.limits": [{"storage": "2Gi"}],
    # Services.
    "ServiceSpec.clusterIP": lambda d: f"{d.around.service_range}.77.{d.random.randint(2, 250)}",
    "ServiceSpec.clusterIPs": lambda d: [f"{d.around.service_range}.78.{d.random.randint(2, 250)}"],
    "ServiceSpec.externalIPs": lambda d: [d.address()], "ServiceSpec.externalName": [
        "mqtt.example"],
    "ServiceSpec.externalTrafficPolicy": ["Local"], "ServiceSpec.internalTrafficPolicy": ["Local"],
    "ServiceSpec.healthCheckNodePort": lambda d: d.random.randint(32000, 32700),
    "ServiceSpec.ipFamilies": [["IPv4"]], "ServiceSpec.ipFamilyPolicy": [
        "PreferDualStack", "SingleStack"], "ServiceSpec.ipFamily": ["IPv4"],
    "ServiceSpec.loadBalancerClass": ["example.test/balancer"],
    "ServiceSpec.loadBalancerIP": lambda d: d.address(),
    "ServiceSpec.loadBalancerSourceRanges": [["192.0.2.0/24"], ["10.0.0.0/8"]],
    "ServiceSpec.publishNotReadyAddresses": [True],
    "ServiceSpec.selector": lambda d: {"tier": "messaging"},
    "ServiceSpec.sessionAffinity": ["ClientIP"], "ServiceSpec.topologyKeys": [["*"]],
    "ServiceSpec.trafficDistribution": ["PreferClose"],
    "ServiceSpec.type": ["NodePort", "LoadBalancer", "ExternalName"],
    "ServiceSpec.allocateLoadBalancerNodePorts": [False],
    "ClientIPConfig.timeoutSeconds": [600, 7200],
    "ServicePort.appProtocol": ["http", "example.test/mqtt"],
    "ServicePort.name": lambda d: d.word(), "ServicePort.nodePort": lambda d:
        d.random.randint(30100, 31900), "ServicePort.port": lambda d: d.port(),
    "ServicePort.protocol": ["UDP"], "ServicePort.targetPort": [8883, "http", 9102],
    # ServiceAccounts.
    "ServiceAccount.automountServiceAccountToken": [False, True],
    "ObjectReference.kind": ["Secret"], "ObjectReference.name": ["credentials"],
    "ObjectReference.apiVersion": ["v1"], "ObjectReference.fieldPath": ["data.jwt"],
    "ObjectReference.namespace": lambda d: d.around.namespace,
    "ObjectReference.resourceVersion": ["7"], "ObjectReference.uid": [NO_UID],
}


def _in_fields(d: Drawer) -> Object:
    """A requirement on a field wants one value."""
    return {"operator": "In", "values": ["sandbox-node"]} if "matchFields" in d.field.path else {}


def _of_container(d: Drawer) -> Object:
    """In a volume nothing says whose resources are meant."""
    return {"containerName": "backbone"} if ".volumes[]" in d.field.path else {}


def _own_port(d: Drawer, made: Object) -> Object:
    """A port whose elements are told apart by what the others are not."""
    return {} if made else {"name": d.word()}


# What a member needs beside it, whatever was there.
NEEDS: dict[str, Any] = {
    "DeploymentStrategy.rollingUpdate": {"type": "RollingUpdate"},
    "PodSpec.overhead": {"runtimeClassName": "sandboxed"},
    "PodSpec.runtimeClassName": {"overhead": {"cpu": "10m"}},
    "PodSpec.priority": {"priorityClassName": "steady", "preemptionPolicy": "PreemptLowerPriority"},
    "PodSpec.preemptionPolicy": {"priorityClassName": "steady"},
    "PodSpec.serviceAccount": {"serviceAccountName": "other"},
    "PodSpec.hostNetwork": {"dnsPolicy": "ClusterFirstWithHostNet"},
    "LabelSelectorRequirement.values": {"operator": "In"},
    "LabelSelectorRequirement.operator": lambda d, made: {"values": [d.label[1]]},
    "NodeSelectorRequirement.key": lambda d, made: _in_fields(d),
    "NodeSelectorRequirement.values": {"operator": "In"},
    "NodeSelectorRequirement.operator": lambda d, made: {"values": ["sandbox-node"]},
    "ResourceFieldSelector.resource": lambda d, made: _of_container(d),
    "ResourceFieldSelector.divisor": lambda d, made: _of_container(d),
    "ISCSIVolumeSource.chapAuthDiscovery": {"secretRef": {"name": "credentials"}},
    "ISCSIVolumeSource.chapAuthSession": {"secretRef": {"name": "credentials"}},
    "Toleration.operator": lambda d, made: {"key": d.word()},
    "Toleration.value": {"operator": "Equal"},
    "Toleration.tolerationSeconds": {"effect": "NoExecute", "operator": "Exists"},
    "TopologySpreadConstraint.minDomains": {"whenUnsatisfiable": "DoNotSchedule"},
    "SeccompProfile.localhostProfile": {"type": "Localhost"},
    "AppArmorProfile.localhostProfile": {"type": "Localhost"},
    "ContainerPort.hostIP": lambda d, made: {"hostPort": d.random.randint(20000, 29999)},
    "ContainerPort.containerPort": _own_port, "ContainerPort.protocol": _own_port,
    "ContainerPort.hostPort": _own_port,
    "ServicePort.port": _own_port, "ServicePort.protocol": _own_port,
    "ServicePort.nodePort": _own_port, "ServicePort.appProtocol": _own_port,
    "ServicePort.targetPort": _own_port,
    "Container.stdinOnce": {"stdin": True}, "EphemeralContainer.stdinOnce": {"stdin": True},
    "VolumeMount.recursiveReadOnly": {"readOnly": True},
    "VolumeMount.subPath": lambda d, made: made.pop("subPathExpr", None) and {} or {},
    "VolumeMount.subPathExpr": lambda d, made: made.pop("subPath", None) and {} or {},
    "ServiceSpec.sessionAffinityConfig": {"sessionAffinity": "ClientIP"},
    "ServiceSpec.externalTrafficPolicy": {"type": "LoadBalancer"},
    "ServiceSpec.healthCheckNodePort": {"type": "LoadBalancer", "externalTrafficPolicy": "Local"},
    "ServiceSpec.loadBalancerClass": {"type": "LoadBalancer"},
    "ServiceSpec.loadBalancerIP": {"type": "LoadBalancer"},
    "ServiceSpec.loadBalancerSourceRanges": {"type": "LoadBalancer"},
    "ServiceSpec.allocateLoadBalancerNodePorts": {"type": "LoadBalancer"},
    "ServiceSpec.externalName": {"type": "ExternalName"},
    "TypedLocalObjectReference.apiGroup": {"kind": "VolumeSnapshot"},
    "TypedObjectReference.kind": {"apiGroup": "example.test"},
    "TypedObjectReference.apiGroup": {"kind": "Populator"},
    "TypedLocalObjectReference.kind": {"apiGroup": "snapshot.storage.k8s.io"},
}


def mend(item: Object, drawer: Drawer) -> None:
    """What an object needs elsewhere, because of something that was put into it."""
    _mend_operators(item)
    if item["kind"] == "Service":
        _mend_service(item, drawer)
    if item["kind"] != "Deployment":
        return
    spec = item["spec"]
    template = spec["template"]
    pod = template["spec"]
    labels = template.setdefault("metadata", {}).setdefault("labels", {})
    for key, value in (spec.get("selector", {}).get("matchLabels") or {}).items():
        labels[key] = value
    if (spec.get("strategy") or {}).get("type") == "Recreate":
        spec["strategy"].pop("rollingUpdate", None)
    if pod.get("dnsPolicy") == "None":
        pod.setdefault("dnsConfig", {}).setdefault("nameservers", ["192.0.2.53"])
    if pod.get("hostNetwork"):
        # On the node's own network a container's port is the node's.
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            for port in container.get("ports", []):
                port["hostPort"] = port["containerPort"]
    if pod.get("serviceAccountName") and not drawer.field.path.endswith(".serviceAccount"):
        pod.pop("serviceAccount", None)
    for container in [*pod["containers"], *pod.get("initContainers", [])]:
        resources = container.get("resources") or {}
        for name, least in (resources.get("requests") or {}).items():
            if name in (resources.get("limits") or {}):
                resources["limits"][name] = {"memory": "256Mi", "cpu": "500m"}.get(name, least)
        for mount in container.get("volumeMounts", []):
            if "$(POD_NAME)" in mount.get("subPathExpr", ""):
                entries = container.setdefault("env", [])
                if not any(each["name"] == "POD_NAME" for each in entries):
                    entries.append({"name": "POD_NAME", "valueFrom": {
                        "fieldRef": {"fieldPath": "metadata.name"}}})
        for kind, source in (("volumeMounts", {"emptyDir": {}}), ("volumeDevices", {
                "persistentVolumeClaim": {"claimName": "broker-data"}})):
            for mount in container.get(kind, []):
                volumes = pod.setdefault("volumes", [])
                if not any(each["name"] == mount["name"] for each in volumes):
                    volumes.append({"name": mount["name"]} | copy.deepcopy(source))
        for claim in resources.get("claims", []):
            claims = pod.setdefault("resourceClaims", [])
            if not any(each["name"] == claim["name"] for each in claims):
                claims.append({"name": claim["name"], "resourceClaimName": "device"})
        if (container.get("lifecycle") or {}).get("stopSignal"):
            pod["os"] = {"name": "linux"}
        if container.get("resizePolicy"):
            container["resizePolicy"] = container["resizePolicy"][-1:]
    for container in pod.get("initContainers", []):
        # Newer servers take these from an init container that goes on beside the others.
        late = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
        if any(name in container for name in late) and drawer.around.version >= (1, 28):
            container["restartPolicy"] = "Always"


def _mend_operators(item: Any) -> None:
    """An operator that asks whether something is there compares it with nothing."""
    if isinstance(item, list):
        for each in item:
            _mend_operators(each)
    elif isinstance(item, dict):
        if item.get("operator") in ("Exists", "DoesNotExist"):
            item.pop("values", None)
            item.pop("value", None)
        for each in item.values():
            _mend_operators(each)


def _mend_service(item: Object, drawer: Drawer) -> None:
    spec = item["spec"]
    ports = spec.get("ports") or []
    if any(port.get("nodePort") for port in ports) and spec.get("type") in (None, "ClusterIP"):
        spec["type"] = "NodePort"
    if spec.get("type") == "ExternalName":
        spec.setdefault("externalName", "mqtt.example")
        for name in ("clusterIP", "clusterIPs", "sessionAffinity"):
            spec.pop(name, None)
    if drawer.field.last.name == "clusterIPs":
        spec["clusterIP"] = spec["clusterIPs"][0]
    elif drawer.field.last.name == "clusterIP":
        spec.pop("clusterIPs", None)
    if len(ports) > 1:
        for port in ports:
            port.setdefault("name", drawer.word())


def reads_back(field: Field, sent: Object, answer: Object) -> bool:
    """Whether an answer has what was sent in a field, in any entry of the lists on the way."""
    wanted = list(_values(field.steps, sent))
    found = list(_values(field.steps, answer))
    return any(_plain(value) in map(_plain, found) for value in wanted if not _is_nothing(value)) \
        or any(value is False for value in wanted) and False in found


def _values(steps: tuple[Step, ...], item: Any) -> Any:
    if not isinstance(item, dict) or steps[0].name not in item:
        return
    value = item[steps[0].name]
    if len(steps) == 1:
        yield value
    elif steps[0].holds == "[]":
        for entry in value or []:
            yield from _values(steps[1:], entry)
    else:
        yield from _values(steps[1:], value)


def _is_nothing(value: Any) -> bool:
    return value in (None, "", [], {}) or value is False


def _plain(value: Any) -> Any:
    """Quantities and maps as they compare."""
    if isinstance(value, dict):
        return sorted((key, str(_plain(each))) for key, each in value.items())
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?(m|[kKMGTP]i?)?", value):
        return str(quantity(value))
    return value


def quantity(text: str) -> float:
    """The number that a quantity stands for."""
    match = re.fullmatch(r"([\d.]+)(m|[kKMGTPE]i?)?", text)
    if not match:
        raise ValueError(text)
    unit = match[2] or ""
    factor = {"": 1.0, "m": 0.001}.get(unit)
    if factor is None:
        power = "KMGTPE".index(unit[0].upper()) + 1
        factor = float(1024 ** power if unit.endswith("i") else 1000 ** power)
    return round(float(match[1]) * factor, 6)
