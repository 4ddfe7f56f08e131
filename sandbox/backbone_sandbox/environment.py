"""The variables that a command in the sandbox gets."""

from __future__ import annotations

import os
from pathlib import Path

from . import tools
from .report import SandboxError

GIVEN_CLUSTER = "BACKBONE_MIGRATE_SANDBOX_KUBECONFIG"
MARK = "BACKBONE_SANDBOX_ID"
PROXY = "BACKBONE_SANDBOX_PROXY"


def given_kubeconfig() -> Path | None:
    """The kubeconfig of a cluster that was given on purpose; nothing is started then."""
    given = os.environ.get(GIVEN_CLUSTER)
    if not given:
        return None
    path = Path(given)
    if not path.is_file():
        raise SandboxError(
            f'{GIVEN_CLUSTER} names "{given}", which is no file; correct or unset it'
        )
    return path.resolve()


def tool_variables() -> dict[str, str]:
    """Where the real helm and kubectl are."""
    if tools.missing():
        raise SandboxError('helm or kubectl is missing in the cache; run "sandbox/setup tools"')
    return {
        "BACKBONE_SANDBOX_HELM3": str(tools.helm(tools.HELM_3)),
        "BACKBONE_SANDBOX_HELM41": str(tools.helm(tools.HELM_4_1)),
        "BACKBONE_SANDBOX_HELM4": str(tools.helm(tools.HELM_4)),
        "BACKBONE_SANDBOX_KUBECTL": str(tools.kubectl()),
    }


def private_homes(folder: Path) -> dict[str, str]:
    """Folders that keep helm and kubectl away from the user's own settings and caches."""
    homes = {
        "HELM_CACHE_HOME": folder / "helm" / "cache",
        "HELM_CONFIG_HOME": folder / "helm" / "config",
        "HELM_DATA_HOME": folder / "helm" / "data",
        # Ports come again, so what kubectl remembers of one control plane misleads on the next.
        "KUBECACHEDIR": folder / "kube-cache",
    }
    return {name: str(path) for name, path in homes.items()}


def proxy_variables(url: str) -> dict[str, str]:
    """Where the API server's proxy is, which is not to be asked through a proxy of the network."""
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    return {PROXY: url, "no_proxy": ",".join(filter(None, [direct, "127.0.0.1"]))}


def cluster_variables(
    kubeconfig: Path, limited: Path | None, audit_log: Path | None
) -> dict[str, str]:
    variables = {"KUBECONFIG": str(kubeconfig), "BACKBONE_SANDBOX_KUBECONFIG": str(kubeconfig)}
    if limited is not None:
        variables["BACKBONE_SANDBOX_LIMITED_KUBECONFIG"] = str(limited)
    if audit_log is not None:
        variables["BACKBONE_SANDBOX_AUDIT_LOG"] = str(audit_log)
    return variables
