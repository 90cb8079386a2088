"""How `fuzz.py` changes what was whole: bytes anywhere, or a value in the place of another."""

import json

__all__ = ["ODD", "changed", "changed_json", "changed_value"]

_DEEP = "so deep that no stack holds it"
ODD = (  # values that a place may hold and its reader may not expect
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63,
    2**64,
    10**400,
    1e308,
    -0.5,
    "",
    "x",
    "\x00",
    "\ud800",
    "\u202e",
    "1e999",
)
_MORE = ([], {}, [[]], {"": ""}, [1, "a"], "x" * 5000, float("inf"), float("nan"), _DEEP)


def changed(data, chance):
    """Return bytes with some flipped, cut, doubled, moved or put in; some stay as they are."""
    found = bytearray(data)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 4, 16))):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(6):
            case 0 if at < len(found):
                found[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(found):
                found[at] = chance.choice((0, 1, 127, 128, 255))
            case 2:
                del found[at : at + chance.randrange(1, 9)]
            case 3:
                found[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 4:
                found[at:at] = found[at : at + chance.randrange(1, 65)]
            case _:
                found[at : at + 4] = chance.choice((0, 1, 2**16, 2**31, 2**32 - 1)).to_bytes(4, "little")
    return bytes(found)


def changed_json(data, chance):
    """Return JSON with a part of it changed, or its bytes."""
    if chance.random() < 0.3:
        return changed(data, chance)
    text = json.dumps(changed_value(json.loads(data), chance), ensure_ascii=chance.random() < 0.5)
    return text.replace(f'"{_DEEP}"', "[" * 50_000 + "]" * 50_000).encode("utf-8", "surrogatepass")


def changed_value(value, chance):
    """Return a value of lists and dictionaries in which some parts are gone, doubled, or others."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        spots = list(_spots(value))
        if not spots or chance.random() < 0.02:
            return chance.choice(ODD + _MORE)
        container, key = chance.choice(spots)
        match chance.randrange(5):
            case 0:
                del container[key]
            case 1 if isinstance(container, list):
                container.insert(key, container[key])
            case 1:
                container[chance.choice(("", "more", str(key) * 2))] = container[key]
            case 2:
                other, its = chance.choice(spots)
                container[key] = _copied(other[its]) if _is_in(its, other) else None
            case _:
                container[key] = _copied(chance.choice(ODD + _MORE))
    return value


def _is_in(key, container):
    return key < len(container) if isinstance(container, list) else key in container


def _copied(value):
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return {key: _copied(item) for key, item in value.items()} if isinstance(value, dict) else value


def _spots(value):
    """Yield each place of a part of a value: what holds it, and its key there."""
    keys = range(len(value)) if isinstance(value, list) else list(value) if isinstance(value, dict) else ()
    for key in keys:
        yield value, key
        yield from _spots(value[key])
