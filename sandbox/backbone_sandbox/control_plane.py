"""One control plane: etcd, kube-apiserver, kube-controller-manager and the simulated node."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from .api import API, APIError, Endpoint, Object
from .assets import ControlPlaneBinaries
from .simulated_node import SimulatedNode
from .processes import die_with_parent, last_lines
from .report import SandboxError

ADMIN, LIMITED = "admin", "limited"

_ATTEMPTS = 5  # a port that the kernel called free can be taken before the server listens on it
_START_SECONDS = 90
_POLL_SECONDS = 0.05
_PROBE = "sandbox-probe"

# What the limited user does is written down, and nothing else: it shows which permissions are used.
_AUDIT_POLICY = f"""\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  users: [{LIMITED}]
- level: None
"""


class _PortTaken(Exception):
    """Somebody else listens on one of the ports; start again on others."""


class ControlPlane:
    """Runs in `folder`, which holds its data, keys, logs and kubeconfigs."""

    def __init__(
        self, binaries: ControlPlaneBinaries, folder: Path,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._is_cancelled = is_cancelled
        self._binaries = binaries
        self._folder = folder
        self._servers: dict[str, subprocess.Popen[bytes]] = {}
        self._tokens = {user: secrets.token_hex(16) for user in (ADMIN, LIMITED)}

    def start(self) -> None:
        """Start everything and return when Deployments become Pods and Pods become ready.

        Call it in the main thread: the servers are killed when the thread that started them ends.
        """
        for _ in range(_ATTEMPTS):
            try:
                self._start(*_free_ports(3))
                return
            except _PortTaken:
                self.stop()
        raise SandboxError("no free loopback ports were found in five attempts; try again")

    def stop(self) -> None:
        """Kill the servers: what they would save at a tidy end is thrown away anyway."""
        for server in self._servers.values():
            server.kill()
        for server in self._servers.values():
            server.wait()
        self._servers.clear()

    def crashed(self) -> str | None:
        """The name of a server that has ended by itself."""
        return next((name for name, it in self._servers.items() if it.poll() is not None), None)

    def log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def kubeconfig(self, user: str = ADMIN) -> Path:
        return self._folder / ("kubeconfig" if user == ADMIN else f"{user}.kubeconfig")

    @property
    def audit_log(self) -> Path:
        """The limited user's requests, one JSON object a line, each there before its answer is."""
        return self._folder / "audit.log"

    def _start(self, etcd_port: int, peer_port: int, port: int) -> None:
        self._launch("etcd", self._binaries.etcd, self._etcd_flags(etcd_port, peer_port))
        self._launch("kube-apiserver", self._binaries.api_server,
                     self._api_server_flags(etcd_port, port))
        # The API server makes its key and certificate itself; they also sign the service accounts.
        self._wait("the API server's certificate", self._certificate.is_file)
        self._wait("the API server", lambda: _listens(port))
        api = self._write_kubeconfigs(port)
        self._wait("the API server", api.is_ready)
        self._launch("kube-controller-manager", self._binaries.controller_manager,
                     self._controller_manager_flags())
        SimulatedNode(api).start()
        self._prove_that_pods_get_ready(api)

    def _launch(self, name: str, binary: Path, flags: list[str]) -> None:
        with self.log(name).open("wb") as log:
            self._servers[name] = subprocess.Popen(
                [binary, *flags],
                cwd=self._folder,
                # Memory is there, processors are not.
                env=os.environ | {"GOGC": "300"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent(),
            )

    @property
    def _certificate(self) -> Path:
        return self._folder / "certificates" / "apiserver.crt"

    @property
    def _key(self) -> Path:
        return self._folder / "certificates" / "apiserver.key"

    def _etcd_flags(self, port: int, peer_port: int) -> list[str]:
        client, peer = (f"http://127.0.0.1:{number}" for number in (port, peer_port))
        return [
            f"--data-dir={self._folder / 'etcd'}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            "--unsafe-no-fsync",  # nobody needs the data after a power cut
        ]

    def _api_server_flags(self, etcd_port: int, port: int) -> list[str]:
        tokens = self._folder / "tokens.csv"
        tokens.touch(mode=0o600)
        tokens.write_text(
            f"{self._tokens[ADMIN]},{ADMIN},{ADMIN},system:masters\n"
            f"{self._tokens[LIMITED]},{LIMITED},{LIMITED}\n"
        )
        policy = self._folder / "audit-policy.yaml"
        policy.write_text(_AUDIT_POLICY)
        return [
            f"--etcd-servers=http://127.0.0.1:{etcd_port}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            f"--secure-port={port}",
            f"--cert-dir={self._certificate.parent}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.0.0.0/16",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self._key}",
            f"--service-account-signing-key-file={self._key}",
            "--allow-privileged=true",
            f"--audit-policy-file={policy}",
            f"--audit-log-path={self.audit_log}",
            "--audit-log-mode=blocking",
        ]

    def _controller_manager_flags(self) -> list[str]:
        # Health of nodes is out: nothing renews the simulated node's heartbeat.
        flags = [
            f"--kubeconfig={self.kubeconfig()}",
            "--leader-elect=false",
            "--controllers=*,-nodelifecycle",
            f"--service-account-private-key-file={self._key}",
            f"--root-ca-file={self._certificate}",
            "--secure-port=0",
            "--kube-api-qps=200",
            "--kube-api-burst=400",
        ]
        if self._binaries.version() < (1, 24):
            flags.append("--port=0")  # the insecure port, gone since
        return flags

    def _write_kubeconfigs(self, port: int) -> API:
        authority = self._certificate.read_text()
        endpoints = {
            user: Endpoint(port, authority, token) for user, token in self._tokens.items()
        }
        for user, endpoint in endpoints.items():
            self.kubeconfig(user).touch(mode=0o600)
            self.kubeconfig(user).write_text(endpoint.kubeconfig(user))
        return API(endpoints[ADMIN])

    def _prove_that_pods_get_ready(self, api: API) -> None:
        """See one Deployment through to a ready Pod, in kube-system, and remove it again."""
        self._wait("the ServiceAccount controller", lambda: all(
            _exists(api, f"/api/v1/namespaces/{namespace}/serviceaccounts/default")
            for namespace in ("default", "kube-system")
        ))
        deployments = "/apis/apps/v1/namespaces/kube-system/deployments"
        api.create(deployments, _deployment(_PROBE))

        def is_ready() -> bool:
            return api.get(f"{deployments}/{_PROBE}").get("status", {}).get("readyReplicas") == 1

        self._wait("the first Pod", is_ready)
        api.delete(f"{deployments}/{_PROBE}", {"propagationPolicy": "Foreground"})
        self._wait("the end of the first Pod",
                   lambda: not _exists(api, f"{deployments}/{_PROBE}"))

    def _wait(self, what: str, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not is_so():
            if self._is_cancelled():
                raise SandboxError("the control plane was stopped while starting")
            name = self.crashed()
            if name and "address already in use" in self.log(name).read_text(errors="replace"):
                raise _PortTaken
            if name:
                raise SandboxError(
                    f"{name} ended while starting; its log ends:\n{last_lines(self.log(name))}"
                )
            if time.monotonic() > deadline:
                logs = "\n".join(
                    f"  {server}:\n{last_lines(self.log(server), 8)}" for server in self._servers
                )
                raise SandboxError(
                    f"{what} did not come within {_START_SECONDS} s; the logs end:\n{logs}"
                )
            time.sleep(_POLL_SECONDS)


def _free_ports(count: int) -> list[int]:
    """Ports that the kernel gives out now; held together, so that they differ."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for it in sockets:
            it.bind(("127.0.0.1", 0))
        return [it.getsockname()[1] for it in sockets]


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _exists(api: API, path: str) -> bool:
    try:
        api.get(path)
    except APIError as error:
        if error.status != 404:
            raise
        return False
    return True


def _deployment(name: str) -> Object:
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "probe", "image": "none"}]},
            },
        },
    }
