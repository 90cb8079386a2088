"""What a visible test is written with: load a student's file, call its functions, explain what is wrong.

`grader release` puts this text, behind that of the modules which it imports from, into one file of the
student's folder, so it may use nothing else but torch and pytest. It runs a student's code in this
process, on the student's own machine; the grader never does.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import linecache
import signal
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import torch

from grader.answers.explain import difference, samples_in, show_call
from grader.answers.signatures import Ask, signature_of
from grader.syntax.definitions import Definitions
from grader.syntax.statements import Cell, Statement, future_flags, split

__all__ = ["answer", "asking", "call", "cells_of", "choose", "expect", "function_of", "load", "trying"]

_SECONDS_A_CALL = 30
_SECONDS_TO_ASK = 3


class NeverEnds(BaseException):
    """Neither a student's `except Exception` nor hypothesis may go on after it."""


def load(name: str) -> types.ModuleType:
    """Return the student's module: that of the notebook which asks, else the one file of `name` that counts.

    A statement that raises is left out and noted, as the grader does; so is what is no Python.
    """
    if name in sys.modules:
        return sys.modules[name]
    path, why = choose(Path(__file__).parent, name)
    module = types.ModuleType(name)
    module.__file__ = str(path)
    module.__dict__.update(display=_nothing, get_ipython=_nothing, __tested__=why, __lost__={})
    sys.modules[name] = module
    lost: dict[str, str] = module.__dict__["__lost__"]
    flags = 0
    with _without_check():
        for statement in _statements(path):
            error = statement.error
            if statement.node is not None:
                flags |= future_flags(statement.node)
                error = _run(statement, statement.node, module, flags)
            if error:
                lost.update(dict.fromkeys(statement.names or [statement.where], f"{statement.where}: {error}"))
    return module


def choose(folder: Path, name: str) -> tuple[Path, str]:
    """Return the file to test, and say so in words: of two candidates the one that differs from the stub.

    Fails where both do, or where there is none.
    """
    found = [path for suffix in (".py", ".ipynb") if (path := folder / f"{name}{suffix}").is_file()]
    if not found:
        pytest.fail(f"there is neither {name}.py nor {name}.ipynb in {folder}", pytrace=False)
    if len(found) == 1:
        return found[0], f"tested: {found[0].name}"
    readable = [path for path in found if _is_readable(path)] or found
    attempted = [path for path in readable if Definitions(_statements(path)).attempted(POINTS)]
    names = [path.name for path in found]
    if len(attempted) > 1:
        pytest.fail(
            f"{' and '.join(names)} both differ from the stub, and only one can be handed in: keep the one that "
            "you work in, and put the other away",
            pytrace=False,
        )
    chosen = (attempted or readable)[0]
    other = next(path.name for path in found if path != chosen)
    return chosen, f"tested: {chosen.name} ({other} is {'still the stub' if attempted else 'a stub as well'})"


def _is_readable(path: Path) -> bool:
    try:
        cells_of(path)
    except pytest.fail.Exception:
        return False
    return True


def cells_of(path: Path) -> list[Cell]:
    """Return the cells of code in a file; fails where it is no text, or no notebook."""
    try:
        text = path.read_text("utf-8-sig")
        if path.suffix == ".py":
            return [Cell(filename=str(path), text=text)]
        cells = json.loads(text)["cells"]
        sources = ["".join(cell.get("source", "")) if cell["cell_type"] == "code" else "" for cell in cells]
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        wrong = f"{path.name} can't be read: {type(error).__name__}: {error}"
    else:
        cells = [
            Cell(filename=f"{path.name}, cell {number}", text=source, notebook=True)
            for number, source in enumerate(sources, 1)
        ]
        for cell in cells:  # so that tracebacks show their lines
            linecache.cache[cell.filename] = (len(cell.text), None, cell.text.splitlines(keepends=True), cell.filename)
        return cells
    pytest.fail(wrong, pytrace=False)


def _statements(path: Path) -> list[Statement]:
    return split(cells_of(path))


