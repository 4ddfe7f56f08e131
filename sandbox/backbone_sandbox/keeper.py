"""The keeper: a process beside the command that owns a control plane and all that belongs to it.

It outlives whoever started it just long enough to clean up. It notices that end by the lifeline, a
pipe whose other end only the starter holds: the kernel closes it however the starter ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from . import assets, environment
from .api_proxy import APIProxy
from .cache import remove_tree
from .control_plane import LIMITED, ControlPlane
from .processes import last_lines
from .report import SandboxError, progress

FOLDER_PREFIX = "backbone-sandbox-"
ENDED_WELL = b"ended well"

_LOCK, _LOG, _VARIABLES = "keeper.lock", "keeper.log", "variables.json"
_SECONDS_TO_TAKE_THE_LOCK = 60
_LOCK_ATTEMPTS = 5
_STOP_SECONDS = 30
_CHECK_SECONDS = 1.0


class Keeper:
    """The starter's side: start a keeper, use what it keeps, let it go."""

    def __init__(self, process: subprocess.Popen[bytes], lifeline: int | None) -> None:
        self._process = process
        self._lifeline = lifeline
        self.variables: dict[str, str] = {}

    @classmethod
    def start(cls, folder: Path, detached: bool = False) -> Keeper:
        """Start a keeper for `folder` and return when everything is ready."""
        ready_read, ready_write = os.pipe()
        life_read, life_write = (None, None) if detached else os.pipe()
        words = [os.path.abspath(sys.argv[0]), "keep", str(folder), "--ready", str(ready_write)]
        if life_read is not None:
            words += ["--lifeline", str(life_read)]
        log = (folder / _LOG).open("wb") if detached else None
        process = subprocess.Popen(
            [sys.executable, *words],
            stdin=subprocess.DEVNULL,
            stdout=log or sys.stderr,
            stderr=log or sys.stderr,
            pass_fds=[fd for fd in (ready_write, life_read) if fd is not None],
            start_new_session=True,  # a Ctrl-C is for the command; the keeper ends after it
            env={**os.environ, environment.MARK: ""},
        )
        for fd in (ready_write, life_read):
            if fd is not None:
                os.close(fd)
        keeper = cls(process, life_write)
        with os.fdopen(ready_read, "rb") as answer, keeper._let_go_on_failure():
            keeper.variables = _read_answer(answer.read(), folder, detached)
        return keeper

    def let_go(self, ended_well: bool) -> None:
        """Have everything stopped and removed, and return when it is."""
        if self._lifeline is not None:
            if ended_well:
                with contextlib.suppress(BrokenPipeError):
                    os.write(self._lifeline, ENDED_WELL)
            os.close(self._lifeline)
            self._lifeline = None
        self._process.wait()

    @contextlib.contextmanager
    def _let_go_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            if self._lifeline is None:
                self._process.terminate()
            self.let_go(ended_well=False)
            raise


def _read_answer(answer: bytes, folder: Path, detached: bool) -> dict[str, str]:
    if not answer:
        detail = f"; its log ends:\n{last_lines(folder / _LOG)}" if detached else ""
        raise SandboxError(f"the control plane ended while starting{detail}")
    said = json.loads(answer)
    if "error" in said:
        raise SandboxError(said["error"])
    return said["variables"]


# The keeper's own side


def keep(folder: Path, ready: int, lifeline: int | None) -> int:
    """Own a control plane in `folder` until the lifeline ends or a signal says so."""
    stop = _signals_as_file()
    try:
        lock = _take_lock(folder)
    except BlockingIOError:
        _answer(ready, {"error": f'"{folder}" is in use; run "sandbox/control-plane status"'})
        return 1
    plane: ControlPlane | None = None
    proxy: APIProxy | None = None
    mark = str(folder)
    ended_well = False
    try:
        given = environment.given_kubeconfig()
        if given is None:
            ends = [fd for fd in (stop, lifeline) if fd is not None]
            plane = ControlPlane(
                assets.binaries(), folder,
                is_cancelled=lambda: bool(select.select(ends, [], [], 0)[0]),
            )
            started = time.monotonic()
            plane.start()
            progress(f"the control plane is ready after {time.monotonic() - started:.1f} s")
        variables = _variables(folder, plane, given) | {environment.MARK: mark}
        if plane is not None:
            # Not for a given cluster: the proxy lets everybody on this machine in.
            proxy = APIProxy(plane.kubeconfig(), folder)
            variables |= environment.proxy_variables(proxy.start())
        (folder / _VARIABLES).write_text(json.dumps(variables))
        _answer(ready, {"variables": variables})
        ended_well = _wait_for_the_end(plane, stop, lifeline)
    except SandboxError as error:
        _answer(ready, {"error": str(error)})
        return 1
    finally:
        if proxy is not None:
            proxy.stop()
        if plane is not None:
            plane.stop()
        if lifeline is not None and not ended_well:
            _kill_marked(mark)
        remove_tree(folder)
        lock.close()
    return 0


