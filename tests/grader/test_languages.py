"""Another language: a message is known again by its words at the last step, and nothing else is changed by it."""

import io
import json
import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import make_check, make_exercise, make_report, make_submission, unreadable

from grader.answers.pictures import Curve, Picture
from grader.channels.nbgrader.feedback_cell import exercise_outputs
from grader.commands.lang_option import tongue_of
from grader.commands.out_folder import OutFolder
from grader.course.locale import tongue_for
from grader.course.reading import find_course, load_assignment
from grader.formats.forms import ENTRUSTED, Form, ScoreTable, render
from grader.formats.table import print_view
from grader.kit.screen import Screen
from grader.languages.catalogue import read_catalogue
from grader.languages.choosing import languages, of_locale
from grader.languages.particles import settled
from grader.languages.tongue import ENGLISH, PLACEHOLDER, Tongue, speak
from grader.languages.widths import cells, fitting, padded, wrapped
from grader.outcomes import Counterexample, Diagnosis, How
from grader.report.entrusted import entrust
from grader.report.in_language import entrusted_in_language, in_language
from grader.report.report import Audience
from grader.report.view import view

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)
KOREAN = speak("ko")
SAMPLES = {
    "n": "3",
    "number": "-1.5e-05",
    "name": "grad_fn",
    "names": "`w`, `b` and `x`",
    "shape": "(3, 1)",
    "quantities": "loss, w and b",
}
NO_HANGUL = st.text(st.characters(max_codepoint=0x7FF), max_size=80)
PICTURE = Picture(
    case="a case",
    axis="epoch",
    at=(1, 2),
    curves=(Curve(name="loss", own=(1.0, 2.0), expected=(1.0, 0.5)),),
    said=("One sees it at epoch 2: your loss is 2, and 0.5 is expected.",),
)
WRONG = make_exercise(
    make_check(told="the value is wrong", title="values on fresh data"),
    make_check(visible=True, summary="the shape is wrong: 2 dimensions instead of 1", text="you called   f(1)"),
    title="The chain rule",
    hint="a hint that no catalogue has",
    diagnosis=(
        Diagnosis(misconception="step_factor", text="with n=3 the way from `w` is exactly twice what is expected"),
    ),
    counterexample=Counterexample(call="f(1)", returned="tensor(2)", expected="tensor(1)", how=How.RETURNED),
    picture=PICTURE,
)
REPORT = make_report(make_submission(WRONG, notes=("it is no Python: line 3",)))


def in_korean(report=REPORT, form=Form.MARKDOWN, audience=Audience.STUDENT):
    tongue = speak("ko", [load_assignment(COURSE, "neuron").locale])
    if form in ENTRUSTED:
        return render(entrusted_in_language(entrust(report, audience), tongue), form)
    return render(in_language(view(report, audience), tongue), form)


def filled(text):
    """A message as the code would make it."""
    kinds = (name.rstrip("0123456789") for name in PLACEHOLDER.findall(text))
    values = [SAMPLES.get(kind, "it is zero" if kind in ("said", "what") else "xyz") for kind in kinds]
    parts = PLACEHOLDER.split(text)[::2]
    return "".join(part + value for part, value in zip(parts, [*values, ""], strict=True))


def test_message_is_known_again_whatever_stands_in_it():
    for message in [sentence.message for sentence in KOREAN.sentences]:
        said = KOREAN(filled(message.said))

        assert said != filled(message.said), message.said
        assert not PLACEHOLDER.search(said), message.said


