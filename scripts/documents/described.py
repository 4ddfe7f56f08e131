"""The commands and options of the program, as it describes them itself."""

from __future__ import annotations

import json
import subprocess
from typing import Any

Command = dict[str, Any]
Argument = dict[str, Any]


def said(binary: str, flag: str) -> str:
    return subprocess.run([binary, flag], capture_output=True, text=True, check=True).stdout


def program(binary: str) -> Command:
    return json.loads(said(binary, "--experimental-dump-help"))["command"]


def children(command: Command) -> list[Command]:
    return [each for each in command.get("subcommands", []) if each["commandName"] != "help"]


def arguments(command: Command) -> list[Argument]:
    """Those that help shows."""
    return [each for each in command.get("arguments", []) if each.get("shouldDisplay", True)]


def spellings(argument: Argument) -> list[str]:
    """Such as `-n` and `--namespace`, the short one first."""
    names = [("-" if name["kind"] == "short" else "--") + name["name"]
             for name in argument.get("names", [])]
    return sorted(names, key=len)


def sections(command: Command) -> dict[str, list[Argument]]:
    """What help shows, by the headings that it has there."""
    found: dict[str, list[Argument]] = {}
    for argument in arguments(command):
        found.setdefault(argument.get("sectionTitle") or "Options", []).append(argument)
    return found


def explanation(argument: Argument) -> str:
    """Everything that is said of an argument, on one line."""
    words = [argument.get("abstract", ""), argument.get("discussion", "")]
    if argument.get("allValues"):
        words.append("One of " + ", ".join(argument["allValues"]) + ".")
    if argument.get("defaultValue"):
        words.append(f"Default: {argument['defaultValue']}.")
    return " ".join(" ".join(each.split()) for each in words if each)