def _signals_as_file() -> int:
    """A file descriptor that becomes readable when the keeper is told to stop."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return read


def _wait_for_the_end(plane: ControlPlane | None, stop: int, lifeline: int | None) -> bool:
    """Wait; says whether the starter ended the sandbox itself rather than died."""
    wait_for = [stop] if lifeline is None else [stop, lifeline]
    reported = False
    while True:
        readable, _, _ = select.select(wait_for, [], [], _CHECK_SECONDS)
        if lifeline in readable:
            return os.read(lifeline, len(ENDED_WELL)) == ENDED_WELL
        if stop in readable:
            return False
        crashed = plane.crashed() if plane else None
        if plane and crashed and not reported:
            reported = True
            progress(f"{crashed} has ended by itself; its log ends:\n"
                     f"{last_lines(plane.log(crashed))}")


def _variables(folder: Path, plane: ControlPlane | None, given: Path | None) -> dict[str, str]:
    if plane is not None:
        cluster = environment.cluster_variables(
            plane.kubeconfig(), plane.kubeconfig(LIMITED), plane.audit_log)
    else:
        assert given is not None
        cluster = environment.cluster_variables(given, None, None)
    return cluster | environment.tool_variables() | environment.private_homes(folder)


def _answer(ready: int, answer: object) -> None:
    with contextlib.suppress(OSError):
        os.write(ready, json.dumps(answer).encode())
        os.close(ready)


def _kill_marked(mark: str) -> None:
    """Kill what the command left running: every process that carries this sandbox's mark."""
    wanted = f"{environment.MARK}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue  # gone, or somebody else's


# Folders


def new_folder() -> Path:
    """A folder for one control plane that ends with its starter."""
    _remove_abandoned()
    return Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))


def default_folder() -> Path:
    """Where a detached control plane lies when no folder is named."""
    return Path(tempfile.gettempdir(), f"backbone-migrate-sandbox-{os.getuid()}").resolve()


def claim_folder(folder: Path) -> Path:
    """Make `folder`, or empty it when it is that of a keeper that was killed."""
    if is_kept(folder):
        raise SandboxError(
            f'a control plane runs in "{folder}" already; stop it with "sandbox/control-plane down'
            f'{"" if folder == default_folder() else f" --dir {folder}"}"'
        )
    if (folder / _LOCK).exists():
        remove_tree(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SandboxError(
            f'"{folder}" cannot be made ({error.strerror}); name another one with --dir'
        ) from error
    if folder.stat().st_uid != os.getuid() or any(folder.iterdir()):
        raise SandboxError(f'"{folder}" is not an empty folder of yours; name another with --dir')
    folder.chmod(0o700)
    return folder.resolve()


def is_kept(folder: Path) -> bool:
    """Whether a living keeper owns `folder`."""
    try:
        with (folder / _LOCK).open("r+") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def kept_variables(folder: Path) -> dict[str, str] | None:
    """The variables of the control plane in `folder`; None while there is no ready one."""
    try:
        return json.loads((folder / _VARIABLES).read_text()) if is_kept(folder) else None
    except (OSError, ValueError):
        return None


def kept_folders() -> list[Path]:
    """Every folder below the temporary folder that a living keeper owns."""
    return [folder for folder in (default_folder(), *_own_folders()) if is_kept(folder)]


def stop_keeper(folder: Path) -> bool:
    """Stop the keeper of `folder` and wait for it; says whether there was one."""
    if not is_kept(folder):
        if (folder / _LOCK).exists():
            remove_tree(folder)
        return False
    keeper = int((folder / _LOCK).read_text())
    os.kill(keeper, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while is_kept(folder):
        if time.monotonic() > deadline:
            raise SandboxError(f'process {keeper} does not stop; end it with "kill -9 {keeper}"')
        time.sleep(0.05)
    return True


def _take_lock(folder: Path):  # type: ignore[no-untyped-def]
    """Hold the lock of `folder` and leave this process's number in it."""
    handle = (folder / _LOCK).open("a+")
    for attempts_left in reversed(range(_LOCK_ATTEMPTS)):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if not attempts_left:
                handle.close()
                raise
            time.sleep(0.1)  # perhaps it was only somebody asking for the status
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def _own_folders() -> Iterator[Path]:
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.is_dir() and folder.stat().st_uid == os.getuid():
                yield folder


def _remove_abandoned() -> None:
    """Remove the folders of keepers that were killed; their servers went with them."""
    for folder in _own_folders():
        with contextlib.suppress(OSError):
            age = time.time() - folder.stat().st_mtime
            if age > _SECONDS_TO_TAKE_THE_LOCK and not is_kept(folder):
                shutil.rmtree(folder)