def _run(statement: Statement, node: ast.stmt, module: types.ModuleType, flags: int) -> str:
    """Run one statement of the student's file; return what it raised, or ""."""
    try:
        tree = ast.Module(body=[node], type_ignores=[])
        code = compile(tree, statement.filename, "exec", flags=flags, dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - on the student's own machine
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it costs this statement and no other
        return f"{type(error).__name__}: {error}"
    return ""


def _nothing(*_: object, **__: object) -> None:
    """Stand for what exists in notebooks alone."""


@contextlib.contextmanager
def _without_check() -> Iterator[None]:
    """Let the `check` cells of a notebook do nothing while it is loaded: these tests are what they would run."""
    kept = sys.modules.get("grader")
    stand_in = types.ModuleType("grader")
    stand_in.__dict__["check"] = _nothing
    sys.modules["grader"] = stand_in
    try:
        yield
    finally:
        del sys.modules["grader"]
        if kept is not None:
            sys.modules["grader"] = kept


def function_of(module: types.ModuleType, name: str) -> Callable[..., object]:
    """Return the function or class called `name`, or fail with what to do about a missing one."""
    function: Callable[..., object] | None = getattr(module, name, None)
    if not callable(function):
        lost = module.__dict__.get("__lost__", {}).get(name)
        file = Path(str(module.__file__)).name
        what = f"it does not load: {lost}" if lost else "keep the stub's names"
        pytest.fail(f"there is no `{name}` in {file}; {what}", pytrace=False)
    return function


def call(module: types.ModuleType, name: str, arguments: Mapping[str, object], *, clone: bool = True) -> object:
    """Call a function, with copies of the tensors or with themselves; explain where it raises.

    A copy of a leaf that requires grad is such a leaf.
    """
    __tracebackhide__ = True
    function = function_of(module, name)
    copies = [_copy(value) if clone else value for value in arguments.values()]
    with trying(name, show_call(name, arguments)):
        return function(*copies)


@contextlib.contextmanager
def trying(name: str, said: str) -> Iterator[None]:
    """Run code of the exercise `name`, and explain what it raises; `said` is what was called, in words."""
    __tracebackhide__ = True
    try:
        with _limited(name):
            yield
        return
    except NotImplementedError as error:
        if not _is_placeholder_of(error):
            error.add_note(f"you called   {said}")
            raise
        missing = _raised_in(error, name)
    except (Exception, NeverEnds) as error:
        error.add_note(f"you called   {said}")
        raise
    caller = "" if missing == name else f" (`{name}` calls it)"
    # From None, so that pytest does not print the stub's own traceback.
    raise pytest.fail.Exception(f"`{missing}` is not written yet{caller}", pytrace=False) from None


def _copy(value: object) -> object:
    if not isinstance(value, torch.Tensor):
        return value
    return value.detach().clone().requires_grad_(value.requires_grad)


@contextlib.contextmanager
def _limited(name: str) -> Iterator[None]:
    """End a loop that never ends, where the machine has alarms: not on Windows, and not in a thread."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise NeverEnds(f"{name} runs for more than {seconds} s: does a loop in it never end?")

    seconds = SECONDS.get(name, _SECONDS_A_CALL)
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _is_placeholder_of(error: BaseException) -> bool:
    """Say whether the stub's own line raised, and not something that a written function calls."""
    frame, line = list(traceback.walk_tb(error.__traceback__))[-1]
    text = linecache.getline(frame.f_code.co_filename, line).strip()
    return not text or "raise NotImplementedError" in text


def _raised_in(error: BaseException, name: str) -> str:
    """Return the exercise that raised; a method stands for its class."""
    raised = [frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)][-1]
    return raised if raised in POINTS else name


