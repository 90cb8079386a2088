"""Put the parts of a class together that several machines have graded, or refuse to, and say why.

Two results of one submission may differ in how long it took and on which machine, and in nothing else. Writes nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.classes.listed_students import CLASS_FILE, absent_of
from grader.classes.results import plain_bytes, read_class_file, read_result
from grader.classes.shards import SHARD_FILE, Shard, ShardOf, file_names, read_shard
from grader.errors import UsageError
from grader.report.report import Absent, Audience
from grader.report.text import in_a_line
from grader.report.view import View

__all__ = ["Merged", "merge"]

_MACHINE = "machine"  # of what a result is made of, what may differ: parts are of several machines
_NAMED = 3  # of a list that may be long

_Key = tuple[str, int]
"""The name of a submission, and how many of that name stand before it: two names may be cleaned to the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A whole class: of each submission, in the order of one run over all, a view that holds it alone.

    `unread` are files that could be results, with the reason why they are none; parts of a division have no such.
    `class_file` is the text of class.json, or None.
    """

    assignment: str
    audience: Audience
    views: tuple[View, ...]
    unread: tuple[str, ...]
    class_file: str | None

    @property
    def view(self) -> View:
        """The class in one view."""
        sandbox = " / ".join(sorted({one.sandbox for one in self.views}))
        items = tuple(one.submissions[0] for one in self.views)
        return View(assignment=self.assignment, sandbox=sandbox, audience=self.audience, submissions=items)

    @property
    def machines(self) -> int:
        """On how many kinds of machine it was graded."""
        return len({one.made_of.get(_MACHINE) for one in self.views})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    folder: Path
    shard: ShardOf | None
    views: dict[_Key, View]
    unread: tuple[str, ...]

    @property
    def head(self) -> tuple[str, str]:
        """The assignment and the audience."""
        known = self.shard or next(iter(self.views.values()))
        return known.assignment, known.audience.value


def merge(folders: Sequence[Path]) -> Merged:
    """Return the class whose parts these folders hold.

    Raises UsageError for parts that are not of one class, were not graded with the same, or contradict each other,
    and where a part or a result is missing.
    """
    shards = [_shard(folder) for folder in folders]
    _refuse_missing(folders, shards)
    parts = [_read(folder, shard) for folder, shard in zip(folders, shards, strict=True)]
    for part in parts[1:]:
        for kind, one, other in zip(("assignment", "audience"), parts[0].head, part.head, strict=True):
            if one != other:
                raise UsageError(
                    f"{parts[0].folder} is of the {kind} {one}, {part.folder} of {other}: merge one {kind}"
                )
    views: dict[_Key, tuple[View, Path]] = {}
    for part in parts:
        for key, view in part.views.items():
            before, folder = views.setdefault(key, (view, part.folder))
            _refuse_differences(before, view, folder, part.folder)
            if _content(before) != _content(view):
                both = f"{folder} and {part.folder}"
                raise UsageError(f"{both} have different results of {key[0]}; leave one of these folders out")
    first = next(iter(views.values()), None)
    for view, folder in views.values():
        assert first is not None
        _refuse_differences(first[0], view, first[1], folder)
    # The parts of a division know its order; other folders are classes of their own, one after another.
    order = views if shards[0] is None else _keys(shards[0].submissions)
    class_file, missing = _class_file(folders, divided=shards[0] is not None)
    return Merged(
        assignment=parts[0].head[0],
        audience=Audience(parts[0].head[1]),
        views=tuple(replace(views[key][0], absent=missing) for key in order),
        unread=tuple(f"{part.folder}/{text}" for part in parts for text in part.unread),
        class_file=class_file,
    )


def _shard(folder: Path) -> ShardOf | None:
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; name those that `grader grade ... --out FOLDER` has filled")
    return read_shard(folder)


def _refuse_missing(folders: Sequence[Path], shards: Sequence[ShardOf | None]) -> None:
    """Raise UsageError unless these are no parts of a division, or all parts of one."""
    known = [(folder, shard) for folder, shard in zip(folders, shards, strict=True) if shard is not None]
    if not known:
        return
    if len(known) < len(folders):
        without = folders[shards.index(None)]
        raise UsageError(f"{without}: there is no {SHARD_FILE} in it, as in others of these; merge parts by themselves")
    first_folder, first = known[0]
    number = first.shard.parts
    for folder, shard in known:
        both = f"{first_folder} and {folder}"
        if shard.shard.parts != number:
            raise UsageError(f"{both} are parts {first.shard} and {shard.shard}: merge those of one division")
        if shard.submissions != first.submissions:
            odd = sorted({*first.submissions} ^ {*shard.submissions})
            what = f"only one of them has seen {_some(odd)}" if odd else "the order of the submissions differs"
            fix = "grade all parts of the same files, by the same path"
            raise UsageError(f"{both} are not of one class: {what}; {fix}")
    missing = sorted({*range(1, number + 1)} - {shard.shard.number for _, shard in known})
    if missing:
        said = _some([str(Shard(number=one, parts=number)) for one in missing])
        raise UsageError(f"of {number} parts {len(missing)} {'is' if len(missing) == 1 else 'are'} missing: {said}")


def _read(folder: Path, shard: ShardOf | None) -> _Part:
    if shard is None:
        return _read_class(folder)
    views: dict[_Key, View] = {}
    lacking: list[str] = []
    everybody = [*zip(_keys(shard.submissions), file_names(shard.submissions), strict=True)]
    own = shard.shard.of(everybody)
    for key, file in own:
        try:
            found = _own(read_result(folder / f"{file}.json"), key[0], shard)
        except ValueError as error:
            lacking.append(f"{key[0]} ({error})")
        else:
            views[key] = found
    if lacking:
        said = f"part {shard.shard} lacks {len(lacking)} of its {len(own)} results: {_some(lacking)}"
        raise UsageError(f"{folder}: {said}; run it again, and it goes on where it stopped")
    return _Part(folder=folder, shard=shard, views=views, unread=())


def _own(found: View, name: str, shard: ShardOf) -> View:
    """Return a part's result; raises ValueError where it is of something else."""
    if (found.assignment, found.audience) != (shard.assignment, shard.audience):
        raise ValueError("it is of another assignment or audience")
    if found.submissions[0].submission != name:
        raise ValueError(f"it is of {in_a_line(found.submissions[0].submission)}")
    return found


