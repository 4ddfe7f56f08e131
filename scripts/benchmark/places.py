"""The ways to the cluster: as it is, with a login that takes its time, and past what counts."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from .runs import must

# What the credential programs of clouds take, more or less.
LOGIN_SECONDS = 0.8

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Tools:
    """The programs of a comparison."""

    helm: str
    kubectl: str
    # Whether helm applies on the server, and has to be told to take fields from others.
    is_helm_4: bool


@dataclass(frozen=True)
class Place:
    """A kubeconfig, and where its logins are counted."""

    name: str
    kubeconfig: str
    logins_file: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {"KUBECONFIG": self.kubeconfig}

    @property
    def logins(self) -> int:
        if self.logins_file is None or not self.logins_file.exists():
            return 0
        return len(self.logins_file.read_text().splitlines())


def local() -> Place:
    """The cluster as it is: its user has a token."""
    return Place("local", os.environ["KUBECONFIG"])


def with_login(folder: Path, kubectl: str) -> Place:
    """The same user, whose token comes from a program, as on a cloud."""
    config = json.loads(must([kubectl, "config", "view", "--raw", "--output", "json"]).output)
    (user,) = config["users"]
    credential = {
        "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
        "status": {"token": user["user"]["token"]},
    }
    logins, program = folder / "logins", folder / "login"
    program.touch(mode=0o700)
    program.write_text(
        f"#!/bin/sh\necho login >> {logins}\nsleep {LOGIN_SECONDS}\n"
        f"echo '{json.dumps(credential)}'\n"
    )
    user["user"] = {
        "exec": {
            "apiVersion": credential["apiVersion"], "command": str(program),
            "interactiveMode": "Never",
        }
    }
    path = folder / "with-login"
    path.touch(mode=0o600)
    path.write_text(json.dumps(config))
    return Place(f"login of {LOGIN_SECONDS} s", str(path), logins)


@dataclass
class Counting:
    """A way to the cluster, and programs, that note each request and each process. What goes this
    way is not timed."""

    folder: Path
    proxy: subprocess.Popen[bytes] | None = None
    place: Place = field(init=False)

    def __enter__(self) -> Counting:
        self.proxy = subprocess.Popen(
            [str(ROOT / "sandbox/fault-proxy"), str(self.folder)], stderr=subprocess.DEVNULL)
        kubeconfig = self.folder / "kubeconfig"
        deadline = time.monotonic() + 10
        while not kubeconfig.exists():
            if self.proxy.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("scripts/bench: sandbox/fault-proxy did not start")
            time.sleep(0.01)
        self.place = Place("counted", str(kubeconfig))
        return self

    def __exit__(self, *_: object) -> None:
        if self.proxy is not None:
            self.proxy.terminate()
            self.proxy.wait()

    def wrapped(self, tools: Tools) -> Tools:
        """The same programs, each of which notes that it was started."""
        paths = []
        for name, program in (("helm", tools.helm), ("kubectl", tools.kubectl)):
            path = self.folder / name
            path.write_text(
                f"#!/bin/sh\necho {name} >> {self.folder}/processes\nexec {program} \"$@\"\n")
            path.chmod(0o700)
            paths.append(str(path))
        return Tools(paths[0], paths[1], tools.is_helm_4)

    def take(self) -> tuple[int, Counter[str]]:
        """The requests and the processes since the last time."""
        requests = len(self._taken("requests.log"))
        return requests, Counter(self._taken("processes"))

    def _taken(self, name: str) -> list[str]:
        path = self.folder / name
        if not path.exists():
            return []
        lines = path.read_text().splitlines()
        # Whoever writes it appends.
        os.truncate(path, 0)
        return lines
