"""The cache folder outside the repository: where things lie and how they get there whole."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .report import SandboxError, progress


def root() -> Path:
    """The cache folder, made when it is missing."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(os.environ.get("BACKBONE_MIGRATE_CACHE") or Path(base, "backbone-migrate"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SandboxError(
            f'the cache folder "{folder}" cannot be made ({error.strerror}); '
            "set BACKBONE_MIGRATE_CACHE to a folder you can write"
        ) from error
    return folder.resolve()


def log_file(name: str) -> Path:
    """A log in the cache folder; the folder is made, the file is not."""
    folder = root() / "logs"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.log"


@contextlib.contextmanager
def lock(name: str, waiting_for: str) -> Iterator[None]:
    """Hold the lock `name`, waiting for whoever has it.

    The kernel drops an flock with its process, so a killed builder never blocks the next one.
    Python opens files close-on-exec, so no compiler that outlives its builder holds it either.
    """
    with _lock_path(name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress(f"waiting for {waiting_for}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def is_locked(name: str) -> bool:
    """Whether another process holds the lock `name` at this moment."""
    with _lock_path(name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _lock_path(name: str) -> Path:
    folder = root() / "locks"
    folder.mkdir(exist_ok=True)
    return folder / name


@contextlib.contextmanager
def put_in_place(target: Path) -> Iterator[Path]:
    """A temporary folder beside `target` that becomes `target` when the block ends well.

    A reader sees all of it or nothing. The caller holds a lock on `target`, so what a killed run
    left under the same prefix belongs to nobody and goes first.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{target.name}.partial-"
    for leftover in target.parent.glob(f"{prefix}*"):
        remove_tree(leftover)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        yield folder
        folder.chmod(0o755)
        if target.exists():
            remove_tree(target)
        folder.rename(target)
    finally:
        remove_tree(folder)


def remove_tree(folder: Path) -> None:
    """Remove a folder, also where Go made its folders read-only; a missing folder is fine."""

    def make_writable(remove, path, error):  # type: ignore[no-untyped-def]
        if not isinstance(error[1], FileNotFoundError) and Path(path) != folder:
            with contextlib.suppress(OSError):
                os.chmod(os.path.dirname(path), 0o700)
                os.chmod(path, 0o700)
                remove(path)

    shutil.rmtree(folder, onerror=make_writable)
