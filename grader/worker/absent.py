"""What stands in the place of a tool that is not there: it can be imported and named, and raises where it is used.

So a file that imports what an exercise may not use loses nothing by it; what calls it, or is derived from it, is told.
Imports nothing of torch's: it is there before torch is.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import NoReturn

__all__ = ["Absent", "AbsentModule", "NotAllowed", "keep_out", "let_in"]


class NotAllowed(RuntimeError):  # noqa: N818 - the name is what a student reads
    """A tool that this exercise may not use was used."""


def _refuse(name: str) -> NoReturn:
    raise NotAllowed(f"{name} is not allowed in this exercise, and is not there")


class Absent:
    """A tool that is not there, by its dotted name."""

    def __init__(self, name: str) -> None:
        self.__name__ = self.__qualname__ = name

    def __getattr__(self, attribute: str) -> Absent:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Absent(f"{self.__name__}.{attribute}")

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Refuse to be called."""
        _refuse(self.__name__)

    def __mro_entries__(self, _: object) -> NoReturn:
        _refuse(self.__name__)

    def __instancecheck__(self, _: object) -> bool:
        return False

    def __subclasscheck__(self, _: object) -> bool:
        return False

    def __contains__(self, _: object) -> bool:
        return True  # torch adds its own kinds of tensors to a list of an optimizer's, where they are not in it

    def __or__(self, other: object) -> object:
        return other  # in an annotation: `Optimizer | None`

    def __ror__(self, other: object) -> object:
        return other

    def __get__(self, instance: object, owner: object) -> Absent:
        return self  # as a method, too, it is called with whatever it gets

    def __repr__(self) -> str:
        return f"<{self.__name__}, which is not there>"


class AbsentModule(ModuleType):
    """A module that is not there; all names in it are `Absent`, and all modules below it can be imported."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Refuse to be called: `torch.optim.SGD` can be imported as a module, too."""
        _refuse(self.__name__)

    def __mro_entries__(self, _: object) -> NoReturn:
        _refuse(self.__name__)

    def __getattr__(self, attribute: str) -> Absent:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return Absent(f"{self.__name__}.{attribute}")


class _Finder(MetaPathFinder, Loader):
    """Find whatever lies below a module that is kept out."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        below = f"{fullname}.".startswith(f"{self.name}.")
        return ModuleSpec(fullname, self, is_package=True) if below else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        del module


def keep_out(name: str) -> None:
    """Let a module that has not been imported be absent, with all that lies below it."""
    if not any(isinstance(finder, _Finder) and finder.name == name for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(name))


def let_in(name: str) -> None:
    """Import a module that was kept out, and put what is in it in the place of what stood for it."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not (isinstance(finder, _Finder) and finder.name == name)]
    for imported in [item for item in sys.modules if f"{item}.".startswith(f"{name}.")]:
        del sys.modules[imported]
    importlib.import_module(name)
    for module in list(sys.modules.values()):
        for key, value in list(getattr(module, "__dict__", {}).items()):
            if type(value) in (Absent, AbsentModule) and f"{value.__name__}.".startswith(f"{name}."):
                module.__dict__[key] = _named(value.__name__)


def _named(name: str) -> object:
    """Return a module or what is in one, by its dotted name."""
    if name in sys.modules:
        return sys.modules[name]
    owner, _, attribute = name.rpartition(".")
    return getattr(_named(owner), attribute)
