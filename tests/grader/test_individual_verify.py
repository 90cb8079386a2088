"""What `grader verify` says of data of one's own."""

import pytest
from individual_course import IndividualCourse

from grader.authoring.individually import individual_findings
from grader.authoring.running import run
from grader.course.reading import find_course
from grader.errors import CourseError


@pytest.fixture
def course(tmp_path):
    return IndividualCourse(tmp_path)


def said(course):
    return [finding.text for finding in individual_findings(course.assignment)]


def test_own_data_that_fits_is_said_to(course):
    (found,) = individual_findings(course.assignment)

    assert found.holds
    assert found.text.startswith("own data: two students do not have the same")


@pytest.mark.parametrize(
    ("file", "change", "text"),
    [
        ("solutions/small/individual.py", ("double(t_u)", "double(t_u) + 1"), "2.0, 5.00 would be 3.0, 6.00"),
        ("solutions/small/individual.py", ("chance.uniform(10, 99)", "7.25"), "two students have the same readings"),
        ("tests/hidden/test_small.py", ("known([2.0, 5.0])", "[2.0, 5.0]"), "the reference fails with a student's own"),
        ("tests/hidden/test_small.py", ("torch.tensor(known([2.0, 5.0]))", "2 * x"), "no check asks for own readings"),
    ],
)
def test_own_data_that_does_not_fit_is_named(course, file, change, text):
    course.edit(file, *change)

    (found,) = said(course)

    assert text in found


def test_number_that_the_author_does_not_give_is_the_authors_fault(course):
    course.edit("solutions/small/individual.py", '{"2.0, 5.00": reference.double(t_u)}', "{}")

    with pytest.raises(CourseError, match=r"known\(\[2.0, 5.0\]\): individual.py gives no numbers for this text"):
        said(course)


def test_nothing_is_said_where_there_is_none(course):
    course.edit("solutions/small/assignment.toml", "individual = true", "")
    (course.root / "solutions/small/individual.py").unlink()

    assert said(course) == []


def test_visible_test_without_a_students_number_is_named(tmp_path):
    course = IndividualCourse(tmp_path)
    course.edit("solutions/small/small.py", "# `double`", "# ## `double`: twice")
    course.edit(
        "solutions/small/individual.py", '{"2.0, 5.00": reference.double(t_u)}', '{"2.0": reference.double(t_u)[0]}'
    )
    course.edit("tests/hidden/test_small.py", "known([2.0, 5.0])", "[known(2.0), 5.0]")

    folder = tmp_path / "proof"
    folder.mkdir()

    found = [finding.text for finding in run(find_course(tmp_path), course.assignment, folder)]

    assert any("test_double with a student's own numbers fails on the reference" in text for text in found)
