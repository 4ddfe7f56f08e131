"""Debian's packages without touching the machine's own apt configuration, and without root.

Every apt-get here runs on package lists and sources of its own in the cache folder. The sources are
derived from the machine's: the same mirror and keys, with source packages added.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import time
from pathlib import Path

from . import cache
from .processes import run_logged
from .report import SandboxError, progress

_SOURCES_FOLDER = Path("/etc/apt")
_LISTS_STAY_FRESH_SECONDS = 6 * 3600
_ASK_NOTHING = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
LOG = "debian"


def download_binaries(packages: list[str], folder: Path) -> list[Path]:
    """Download .deb files into `folder`; installs nothing, needs no root."""
    _with_fresh_lists(["download", *packages], folder)
    found = sorted(folder.glob("*.deb"))
    if len(found) < len(packages):
        raise SandboxError(
            f"apt-get downloaded {len(found)} of {len(packages)} packages; "
            f"read {cache.log_file(LOG)}"
        )
    return found


def download_source(package: str, folder: Path) -> None:
    """Download the files of a source package into `folder`, without unpacking them."""
    _with_fresh_lists(["source", "--download-only", "--only-source", package], folder)


def install(packages: list[str]) -> None:
    """Install packages for good; needs root."""
    options = ["-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
    _with_fresh_lists(["install", *options, *packages], cache.root())


def forget_lists() -> None:
    """Remove the package lists: a hundred megabytes that the next download fetches in seconds."""
    with _one_at_a_time():
        cache.remove_tree(cache.root() / "apt")


def unpack(deb: Path, folder: Path) -> None:
    run_logged(["dpkg-deb", "-x", deb, folder], cache.log_file(LOG))


def code_name() -> str:
    """The code name of the Debian that runs here, such as "bookworm"."""
    release = platform.freedesktop_os_release()
    if release.get("ID") != "debian" or "VERSION_CODENAME" not in release:
        raise SandboxError(
            f'this is "{release.get("PRETTY_NAME", "no Debian")}", and the API server is built '
            "from Debian's packages; set KUBEBUILDER_ASSETS to a folder with etcd, "
            "kube-apiserver and kube-controller-manager"
        )
    return release["VERSION_CODENAME"]


def _with_fresh_lists(arguments: list[str], folder: Path) -> None:
    """Run apt-get in `folder`; when it fails on lists that are not new, once more on new ones."""
    if shutil.which("apt-get") is None:
        raise SandboxError("there is no apt-get here; run the sandbox on Debian 12")
    with _one_at_a_time():
        apt = _private_apt_get()
        updated = _update(apt, only_when_older_than=_LISTS_STAY_FRESH_SECONDS)
        command = [*apt, *arguments]
        try:
            run_logged(command, cache.log_file(LOG), cwd=folder, environment=_ASK_NOTHING)
        except SandboxError:
            if updated:
                raise
            _update(apt, only_when_older_than=0)
            run_logged(command, cache.log_file(LOG), cwd=folder, environment=_ASK_NOTHING)


def _one_at_a_time() -> contextlib.AbstractContextManager[None]:
    return cache.lock("apt", "another setup that uses apt-get")


def _update(apt: list[str], only_when_older_than: float) -> bool:
    """Fetch the package lists, unless they are younger than that; says whether it did."""
    stamp = cache.root() / "apt" / "updated"
    if stamp.exists() and time.time() - stamp.stat().st_mtime < only_when_older_than:
        return False
    progress("reading the lists of Debian's packages")
    # One broken third-party source makes apt-get update fail though Debian's lists arrived. What
    # counts is whether the packages are found next, so a failure is left in the log here.
    with contextlib.suppress(SandboxError):
        run_logged([*apt, "update"], cache.log_file(LOG))
    stamp.touch()
    return True


def _private_apt_get() -> list[str]:
    folder = cache.root() / "apt"
    sources = folder / "sources.d"
    for needed in (sources, folder / "lists" / "partial", folder / "cache/archives/partial"):
        needed.mkdir(parents=True, exist_ok=True)
    _write_sources(sources)
    options = {
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": sources,
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        # Root's apt would fetch as a user who cannot write to root's cache folder.
        "APT::Sandbox::User": "root",
        "APT::Get::List-Cleanup": "false",
    }
    words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return ["apt-get", "-q", *words]


def _write_sources(folder: Path) -> None:
    """Write the machine's own Debian entries, with deb-src, as sources of the private apt."""
    suites = _suites_of(code_name())
    stanzas, lines = [], []
    for file in (_SOURCES_FOLDER / "sources.list", *_parts("*.list")):
        lines += _with_sources_one_line(_read(file), suites)
    for file in _parts("*.sources"):
        stanzas += _with_sources_deb822(_read(file), suites)
    if not stanzas and not lines:
        raise SandboxError(
            f'no entry for the suite "{code_name()}" is below {_SOURCES_FOLDER}; '
            "add your Debian mirror"
        )
    (folder / "debian.sources").write_text("\n\n".join(stanzas) + "\n")
    (folder / "debian.list").write_text("\n".join(lines) + "\n")


def _parts(pattern: str) -> list[Path]:
    return sorted((_SOURCES_FOLDER / "sources.list.d").glob(pattern))


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def _suites_of(code_name: str) -> set[str]:
    return {f"{code_name}{suffix}" for suffix in ("", "-updates", "-security")} | {"stable"}


def _with_sources_deb822(text: str, suites: set[str]) -> list[str]:
    """The enabled stanzas about `suites` and "main", each for binary and source packages."""
    wanted = []
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        fields = {
            name.strip().lower(): value.split()
            for name, _, value in (line.partition(":") for line in lines if line[:1].strip())
        }
        if (
            suites.intersection(fields.get("suites", []))
            and "main" in fields.get("components", [])
            and [word.lower() for word in fields.get("enabled", ["yes"])] != ["no"]
        ):
            rest = [line for line in lines if not line.lower().startswith("types:")]
            wanted.append("\n".join(["Types: deb deb-src", *rest]).strip("\n"))
    return wanted


def _with_sources_one_line(text: str, suites: set[str]) -> list[str]:
    """The same for the old style: `deb [options] URI suite component…`."""
    wanted = []
    for line in text.splitlines():
        found = re.match(r"\s*deb(?:-src)?\s+((?:\[[^]]*\]\s*)?)(\S+)\s+(\S+)\s+([^#]*)", line)
        if found and found[3] in suites and "main" in found[4].split():
            entry = f"{found[1].strip()} {found[2]} {found[3]} {found[4].strip()}".strip()
            wanted += [f"deb {entry}", f"deb-src {entry}"]
    return list(dict.fromkeys(wanted))