@pytest.mark.parametrize(
    ("said", "korean"),
    [
        ("it is zero", "값이 0입니다"),
        ("model: `b` has no influence on it", "model: `b`이(가) 결과에 아무 영향도 주지 않습니다"),
        (
            "in this call it is 1/N of, or half of what is expected (N = 2)",
            "이 호출에서는 기댓값의 1/N배, 또는 1/2배입니다 (N = 2)",
        ),
        (
            "with n_epochs=3 the way from `params` is exactly twice what is expected",
            "n_epochs=3일 때 `params`에서 움직인 거리가 기댓값의 정확히 2배입니다",
        ),
        (
            "all components are the same, and only [1] should be that",
            "모든 성분이 같습니다. 그 값이어야 하는 것은 [1]뿐입니다",
        ),
        ("it is what is expected, rounded to 1 decimal", "기댓값을 소수점 아래 1자리로 반올림한 값입니다"),
        ("it is what is expected, rounded to 2 decimals", "기댓값을 소수점 아래 2자리로 반올림한 값입니다"),
        ("it returned  tensor(1)\nexpected     tensor(2)", "반환값       tensor(1)\n기댓값       tensor(2)"),
        ("  grad_fn, line 3: return x", "  grad_fn, 3행: return x"),
        (
            "credited: `a`, `b` and `c` are at fault, not `d`",
            "인정됨: 잘못은 `d`이(가) 아니라 `a`, `b`, `c`에 있습니다",
        ),
        ("it raised TypeError in line 12: return x", "12행에서 TypeError 예외가 발생했습니다: return x"),
        ("left out cell 2, line 3: NameError: x", "제외됨: 셀 2, 3행: NameError: x"),
        ("  waves.py, line 7, <genexpr>: f(x)", "  waves.py, 7행, <genexpr>: f(x)"),
        (
            "the data in this file is another student's: you are judged by your own",
            "이 파일의 데이터는 다른 학생의 것입니다: 채점은 여러분 자신의 데이터로 합니다",
        ),
        (
            "nobody called anna lee was given data of their own: the lecture's numbers count",
            "자신의 데이터를 받은 사람 중에 anna lee이(가) 없습니다: 강의의 수로 채점합니다",
        ),
    ],
)
def test_what_is_put_together_is_said_in_korean(said, korean):
    assert KOREAN(said) == korean


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("손실은(는)", "손실은"),
        ("파라미터은(는)", "파라미터는"),
        ("3이(가) 7을(를) 9과(와)", "3이 7을 9와"),
        ("손실(으)로 값(으)로 0(으)로", "손실로 값으로 0으로"),
        ("`w`이(가) model을(를)", "`w`이(가) model을(를)"),
    ],
)
def test_particle_is_settled_by_the_sound_before_it(text, said):
    assert settled(text) == said


def test_sentence_of_which_a_part_is_unknown_stays_english():
    said = "in this call something happens that no catalogue knows"

    assert KOREAN(said) == said


def test_line_that_is_long_costs_no_time_and_stays():
    said = "it is zero: " * 100_000

    assert KOREAN(said) == said


@given(NO_HANGUL)
def test_any_text_keeps_its_lines(text):
    assert len(KOREAN(text).split("\n")) == len(text.split("\n"))
    assert ENGLISH(text) is text


def test_plural_takes_the_form_of_its_number():
    message, french = "{n} test", {"one": "{n} essai", "many": "{n} essais"}

    class Translations:
        def ngettext(self, _one, _many, number):
            return french["one" if number < 2 else "many"]

    from grader.languages.catalogue import Catalogue, Message

    tongue = Tongue("fr", [Catalogue((Message(message, "{n} tests"), Message("a word")), _WithWords(Translations()))])

    assert [tongue("1 test"), tongue("7 tests")] == ["1 essai", "7 essais"]


class _WithWords:
    def __init__(self, translations):
        self.ngettext = translations.ngettext

    def gettext(self, text):
        return text.upper()


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko"}, "ko"),
        ({"LC_ALL": "ko_KR@x", "LANG": "en_US"}, "ko"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "ko_KR.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "ko_KR", "LANG": "C"}, "ko"),
        ({"LC_ALL": "C.UTF-8", "LANG": "ko_KR.UTF-8"}, ""),
        ({"LANG": "tlh_QX.UTF-8"}, ""),
        ({"LANG": "../../ko"}, ""),
        ({}, ""),
    ],
)
def test_locale_names_a_language_only_where_there_is_one(environment, language):
    assert of_locale(environment) == language


def test_students_read_what_is_said_else_set_else_the_locales_and_the_staff_english(small_course, monkeypatch):
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assignment = load_assignment(COURSE, "neuron")

    assert tongue_of(assignment, Audience.STUDENT, None).name == "ko"
    assert tongue_of(assignment, Audience.STUDENT, "en").name == "en"
    assert tongue_of(assignment, Audience.STAFF, "ko") is ENGLISH
    assert tongue_for(assignment) is ENGLISH  # nobody's locale is known to a channel


@pytest.mark.parametrize("form", [form for form in Form if form not in (*ScoreTable, Form.CLASSROOM50)])
def test_every_form_says_it_in_korean(form):
    text = in_korean(form=form)
    text = text.encode().decode("unicode_escape") if "\\u" in text else text

    for korean in ("값이 틀렸습니다", "n=3일 때 `w`에서 움직인 거리가 기댓값의 정확히 2배입니다", "2차원입니다"):
        assert korean in text
    assert "the value is wrong" not in text


