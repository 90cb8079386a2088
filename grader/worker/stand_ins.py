"""What stands in for modules that only decorate, display or mount: a bar iterates, a plot does nothing.

No grade hangs on them, and a right loop with `tqdm` in it is a right loop. What computes has no stand-in: nobody may
get a number that was made up here. `STAND_INS` is the one table; `stand_ins` of assignment.toml adds names to it. They
are made in memory when a submission imports them, in the worker alone, and stand in the place of what a machine has.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import NoReturn, Self, SupportsIndex, TextIO, cast

__all__ = ["STAND_INS", "Nothing", "install"]

STAND_INS = (
    # bars
    *("tqdm", "fastprogress", "rich"),
    # drawing and showing
    *("matplotlib", "mpl_toolkits", "seaborn", "plotly", "bokeh", "altair", "PIL", "graphviz", "torchviz"),
    *("IPython", "ipywidgets", "torchinfo", "torchsummary"),
    # where a notebook lives, and who writes down its runs
    *("google.colab", "wandb", "tensorboard", "tensorboardX", "torch.utils.tensorboard"),
    # what decorates functions and their annotations
    *("jaxtyping", "beartype", "typeguard"),
)


class Nothing:
    """A thing of a module that is stood in for: it can be called, indexed and entered, and gives no value."""

    def __init__(self, name: str) -> None:
        self.__name__ = self.__qualname__ = name

    def __getattr__(self, attribute: str) -> Nothing:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Nothing(f"{self.__name__}.{attribute}")

    def __call__(self, *args: object, **options: object) -> object:
        """Do nothing; as a decorator, give the function back."""
        if len(args) == 1 and not options and isinstance(args[0], FunctionType):
            return args[0]
        return Nothing(f"{self.__name__}()")

    def __getitem__(self, _: object) -> Nothing:
        return Nothing(f"{self.__name__}[]")

    def __setitem__(self, *_: object) -> None:
        """Keep nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Have nothing to end."""

    def __bool__(self) -> bool:
        return False

    def __or__(self, other: object) -> object:
        return other  # in an annotation

    def __ror__(self, other: object) -> object:
        return other

    def __mro_entries__(self, _: object) -> tuple[type, ...]:
        return (object,)

    def __instancecheck__(self, _: object) -> bool:
        return False

    def _gives_no_value(self, *_: object) -> NoReturn:
        raise TypeError(f"{self.__name__} is stood in for when this is graded, and gives no value")

    __iter__ = __len__ = __float__ = __int__ = __index__ = __complex__ = _gives_no_value
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _gives_no_value
    __matmul__ = __rmatmul__ = __pow__ = __rpow__ = __neg__ = _gives_no_value
    __lt__ = __le__ = __gt__ = __ge__ = _gives_no_value

    def __repr__(self) -> str:
        return f"<{self.__name__}, which is stood in for>"


class Bar:
    """A bar of progress that iterates and shows nothing."""

    def __init__(
        self, iterable: Iterable[object] | None = None, desc: object = None, total: float | None = None, **_: object
    ) -> None:
        self.iterable, self.desc, self.n = iterable, desc, 0.0
        self.total = len(iterable) if total is None and isinstance(iterable, Sized) else total

    def __iter__(self) -> Iterator[object]:
        for item in self.iterable if self.iterable is not None else ():
            yield item
            self.n += 1

    def __len__(self) -> int:
        return len(self.iterable) if isinstance(self.iterable, Sized) else int(self.total or 0)

    def __bool__(self) -> bool:
        return self.total is None or self.total > 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Have nothing to end."""

    def __getattr__(self, attribute: str) -> Nothing:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Nothing(f"tqdm.{attribute}")

    def update(self, n: float = 1) -> None:
        """Count on."""
        self.n += n

    @staticmethod
    def write(text: object = "", file: TextIO | None = None, end: str = "\n", **_: object) -> None:
        """Print, as a bar does above itself."""
        print(text, file=file or sys.stdout, end=end)


def _range(*args: int, **options: object) -> Bar:
    return Bar(range(*args), **options)  # type: ignore[arg-type]


def _enumerated(iterable: Iterable[object], start: int = 0, **_: object) -> Iterator[object]:
    return enumerate(iterable, start)


def _zipped(*iterables: Iterable[object], **_: object) -> Iterator[object]:
    return zip(*iterables, strict=False)


def _mapped(function: Callable[..., object], *iterables: Iterable[object], **_: object) -> Iterator[object]:
    return map(function, *iterables)


