"""Whether a command printed what a page shows."""

from __future__ import annotations

import re

# What differs from one run to the next, and says nothing. Both sides are made alike.
ALIKE = [(re.compile(pattern), alike) for pattern, alike in (
    (r"\b\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC", "DATE"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "DATE"),
    (r"LAST DEPLOYED: .*", "LAST DEPLOYED: DATE"),
    (r"\b\d+(\.\d+)? (ms|s|min|h)\b( \d+ (s|min)\b)?", "TIME"),
    (r"(?<= )(\d+[dhms])+(?= |$)", "AGE"),
    (r"\b(helm|kubectl) \d+\.\d+(\.\d+)?", r"\1 VERSION"),
    (r"\b10\.\d+\.\d+\.\d+", "ADDRESS"),
    (r"\b[0-9a-f]{6,10}-[a-z0-9]{5}\b", "POD"),
    (r"\bsha256:[0-9a-f]+", "DIGEST"),
    (r"[ \t]+", " "),
    (r"^ | $", ""),
)]
# Steps as they happen; the report has them as well.
PROGRESS = re.compile(r"^(?:[✓✗–…] [a-z]+  |and back again:$)")
ID = re.compile(r"\b(?:plan|run)-[a-z0-9]{8}\b")


def alike(line: str) -> str:
    for pattern, replacement in ALIKE:
        line = pattern.sub(replacement, line)
    return line


def actual(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if not PROGRESS.match(line)]
    while lines and not lines[-1].strip():
        lines.pop()
    return [alike(line) for line in lines]


class Expectation:
    """What a page shows, as a pattern; ids that it has not shown before stand for any."""

    def __init__(self, lines: list[str], ids: dict[str, str]) -> None:
        self.ids, self.new = ids, {}
        self.patterns = [self.pattern(line) for line in lines]

    def pattern(self, line: str) -> str:
        if line.strip() == "…":
            return r"(?:[^\n]*\n)*?"
        made, at = "", 0
        line = alike(line)
        for match in [*ID.finditer(line), None]:
            text = line[at:match.start() if match else None]
            made += "[^\\n]*?".join(re.escape(part) for part in text.split("…"))
            if match is None:
                break
            at, name = match.end(), match[0]
            if name in self.ids:
                made += re.escape(self.ids[name])
            elif name in self.new:
                made += f"(?P={self.new[name]})"
            else:
                self.new[name] = name.replace("-", "_")
                made += f"(?P<{self.new[name]}>{name.split('-')[0]}-[a-z0-9]{{8}})"
        return made + r"\n"

    def difference(self, printed: list[str]) -> int | None:
        """The number of the first line that was not printed; None, and the ids are known, when all were."""
        text = "".join(line + "\n" for line in printed)
        match = re.fullmatch("".join(self.patterns), text)
        if match:
            self.ids.update({name: match[group] for name, group in self.new.items()})
            return None
        for number in range(len(self.patterns), 0, -1):
            if re.match("".join(self.patterns[:number]), text):
                return number
        return 0
