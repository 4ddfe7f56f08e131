"""The stand-in for scheduler, kubelet, volume provisioner and load balancer.

No container runs in the sandbox. This loop says of every Pod what a healthy cluster would say, so
that whoever waits for readiness sees Pods come, get ready and go.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from .api import API, UNREACHABLE, APIError, Object

NODE = "sandbox-node"
STORAGE_CLASS = "standard"
READY_ANNOTATION = "backbone-migrate.sandbox/ready"

_PROVISIONER = "backbone-migrate.sandbox/volumes"
_PROVISIONER_ANNOTATIONS = (
    "volume.kubernetes.io/storage-provisioner",
    "volume.beta.kubernetes.io/storage-provisioner",
)
_PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"
_LOOK_AGAIN_SECONDS = 0.5
_GONE_OR_CHANGED = {404, 409}  # somebody was faster; the next event tells what holds now

_BUSY = {429, 500, 503, 504}


class SimulatedNode:
    """Tends the Pods, claims, volumes and load balancers of one control plane."""

    def __init__(self, api: API) -> None:
        self._api = api
        self._work: queue.Queue[Callable[[], None]] = queue.Queue()
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._sequence = itertools.count()
        self._waiting: set[str] = set()
        self._balancers = itertools.count(1)

    def start(self) -> None:
        """Make the Node and the storage class, and tend everything from now on."""
        self._make_node()
        self._make_storage_class()
        self._follow("/api/v1/pods", self._tend_pod)
        self._follow("/api/v1/persistentvolumeclaims", self._tend_claim)
        self._follow("/api/v1/persistentvolumes", self._tend_volume)
        self._follow("/api/v1/services", self._tend_service)
        threading.Thread(target=self._run, name="simulated-node", daemon=True).start()

    # Events of four watches become work for one thread, so that nothing here needs a lock.

    def _follow(self, path: str, tend: Callable[[Object], None]) -> None:
        def follow() -> None:
            for event, item in self._api.follow(path):
                if event in {"ADDED", "MODIFIED"}:
                    self._work.put(functools.partial(tend, item))

        threading.Thread(target=follow, name=f"follow {path}", daemon=True).start()

    def _run(self) -> None:
        while True:
            work = self._next_work()
            try:
                work()
            except UNREACHABLE:
                self._after(_LOOK_AGAIN_SECONDS, work)
            except APIError as error:
                if error.status in _BUSY:
                    self._after(_LOOK_AGAIN_SECONDS, work)
                elif error.status not in _GONE_OR_CHANGED:
                    traceback.print_exc(file=sys.stderr)
            except Exception:  # one odd object must not stop the others
                traceback.print_exc(file=sys.stderr)

    def _next_work(self) -> Callable[[], None]:
        while True:
            wait = max(0.0, self._later[0][0] - time.monotonic()) if self._later else None
            try:
                return self._work.get(timeout=wait)
            except queue.Empty:
                return heapq.heappop(self._later)[2]

    def _after(self, seconds: float, work: Callable[[], None]) -> None:
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._sequence), work))

    # Pods

    def _tend_pod(self, pod: Object) -> None:
        if "deletionTimestamp" in pod["metadata"]:
            self._stop(pod)
        elif "nodeName" not in pod["spec"]:
            self._schedule(pod)
        elif pod.get("status", {}).get("phase", "Pending") == "Pending":
            self._start(pod)

    def _look_again(self, pod: Object) -> None:
        """Tend the Pod as it is by then, once, however often this was asked for meanwhile."""
        uid = pod["metadata"]["uid"]
        if uid in self._waiting:
            return
        self._waiting.add(uid)

        def look() -> None:
            self._waiting.discard(uid)
            current = self._api.get(_path(pod))
            if current["metadata"]["uid"] == uid:
                self._tend_pod(current)

        self._after(_LOOK_AGAIN_SECONDS, look)

    def _stop(self, pod: Object) -> None:
        """Say that the containers have ended: only then does the API server let a Pod go."""
        uid = pod["metadata"]["uid"]
        if pod["spec"].get("nodeName", NODE) == NODE:
            self._api.delete(
                _path(pod), {"gracePeriodSeconds": 0, "preconditions": {"uid": uid}}
            )

    def _schedule(self, pod: Object) -> None:
        if not all(self._is_bound(pod, claim) for claim in _claims(pod)):
            self._look_again(pod)
            return
        self._api.create(
            f"{_path(pod)}/binding",
            {
                "apiVersion": "v1",
                "kind": "Binding",
                "metadata": {"name": pod["metadata"]["name"]},
                "target": {"apiVersion": "v1", "kind": "Node", "name": NODE},
            },
        )

    def _is_bound(self, pod: Object, claim: str) -> bool:
        namespace = pod["metadata"]["namespace"]
        try:
            found = self._api.get(f"/api/v1/namespaces/{namespace}/persistentvolumeclaims/{claim}")
        except APIError as error:
            if error.status != 404:
                raise
            return False
        return found.get("status", {}).get("phase") == "Bound"

    def _start(self, pod: Object) -> None:
        missing = self._missing_reference(pod)
        if missing:
            if missing != _waiting_message(pod):  # else every report would bring the next one
                self._report(pod, _waiting_status(pod, missing))
            self._look_again(pod)
            return
        delay = _ready_delay(pod)
        if delay == 0:
            self._become_ready(pod)
            return
        self._report(pod, _running_status(pod, ready=False))
        if delay is not None:
            self._after(delay, lambda: self._become_ready(pod))

    def _become_ready(self, pod: Object) -> None:
        if pod["spec"].get("restartPolicy", "Always") == "Always":
            self._report(pod, _running_status(pod, ready=True))
        else:  # a Pod of a Job or a helm test: it is there to end
            self._report(pod, _ended_status(pod))

    def _report(self, pod: Object, status: Object) -> None:
        change = {"metadata": {"uid": pod["metadata"]["uid"]}, "status": status}
        self._api.patch(f"{_path(pod)}/status", change)

    def _missing_reference(self, pod: Object) -> str | None:
        """The first Secret or ConfigMap that a container needs and the namespace lacks."""
        namespace = pod["metadata"]["namespace"]
        found: dict[tuple[str, str], Object | None] = {}
        for resource, name, key in _needed_references(pod):
            if (resource, name) not in found:
                try:
                    path = f"/api/v1/namespaces/{namespace}/{resource}/{name}"
                    found[resource, name] = self._api.get(path)
                except APIError as error:
                    if error.status != 404:
                        raise
                    found[resource, name] = None
            item = found[resource, name]
            if item is None:
                return f'{resource[:-1]} "{name}" not found'
            keys = {**(item.get("data") or {}), **(item.get("binaryData") or {})}
            if key is not None and key not in keys:
                return f"couldn't find key {key} in {resource[:-1]} {namespace}/{name}"
        return None

    # Claims, volumes and load balancers

    def _tend_claim(self, claim: Object) -> None:
        """Make the volume that the controller manager asks for; binding the two is its work."""
        metadata, spec = claim["metadata"], claim["spec"]
        asked = {metadata.get("annotations", {}).get(name) for name in _PROVISIONER_ANNOTATIONS}
        pending = claim.get("status", {}).get("phase", "Pending") == "Pending"
        if _PROVISIONER not in asked or not pending or "deletionTimestamp" in metadata:
            return
        name = f"pvc-{metadata['uid']}"
        reference = {key: metadata[key] for key in ("name", "namespace", "uid")}
        self._api.create(
            "/api/v1/persistentvolumes",
            {
                "apiVersion": "v1",
                "kind": "PersistentVolume",
                "metadata": {"name": name, "annotations": {_PROVISIONED_BY: _PROVISIONER}},
                "spec": {
                    "accessModes": spec["accessModes"],
                    "capacity": {"storage": spec["resources"]["requests"]["storage"]},
                    "claimRef": {
                        "apiVersion": "v1", "kind": "PersistentVolumeClaim", **reference
                    },
                    "hostPath": {"path": f"/nowhere/{name}"},
                    "persistentVolumeReclaimPolicy": "Delete",
                    "storageClassName": spec["storageClassName"],
                    "volumeMode": spec.get("volumeMode", "Filesystem"),
                },
            },
        )

    def _tend_volume(self, volume: Object) -> None:
        metadata = volume["metadata"]
        ours = metadata.get("annotations", {}).get(_PROVISIONED_BY) == _PROVISIONER
        released = volume.get("status", {}).get("phase") in {"Released", "Failed"}
        delete = volume["spec"].get("persistentVolumeReclaimPolicy") == "Delete"
        if ours and released and delete and "deletionTimestamp" not in metadata:
            self._api.delete(f"/api/v1/persistentvolumes/{metadata['name']}")

    def _tend_service(self, service: Object) -> None:
        balancer = service.get("status", {}).get("loadBalancer", {})
        if service["spec"].get("type") == "LoadBalancer" and not balancer.get("ingress"):
            address = f"192.0.2.{next(self._balancers) % 250 + 1}"  # a range meant for examples
            self._api.patch(
                f"{_path(service, 'services')}/status",
                {"status": {"loadBalancer": {"ingress": [{"ip": address}]}}},
            )

    # What has to be there first

    def _make_node(self) -> None:
        condition = {
            "type": "Ready", "status": "True", "reason": "Sandbox", "message": "",
            "lastHeartbeatTime": _now(), "lastTransitionTime": _now(),
        }
        amounts = {"cpu": "64", "memory": "256Gi", "pods": "1000", "ephemeral-storage": "1Ti"}
        self._create_once(
            "/api/v1/nodes",
            {
                "apiVersion": "v1", "kind": "Node",
                "metadata": {"name": NODE, "labels": {"kubernetes.io/hostname": NODE}},
            },
        )
        self._api.patch(f"/api/v1/nodes/{NODE}", {"spec": {"taints": None}})
        self._api.patch(
            f"/api/v1/nodes/{NODE}/status",
            {"status": {"capacity": amounts, "allocatable": amounts, "conditions": [condition]}},
        )

    def _make_storage_class(self) -> None:
        self._create_once(
            "/apis/storage.k8s.io/v1/storageclasses",
            {
                "apiVersion": "storage.k8s.io/v1",
                "kind": "StorageClass",
                "metadata": {
                    "name": STORAGE_CLASS,
                    "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
                },
                "provisioner": _PROVISIONER,
                "reclaimPolicy": "Delete",
                "volumeBindingMode": "Immediate",
            },
        )

    def _create_once(self, path: str, item: Object) -> None:
        try:
            self._api.create(path, item)
        except APIError as error:
            if error.status != 409:
                raise


def _path(item: Object, resource: str = "pods") -> str:
    metadata = item["metadata"]
    return f"/api/v1/namespaces/{metadata['namespace']}/{resource}/{metadata['name']}"


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ready_delay(pod: Object) -> float | None:
    """Seconds until the Pod is to be ready; None means never."""
    wish = pod["metadata"].get("annotations", {}).get(READY_ANNOTATION, "0")
    try:
        return max(0.0, float(wish))
    except ValueError:
        return None


def _claims(pod: Object) -> list[str]:
    return [
        volume["persistentVolumeClaim"]["claimName"]
        for volume in pod["spec"].get("volumes", [])
        if "persistentVolumeClaim" in volume
    ]


def _needed_references(pod: Object) -> Iterator[tuple[str, str, str | None]]:
    """(resource, name, key) of every Secret and ConfigMap without which no container starts."""
    spec = pod["spec"]
    for container in (*spec.get("initContainers", []), *spec["containers"]):
        for variable in container.get("env", []):
            source = variable.get("valueFrom", {})
            for field, resource in (("secretKeyRef", "secrets"), ("configMapKeyRef", "configmaps")):
                if field in source and not source[field].get("optional"):
                    yield resource, source[field].get("name", ""), source[field]["key"]
        for source in container.get("envFrom", []):
            for field, resource in (("secretRef", "secrets"), ("configMapRef", "configmaps")):
                if field in source and not source[field].get("optional"):
                    yield resource, source[field].get("name", ""), None
    for volume in spec.get("volumes", []):
        if "secret" in volume and not volume["secret"].get("optional"):
            yield "secrets", volume["secret"]["secretName"], None
        if "configMap" in volume and not volume["configMap"].get("optional"):
            yield "configmaps", volume["configMap"]["name"], None


def _conditions(initialized: bool, ready: bool) -> list[Object]:
    state = {
        "Initialized": initialized, "Ready": ready, "ContainersReady": ready, "PodScheduled": True
    }
    return [
        {
            "type": name, "status": "True" if value else "False", "lastTransitionTime": _now(),
            **({} if value else {"reason": "ContainersNotReady"}),
        }
        for name, value in state.items()
    ]


def _container_status(container: Object, state: Object, ready: bool) -> Object:
    return {
        "name": container["name"],
        "image": container.get("image", ""),
        "imageID": "",
        "containerID": f"sandbox://{container['name']}",
        "ready": ready,
        "started": "running" in state,
        "restartCount": 0,
        "state": state,
    }


def _ended() -> Object:
    return {
        "terminated": {
            "exitCode": 0, "reason": "Completed", "startedAt": _now(), "finishedAt": _now()
        }
    }


def _init_statuses(pod: Object) -> list[Object]:
    return [
        _container_status(container, _ended(), ready=True)
        for container in pod["spec"].get("initContainers", [])
    ]


def _waiting_status(pod: Object, missing: str) -> Object:
    """What a kubelet says of a container that refers to something which is not there."""
    waiting = {"waiting": {"reason": "CreateContainerConfigError", "message": missing}}
    return {
        "phase": "Pending",
        "conditions": _conditions(initialized=True, ready=False),
        "containerStatuses": [
            _container_status(container, waiting, ready=False)
            for container in pod["spec"]["containers"]
        ],
    }


def _waiting_message(pod: Object) -> str | None:
    statuses = pod.get("status", {}).get("containerStatuses", [{}])
    return statuses[0].get("state", {}).get("waiting", {}).get("message")


def _running_status(pod: Object, ready: bool) -> Object:
    now, address = _now(), _address(pod)
    return {
        "phase": "Running",
        "hostIP": "127.0.0.1",
        "podIP": address,
        "podIPs": [{"ip": address}],
        "startTime": pod.get("status", {}).get("startTime") or now,
        "conditions": _conditions(initialized=True, ready=ready),
        "initContainerStatuses": _init_statuses(pod),
        "containerStatuses": [
            _container_status(container, {"running": {"startedAt": now}}, ready)
            for container in pod["spec"]["containers"]
        ],
    }


def _address(pod: Object) -> str:
    """An address of the Pod's own, the same whenever it is asked for."""
    number = int(pod["metadata"]["uid"][:8], 16)
    return f"10.{number // 62500 % 100 + 100}.{number // 250 % 250}.{number % 250 + 1}"


def _ended_status(pod: Object) -> Object:
    return {
        "phase": "Succeeded",
        "startTime": pod.get("status", {}).get("startTime") or _now(),
        "conditions": _conditions(initialized=True, ready=False),
        "initContainerStatuses": _init_statuses(pod),
        "containerStatuses": [
            _container_status(container, _ended(), ready=False)
            for container in pod["spec"]["containers"]
        ],
    }