class _Axes(list[object]):
    """The axes of a figure, which are unpacked, indexed by row and column, and flattened."""

    def __getitem__(self, index: object) -> object:  # type: ignore[override]
        if isinstance(index, tuple):
            return Nothing("axes") if any(isinstance(item, int) for item in index) else self
        return super().__getitem__(cast("SupportsIndex", index))

    @property
    def flat(self) -> _Axes:
        """All axes, one after another."""
        return _Axes(axis for row in self for axis in (row if isinstance(row, _Axes) else [row]))

    def ravel(self) -> _Axes:
        """Return all axes, one after another."""
        return self.flat

    flatten = ravel


def _subplots(nrows: int = 1, ncols: int = 1, *, squeeze: bool = True, **_: object) -> tuple[Nothing, object]:
    rows = _Axes(_Axes(Nothing("axes") for _ in range(ncols)) for _ in range(nrows))
    axes: object = rows
    if squeeze and 1 in (nrows, ncols):
        flat = rows.flat
        axes = flat[0] if len(flat) == 1 else flat
    return Nothing("figure"), axes


def _drawn(*_: object, **__: object) -> list[Nothing]:
    return [Nothing("line")]


def _counted(*_: object, **__: object) -> tuple[Nothing, ...]:
    return Nothing("counts"), Nothing("edges"), Nothing("patches")


def _uploaded(*_: object, **__: object) -> dict[str, bytes]:
    return {}


_PYPLOT_STAR = (
    *("figure", "scatter", "bar", "imshow", "contour", "contourf", "show", "title", "xlabel", "ylabel", "legend"),
    *("grid", "axis", "xlim", "ylim", "savefig", "subplot", "tight_layout", "close", "clf", "gca", "gcf", "colorbar"),
    *("text", "annotate", "axhline", "axvline"),
)
_BARS: dict[str, object] = {
    **dict.fromkeys(("tqdm", "tqdm_notebook", "tqdm_gui", "tqdm_pandas"), Bar),
    **dict.fromkeys(("trange", "tnrange", "tgrange"), _range),
    "tenumerate": _enumerated,
    "tzip": _zipped,
    "tmap": _mapped,
}
_BELOW_TQDM = frozenset({"auto", "notebook", "std", "asyncio", "autonotebook", "rich", "gui", "contrib"})
_PYPLOT: dict[str, object] = {"subplots": _subplots, "plot": _drawn, "hist": _counted}
# What is more than nothing in a module, for it and for all that lie below it.
_MORE: dict[str, dict[str, object]] = {
    "tqdm": _BARS,
    "fastprogress": {"progress_bar": Bar, "master_bar": Bar},
    "rich": {"print": print, "track": Bar},
    "matplotlib.pyplot": {**_PYPLOT, **{name: Nothing(name) for name in _PYPLOT_STAR}},
    "google.colab.files": {"upload": _uploaded},
}


class _Module(ModuleType):
    """A module that is stood in for; whatever is not in it is `Nothing`."""

    def __getattr__(self, attribute: str) -> Nothing:
        below = self.__name__ == "tqdm" and attribute in _BELOW_TQDM
        if attribute.startswith("__") or below or f"{self.__name__}.{attribute}" in _MORE:
            raise AttributeError(attribute)  # it can be imported
        return Nothing(f"{self.__name__}.{attribute}")

    def __call__(self, *_: object, **__: object) -> Nothing:
        """Do nothing: `from module import name` may have given a module."""
        return Nothing(f"{self.__name__}()")


class _Finder(MetaPathFinder, Loader):
    """Find what is stood in for, and whatever lies below it."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        return ModuleSpec(fullname, self, is_package=True) if self.has(fullname) else None

    def has(self, fullname: str) -> bool:
        while fullname not in self.names:
            fullname, dot, _ = fullname.rpartition(".")
            if not dot:
                return False
        return True

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        for name, values in _MORE.items():
            if f"{module.__name__}.".startswith(f"{name}."):
                module.__dict__.update(values, __all__=list(values))


class _ParentFinder(_Finder):
    """Find the packages above what is stood in for, where they are not there: `google` of `google.colab`."""

    def has(self, fullname: str) -> bool:
        return any(name.startswith(f"{fullname}.") for name in self.names)


def install(more: Iterable[str]) -> None:
    """Let this process import stand-ins, those of the table and `more`, in the place of what may be installed.

    Whoever forks workers has done so for the table: to look at all modules costs a fork a copy of their pages.
    """
    names = (*STAND_INS, *more)
    finder = _Finder(names)
    if any(isinstance(item, _Finder) and item.names == finder.names for item in sys.meta_path):
        return
    sys.meta_path[:] = [item for item in sys.meta_path if not isinstance(item, _Finder)]
    sys.meta_path.insert(0, finder)
    sys.meta_path.append(_ParentFinder(names))
    for imported in [name for name in sys.modules if finder.has(name)]:
        del sys.modules[imported]
