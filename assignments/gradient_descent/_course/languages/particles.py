"""Settle Korean particles that hang on the sound before them: 손실은(는) becomes 손실은, and 파라미터은(는) 파라미터는.

Behind a letter of Korean or a digit it is known; behind a name in other letters both stay, as one writes it then.
"""

from __future__ import annotations

import re

__all__ = ["settled"]

_FIRST = 0xAC00  # of the syllables of Korean, of which 28 follow one another with all ends that one may have
_ENDS = 28
_RIEUL = 8  # behind it 로 stands, as behind a vowel
_PARTICLE = re.compile(r"(?<=[가-힣0-9])(?:은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로|\(이\)라)")
_FORMS = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라": ("이라", "라"),
}
_DIGITS = "영일이삼사오육칠팔구"


def settled(text: str, before: str = "") -> str:
    """Return a text with those particles in the one form that fits; `before` is the letter that stands before it."""
    whole = before + text
    return _PARTICLE.sub(lambda found: _fitting(found[0], whole[found.start() - 1]), whole)[len(before) :]


def _fitting(particle: str, before: str) -> str:
    letter = _DIGITS[int(before)] if before.isdigit() else before
    end = (ord(letter) - _FIRST) % _ENDS
    closed = end not in (0, _RIEUL) if particle == "(으)로" else end != 0
    return _FORMS[particle][0 if closed else 1]
