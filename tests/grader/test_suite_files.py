"""Which files a hidden suite is made of: what it imports from beside it belongs to it."""

import pytest

from grader.course.suite_files import suite_files
from grader.errors import CourseError


def names(folder, **sources):
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source)
    return [path.name for path in suite_files(folder / "test_a.py")]


def test_suite_alone_is_one_file(tmp_path):
    assert names(tmp_path, test_a="import torch\n", test_b="") == ["test_a.py"]


def test_what_the_suite_imports_from_beside_it_belongs_to_it(tmp_path):
    found = names(
        tmp_path,
        test_a="import torch\nfrom shared import x\n",
        shared="def f():\n    import deeper.still\n",
        deeper="import shared\n",
        other="",
    )

    assert found == ["deeper.py", "shared.py", "test_a.py"]


def test_what_pytest_loads_beside_the_suite_belongs_to_it(tmp_path):
    assert names(tmp_path, test_a="", conftest="import more\n", more="") == ["conftest.py", "more.py", "test_a.py"]


def test_file_that_is_no_python_is_the_authors_error(tmp_path):
    with pytest.raises(CourseError, match=r"shared\.py"):
        names(tmp_path, test_a="import shared\n", shared="def f(:\n")
