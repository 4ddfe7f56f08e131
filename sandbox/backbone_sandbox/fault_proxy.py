"""A proxy in front of an API server that answers, delays, loses and cuts off what it is told to.

It takes plain HTTP on loopback and speaks to the API server as the user of a kubeconfig, so that
clients need no credentials. What it does is in a file of rules, which it looks at before every
request; what it saw goes to a log, a JSON object a line.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import re
import select
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from .report import SandboxError

_HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "upgrade"}
_CHUNK = 1 << 16
_POLL_SECONDS = 0.02
_REASONS = {
    400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 409: "Conflict",
    429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable",
}
_KNOWN = {
    "name", "method", "path", "agent", "write", "dryRun", "stage", "nth", "times", "from", "until",
    "sticks", "delay", "run", "remove", "signal", "answer", "reset", "hang", "gone",
}


class _Reset(Exception):
    """The client's connection is to be cut off without a word."""


@dataclass
class Rule:
    """What is done to some requests. All conditions must hold; those left out hold always."""

    given: dict[str, Any]
    matches: int = 0

    def __post_init__(self) -> None:
        unknown = set(self.given) - _KNOWN
        if unknown:
            raise SandboxError(f"a rule has {sorted(unknown)}, which is unknown")

    def holds(self, request: Request, seconds: float) -> bool:
        """Whether it is this request's turn; counts it when the conditions hold."""
        given = self.given
        if given.get("sticks") and self.matches >= given.get("nth", 1):
            return True
        for key, text in (("method", request.method), ("path", request.path),
                          ("agent", request.agent), ("stage", request.stage)):
            if key in given and not re.search(given[key], text):
                return False
        for key, value in (("write", request.is_write), ("dryRun", request.is_dry_run)):
            if key in given and given[key] != value:
                return False
        if not given.get("from", 0) <= seconds <= given.get("until", float("inf")):
            return False
        self.matches += 1
        first = given.get("nth", 1)
        times = given.get("times", 1)
        return self.matches >= first and (times == 0 or self.matches < first + times)


