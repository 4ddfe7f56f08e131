"""`kubectl proxy`: the API server over plain HTTP on loopback, for whoever asks it often."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from . import tools
from .processes import die_with_parent, last_lines
from .report import SandboxError

_START_SECONDS = 30
_POLL_SECONDS = 0.05


class APIProxy:
    """Speaks for the user of a kubeconfig. It ends with this process."""

    def __init__(self, kubeconfig: Path, folder: Path) -> None:
        self._kubeconfig = kubeconfig
        self._log = folder / "kubectl-proxy.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start it and give its URL. Call it in the main thread, as with the servers."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [tools.kubectl(), "proxy", "--kubeconfig", self._kubeconfig, "--port=0"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            said = re.search(r"Starting to serve on (\S+)\n", self._log.read_text())
            if said:
                return f"http://{said[1]}"
            time.sleep(_POLL_SECONDS)
        self.stop()
        raise SandboxError(f"kubectl proxy does not listen; its log ends:\n{last_lines(self._log)}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
