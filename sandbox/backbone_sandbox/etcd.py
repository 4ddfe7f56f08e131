"""etcd, unpacked from Debian's package: installing the package would start a system service."""

from __future__ import annotations

import subprocess
from pathlib import Path

from . import cache, debian
from .report import SandboxError, progress

VERSION = "3.4"  # Debian 12's; any 3.4 and later will do


def binary() -> Path:
    return cache.root() / "etcd" / VERSION / "etcd"


def install() -> None:
    """Put etcd into the cache when it is not there."""
    if binary().is_file():
        return
    with cache.lock("etcd", "another setup that fetches etcd"):
        if binary().is_file():
            return
        progress(f"fetching etcd {VERSION} from Debian")
        with cache.put_in_place(binary().parent) as partial:
            _unpack_into(partial)


def _unpack_into(partial: Path) -> None:
    downloads, unpacked = partial / "downloads", partial / "unpacked"
    downloads.mkdir()
    for deb in debian.download_binaries(["etcd-server"], downloads):
        debian.unpack(deb, unpacked)
    (unpacked / "usr" / "bin" / "etcd").rename(partial / "etcd")
    cache.remove_tree(unpacked)
    cache.remove_tree(downloads)
    said = subprocess.run(
        [partial / "etcd", "--version"], capture_output=True, text=True, check=False
    ).stdout
    if f"etcd Version: {VERSION}." not in said:
        raise SandboxError(f'Debian\'s etcd says it is "{said.splitlines()[:1]}", not {VERSION}')
