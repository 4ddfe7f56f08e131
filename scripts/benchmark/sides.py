"""The sides of the comparison: this program, whoever types the commands, and helm alone.

Each plans, applies and goes back on a release of its own. All of these releases are alike: made
with helm from chart 0.1.0, then changed by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .places import ROOT, Place, Tools
from .runs import Run, must

FIXTURE = ROOT / "Tests/Fixtures/charts/backbone-0.1.0-app-label"
BY_HAND = [
    "ADMIN_TOKEN=made-up", "HTTP_PORT=9000", "API_ENABLED=true", "TCP_ENABLED=true",
    "REDIS_ENABLED=true", "REDIS_HOST=redis", "REDIS_PORT=6380", "LOG_LEVEL=debug",
    "PUBLIC_URL=http://broker:$(HTTP_PORT)/", "OIDC_ENABLED=true", "OIDC_CLIENT_ID=broker",
]
PHASES = ("plan", "apply", "rollback")


def make_release(namespace: str, tools: Tools) -> None:
    """A release with eleven variables, in a namespace of its own."""
    kubectl = [tools.kubectl, "--namespace", namespace]
    must([tools.kubectl, "create", "namespace", namespace])
    must([*kubectl, "create", "serviceaccount", "web"])
    must([*kubectl, "create", "secret", "generic", "broker", "--from-literal=jwt=x"])
    must([tools.helm, "install", "web", str(FIXTURE), "--namespace", namespace])
    must([*kubectl, "set", "env", "deployment/web", *BY_HAND])


@dataclass
class Side:
    """One way to do the work, on one release."""

    title: str
    tools: Tools
    place: Place
    namespace: str
    # Where it keeps what it needs from one phase to the next.
    folder: Path
    # The new chart, and the values that the plan proposes.
    chart: str
    values: str

    def work(self, phase: str) -> Callable[[], Run | None] | None:
        """What does this phase; None where the side has none."""
        return getattr(self, phase, None)

    def settle(self) -> None:
        """Waits until the release's Pods run, so that nobody is measured while they start."""
        must([self.tools.kubectl, "rollout", "status", "deployment/web", "--timeout=60s",
              "--namespace", self.namespace])

    def helm(self, *words: str, text: str | None = None) -> Run:
        return must(
            [self.tools.helm, *words, "--namespace", self.namespace], self.place.environment, text)

    def kubectl(
        self, *words: str, text: str | None = None, allowed: tuple[int, ...] = (0,)
    ) -> Run:
        return must(
            [self.tools.kubectl, *words, "--namespace", self.namespace], self.place.environment,
            text, allowed)

    @property
    def forced(self) -> list[str]:
        """What helm needs to take fields that were set by hand."""
        return ["--force-conflicts"] if self.tools.is_helm_4 else []

    def upgrade(self, *more: str) -> None:
        self.helm(
            "upgrade", "web", self.chart, "--reset-values", "--values", "-", *self.forced, *more,
            text=self.values)


@dataclass
class Program(Side):
    """This program, or the one from before a change."""

    binary: str = ""
    planned: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return {
            **self.place.environment, "BACKBONE_MIGRATE_HELM": self.tools.helm,
            "BACKBONE_MIGRATE_KUBECTL": self.tools.kubectl,
            "BACKBONE_MIGRATE_HISTORY": str(self.folder / "history.sqlite"),
        }

    def words(self, *words: str) -> list[str]:
        return [self.binary, *words, "--namespace", self.namespace]

    def plan(self) -> Run:
        # 2: something wants attention, such as a question that nobody could ask.
        made = must(
            self.words("plan", "web", "--output", "json", "--verbose"), self.environment,
            allowed=(0, 2))
        self.planned = json.loads(made.output)["id"]
        return made

    def apply(self) -> Run:
        return must(
            self.words("apply", self.planned, "--yes", "--no-wait", "--verbose"),
            self.environment)

    def rollback(self) -> Run:
        return must(
            self.words("rollback", "web", "--yes", "--no-wait", "--verbose"), self.environment)


class Hand(Side):
    """The same questions and changes, typed one after another. What to make of the answers is left
    to whoever types."""

    def plan(self) -> None:
        self.helm("version", "--template", "{{.Version}}")
        status = json.loads(self.helm("status", "web", "--output", "json").output)
        self.helm("history", "web", "--output", "json")
        self.kubectl(
            "get", "--filename", "-", "--ignore-not-found", "--show-managed-fields", "--output",
            "json", text=status["manifest"])
        # The release does not hold these.
        self.kubectl("get", "serviceaccount", "web", "--output", "json")
        self.kubectl("get", "namespace", "kube-system", "--output", "json")
        template = ["template", "web", self.chart, "--is-upgrade", "--no-hooks"]
        self.helm(*template)
        rendered = self.helm(*template, "--values", "-", text=self.values).output
        dry = ["--dry-run=server", "--output", "name"]
        # 1: some of the objects are there already, which is what was asked.
        self.kubectl("create", "--filename", "-", *dry, text=rendered, allowed=(0, 1))
        self.kubectl(
            "patch", "deployment", "web", *dry, "--patch", '{"spec":{"minReadySeconds":1}}')
        if status.get("apply_method") != "ssa":
            return
        # Whose fields would change, object by object: what kubectl says does not name the object.
        for document in re.split(r"^---$", rendered, flags=re.MULTILINE):
            if "kind: Deployment" in document or "name: web\n" in document:
                self.kubectl(
                    "apply", "--filename", "-", "--server-side", "--field-manager=helm", *dry,
                    text=document, allowed=(0, 1))

    def apply(self) -> None:
        # Is it still what was planned with?
        self.helm("status", "web", "--output", "json")
        # The state from before, kept in the cluster for whoever has to go back.
        backup = self.folder / "before.json"
        backup.write_text(self.live())
        self.kubectl("create", "secret", "generic", "web-before", f"--from-file={backup}")
        # Does the API server take it?
        self.upgrade("--dry-run=server")
        # No Pod starts before everything is in its place.
        self.kubectl("rollout", "pause", "deployment/web")
        self.upgrade()
        self.kubectl("rollout", "resume", "deployment/web")
        # Is it as planned?
        self.live()

    def rollback(self) -> None:
        self.helm("history", "web", "--output", "json")
        self.live()
        self.kubectl("get", "secret", "web-before", "--output", "json")
        self.kubectl("rollout", "pause", "deployment/web")
        self.helm("rollback", "web", "1", *self.forced)
        # What was set by hand, which helm does not know.
        before = json.loads((self.folder / "before.json").read_text())
        deployment = next(each for each in before["items"] if each["kind"] == "Deployment")
        self.kubectl(
            "patch", "deployment", "web", "--type", "json", "--patch", json.dumps([{
                "op": "replace", "path": "/spec/template", "value": deployment["spec"]["template"],
            }]))
        self.kubectl("rollout", "resume", "deployment/web")
        # Is it as it was?
        self.live()

    def live(self) -> str:
        return self.kubectl(
            "get", "deployment,service,serviceaccount", "web", "--output", "json").output


class Helm(Side):
    """Helm alone: no question, no backup, and what was set by hand is as good as what it makes of
    it."""

    def apply(self) -> None:
        self.upgrade()

    def rollback(self) -> None:
        self.helm("rollback", "web", "1", *self.forced)
