"""What no plan can be faster than, part by part, each measured alone."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .runs import must
from .sides import Side


def first_answer(side: Side) -> float:
    """Starts `kubectl proxy` at a socket, and has it answer one request, for which it logs in.
    That is what a plan's first question waits for."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s"
        started = time.perf_counter()
        proxy = subprocess.Popen(
            [side.tools.kubectl, "proxy", f"--unix-socket={path}", "--accept-hosts=^localhost$",
             "--accept-paths=^.*"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, **side.place.environment},
        )
        try:
            assert proxy.stdout is not None
            if b"Starting to serve" not in proxy.stdout.readline():
                raise SystemExit("scripts/bench: kubectl proxy did not begin to serve")
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(path))
                connection.sendall(
                    b"GET /api/v1/namespaces/kube-system HTTP/1.1\r\nHost: localhost\r\n"
                    b"Connection: close\r\n\r\n")
                if b" 200 " not in connection.recv(4_096).split(b"\r\n", 1)[0]:
                    raise SystemExit("scripts/bench: kubectl proxy did not answer well")
            return time.perf_counter() - started
        finally:
            proxy.kill()
            proxy.wait()


def _template(side: Side) -> list[str]:
    return [side.tools.helm, "template", "web", side.chart, "--is-upgrade", "--no-hooks",
            "--namespace", side.namespace]


def defaults(side: Side) -> float:
    """Renders the chart with its defaults, which a plan does beside its first question."""
    return must(_template(side)).seconds


def values(side: Side) -> float:
    """Renders the chart with the plan's values."""
    return must([*_template(side), "--values", "-"], text=side.values).seconds


PARTS = {"first answer": first_answer, "defaults": defaults, "values": values}