def test_json_keeps_all_that_programs_compare():
    english, korean = (
        json.loads(render(seen, Form.JSON)) for seen in (view(REPORT, Audience.STUDENT), seen_in_korean())
    )

    def shape(value):
        if isinstance(value, dict):
            return {key: shape(item) for key, item in value.items()}
        return [shape(item) for item in value] if isinstance(value, list) else type(value)

    exercise, other = english["submissions"][0]["exercises"][0], korean["submissions"][0]["exercises"][0]
    assert shape(english) == shape(korean)
    assert [exercise[key] for key in ("status", "exercise", "score")] == [
        other[key] for key in ("status", "exercise", "score")
    ]
    assert [check["status"] for check in exercise["checks"]] == [check["status"] for check in other["checks"]]
    assert exercise["picture"]["curves"] == other["picture"]["curves"]
    assert other["hint"] == "a hint that no catalogue has"
    assert (exercise["title"], other["title"]) == ("The chain rule", "연쇄 법칙")


def seen_in_korean():
    return in_language(view(REPORT, Audience.STUDENT), speak("ko", [load_assignment(COURSE, "neuron").locale]))


def test_view_in_english_is_the_view_itself():
    seen = view(REPORT, Audience.STUDENT)

    assert in_language(seen, ENGLISH) is seen


def test_terminal_and_page_have_no_english_word_of_the_formats_left(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")

    print_view(seen_in_korean())
    drawn, page = capsys.readouterr().out, in_korean(form=Form.HTML)

    assert '<html lang="ko">' in page
    body = re.sub(r"<style>.*</style>|<[^>]*>", "", page, flags=re.DOTALL).replace("a hint that", "")
    for word in ("expected", "yours", "points", "hint", "failed", "score", "you called", "epoch", "loss"):
        assert word not in body
        assert word not in drawn.replace("a hint that", "")


def test_note_and_status_of_what_cant_be_read_are_said():
    text = in_korean(make_report(unreadable()))

    assert "읽을 수 없음" in text


def test_cell_of_a_notebook_is_said_in_korean():
    (exercise,) = seen_in_korean().submissions[0].exercises

    shown, _ = exercise_outputs(exercise, 0.0)

    assert "힌트: a hint that no catalogue has" in shown["data"]["text/html"]
    assert "f: 실패" in shown["data"]["text/plain"]


def test_folder_of_results_keeps_english_and_tells_in_korean(tmp_path):
    seen = view(REPORT, Audience.STUDENT)
    out = OutFolder(tmp_path, [item.submission for item in seen.submissions], tongue=KOREAN)

    out.add(0, seen)
    out.finish()
    out.close()

    (result,), (told,) = tmp_path.glob("*.json"), tmp_path.glob("*.md")
    assert result.read_text("utf-8") == render(seen, Form.JSON)
    assert "실패" in told.read_text("utf-8")


def test_screen_writes_korean_in_its_width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    stream = io.StringIO()
    screen = Screen(stream, tongue=KOREAN)

    screen.labelled("not written yet", "model, loss_fn", room=17)
    screen.message(
        "model: the value is wrong\nyou called   model(x=1)\nlook at      is a `*` missing before the bracket? "
        "`.shape`, `.grad` and `.requires_grad` need no ()"
    )

    lines = stream.getvalue().splitlines()
    assert lines[:3] == ["  아직 작성 안 함  model, loss_fn", "model: 값이 틀렸습니다", "  호출식       model(x=1)"]
    assert lines[3].startswith("  살펴볼 것    괄호 앞에")
    assert all(cells(line) <= 60 for line in lines)


@given(st.text("ab cd,.", max_size=200), st.integers(10, 60))
def test_narrow_text_is_wrapped_as_by_textwrap(text, width):
    wrapper = textwrap.TextWrapper(width=width, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)

    assert wrapped(text, width, "- ", "  ") == wrapper.wrap(text)


@given(st.text("가나 다abc", max_size=200), st.integers(10, 60))
def test_wide_text_is_wrapped_into_its_cells_and_loses_no_letter(text, width):
    lines = wrapped(f"가{text}", width, "- ", "  ")

    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == f"-가{text}".replace(" ", "")


def test_cells_are_counted_as_rich_counts_them():
    from rich.cells import cell_len

    for text in ("abc", "한국어", "e\u0301", "a한", "▁▂█", "…", "✓"):
        assert cells(text) == cell_len(text), text
    assert padded("한국", 6) == "한국  "
    assert fitting("한국어", 5) == "한국"


@pytest.mark.parametrize("data", [b"", b"no catalogue", b"\xde\x12\x04\x95" + b"\xff" * 40])
def test_damaged_catalogue_is_none(tmp_path, data):
    path = tmp_path / "lesson.mo"
    path.write_bytes(data)

    assert read_catalogue(path) is None
    assert read_catalogue(tmp_path / "missing.mo") is None


def test_languages_are_those_with_a_catalogue():
    assert languages() == ("en", "ko")
