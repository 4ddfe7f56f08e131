"""Running the user's command: signals go on to it, its exit status comes back."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence

from .processes import die_with_parent
from .report import SandboxError

_STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_FROM_THE_KERNEL = 0x80  # si_code SI_KERNEL: a Ctrl-C, which the terminal gave the command as well
_GRACE_SECONDS = 10


class Signals:
    """Holds back stop signals from now on, to be taken when there is time for them."""

    def __init__(self) -> None:
        self._waited_for = _STOP_SIGNALS | {signal.SIGCHLD}
        signal.pthread_sigmask(signal.SIG_BLOCK, self._waited_for)

    def next(self, timeout: float | None = None) -> signal.struct_siginfo | None:
        if timeout is None:
            return signal.sigwaitinfo(self._waited_for)
        return signal.sigtimedwait(self._waited_for, timeout)

    def wait_for_stop(self) -> None:
        while (received := self.next()) is None or received.si_signo not in _STOP_SIGNALS:
            pass

    def release(self) -> None:
        """For a child process: signals arrive there as usual."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, self._waited_for)


def run(
    words: Sequence[str], variables: Mapping[str, str], signals: Signals
) -> tuple[int, bool]:
    """Run the command; gives its exit status and whether it ended without being told to."""
    set_death_signal = die_with_parent(signal.SIGKILL)

    def prepare() -> None:
        set_death_signal()
        signals.release()

    try:
        child = subprocess.Popen(words, env={**os.environ, **variables}, preexec_fn=prepare)
    except OSError as error:
        raise SandboxError(
            f'"{words[0]}" cannot be run ({error.strerror}); check the command after "--"'
        ) from error
    told_to_stop = False
    while child.poll() is None:
        received = signals.next(_GRACE_SECONDS if told_to_stop else None)
        if received is None:
            child.kill()
        elif received.si_signo in _STOP_SIGNALS:
            told_to_stop = True
            if received.si_code != _FROM_THE_KERNEL:
                child.send_signal(received.si_signo)
    status = child.returncode
    return (status if status >= 0 else 128 - status), not told_to_stop
