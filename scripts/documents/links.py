"""Whether the links of a document lead somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

LINK = re.compile(r"(?<!\\)\]\(([^()\s]+)\)")
ELSEWHERE = re.compile(r"^[a-z]+:")
BLOCK = re.compile(r"(?ms)^```.*?^```$")


def text(path: Path) -> str:
    """What is not in a block."""
    return BLOCK.sub("", path.read_text(encoding="utf-8"))


@cache
def anchors(path: Path) -> frozenset[str]:
    """The anchors that a page's headings get on GitHub."""
    found: list[str] = []
    for heading in re.findall(r"(?m)^#+ (.*)$", text(path)):
        heading = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        name = re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")
        again = re.compile(rf"{re.escape(name)}(-\d+)?")
        number = sum(again.fullmatch(each) is not None for each in found)
        found.append(f"{name}-{number}" if number else name)
    return frozenset(found)


def broken(path: Path) -> list[str]:
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        for link in LINK.findall(re.sub(r"`[^`]*`", "", line)):
            file, _, anchor = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            if ELSEWHERE.match(link):
                continue
            if not target.exists():
                found.append(f"{path}:{number}: there is no {file}")
            elif anchor and target.suffix == ".md" and anchor not in anchors(target):
                found.append(f"{path}:{number}: {target.name} has no #{anchor}")
    return found