def _read_class(folder: Path) -> _Part:
    found: list[tuple[str, int, str, View]] = []
    unread: list[str] = []
    for path in sorted(folder.glob("*.json")):
        if path.name == CLASS_FILE:
            continue
        try:
            view = read_result(path)
        except ValueError as error:
            unread.append(f"{path.name}: {error}")
        else:
            # Of two of one name the second has a number behind the name of its file.
            found.append((view.submissions[0].submission, len(path.stem), path.stem, view))
    if not found:
        more = f" ({_some(unread)})" if unread else ""
        raise UsageError(f"{folder}: no results in it{more}; `grader grade CLASS --out {folder}` writes them")
    found.sort(key=lambda item: item[:3])
    views = [item[-1] for item in found]
    heads = {(view.assignment, view.audience.value) for view in views}
    if len(heads) > 1:
        said = " and ".join(" for ".join(head) for head in sorted(heads))
        raise UsageError(f"{folder}: results of several kinds ({said}); use a folder for each")
    keys = _keys(item[0] for item in found)
    return _Part(folder=folder, shard=None, views=dict(zip(keys, views, strict=True)), unread=tuple(unread))


def _keys(names: Iterable[str]) -> list[_Key]:
    seen: Counter[str] = Counter()
    keys = []
    for name in names:
        keys.append((name, seen[name]))
        seen[name] += 1
    return keys


def _refuse_differences(one: View, other: View, one_folder: Path, other_folder: Path) -> None:
    """Raise UsageError where two submissions were not graded with the same, the machine apart."""
    mine, theirs = one.made_of, other.made_of
    names = sorted(name for name in {*mine, *theirs} - {_MACHINE} if mine.get(name) != theirs.get(name))
    if not names:
        return
    said = "; ".join(f"{name}: {_known(mine.get(name))} and {_known(theirs.get(name))}" for name in names)
    where = f"results in {one_folder}" if one_folder == other_folder else f"{one_folder} and {other_folder}"
    raise UsageError(f"{where} were not graded with the same ({said}); grade again what is out of date")


def _known(text: str | None) -> str:
    return "unknown" if text is None else in_a_line(text)


def _content(view: View) -> View:
    """Return a result without what may differ between two gradings of one submission."""
    return replace(view, submissions=(replace(view.submissions[0], seconds=None),), made_of={}, sandbox="")


def _class_file(folders: Sequence[Path], *, divided: bool) -> tuple[str | None, tuple[Absent, ...]]:
    """Return what the folders say of their class, and who is absent by it; None where none says anything.

    Raises UsageError where they contradict, and where only some of the parts of a division say it.
    """
    found: dict[bytes, Path] = {}
    without: list[Path] = []
    for folder in folders:
        path = folder / CLASS_FILE
        try:
            found.setdefault(plain_bytes(path), path)
        except (OSError, ValueError) as error:
            if os.path.lexists(path):
                raise UsageError(f"{path}: {error}; grade that part again") from error
            without.append(folder)
    if len(found) > 1:
        one, other, *_ = found.values()
        fix = "grade all parts of one class with the same roster"
        if not divided:
            fix = "one roster can be merged: grade these folders together, or remove one of these two files"
        raise UsageError(f"{one} and {other} differ; {fix}")
    if not found:
        return None, ()
    ((data, path),) = found.items()
    if divided and without:
        said = f"{without[0]} has no {CLASS_FILE}, as {path.parent} has"
        raise UsageError(f"{said}; grade all parts of one class with the same roster")
    try:
        return data.decode(), tuple(absent_of(read_class_file(path)))
    except ValueError as error:
        raise UsageError(f"{path}: {error}; grade that part again") from error


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(map(in_a_line, names[:_NAMED])) + more
