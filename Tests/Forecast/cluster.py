"""The programs that a forecast is held against: helm, kubectl, and the tool itself."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facts import State
from shapes import MODES, ROOT, Object, Shape

READ = ("deployments.apps,services,serviceaccounts,persistentvolumeclaims,configmaps,secrets,"
        "ingresses.networking.k8s.io,horizontalpodautoscalers.autoscaling,"
        "poddisruptionbudgets.policy,rolebindings.rbac.authorization.k8s.io")
ROLLOUT_SECONDS = 8


@dataclass
class Outcome:
    status: int
    output: str
    errors: str


class Unfit(Exception):
    """A shape that cannot be made, or something that went wrong beside what is looked at."""


class Cluster:
    """A control plane, and a folder for what the programs write."""

    def __init__(self, binary: str, folder: Path) -> None:
        self.binary, self.folder = binary, folder
        self.helms = {"helm3": os.environ["BACKBONE_SANDBOX_HELM3"],
                      "helm4": os.environ["BACKBONE_SANDBOX_HELM4"]}
        self.kubectl_path = os.environ["BACKBONE_SANDBOX_KUBECTL"]
        self.environment = dict(os.environ) | {
            "HOME": str(folder), "NO_COLOR": "1", "BACKBONE_MIGRATE_KUBECTL": self.kubectl_path}
        self.environment.pop("BACKBONE_MIGRATE_HISTORY", None)

    def run(self, program: str, arguments: list[str], given: str | None = None,
            more: dict[str, str] | None = None, seconds: int = 120) -> Outcome:
        done = subprocess.run([program, *arguments], input=given or "", text=True,
                              capture_output=True, timeout=seconds,
                              env=self.environment | (more or {}))
        return Outcome(done.returncode, done.stdout, done.stderr)

    def kubectl(self, namespace: str, *arguments: str, given: Any = None,
                text: str | None = None) -> str:
        done = self.run(self.kubectl_path, ["--namespace", namespace, *arguments],
                        text if given is None else json.dumps(given))
        if done.status != 0:
            raise Unfit(f"kubectl {' '.join(arguments)}: {done.errors.strip()}")
        return done.output

    def helm(self, version: str, namespace: str, *arguments: str,
             given: Object | None = None) -> Outcome:
        values = [] if given is None else ["--values", "-"]
        return self.run(self.helms[version],
                        [*arguments, *values, "--namespace", namespace],
                        None if given is None else json.dumps(given))

    def read(self, namespace: str) -> State:
        return State.read(json.loads(self.kubectl(namespace, "get", READ, "--output", "json")))

    def claims_without_class(self, namespace: str, state: State) -> list[str]:
        """The claims that no class will ever bind; a Deployment without Pods does not show them."""
        classes = self.kubectl(namespace, "get", "storageclasses", "--output", "name").split()
        return [f"claim {name} is Pending" for name, claim in
                state.all("PersistentVolumeClaim").items()
                if claim["status"].get("phase") == "Pending"
                and f"storageclass.storage.k8s.io/{claim['spec'].get('storageClassName')}"
                not in classes]

    def target(self, defaults: Object) -> str:
        """The folder of a chart 0.2.0 with other defaults."""
        if not defaults:
            return str(ROOT / "charts")
        content = json.dumps(defaults, sort_keys=True)
        name = f"target-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
        chart = self.folder / name / "backbone"
        if not chart.exists():
            part = Path(tempfile.mkdtemp(dir=self.folder)) / "backbone"
            shutil.copytree(ROOT / "charts", part)
            values = self.default_values(part)
            merge_over(values, defaults)
            (part / "values.yaml").write_text(json.dumps(values, indent=1))
            chart.parent.mkdir(exist_ok=True)
            try:
                part.rename(chart)
            except OSError:
                shutil.rmtree(part)  # Another lane was first.
        return str(chart)

    def default_values(self, chart: Path) -> Object:
        """A chart's values, as helm reads them."""
        template = chart / "templates/values-for-forecast.yaml"
        template.write_text("values: {{ .Values | toJson }}\n")
        shown = self.run(self.helms["helm4"], [
            "template", "web", str(chart), "--show-only", f"templates/{template.name}"])
        template.unlink()
        line = next(line for line in shown.output.splitlines() if line.startswith("values: "))
        return json.loads(line.removeprefix("values: "))

    def settle(self, namespace: str, workload: str) -> str | None:
        """Waits for a rollout; what keeps it when it does not come to its end."""
        done = self.run(self.kubectl_path, [
            "--namespace", namespace, "rollout", "status", f"deployment/{workload}",
            f"--timeout={ROLLOUT_SECONDS}s"])
        if done.status == 0:
            return None
        seen = json.loads(self.kubectl(
            namespace, "get", "pods,replicasets.apps,persistentvolumeclaims", "--output", "json"))
        reasons = []
        for item in seen["items"]:
            status = item.get("status", {})
            if item["kind"] == "PersistentVolumeClaim":
                if status.get("phase") != "Bound":
                    reasons.append(f"claim {item['metadata']['name']} is {status.get('phase')}")
                continue
            for condition in status.get("conditions", []):
                if condition.get("message") and condition["status"] != (
                        "False" if item["kind"] == "ReplicaSet" else "True"):
                    reasons.append(condition["message"])
        return "; ".join(reasons) or done.errors.strip() or "the rollout does not end"

    # Making a shape.

    def make(self, shape: Shape, namespace: str) -> None:
        maker, _ = MODES[shape.mode]
        items = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}]
        items += [item | {"metadata": item["metadata"] | {"namespace": namespace}}
                  for item in shape.objects]
        self.kubectl(namespace, "create", "--filename", "-",
                     given={"apiVersion": "v1", "kind": "List", "items": items})
        done = self.helm(maker, namespace, "install", shape.release, shape.chart_path,
                         given=shape.values)
        if done.status != 0:
            raise Unfit(f"helm install: {done.errors.strip()}")
        for edit in shape.edits:
            self.kubectl(namespace, *edit.arguments, given=edit.input)


def merge_over(into: Object, other: Object) -> None:
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict) and into[key]:
            merge_over(into[key], value)
        else:
            into[key] = value
