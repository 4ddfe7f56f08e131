"""Whether the commands in documents exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from . import described
from .described import Argument, Command

NAME = "backbone-migrate"
# Where a command begins in a line of a block: not in a path, and not as part of another name.
BEGINNING = re.compile(rf"(?<![\w./\"'-]){NAME}(?= )")
INLINE = re.compile(rf"`({NAME} [^`]+)`")
# Where it ends.
STREAM = re.compile(r"(?<=\s)\d>(&\d|\s*\S+)")
OPERATOR = re.compile(r"^(\||\|\||&&|;|&|\)|[0-9]?>>?.*|<.*)$")
PLACEHOLDER = re.compile(r"^\[|…$")


def documents(root: Path) -> list[Path]:
    return [*sorted(root.glob("*.md")), root / "charts/README.md", root / "sandbox/README.md",
            *sorted((root / "docs").rglob("*.md"))]


def commands(path: Path) -> list[tuple[int, str]]:
    """The commands of a document, each with its line."""
    found: list[tuple[int, str]] = []
    lines = path.read_text(encoding="utf-8").split("\n")
    fenced, at = None, 0
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if line.strip().startswith("```"):
            fenced = None if fenced is not None else line.strip()[3:]
            continue
        if fenced is None and not line.startswith("    "):
            found += [(number, each) for each in INLINE.findall(line)]
            continue
        if fenced not in (None, "sh", "console", "text") or not (match := BEGINNING.search(line)):
            continue
        before = line[:match.start()].strip()
        if not re.fullmatch(r"(\$|NEXT|[A-Z]\w*=\S+|.*(\$\(|\||&&|;|then|do|while|if|!|helm|-)|\W*)", before):
            continue
        command = line[match.start():]
        while at < len(lines) and (command.endswith("\\") or is_open(command)) and lines[at].strip():
            command = command.removesuffix("\\") + " " + lines[at].strip()
            at += 1
        found.append((number, command))
    return found


def is_open(command: str) -> bool:
    """Whether a quote ends on a later line."""
    try:
        shlex.split(command, comments=True)
    except ValueError:
        return True
    return False


def words(command: str) -> list[str]:
    """The words of the command up to where the shell's next one begins."""
    lexer = shlex.shlex(STREAM.sub("", command), posix=True, punctuation_chars="|&;()<>")
    lexer.whitespace_split = True
    found: list[str] = []
    for word in lexer:
        if OPERATOR.match(word):
            break
        found.append(word)
    return found


def mistakes(path: Path, program: Command) -> tuple[list[str], int]:
    """What does not exist in a document's commands, and their number."""
    found, every = [], commands(path)
    for number, command in every:
        reason = mistake(words(command)[1:], program)
        if reason:
            found.append(f"{path}:{number}: {reason}: {command}")
    return found, len(every)


def mistake(given: list[str], program: Command) -> str | None:
    command, rest = program, list(given)
    while subcommands := {each["commandName"]: each for each in described.children(command)}:
        if rest and rest[0] in subcommands:
            command = subcommands[rest.pop(0)]
        elif "defaultSubcommand" in command:
            command = subcommands[command["defaultSubcommand"]]
        elif rest and rest[0].startswith("-"):
            break
        elif rest and rest[0] != "…":
            return f'there is no command "{rest[0]}"'
        else:
            break
    known: dict[str, Argument] = {
        name: argument for argument in described.arguments(command) for name in described.spellings(argument)}
    operands = 0
    while rest:
        word = rest.pop(0)
        if not word.startswith("-") or word == "-":
            operands += not PLACEHOLDER.search(word)
            continue
        name, _, value = word.partition("=")
        if name not in known:
            return f'there is no option "{name}"'
        argument = known[name]
        if argument["kind"] == "flag":
            continue
        if "=" not in word:
            if not rest:
                return f'"{name}" wants a value'
            value = rest.pop(0)
        choices = argument.get("allValues")
        if choices and value not in choices and not value.isupper():
            return f'"{name}" knows no "{value}"'
    positional = [each for each in described.arguments(command) if each["kind"] == "positional"]
    if operands > len(positional) and not any(each["isRepeating"] for each in positional):
        return "there are too many words"
    return None
