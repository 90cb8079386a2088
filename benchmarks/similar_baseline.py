"""A baseline in the manner of MOSS: k-grams of normalised tokens, winnowed, and how many two submissions share.

After Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003: names are
one token, numbers another; what was handed out counts for nothing, nor what more than a third of the class has.
"""

import io
import keyword
import tokenize
import zlib
from collections import Counter

_SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def fingerprints(text, k=8, window=5):
    """Return the winnowed hashes of a text."""
    tokens = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in _SKIPPED:
            continue
        name = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
        tokens.append("N" if name else "0" if token.type == tokenize.NUMBER else token.string)
    grams = [zlib.crc32(" ".join(tokens[at : at + k]).encode()) for at in range(len(tokens) - k + 1)]
    return {min(grams[at : at + window]) for at in range(max(1, len(grams) - window + 1))} if grams else set()


def winnowed_scores(texts, handed_out, k=8, window=5):
    """Return what each pair shares, relative to the smaller one (containment), by the pair's numbers."""
    given = fingerprints(handed_out, k, window)
    found = [fingerprints(text, k, window) - given for text in texts]
    held = Counter(value for one in found for value in one)
    found = [{value for value in one if held[value] <= max(2, len(texts) / 3)} for one in found]
    return {
        (a, b): len(found[a] & found[b]) / max(1, min(len(found[a]), len(found[b])))
        for b in range(len(texts))
        for a in range(b)
    }
