"""An admission webhook over HTTPS on loopback, which refuses and changes what it is told to.

What it does is in a file of rules, a JSON list that it reads anew for each review; the first rule
whose conditions all hold decides. What it saw goes to a log, a JSON object a line.
"""

from __future__ import annotations

import base64
import json
import ssl
import subprocess
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .report import SandboxError

_KNOWN = {"kind", "name", "operation", "dryRun", "contains", "lacks", "deny", "patch", "delay"}


def certificate(folder: Path) -> tuple[Path, Path]:
    """Makes a certificate for 127.0.0.1 that signs itself, and its key."""
    chain, key = folder / "tls.crt", folder / "tls.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(key), "-out", str(chain)],
        check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return chain, key


def _holds(rule: dict[str, Any], request: dict[str, Any]) -> bool:
    unknown = set(rule) - _KNOWN
    if unknown:
        raise SandboxError(f"a rule has {sorted(unknown)}, which is unknown")
    text = json.dumps(request.get("object"), sort_keys=True)
    tests = {
        "kind": lambda value: request["kind"]["kind"] == value,
        "name": lambda value: request.get("name") == value,
        "operation": lambda value: request["operation"] == value,
        "dryRun": lambda value: bool(request.get("dryRun")) == value,
        "contains": lambda value: value in text,
        "lacks": lambda value: value not in text,
    }
    return all(test(rule[name]) for name, test in tests.items() if name in rule)


def _reply(rules: list[dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
    rule = next((rule for rule in rules if _holds(rule, request)), {})
    time.sleep(rule.get("delay", 0))
    if "deny" in rule:
        return {"allowed": False, "status": {"code": 403, "message": rule["deny"]}}
    if "patch" in rule:
        patch = base64.b64encode(json.dumps(rule["patch"]).encode()).decode()
        return {"allowed": True, "patchType": "JSONPatch", "patch": patch}
    return {"allowed": True}


def serve(folder: Path) -> None:
    """Serves until it is killed; the file `port` says where."""
    chain, key = certificate(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            request = review["request"]
            rules = json.loads((folder / "rules").read_text(encoding="utf-8"))
            response = {"uid": request["uid"], **_reply(rules, request)}
            with (folder / "log").open("a", encoding="utf-8") as log:
                seen = {name: request.get(name) for name in ("operation", "name", "dryRun")}
                log.write(json.dumps({"kind": request["kind"]["kind"], **seen,
                                      "allowed": response["allowed"]}) + "\n")
            body = json.dumps({"apiVersion": review["apiVersion"], "kind": "AdmissionReview",
                               "response": response}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing: the log has it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    ready = folder / "port.new"
    ready.write_text(str(server.server_address[1]), encoding="utf-8")
    ready.rename(folder / "port")
    server.serve_forever()