def expect(
    name: str,
    arguments: Mapping[str, object],
    value: object,
    expected: torch.Tensor,
    *,
    rtol: float = 1e-5,
    atol: float = 0.0,
    shapes: list[tuple[int, ...]] | None = None,
    broadcast: bool = False,
    hint: str = "",
    ask: Ask | None = None,
    free: tuple[str, ...] = (),
) -> None:
    """Fail, and say how, unless `value` is `expected` to within `rtol` of its largest entry, or `atol`.

    `ask` calls the function again with other arguments, to see in which way it is wrong; `free` are those that
    need not have an influence.
    """
    samples = samples_in(arguments)
    scale = float(expected.abs().max())
    tolerance = max(atol, rtol * scale)
    found = difference(value, expected, atol=tolerance, shapes=shapes, broadcast=broadcast, samples=samples)
    if found:
        near = min(1e-3, tolerance / scale) if scale else 0.0
        sign = signature_of(arguments, value, expected, ask or _nobody, free=frozenset(free), rtol=near)
        lines = [
            f"{name}: {sign.text if sign else found[0]}",
            f"you called   {show_call(name, arguments)}",
            found[1],
        ]
        pytest.fail("\n".join([*lines, f"hint         {hint}"] if hint else lines), pytrace=False)


def _nobody(_: Mapping[str, object]) -> object:
    raise LookupError("there is nobody to ask")


def answer(
    module: types.ModuleType, name: str, arguments: Mapping[str, object], expected: torch.Tensor, **how: object
) -> object:
    """Call a function, expect its answer, and return it; `how` goes to `expect`."""
    __tracebackhide__ = True
    value = call(module, name, arguments)
    expect(name, arguments, value, expected, ask=asking(module, name), **how)  # type: ignore[arg-type]  # it says what
    return value


def asking(module: types.ModuleType, name: str) -> Ask:
    """Return what calls a function again, to see in which way it is wrong: quietly, and only raising errors.

    It is not asked again once that has taken some seconds.
    """
    end = time.monotonic() + _SECONDS_TO_ASK

    def ask(arguments: Mapping[str, object]) -> object:
        if time.monotonic() > end:
            raise LookupError(name)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                return call(module, name, arguments)
        except (pytest.fail.Exception, NeverEnds) as error:
            raise LookupError(name) from error

    return ask


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep which exercises each test is of, also for a JUnit file; conftest.py hands this hook on, and the next."""
    config.stash[_EXERCISES] = {
        item.nodeid: [mark.name for mark in item.iter_markers() if mark.name in POINTS] for item in items
    }
    for item in items:
        item.user_properties += [("exercise", name) for name in config.stash[_EXERCISES][item.nodeid]]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """End with one line for each exercise, and with which file was tested and what was left out of it."""
    exercises = config.stash.get(_EXERCISES, {})
    reports = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    reports = [report for report in reports if report.nodeid in exercises]
    width = max(map(len, POINTS))
    for name, points in POINTS.items():
        own = [report for report in reports if name in exercises[report.nodeid]]
        if own:
            worth = f"{points:g} point{'' if points == 1 else 's'}"
            terminalreporter.write_line(f"  {name:{width}}  {worth:>9}   {_state_of(name, own)}")
    tested = next(
        (module for module in list(sys.modules.values()) if "__tested__" in getattr(module, "__dict__", {})), None
    )
    if tested is not None:
        for lost in _worth_saying(tested.__dict__["__lost__"]):
            terminalreporter.write_line(f"left out of {Path(str(tested.__file__)).name}: {lost}")
        terminalreporter.write_line(tested.__dict__["__tested__"])


def _worth_saying(lost: Mapping[str, str]) -> list[str]:
    """Return each loss once, but for calls of a stub, and for what only needs a name that was lost before."""
    needing = [f"NameError: name {name!r} is not defined" for name in lost]
    return list(
        dict.fromkeys(
            text for text in lost.values() if ": NotImplementedError" not in text and not text.endswith(tuple(needing))
        )
    )


def _state_of(name: str, reports: list[pytest.TestReport]) -> str:
    passed = sum(report.passed for report in reports)
    if passed == len(reports):
        return f"all {passed} tests pass" if passed > 1 else "its test passes"
    if all(f"`{name}` is not written yet" in report.longreprtext for report in reports if report.failed):
        return "not written yet"
    return f"{passed} of {len(reports)} tests pass"


_EXERCISES = pytest.StashKey[dict[str, list[str]]]()

SECONDS: dict[str, int] = {}
"""The seconds of exercises that may take longer than others."""
POINTS: dict[str, float] = {}
"""The exercises and their points; `grader release` writes an assignment's own in this place."""
