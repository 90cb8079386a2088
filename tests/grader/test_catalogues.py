"""The catalogues have what is said, all of it in Korean, with its placeholders; they are compiled, and none leaks."""

import functools
import gettext
import io
import re
import subprocess
import sys
from pathlib import Path

import languages as tables
import pytest
from click.testing import CliRunner

from grader.authoring.course_messages import of_lesson, private
from grader.authoring.translations import faults, lacking, read, template_of_engine
from grader.commands.cli import root
from grader.course.locale import tongue_for
from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError, UsageError
from grader.handout.catalogues import LESSON, catalogues_of
from grader.handout.release import bytes_of, hand_out
from grader.languages.catalogue import read_catalogue
from grader.languages.choosing import languages

ROOT = Path(__file__).parents[2]
COURSE = find_course(ROOT)
ENGINE = sorted((ROOT / "grader" / "languages").glob("*/LC_MESSAGES/*.po"))
OF_COURSE = sorted(COURSE.solutions.glob("*/locale/*/LC_MESSAGES/*.po"))
TRANSLATED = ("autograd", "gradient_descent", "network", "neuron", "optimizers", "quadratic")


def name_of(path):
    return path.relative_to(ROOT).as_posix()


catalogue_at = functools.cache(read)  # which takes a second for the larger ones


def ids(catalogue):
    return {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue if message.id}


@pytest.mark.parametrize("path", [*ENGINE, *OF_COURSE], ids=name_of)
def test_translation_has_the_placeholders_of_its_message(path):
    assert list(faults(catalogue_at(path, path.parts[-3]))) == []


@pytest.mark.parametrize("path", [*ENGINE, *OF_COURSE], ids=name_of)
def test_compiled_catalogue_says_what_the_text_says(path):
    compiled = path.with_suffix(".mo")
    translations = gettext.GNUTranslations(io.BytesIO(compiled.read_bytes()))

    messages = {message.said: translations.gettext(message.said) for message in read_catalogue(compiled).messages}
    for message in catalogue_at(path, path.parts[-3]):
        if isinstance(message.id, str) and message.id and message.string:
            assert messages[message.id] == message.string


@pytest.mark.parametrize("path", ENGINE, ids=name_of)
def test_catalogue_of_the_grader_has_every_message_and_no_other(path):
    catalogue = catalogue_at(path, path.parts[-3])

    assert ids(catalogue) == ids(template_of_engine())
    assert lacking(catalogue) == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_catalogues_of_an_assignment_have_what_it_says_and_all_of_it_in_korean(name):
    assignment = load_assignment(COURSE, name)
    folder = assignment.locale / "ko" / "LC_MESSAGES"
    lesson, others = (catalogue_at(folder / f"{domain}.po", "ko") for domain in (LESSON, "private"))

    said = {message.said for message in of_lesson(assignment)}
    assert ids(lesson) == said
    assert ids(others) == {message.said for message in private(assignment)} - said
    assert lacking(lesson) + lacking(others) == []


def test_title_for_own_data_is_a_message_too():
    said = {message.said: message.where for message in private(load_assignment(COURSE, "gradient_descent"))}

    assert said["your own data's slopes"] == "check of loss_rate_of_change"
    assert said["your own data at w=1, b=0"] == "check of dmodel_db"  # which stands in a name


def test_part_that_is_told_of_and_quantity_of_two_words_are_messages_too():
    assignment = load_assignment(COURSE, "quadratic")

    tongue = tongue_for(assignment, "ko")

    assert tongue("losses on training: the value is wrong") == "training의 손실: 값이 틀렸습니다"
    said = tongue("One sees it at epoch 11: your total training loss is 365.7, and 329.3 is expected.")
    assert said == "에포크 11에서 차이가 보입니다: 여러분의 학습 손실의 합은 365.7이고, 기댓값은 329.3입니다."


def test_quantities_that_are_listed_are_said_each_and_what_is_none_is_left():
    tongue = tongue_for(load_assignment(COURSE, "quadratic"), "ko")
    end = "leave the picture; the last values are 2e+09, 3e+10 and -7e+09."

    assert tongue(f"Your total training loss, total validation loss and w2 {end}") == (
        "여러분의 학습 손실의 합, 검증 손실의 합, w2는 그림 밖으로 나갑니다. 마지막 값은 2e+09, 3e+10, -7e+09입니다."
    )
    assert tongue(f"Your total training loss and total misery {end}").startswith("Your total training loss and")


def test_message_with_a_part_that_is_one_of_two_texts_is_said_in_both_forms():
    tongue = tongue_for(load_assignment(COURSE, "network"), "ko")

    said = [tongue(f"3 answers are asked for, and it returned {what}") for what in ("something else", "a b c d")]

    assert said == ["답 3개가 필요한데 다른 것을 반환했습니다", "3 answers are asked for, and it returned a b c d"]


def test_page_says_what_is_not_translated():
    assert tables.PAGE.read_text("utf-8") == tables.page()


