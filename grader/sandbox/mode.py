"""Whether submissions are confined; by itself, since the command line names the modes before torch is loaded."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["SandboxMode"]


class SandboxMode(StrEnum):
    """`AUTO` refuses to grade where submissions can't be confined; `NONE` never confines."""

    AUTO = "auto"
    NONE = "none"
