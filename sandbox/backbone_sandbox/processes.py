"""Starting child processes that cannot outlive the process that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .report import SandboxError

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signal_number: int = signal.SIGKILL) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends the child `signal_number` when its parent dies, however."""
    parent = os.getpid()

    def set_death_signal() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        # The parent may have died between fork and prctl: then no signal would ever come.
        if os.getppid() != parent:
            os._exit(1)

    return set_death_signal


def run_logged(
    command: Sequence[str | Path],
    log: Path,
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a command with all its output in `log`; on failure say where and show the last lines."""
    words = [str(word) for word in command]
    with log.open("ab") as output:
        output.write(f"+ {' '.join(words)[:2000]}\n".encode())
        output.flush()
        try:
            status = subprocess.run(
                words,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent(),
                check=False,
            ).returncode
        except FileNotFoundError as error:
            raise SandboxError(
                f'"{words[0]}" is not installed; run "sandbox/setup packages"'
            ) from error
    if status != 0:
        raise SandboxError(
            f'"{Path(words[0]).name} {" ".join(words[1:3])}" failed with status {status}; '
            f"read {log}, which ends:\n{last_lines(log)}"
        )


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, indented, for an error message."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join(f"    {line[:400]}" for line in lines[-count:]) or "    (nothing was logged)"