def test_prose_that_no_catalogue_has_is_found(tmp_path):
    path = tmp_path / "speaking.py"
    path.write_text(
        '"""A docstring that is not said."""\nTEXT = f"the sky is {1 + 1} and very green today"\nKEY = "a_key"\n'
    )

    assert tables.pieces(path) == ["the sky is", "and very green today"]


@pytest.mark.parametrize("name", TRANSLATED)
def test_release_has_the_titles_in_korean_and_no_explanation(name):
    assignment = load_assignment(COURSE, name)
    catalogue = catalogue_at(assignment.locale / "ko" / "LC_MESSAGES" / "private.po", "ko")
    explained = [item for item in catalogue if any(re.match(r"[A-Z]\d+", note) for note in item.auto_comments)]
    hidden = [item.string.encode() for item in explained]

    released = bytes_of(assignment)

    assert assignment.exercises[0].title.encode() in released[f"_course/locale/ko/LC_MESSAGES/{LESSON}.mo"]
    assert len(hidden) > 100
    for file, data in released.items():
        assert not any(text in data for text in hidden), file


def test_catalogue_that_is_not_handed_out_bears_the_canary():
    for path in OF_COURSE:
        marked = b"chainrule-canary-" in path.read_bytes()

        assert marked is (b"chainrule-canary-" in path.with_suffix(".mo").read_bytes()) is (path.stem != LESSON)


def test_release_speaks_korean_where_the_locale_does(tmp_path):
    hand_out(COURSE, ["autograd"], tmp_path)
    arguments = [sys.executable, "-m", "_course"]
    environment = {"LC_ALL": "ko_KR.UTF-8", "PYTHONUTF8": "1", "COLUMNS": "90", "OMP_NUM_THREADS": "1"}

    done = subprocess.run(
        arguments, cwd=tmp_path / "autograd", env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    for line in (
        "  완료, 0/6        아직 없음",
        "다음: autograd.py에 `gradient`을(를) 작성하세요.",
        "backward로 계산하는 기울기",
    ):
        assert line in done.stdout


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A course of one's own, begun by `grader new`."""
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(root, ["new", "waves"], catch_exceptions=False).exit_code == 0
    return find_course(tmp_path)


def test_author_translates_in_three_steps_and_falls_back(own):
    runner = CliRunner()
    made = runner.invoke(root, ["translate", "waves", "--lang", "ko"], catch_exceptions=False)
    assignment = load_assignment(own, "waves")
    path = assignment.locale / "ko" / "LC_MESSAGES" / "lesson.po"
    title = assignment.exercises[0].title
    begun = path.read_text("utf-8")
    path.write_text(begun.replace(f'msgid "{title}"\nmsgstr ""', f'msgid "{title}"\nmsgstr "한국어 제목"'), "utf-8")

    again = runner.invoke(root, ["translate", "waves", "--lang", "ko"], catch_exceptions=False)

    tongue = tongue_for(assignment, "ko")
    assert re.search(r"lesson\.po: 0 of \d+ translated", made.output)
    assert re.search(r"lesson\.po: 1 of \d+ translated", again.output)
    assert tongue(title) == "한국어 제목"
    assert tongue(assignment.exercises[1].title) == assignment.exercises[1].title
    assert f"_course/locale/ko/LC_MESSAGES/{LESSON}.mo" in catalogues_of(assignment)


def test_translation_that_lacks_a_placeholder_is_named(own):
    runner = CliRunner()
    assignment = load_assignment(own, "waves")
    suite = assignment.hidden_suite
    suite.write_text(
        f'{suite.read_text("utf-8")}\n\ndef later(key):\n    fail(f"there is no {{key}} in it")\n', "utf-8"
    )
    runner.invoke(root, ["translate", "--lang", "ko"], catch_exceptions=False)
    path = assignment.locale / "ko" / "LC_MESSAGES" / "private.po"
    said = 'msgid "there is no {key} in it"\nmsgstr '
    path.write_text(path.read_text("utf-8").replace(f'{said}""', f'{said}"{{kee}}이 없습니다"'), "utf-8")

    done = runner.invoke(root, ["translate", "--lang", "ko"], catch_exceptions=False)

    assert done.exit_code == 1
    assert "its placeholders differ" in done.output


def test_language_that_there_is_not_is_refused(own):
    with pytest.raises(UsageError, match="no catalogue of it; there is ko"):
        CliRunner().invoke(root, ["translate", "--lang", "tlh"], catch_exceptions=False)
    done = CliRunner().invoke(root, ["grade", "waves.py", "--lang", "tlh"])
    assert done.exit_code == 2
    assert "'tlh' is none of en, ko" in done.output
    toml = own.toml_of("waves")
    toml.write_text(toml.read_text("utf-8").replace('title = "', 'language = "tlh"\ntitle = "', 1), "utf-8")
    with pytest.raises(CourseError, match=r"language = 'tlh'; it is one of en, ko"):
        load_assignment(own, "waves")


def test_assignment_sets_the_language_of_its_channels(own):
    toml = own.toml_of("waves")
    toml.write_text(toml.read_text("utf-8").replace('title = "', 'language = "ko"\ntitle = "', 1), "utf-8")

    assert tongue_for(load_assignment(own, "waves")).name == "ko"
    assert languages()[0] == "en"