@dataclass
class Request:
    """A request as it came, without its body."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    stage: str = "-"
    rules: list[str] = field(default_factory=list)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def agent(self) -> str:
        return self.header("user-agent")

    @property
    def is_dry_run(self) -> bool:
        return "dryRun=" in self.path

    @property
    def is_write(self) -> bool:
        return self.method not in {"GET", "HEAD"} and not self.is_dry_run


class Upstream:
    """The API server, as the user of a kubeconfig."""

    def __init__(self, kubeconfig: Path) -> None:
        # kubectl reads kubeconfigs better than anybody, but costs more than the whole proxy.
        text = kubeconfig.read_text()

        def entry(key: str) -> str:
            found = re.search(rf"^\s*-?\s*{key}:\s*[\"']?(\S+?)[\"']?\s*$", text, re.MULTILINE)
            return found.group(1) if found else ""

        server = urlsplit(entry("server"))
        if server.scheme != "https" or not server.hostname:
            raise SandboxError(f'"{kubeconfig}" names no https server')
        self._host, self._port = server.hostname, server.port or 443
        authority = entry("certificate-authority-data")
        self._context = ssl.create_default_context(
            cadata=base64.b64decode(authority).decode() if authority else None)
        self._context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        certificate, key = entry("client-certificate-data"), entry("client-key-data")
        if certificate and key:
            with tempfile.NamedTemporaryFile() as both:
                both.write(base64.b64decode(certificate) + b"\n" + base64.b64decode(key))
                both.flush()
                self._context.load_cert_chain(both.name)
        self._token = entry("token")
        self._idle: list[http.client.HTTPSConnection] = []
        self._lock = threading.Lock()

    def send(self, request: Request, body: bytes) -> tuple[
        http.client.HTTPSConnection, http.client.HTTPResponse
    ]:
        connection = self._take()
        connection.putrequest(request.method, request.path, skip_host=True,
                              skip_accept_encoding=True)
        for name, value in request.headers:
            if name.lower() not in _HOP_BY_HOP | {"host", "authorization", "content-length"}:
                connection.putheader(name, value)
        connection.putheader("Host", f"{self._host}:{self._port}")
        if self._token:
            connection.putheader("Authorization", f"Bearer {self._token}")
        if body or request.method in {"POST", "PUT", "PATCH"}:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        return connection, connection.getresponse()

    def give_back(self, connection: http.client.HTTPSConnection) -> None:
        with self._lock:
            self._idle.append(connection)

    def _take(self) -> http.client.HTTPSConnection:
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return http.client.HTTPSConnection(
                    self._host, self._port, context=self._context, timeout=None)
            # One that the server has closed is readable, though nobody asked anything.
            if connection.sock and not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()


class FaultProxy:
    """Listens on a port of its own until the process ends."""

    def __init__(self, upstream: Upstream, rules: Path, log: Path) -> None:
        self._upstream = upstream
        self._path = rules
        self._log = log.open("a", buffering=1)
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._rules: list[Rule] = []
        self._stage_patterns: list[str] = []
        self._stage_file: Path | None = None
        self._stage = "-"
        self._loaded = time.monotonic()
        self._generation = 0
        self._gone_until = 0.0
        self._clients: set[socket.socket] = set()
        self._listener = self._new_listener()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        """Take connections for as long as the process lives that started this one."""
        threading.Thread(target=self._accept, daemon=True).start()
        parent = os.getppid()
        # One that is gone gets no request at which it would look at the rules.
        while os.getppid() == parent:
            time.sleep(_POLL_SECONDS)
            with self._lock:
                self._look_at_rules()
                if self._gone_until and time.monotonic() >= self._gone_until:
                    self._gone_until = 0.0
                    self._listener.listen(128)
                    threading.Thread(target=self._accept, daemon=True).start()

    def _new_listener(self) -> socket.socket:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
        return listener

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # gone
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._clients.add(client)
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    # MARK: Rules

    def _look_at_rules(self) -> None:
        """Read the rules when they are others than before; the lock is held."""
        try:
            found = self._path.stat()
        except OSError:
            return
        if self._seen == (found.st_ino, found.st_mtime_ns):
            return
        self._seen = (found.st_ino, found.st_mtime_ns)
        given = json.loads(self._path.read_text())
        self._rules = [Rule(rule) for rule in given.get("rules", [])]
        self._stage_patterns = given.get("stages", [])
        self._stage_file = Path(given["stageFile"]) if "stageFile" in given else None
        self._set_stage(given.get("stage", "-"))
        self._loaded = time.monotonic()
        self._generation += 1
        if self._gone_until:
            self._gone_until = time.monotonic()

    def _set_stage(self, stage: str) -> None:
        self._stage = stage
        if self._stage_file:
            part = self._stage_file.with_name(self._stage_file.name + ".part")
            part.write_text(stage + "\n")
            part.rename(self._stage_file)

    def _turn(self, request: Request, body: bytes) -> list[Rule]:
        """The rules whose turn it is at this request."""
        with self._lock:
            self._look_at_rules()
            if request.is_write and self._stage_patterns:
                text = body.decode(errors="replace")
                found = [re.search(pattern, text) for pattern in self._stage_patterns]
                if found[0]:
                    self._set_stage(".".join(it.group(1) if it else "-" for it in found))
            request.stage = self._stage
            seconds = time.monotonic() - self._loaded
            return [rule for rule in self._rules if rule.holds(request, seconds)]

    # MARK: Talking

    def _talk(self, client: socket.socket) -> None:
        ends = (OSError, ValueError, http.client.HTTPException, _Reset)
        with contextlib.suppress(*ends), client.makefile("rb") as reader:
            while (request := _read_head(reader)) is not None:
                body = _read_body(reader, request)
                started = time.monotonic()
                outcome: object = "cut off"
                try:
                    outcome = self._answer(client, request, body)
                finally:
                    self._note(request, outcome, time.monotonic() - started)
        with self._lock:
            self._clients.discard(client)
        _cut_off(client)

    def _answer(self, client: socket.socket, request: Request, body: bytes) -> object:
        """Do what the rules say, or pass the request on; gives what became of it."""
        rules = self._turn(request, body)
        request.rules = [rule.given.get("name", "?") for rule in rules]
        does = {key: value for rule in rules for key, value in rule.given.items()}
        generation = self._generation
        if "delay" in does:
            time.sleep(does["delay"])
        if "run" in does:
            subprocess.run(["sh", "-c", does["run"]], stdin=subprocess.DEVNULL, check=False)
        if "remove" in does:
            with contextlib.suppress(OSError):
                shutil.rmtree(Path(does["remove"]).read_text().strip())
        if "gone" in does:
            self._be_gone(does["gone"])
            raise _Reset
        if "signal" in does and does["signal"].get("when") == "before":
            _send_signal(does["signal"])
            if does["signal"].get("drops", True):
                raise _Reset
        if "answer" in does:
            _write(client, *_refusal(does["answer"], body))
            return does["answer"]["status"]
        if does.get("reset") == "before":
            raise _Reset
        if does.get("hang") == "before":
            self._hang(client, generation)
        connection, response = self._upstream.send(request, body)
        if "signal" in does and does["signal"].get("when") == "after":
            response.read()
            _send_signal(does["signal"])
            raise _Reset
        if does.get("reset") == "after":
            response.read()
            raise _Reset
        if does.get("hang") == "after":
            response.read()
            self._hang(client, generation)
        self._relay(client, request, connection, response)
        return response.status

    def _hang(self, client: socket.socket, generation: int) -> None:
        """Say nothing until the client goes away or there are other rules."""
        while self._generation == generation:
            if select.select([client], [], [], 0.1)[0] and not client.recv(1, socket.MSG_PEEK):
                break
        raise _Reset

    def _be_gone(self, seconds: float | None) -> None:
        with self._lock:
            until = float("inf") if seconds is None else time.monotonic() + seconds
            self._gone_until = max(self._gone_until, until)
            # The port stays ours; without a listener the kernel refuses connections to it.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RD)
            clients = list(self._clients)
        for client in clients:
            _cut_off(client, closes=False)

    def _relay(
        self, client: socket.socket, request: Request, connection: http.client.HTTPSConnection,
        response: http.client.HTTPResponse,
    ) -> None:
        headers = [(name, value) for name, value in response.getheaders()
                   if name.lower() not in _HOP_BY_HOP]
        has_length = any(name.lower() == "content-length" for name, _ in headers)
        head = _head(response.status, response.reason, headers)
        if has_length or request.method == "HEAD" or response.status in {204, 304}:
            client.sendall(head + b"\r\n" + response.read())
            self._upstream.give_back(connection)
            return
        client.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        ending = threading.Event()
        if "watch=" in request.path:
            threading.Thread(target=_end_with, args=(client, connection, ending),
                             daemon=True).start()
        try:
            while data := response.read1(_CHUNK):
                client.sendall(b"%x\r\n%b\r\n" % (len(data), data))
            client.sendall(b"0\r\n\r\n")
        finally:
            ending.set()
        if "watch=" not in request.path:
            self._upstream.give_back(connection)

    def _note(self, request: Request, outcome: object, seconds: float) -> None:
        line = json.dumps({
            "time": round(time.time(), 3), "stage": request.stage, "agent": request.agent,
            "method": request.method, "path": request.path, "write": request.is_write,
            "outcome": outcome, "seconds": round(seconds, 4), "rules": request.rules,
        })
        with self._lock:
            self._log.write(line + "\n")


def _read_head(reader: BinaryIO) -> Request | None:
    line = reader.readline(_CHUNK).split()
    if len(line) < 3:
        return None
    headers = []
    while (text := reader.readline(_CHUNK)) not in (b"\r\n", b"\n", b""):
        name, _, value = text.decode("latin-1").partition(":")
        headers.append((name.strip(), value.strip()))
    return Request(line[0].decode(), line[1].decode(), headers)


def _read_body(reader: BinaryIO, request: Request) -> bytes:
    if "chunked" not in request.header("transfer-encoding"):
        return reader.read(int(request.header("content-length") or 0))
    parts = []
    while size := int(reader.readline(_CHUNK).split(b";")[0], 16):
        parts.append(reader.read(size))
        reader.readline(_CHUNK)
    reader.readline(_CHUNK)
    return b"".join(parts)


def _head(status: int, reason: str, headers: list[tuple[str, str]]) -> bytes:
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


def _write(client: socket.socket, head: bytes, body: bytes) -> None:
    client.sendall(head + b"\r\n" + body)


def _refusal(answer: dict[str, Any], given: bytes) -> tuple[bytes, bytes]:
    """A Kubernetes Status, as the API server itself sends one."""
    status = answer["status"]
    reason = answer.get("reason", _REASONS.get(status, "InternalError"))
    after = answer.get("retryAfter")
    message = answer.get("message", f"the sandbox says {status}")
    if "echoes" in answer:
        message = given.decode(errors="replace")
        if answer["echoes"] == "unescaped":
            message = message.replace("\\n", "\n")
    details = {"retryAfterSeconds": after} if after else {}
    body = json.dumps({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason,
        "details": details, "code": status,
    }).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    if after:
        headers.append(("Retry-After", str(after)))
    return _head(status, reason, headers), body


def _send_signal(given: dict[str, Any]) -> None:
    """Signal the processes whose ids are in files; one that is gone is as good."""
    for name in given["to"]:
        with contextlib.suppress(OSError, ValueError):
            process = int(Path(name).read_text())
            if process > 1:
                os.kill(process, signal.Signals[f"SIG{given.get('signal', 'KILL')}"])


def _end_with(
    client: socket.socket, connection: http.client.HTTPSConnection, ending: threading.Event
) -> None:
    """End a watch at the server when its client has gone away."""
    with contextlib.suppress(OSError, ValueError):
        while not ending.is_set():
            if select.select([client], [], [], 0.5)[0] and not client.recv(1, socket.MSG_PEEK):
                break
    with contextlib.suppress(OSError, AttributeError):
        if not ending.is_set():
            connection.sock.shutdown(socket.SHUT_RDWR)


def _cut_off(client: socket.socket, closes: bool = True) -> None:
    """End a connection with a reset, which no client can take for the end of an answer."""
    with contextlib.suppress(OSError):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    with contextlib.suppress(OSError):
        if closes:
            client.close()
        else:
            client.shutdown(socket.SHUT_RDWR)
