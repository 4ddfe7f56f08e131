"""What the scripts say: progress and errors on standard error, data on standard output."""

from __future__ import annotations

import sys


class SandboxError(Exception):
    """What went wrong and what to do next, in one sentence without a capital or a full stop."""


def progress(text: str) -> None:
    print(f"sandbox: {text}", file=sys.stderr, flush=True)
