"""Another language: no text that a student chose costs time, becomes another one inside a message, or is obeyed."""

from __future__ import annotations

import io
import random
import re
import struct
import time
import zipfile
from pathlib import Path

import pytest
from evidence import PROOF
from redteam.vault import assert_is_plain
from reports import make_check, make_exercise, make_report, make_submission

from grader.course.reading import find_course, load_assignment
from grader.formats.forms import ENTRUSTED, Form, render
from grader.languages.catalogue import read_catalogue
from grader.languages.choosing import languages, of_locale, where_messages_are
from grader.languages.tongue import PLACEHOLDER, Tongue, speak
from grader.outcomes import Counterexample, How
from grader.packaging.wheel import build_wheel
from grader.report.in_language import in_language
from grader.report.report import Audience
from grader.report.text import clean
from grader.report.view import view

COURSE = find_course(Path(__file__).parents[2])
KOREAN = speak("ko", [load_assignment(COURSE, name).locale for name in COURSE.names])
LONGEST = 2000  # letters of a line that is looked at
SECONDS = 0.5  # of CPU for a line; the worst that was found took 0.15
NESTED = [item.message.said for item in KOREAN.sentences if re.search(r"\{(said|what)\d*\}", item.message.said)]


def cpu_of(line: str) -> float:
    KOREAN("warm")
    begun = time.process_time()
    KOREAN(line)
    return time.process_time() - begun


def of_repeated_words(said: str) -> list[str]:
    """Return lines that could be cut into this message in many ways, and are none."""
    parts = PLACEHOLDER.split(said)[::2]
    between = parts[1:-1] or parts[-1:]
    lines = []
    for gap in ("", " ", "1", "a, ", "`x`"):
        for order in (between, sorted(between, key=len)):
            words = gap.join(order) + gap
            body = f"{parts[0]}1{words * (LONGEST // max(1, len(words)))}"
            lines.append(f"{body[: LONGEST - 2]}\x01")
        if len(between) > 1:  # many of the first, then many of the second
            room = LONGEST // len(between)
            lines.append(parts[0] + "".join((f"1{gap}{words}" * room)[:room] for words in between))
    return [line[:LONGEST] for line in lines]


@pytest.mark.parametrize("said", [item.message.said for item in KOREAN.sentences][:: 1 if PROOF else 8])
def test_line_that_could_be_a_message_in_many_ways_costs_no_time(said: str):
    """Goal: seconds of the grader for each line that it is made to show."""
    lines = of_repeated_words(said)

    assert max(map(cpu_of, lines)) < SECONDS


def test_message_with_most_placeholders_costs_no_time():
    """The one that took 1.3 s: four texts with a space, an "and" and a semicolon between them."""
    most = max((item.message.said for item in KOREAN.sentences), key=lambda said: len(PLACEHOLDER.findall(said)))
    private = [item.message.said for item in KOREAN.sentences if "{params} and {gradient}" in item.message.said]

    for said in (most, *private):
        assert max(map(cpu_of, of_repeated_words(said))) < SECONDS


