"""A page of the manual as the commands in it; scripts/check-manual says how they are written."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

SHOWN = {"text", "yaml", "json"}
FENCE = re.compile(r"^```(.*)$")
HIDDEN = re.compile(r"^<!-- run$")
STATUS = re.compile(r"^\[exit (\d+)\]$")
FILE = re.compile(r"^(yaml|json|text) file=(\S+)$")
CI_KEY = re.compile(r"^\s*(?:- )?(run|script|before_script|after_script):\s*(.*)$")


class Trouble(Exception):
    """What is wrong with a page."""


@dataclass
class Step:
    """One command, with what it is to print, or a file to write."""

    line: int
    command: str
    # None where a page shows no output: what is printed does not matter then.
    expected: list[str] | None = None
    status: int = 0
    file: str | None = None


@dataclass
class Page:
    path: Path
    steps: list[Step] = field(default_factory=list)
    # Commands of CI systems, with their lines; each has to be among the commands of the page.
    ci: list[tuple[int, str]] = field(default_factory=list)


def read(path: Path) -> Page:
    page = Page(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        fence = FENCE.match(line.strip())
        if fence:
            if line.startswith(" "):
                raise Trouble(f"{path}:{at + 1}: a block that is indented would not be run")
            end = closing(lines, at + 1, "```", path)
            block(page, fence[1].strip(), lines[at + 1:end], at + 2)
            at = end
        elif HIDDEN.match(line):
            end = closing(lines, at + 1, "-->", path)
            page.steps += script(path, lines[at + 1:end], at + 2)
            at = end
        elif line.startswith("    ") and (at == 0 or not lines[at - 1].strip()):
            raise Trouble(f"{path}:{at + 1}: a block without a fence would not be run")
        at += 1
    known = {" ".join(step.command.split()) for step in page.steps}
    for number, command in page.ci:
        if " ".join(command.split()) not in known:
            raise Trouble(f"{path}:{number}: what the CI system runs is not run here: {command}")
    return page


def closing(lines: list[str], at: int, mark: str, path: Path) -> int:
    for number in range(at, len(lines)):
        if lines[number].strip() == mark:
            return number
    raise Trouble(f"{path}:{at}: no {mark} ends this block")


def block(page: Page, language: str, lines: list[str], first: int) -> None:
    named = FILE.match(language)
    if language == "console":
        page.steps += transcript(page.path, lines, first)
    elif language == "sh":
        page.steps += script(page.path, lines, first)
    elif named:
        page.steps.append(Step(first, "\n".join(lines) + "\n", file=named[2]))
    elif language not in SHOWN:
        raise Trouble(f'{page.path}:{first - 1}: a block of "{language}" is neither run nor shown')
    elif any(line.startswith("$ ") for line in lines):
        raise Trouble(f'{page.path}:{first - 1}: commands in a block of "{language}" would not be run')
    if language.split(" ")[0] == "yaml":
        page.ci += ci_commands(page.path, lines, first)


def is_whole(command: str) -> bool:
    """Whether bash would run it, and wait for no further line."""
    if command.rstrip(" ").endswith("\\"):
        return False
    outcome = subprocess.run(["bash", "-n"], input=command, capture_output=True, text=True, check=False)
    return outcome.returncode == 0 and not outcome.stderr


def whole(path: Path, lines: list[str], at: int, first: int) -> tuple[str, int]:
    """The command that begins at a line, and the line after it."""
    for end in range(at + 1, len(lines) + 1):
        command = "\n".join(lines[at:end])
        if is_whole(command):
            return command, end
    raise Trouble(f"{path}:{first + at}: this command has no end: {lines[at]}")


def script(path: Path, lines: list[str], first: int) -> list[Step]:
    steps, at = [], 0
    while at < len(lines):
        if not lines[at].strip() or lines[at].lstrip().startswith("#"):
            at += 1
            continue
        command, end = whole(path, lines, at, first)
        steps.append(Step(first + at, command))
        at = end
    return steps


def transcript(path: Path, lines: list[str], first: int) -> list[Step]:
    steps, at = [], 0
    while at < len(lines):
        if not lines[at].startswith("$ "):
            raise Trouble(f"{path}:{first + at}: a transcript begins with a command: {lines[at]}")
        command, end = whole(path, [lines[at][2:], *lines[at + 1:]], 0, first + at)
        begin = at
        at = end = at + end
        while at < len(lines) and not lines[at].startswith("$ "):
            at += 1
        step = Step(first + begin, command, expected=lines[end:at])
        while step.expected and not step.expected[-1].strip():
            step.expected.pop()
        if step.expected and (ended := STATUS.match(step.expected[-1])):
            step.status = int(ended[1])
            step.expected.pop()
        steps.append(step)
    return steps


def ci_commands(path: Path, lines: list[str], first: int) -> list[tuple[int, str]]:
    """What `run:` and `script:` hold in the YAML of a CI system."""
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(lines):
        key = CI_KEY.match(lines[at])
        at += 1
        if not key:
            continue
        if key[2] and key[2] != "|":
            found.append((first + at - 1, key[2]))
            continue
        depth = len(lines[at - 1]) - len(lines[at - 1].lstrip())
        begin, body = at, []
        while at < len(lines) and (not lines[at].strip() or depth < len(lines[at]) - len(lines[at].lstrip())):
            body.append(lines[at])
            at += 1
        if key[2] == "|":
            margin = min((len(each) - len(each.lstrip()) for each in body if each.strip()), default=0)
            steps = script(path, [each[margin:] for each in body], first + begin)
            found += [(step.line, step.command) for step in steps]
        else:
            found += [(first + begin + number, each.strip().removeprefix("- ").strip())
                      for number, each in enumerate(body)
                      if each.strip() and not each.strip().startswith("#")]
    return found
