"""Read back JSON of a fixed shape: a report, or what holds one. Any bytes give that, or a ValueError."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["read_json"]


def read_json(data: bytes, kind: Any) -> Any:  # noqa: ANN401 - a union of shapes is no type
    """Return a value of this kind; raises ValueError for whatever else the bytes are."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"no JSON of this shape: {error}") from error