def nested(chance: random.Random, depth: int, room: int) -> str:
    """Return messages within messages, as many as a line holds."""
    if depth == 0 or room < 20:
        return chance.choice(["x", "1", "it is zero", "the loss", "none"])
    said = chance.choice(NESTED)
    names = PLACEHOLDER.findall(said)

    def put(found: re.Match[str]) -> str:
        kind = found[1].rstrip("0123456789")
        if kind in ("said", "what", "text"):
            return nested(chance, depth - 1, (room - len(said)) // len(names))
        return {"n": "3", "number": "3", "shape": "(3)"}.get(kind, "w")

    return PLACEHOLDER.sub(put, said)


def test_messages_within_messages_cost_no_time():
    chance = random.Random(14)

    for _ in range(20_000 if PROOF else 1000):
        line = nested(chance, chance.choice((3, 6, 9, 20)), LONGEST)
        if chance.random() < 0.3:
            line = f"{line}{chance.choice((': ', '; ', ', or '))}" * (LONGEST // (len(line) + 4) + 1)
        assert cpu_of(line[:LONGEST].replace("\n", " ")) < SECONDS, line


@pytest.mark.parametrize("text", ["3이(가) 3을(를)", "{name}", "{said}", r"\1", r"\g<name>", "%s", "%(n)s", "\\"])
def test_what_a_student_wrote_stays_letter_by_letter(text: str):
    """Goal: that a report quotes what nobody has written."""
    assert text in KOREAN(f"left out line 3: {text}")
    assert text in KOREAN(f"{text} in line 3: f({text})")
    assert KOREAN(f"left out line 3: {text}") != f"left out line 3: {text}"


@pytest.mark.parametrize("digits", ["9" * 1900, "\u0663", "\u00b2", "\uff13", "3" * 4999])
def test_number_of_any_digits_is_said(digits: str):
    """Goal: an exception at the last step, behind which nobody's report comes."""
    assert digits in KOREAN(f"with n_epochs={digits} it is zero")
    assert digits in KOREAN(f"it is what is expected, rounded to {digits} decimals")


HOSTILE = (
    "<script>alert(1)</script>",
    "](http://x) ![](http://x)",
    "::error::x",
    "##[command]x",
    "=1+1",
    "\x1b]0;x\x07",
    "\u202e",
    "| a | b |\n|---|---|",
    "x\n\n# Full points",
    "````",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_in_a_message_is_obeyed_in_korean(text: str):
    """Goal: markup, a command or a formula by way of a translation."""
    said = clean(f"left out line 3: ValueError: {text}")
    returned = clean(text)
    wrong = make_exercise(
        make_check(told="the value is wrong", title="values"),
        make_check(visible=True, summary=said, text=f"it returned  {returned}\nexpected     1"),
        counterexample=Counterexample(call=returned, returned=f"it returned {returned}", expected="1", how=How.RAISED),
    )
    report = make_report(make_submission(wrong, notes=(said, clean(f"note: {text}"))))

    told = {
        form.value: render(in_language(view(report, Audience.STUDENT), KOREAN), form).replace("\r\n", "\n")
        for form in Form
        if form not in (*ENTRUSTED, Form.CLASSROOM50)
    }

    assert "제외됨" in told["markdown"]
    assert_is_plain(told)


# --- which catalogue is read ------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["../../../tmp/x", "/tmp/x", "ko/../ko", "..", ".", "KO/", "ko\x00", "*", "[k]o", ""])
def test_locale_names_a_language_and_no_path(said: str):
    """Goal: that messages of one's own are read from elsewhere."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        assert of_locale({name: said}) in ("", *languages())
        assert "/" not in of_locale({name: said})


def compiled(pairs: list[tuple[bytes, bytes]]) -> bytes:
    """Return a catalogue as gettext compiles it, of whatever bytes."""
    count = len(pairs)
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count)
    place, tables, texts = 28 + 16 * count, [b"", b""], b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<2I", len(pair[column]), place + len(texts))
            texts += pair[column] + b"\0"
    return head + b"".join(tables) + texts


CHARSET = b"Content-Type: text/plain; charset=%s\n"
HEAD = CHARSET % b"utf-8" + b"Plural-Forms: nplurals=2; plural=%s;\n"
CATALOGUES = {
    "unknown charset": compiled([(b"", CHARSET % b"no-such"), (b"it is zero", b"x")]),
    "charset that is no text": compiled([(b"", CHARSET % b"hex"), (b"it is zero", b"x")]),
    "code as a plural": compiled([(b"", HEAD % b"__import__('os').system('x')"), (b"a\0b", b"x\0y")]),
    "power as a plural": compiled([(b"", HEAD % b"9**9**9"), (b"a\0b", b"x\0y")]),
    "deep plural": compiled([(b"", HEAD % (b"(" * 5000 + b"n" + b")" * 5000)), (b"a\0b", b"x\0y")]),
    "placeholder that there is not": compiled(
        [(b"", HEAD % b"0"), (b"it is zero", b"x"), (b"left out {name}", b"{other} {name}")]
    ),
    "no text": compiled([(b"", HEAD % b"0"), (b"\xff\xfe", b"x")]),
    "cut": compiled([(b"", HEAD % b"0"), (b"it is zero", b"x" * 100)])[:-80],
    "nothing": b"",
    "many of one": struct.pack("<7I", 0x950412DE, 0, 500_000, 28, 28, 0, 28)
    + struct.pack("<2I", 2**22, 28) * 500_000
    + b"x" * 1000,
}


@pytest.mark.parametrize("name", CATALOGUES)
def test_hostile_catalogue_is_read_or_refused(tmp_path: Path, name: str):
    """Goal: code, an exception or all memory by way of a catalogue beside the tests."""
    path = tmp_path / "x.mo"
    path.write_bytes(CATALOGUES[name])

    found = read_catalogue(path)

    tongue = Tongue("ko", [found] if found is not None else [])
    for text in ("it is zero", "a", "b", "left out x"):
        assert isinstance(tongue(text), str)


# --- what no student may have -----------------------------------------------------------------------


def test_no_private_catalogue_is_in_the_wheel_or_a_release():
    """Goal: names of misconceptions and hidden checks, in another language."""
    private = sorted((COURSE.root / "solutions").glob("*/locale/*/LC_MESSAGES/private.mo"))
    assert private
    found = [catalogue for path in private if (catalogue := read_catalogue(path)) is not None]
    everybodys = {item.said for item in read_catalogue(where_messages_are() / "ko/LC_MESSAGES/grader.mo").messages}
    said = {one.translated(item) for one in found for item in one.messages if item.said not in everybodys}
    texts = {text.encode() for text in said if len(text) > 20 and not text.isascii()}
    assert len(texts) > 50

    _, wheel = build_wheel()
    released = {path: path.read_bytes() for path in (COURSE.root / "assignments").rglob("*") if path.is_file()}
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}

    assert not [name for name in inside if "private" in name.rpartition("/")[2]]
    assert not [path for path in released if path.name.startswith("private.")]
    for data in [*inside.values(), *released.values()]:
        assert not [text for text in texts if text in data]
