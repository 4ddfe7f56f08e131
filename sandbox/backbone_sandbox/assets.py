"""Which etcd, kube-apiserver and kube-controller-manager the sandbox runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import etcd, kubernetes
from .report import SandboxError


@dataclass(frozen=True)
class ControlPlaneBinaries:
    etcd: Path
    api_server: Path
    controller_manager: Path

    def version(self) -> tuple[int, int]:
        """The API server's version as it says itself, such as (1, 20)."""
        said = subprocess.run(
            [self.api_server, "--version"], capture_output=True, text=True, check=False
        ).stdout
        numbers = re.search(r"v(\d+)\.(\d+)", said)
        if numbers is None:
            raise SandboxError(
                f'"{self.api_server} --version" names no version; remove it from '
                "KUBEBUILDER_ASSETS or PATH"
            )
        return int(numbers[1]), int(numbers[2])


def etcd_binary() -> Path:
    """The etcd to run, which need not be there yet."""
    return _given("etcd") or etcd.binary()


def server_binaries() -> tuple[Path, Path]:
    """The API server and its controller manager, which need not be there yet.

    The two come from one place, so that they fit each other: envtest's assets often hold no
    controller manager, and another version's may not speak this API server's groups.
    """
    for place in (os.environ.get("KUBEBUILDER_ASSETS"), os.environ.get("PATH", os.defpath)):
        found = [shutil.which(name, path=place) for name in kubernetes.SERVERS] if place else [None]
        if all(found):
            api_server, controller_manager = (Path(str(path)).absolute() for path in found)
            return api_server, controller_manager
    api_server, controller_manager = (kubernetes.folder() / name for name in kubernetes.SERVERS)
    return api_server, controller_manager


def binaries() -> ControlPlaneBinaries:
    """Everything that a control plane runs, or an error that says what to do."""
    found = ControlPlaneBinaries(etcd_binary(), *server_binaries())
    for path in (found.etcd, found.api_server, found.controller_manager):
        if not path.is_file():
            raise SandboxError(f'{path.name} is missing; run "sandbox/setup control-plane"')
    return found


def install() -> None:
    """Fetch and build what neither KUBEBUILDER_ASSETS nor PATH gives."""
    if etcd_binary() == etcd.binary():
        etcd.install()
    if server_binaries()[0].parent == kubernetes.folder():
        kubernetes.build()


def is_complete() -> bool:
    return etcd_binary().is_file() and all(path.is_file() for path in server_binaries())


def _given(name: str) -> Path | None:
    folder = os.environ.get("KUBEBUILDER_ASSETS")
    found = (folder and shutil.which(name, path=folder)) or shutil.which(name)
    return Path(found).absolute() if found else None
