"""The little of the Kubernetes API that the sandbox itself needs, over plain HTTPS."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]

UNREACHABLE = (OSError, http.client.HTTPException)
_REQUEST_SECONDS = 30
_RETRY_SECONDS = 0.2


class APIError(Exception):
    """The API server's refusal."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text}")
        self.status = status


@dataclass(frozen=True)
class Endpoint:
    """Where an API server listens, whom it takes for it, and how to be somebody there."""

    port: int
    certificate_authority: str
    token: str

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def kubeconfig(self, user: str) -> str:
        """A kubeconfig that holds everything it needs."""
        authority = base64.b64encode(self.certificate_authority.encode()).decode()
        return (
            "apiVersion: v1\n"
            "kind: Config\n"
            "clusters:\n"
            "- name: sandbox\n"
            "  cluster:\n"
            f"    server: {self.url}\n"
            f"    certificate-authority-data: {authority}\n"
            "users:\n"
            f"- name: {user}\n"
            "  user:\n"
            f"    token: {self.token}\n"
            "contexts:\n"
            "- name: sandbox\n"
            "  context:\n"
            "    cluster: sandbox\n"
            f"    user: {user}\n"
            "    namespace: default\n"
            "current-context: sandbox\n"
        )


class API:
    """A client of one API server; every thread has a connection of its own."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._context = ssl.create_default_context(cadata=endpoint.certificate_authority)
        # The server signs its certificate itself, in a form that newer Pythons find too loose.
        self._context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        self._local = threading.local()

    def get(self, path: str) -> Object:
        return self._request("GET", path)

    def create(self, path: str, item: Object) -> Object:
        return self._request("POST", path, item)

    def patch(self, path: str, change: Object) -> Object:
        return self._request("PATCH", path, change, "application/merge-patch+json")

    def delete(self, path: str, options: Object | None = None) -> Object:
        return self._request("DELETE", path, options)

    def is_ready(self) -> bool:
        try:
            self._send("GET", "/readyz", None, "").read()
        except (APIError, *UNREACHABLE):
            return False
        return True

    def follow(self, path: str) -> Iterator[tuple[str, Object]]:
        """Every object below `path` as it is and as it changes, for ever.

        After a lost connection all objects come again: whoever follows must bear repetition.
        """
        while True:
            try:
                listed = self.get(path)
                for item in listed["items"]:
                    yield "ADDED", item
                version = listed["metadata"]["resourceVersion"]
                yield from self._watch(f"{path}?watch=1&resourceVersion={version}")
            except (APIError, ValueError, *UNREACHABLE):
                time.sleep(_RETRY_SECONDS)

    def _watch(self, path: str) -> Iterator[tuple[str, Object]]:
        connection = self._connect(timeout=None)
        try:
            connection.request("GET", path, headers=self._headers(""))
            response = connection.getresponse()
            for line in iter(response.readline, b""):
                event = json.loads(line)
                if event["type"] == "ERROR":  # the version is too old: list again
                    return
                yield event["type"], event["object"]
        finally:
            connection.close()

    def _request(
        self, method: str, path: str, body: Object | None = None,
        content_type: str = "application/json",
    ) -> Object:
        return json.loads(self._send(method, path, body, content_type).read())

    def _send(
        self, method: str, path: str, body: Object | None, content_type: str
    ) -> http.client.HTTPResponse:
        data = None if body is None else json.dumps(body)
        kept = getattr(self._local, "connection", None)
        try:
            response = self._send_once(method, path, data, content_type)
        except UNREACHABLE:
            if kept is None:
                raise
            # A connection kept from before may be dead by now; a new one tells for sure.
            response = self._send_once(method, path, data, content_type)
        if response.status >= 400:
            raise APIError(response.status, response.read().decode(errors="replace")[:500])
        return response

    def _send_once(
        self, method: str, path: str, data: str | None, content_type: str
    ) -> http.client.HTTPResponse:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect(timeout=_REQUEST_SECONDS)
        try:
            connection.request(method, path, body=data, headers=self._headers(content_type))
            return connection.getresponse()
        except UNREACHABLE:
            self._local.connection = None
            connection.close()
            raise

    def _connect(self, timeout: float | None) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            "127.0.0.1", self._endpoint.port, context=self._context, timeout=timeout
        )

    def _headers(self, content_type: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._endpoint.token}"} | (
            {"Content-Type": content_type} if content_type else {}
        )
