"""What breaks between two states, and which findings predict it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from facts import Key, Route

# Kinds of facts: their dimension, and the findings that speak of a change.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "workload": ("ownership", ("workload-renamed",)),
    "variable": ("environment", ()),  # by name: see Forecast.predicts
    "image": ("image", ("image-changed",)),
    "account": ("identity", ("service-account-renamed",)),
    "account annotation": ("identity", ("service-account-annotations-lost",
                                        "service-account-renamed",
                                        # A rollback after --take-ownership deletes the account.
                                        "service-account-unowned")),
    "missing account": ("identity", ("service-account-missing",
                                     # As above.
                                     "service-account-unowned")),
    "own account": ("identity", ("service-account-unowned",)),
    "binding": ("identity", ("role-binding-left-behind", "service-account-renamed")),
    "data": ("storage", ("volume-lost", "persistence-disabled", "data-left-behind")),
    "mount": ("storage", ("volume-lost",)),
    "claim": ("storage", ("claim-deleted-by-rollback", "volume-lost")),
    "service": ("network", ("service-removed",)),
    "port": ("network", ("service-port-moved", "service-target-unreachable")),
    "node port": ("network", ("load-balancer-settings-lost", "service-type-changed",
                              "service-port-moved")),
    "service type": ("network", ("service-type-changed",)),
    "balancing": ("network", ("load-balancer-settings-lost", "service-type-changed")),
    # What follows from a name or a label that the plan keeps is predicted with it.
    "ingress": ("network", ("ingress-orphaned", "service-removed", "service-port-moved")),
    "foreign port": ("network", ("service-target-unreachable", "selector-immutable",
                                 "pod-settings-lost")),
    "user": ("security", ("runs-as-non-root",)),
    "rights": ("security", ("capabilities-dropped", "runs-as-non-root")),
    "low port": ("security", ("privileged-port",)),
    # A user that the plan keeps is predicted with what he could not write.
    "foreign files": ("security", ("volume-not-writable", "runs-as-non-root")),
    "probe": ("health", ("probe-introduced", "probe-without-endpoint")),
    "replicas": ("scheduling", ("replicas-changed",)),
    "strategy": ("scheduling", ("strategy-changed",)),
    "resources": ("scheduling", ("resources-lost",)),
    "pull secrets": ("scheduling", ("image-pull-secrets-lost",)),
    "scheduling": ("scheduling", ("scheduling-lost",)),
    "container": ("scheduling", ("container-lost",)),
    "command": ("scheduling", ("container-lost",)),
    "pod setting": ("scheduling", ("pod-settings-lost",)),
    "pod label": ("scheduling", ("pod-settings-lost",)),
    "pod annotation": ("scheduling", ("pod-settings-lost",)),
    "autoscaler": ("scheduling", ("scheduling-lost", "workload-renamed")),
    "budget": ("scheduling", ("scheduling-lost", "selector-immutable", "pod-settings-lost")),
    "refused": ("ownership", ()),
    "stuck": ("health", ()),
}
# A further one of these harms nobody; only a loss or a change does.
ONLY_LOSS = {
    "account annotation", "own account", "binding", "mount", "claim", "service", "port",
    "node port", "ingress", "foreign port", "container port", "pod label", "pod annotation",
    "autoscaler", "budget", "balancing", "service type", "account",
}
# Hazards, which do harm when they come and not when they go.
ONLY_GAIN = {"low port", "foreign files", "missing account"}
# What helm says when it stops, the findings that speak of it, and what helps then.
REFUSALS = (
    ("invalid ownership metadata", ("service-account-unowned", "object-unowned")),
    ("field is immutable", ("selector-immutable", "workload-renamed")),
    ("conflict", ()),  # by its fields: see conflicting
    ("specifications of the schema", ("value-unsupported", "value-refused",
                                     "source-values-stale")),
    ("", ("server-rejects", "variable-duplicated", "strategy-changed", "volume-lost",
          "field-conflict", "variable-read-from-secret", "service-type-changed",
          "service-port-moved",
          "load-balancer-settings-lost")),
)
STUCK = (
    ("serviceaccount", ("service-account-missing",)),
    ("claim", ("storage-class-missing",)),
    ("", ("single-writer-rollout",)),
)


@dataclass(frozen=True)
class Break:
    """Something that was so and is so no more."""

    kind: str
    subject: str
    words: str
    codes: tuple[str, ...]

    @property
    def dimension(self) -> str:
        return KINDS[self.kind][0]


def between(before: dict[Key, Any], after: dict[Key, Any]) -> list[Break]:
    """The breaks between two states."""
    if after.get(("workload", "")) is None:
        return [Break("workload", "", "there is no broker", KINDS["workload"][1])]
    found = []
    for key in sorted(set(before) | set(after)):
        kind, subject = key
        old, new = before.get(key), after.get(key)
        if old == new or old is None and kind in ONLY_LOSS or new is None and kind in ONLY_GAIN:
            continue
        if isinstance(old, Route):
            # Nothing was there; or the same listener, which a variable switches off.
            if not old.works or isinstance(new, Route) and new.end == old.end:
                continue
            service = ("service", subject.split(":")[0])
            if service in before and service not in after:
                continue
        if kind in ("service type", "balancing", "node port"):
            service = ("service", subject.split(" ")[0].split(":")[0])
            if service not in after:
                continue
        if kind == "node port" and ("port", subject) not in after \
                and ("port", subject) in before:
            continue
        found.append(Break(kind, subject, f"{old} became {new}", KINDS[kind][1]))
    return found


# Fields on which helm stops because somebody else set them, and the findings that keep them.
FIELDS = (
    (r"\.env\\?\[", "drift"), (r"envFrom", "drift"), (r"\.image", "image-changed"),
    (r"spec\.replicas", "replicas-changed"), (r"strategy", "strategy-changed"),
    (r"Probe", "probe-introduced"), (r"ecurityContext", "runs-as-non-root"),
    (r"resources", "resources-lost"), (r"volume", "volume-lost"),
    (r"spec\.type|spec\.ports|externalTrafficPolicy", "service-type-changed"),
    (r"spec\.ports", "service-port-moved"), (r"spec\.ports", "service-removed"),
    (r"terminationGrace|metadata\.labels", "pod-settings-lost"),
    (r"minReady|progressDeadline|revisionHistory", "strategy-changed"),
)


def conflicting(text: str) -> set[str]:
    """The findings about the fields that an error of helm lists."""
    return {code for field, code in FIELDS if re.search(field, text)}


def refusal(text: str) -> Break:
    """What helm's error means."""
    for words, codes in REFUSALS:
        if words == "conflict" and words in text:
            return Break("refused", words, text.strip()[-300:], ("field-conflict", *conflicting(text)))
        if words in text:
            return Break("refused", words or "otherwise", text.strip()[-300:], codes)
    raise AssertionError


def stuck(text: str) -> Break:
    """What a rollout that does not come to its end means."""
    for words, codes in STUCK:
        if words in text.lower():
            return Break("stuck", words or "otherwise", text[:300], codes)
    raise AssertionError
