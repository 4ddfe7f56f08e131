"""The recipe's value paths as tables. It reads as much YAML as recipes use, and refuses the rest."""

from __future__ import annotations

import re
from pathlib import Path

RECIPE = "migrations/charts/backbone-0.1.0-to-0.2.0.yaml"
Entry = dict[str, str]


def section(text: str, name: str) -> list[Entry]:
    """The entries of a list, each a mapping in a line or over several."""
    found: list[Entry] = []
    body = re.search(rf"(?m)^{name}:\n((?:[ #].*\n|\n)*)", text)
    if not body:
        raise SystemExit(f"{RECIPE}: there is no {name}")
    for line in body[1].splitlines():
        inline = re.fullmatch(r"  - \{ (.*) \}", line)
        first = re.fullmatch(r"  - (\w+): (.*)", line)
        further = re.fullmatch(r"    (\w+): (.*)", line)
        if inline:
            found.append(dict(re.findall(r'(\w+): ("[^"]*"|[^,]+)', inline[1])))
        elif first:
            found.append({first[1]: first[2]})
        elif further and found:
            found[-1][further[1]] = further[2]
        elif line.strip() and not line.lstrip().startswith("#"):
            raise SystemExit(f"{RECIPE}: this line is not understood: {line}")
    return [{key: value.strip('"') for key, value in entry.items()} for entry in found]


def rows(head: str, body: list[str]) -> str:
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *body])


def tables(root: Path) -> list[str]:
    text = (root / RECIPE).read_text(encoding="utf-8")
    variables = [
        f"| `{entry['name']}` | `{entry['home']}` | {code(entry.get('reference'))} | {entry['codec']} "
        f"| {code(entry['whenAbsent'])} |" for entry in section(text, "variables")]
    settings = [
        f"| {entry['dimension']} | `{entry['fact']}` | `{entry['home']}` "
        f"| [`{entry['code']}`](../findings/{entry['code']}.md) |" for entry in section(text, "settings")]
    return [
        "Where a plan writes what it finds, as [the recipe](../../" + RECIPE + ")\n"
        "has it. What each value does is in [the chart's manual](../../charts/README.md). Each path can be\n"
        "given to `--set`, and to `--adopt`.",
        "Variables of the broker. *reference* takes what stands under `valueFrom` in a Pod. *read as*: a flag\n"
        "is on only for exactly `true`; of a port or integer the leading digits count. *means the same* is the\n"
        "text that the broker reads as if the variable were not there. Every other variable goes to\n"
        "`extraEnv`, and `envFrom` to `extraEnvFrom`.",
        rows("| variable | value path | reference | read as | means the same |", variables),
        "Other facts, with the finding that says what becomes of them:",
        rows("| dimension | fact | value path | finding |", settings),
        "Services go to `service.http` and `service.tcp`, field by field.",
    ]


def code(text: str | None) -> str:
    return "–" if text is None else f"`{text}`" if text else "empty"
