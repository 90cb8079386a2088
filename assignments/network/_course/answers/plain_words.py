"""Say in plain words what torch's and Python's commonest errors of beginners mean, and what to look at.

A table of what the installed torch writes; it needs nothing else and knows no answer. The visible tests and
`check` print it beside the error's own words, never instead of them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["TABLE", "Words", "plain_words"]


class Words(NamedTuple):
    """An error: a pattern of "Kind: message", what it means, what to look at; `{0}` is its first group."""

    pattern: str
    meaning: str
    look: str


TABLE = (
    # Gradients.
    Words(
        "a leaf Variable that requires grad is being used in an in-place operation",
        "a tensor that requires a gradient was changed in place, while torch was recording what happens to it",
        "`-=`, `+=`, `copy_` and the like: compute a new tensor, or change it inside `with torch.no_grad():`",
    ),
    Words(
        "element 0 of tensors does not require grad",
        "nothing leads from this number back to a tensor that requires a gradient, so there is no way to go backwards",
        "is `requires_grad` set on the parameters? Is `.item()`, `float(...)`, `.detach()`, `.data`, "
        "`torch.tensor(...)` or `no_grad` on the way from them to the loss?",
    ),
    Words(
        "grad can be implicitly created only for scalar outputs",
        "`backward` starts at one number, and this tensor holds several",
        "make one number of it first; is a `.mean()` or a `.sum()` missing in the loss?",
    ),
    Words(
        "Trying to backward through the graph a second time",
        "`backward` was called twice on the same computation, and the first call has freed what it needs",
        "compute the predictions and the loss anew before each `backward`, inside the loop",
    ),
    Words(
        "appears to not have been used in the graph",
        "the gradient is asked for in a tensor from which the loss was not computed",
        "is the loss computed from this very tensor, or from a copy of it, or from another one?",
    ),
    Words(
        "One of the differentiated Tensors does not require grad",
        "the gradient is asked for in a tensor that does not require one",
        "set `requires_grad_()` on it before the loss is computed from it",
    ),
    Words(
        "has been modified by an inplace operation",
        "a number that `backward` needs was overwritten after it had been used",
        "`+=`, `-=` and functions that end in `_`, between the computation and `backward`: make a new tensor instead",
    ),
    Words(
        r"Can't call numpy\(\) on Tensor that requires grad",
        "torch records what happens to this tensor, and NumPy can't take part in that",
        "stay with torch; where only the numbers are needed, `.detach()` first",
    ),
    Words(
        r"'NoneType' object has no attribute '(zero_|detach|data|clone|add_|mul_)'",
        "something is None here; most often it is a `.grad`, which is None until the first `backward`",
        "empty a gradient only where `grad is not None`, and call `backward` on the leaf's own loss",
    ),
    Words(
        r"unsupported operand type\(s\) for \S+: .*'NoneType'",
        "one side of this is None: a function without `return`, or a `.grad` that `backward` never reached",
        "which of the two is None? Print both just before this line",
    ),
    Words(
        "can't optimize a non-leaf Tensor",
        "the optimizer got a tensor that was computed from others; it can only train one that you made",
        "hand over the parameters themselves, as `torch.tensor(..., requires_grad=True)` makes them",
    ),
    Words(
        "params argument given to the optimizer should be an iterable",
        "an optimizer takes a list of parameters, and it got one tensor",
        "put brackets around it: `SGD([params], lr=...)`",
    ),
    Words(
        "[oO]nly Tensors of floating point( and complex)? dtype can require gradients",
        "a tensor of whole numbers can't have a gradient",
        "write its numbers with a point, `1.0` for `1`, or add `dtype=torch.float32`",
    ),
    Words(
        "attempting to assign a gradient|assigned grad (expected|has)",
        "a gradient has to be a tensor of the same shape and dtype as its parameter",
        "what did you put into `.grad`? A number is no tensor; if it is a tensor, print `.shape` and `.dtype` of both",
    ),
    # Shapes.
    Words(
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
        "two tensors with {0} and {1} entries meet number by number, and their sizes differ",
        "print `.shape` of both; which of them should it not have been?",
    ),
    Words(
        r"mat1 and mat2 shapes cannot be multiplied \((\S+) and (\S+)\)",
        "a matrix product needs as many columns on the left as there are rows on the right; these are {0} and {1}",
        "the order of the two, and a `.T`; for a product number by number it is `*`, and not `@`",
    ),
    Words(
        "size mismatch, got input|inconsistent tensor size|self must be a matrix|1D tensors expected",
        "the shapes do not fit this product",
        "print `.shape` of both; for a product number by number it is `*`",
    ),
    Words(
        "stack expects each tensor to be equal size",
        "`torch.stack` puts tensors of one shape side by side, and these have several",
        "print `.shape` of each; is a `.sum()` or a `.mean()` missing in one of them?",
    ),
    Words(
        r"zero-dimensional tensor .* cannot be concatenated",
        "`torch.cat` joins rows, and these are single numbers",
        "`torch.stack([a, b])` makes one tensor of single numbers",
    ),
    Words(
        r"Dimension out of range \(expected to be in range of .*, but got (-?\d+)\)",
        "there is no dimension {0}: they are counted from 0, and this tensor has fewer",
        "print `.shape`; a tensor of shape (N,) has dimension 0 alone",
    ),
    Words(
        r"shape '.*' is invalid for input of size (\d+)",
        "the new shape would hold another number of entries than the {0} that there are",
        "print `.shape` before the reshape",
    ),
    Words(
        r"index (-?\d+) is out of bounds for dimension",
        "there is no entry {0}: they are counted from 0",
        "print `.shape`, and the index",
    ),
    Words(
        "invalid index of a 0-dim tensor|iteration over a 0-d tensor|len\\(\\) of a 0-d tensor",
        "this tensor is a single number, without a first or second entry",
        "was it averaged or added up too early? Where it should be one number, use it as it is",
    ),
    # Kinds of numbers.
    Words(
        "must have the same dtype|to have (the )?same dtype|expected scalar type|Found dtype",
        "tensors of two dtypes, such as float32 and float64, meet in one operation",
        "a tensor that you make should have the dtype of the data: `torch.zeros_like(x)`, or `dtype=x.dtype`",
    ),
    Words(
        r"only one element tensors can be converted|cannot be converted to Scalar|"
        r"only integer tensors of a single element can be converted",
        "a tensor with several entries stands where one Python number is needed",
        "`.item()`, `float(...)` and functions of `math` take single numbers; keep tensors, and use torch's functions "
        "(`torch.stack` makes one tensor of several)",
    ),
    Words(
        "Boolean value of Tensor with more than one value is ambiguous",
        "several answers, one for each entry, stand where a single True or False is needed",
        "`if x > 0` works for one number: use `torch.where(condition, a, b)`. A loss of `torch.nn` is made first and "
        "called then, `torch.nn.MSELoss()(a, b)`; `torch.nn.functional.mse_loss(a, b)` takes both at once",
    ),
    Words(
        r"(Negation|Subtraction), the `-` operator, (on|with) (a |two )?bool tensors?",
        "this tensor holds True and False, which can't be subtracted",
        "a comparison such as `z > 0` gives these: turn it into numbers, `(z > 0).to(z.dtype)`",
    ),
    Words(
        "mean\\(\\): could not infer output dtype",
        "a mean of whole numbers, or of True and False, has no dtype of its own",
        "make numbers with a point of them first: `.to(torch.float32)`",
    ),
    Words(
        "result type .* can't be cast to the desired output type",
        "a number with a point can't be written into a tensor of whole numbers",
        "make the tensor with numbers that have a point, or compute a new one instead of `+=`",
    ),
    Words(
        "where expected condition to be a boolean tensor",
        "the first argument of `torch.where` says yes or no for each entry, and it got numbers",
        "write a comparison there, such as `z > 0`",
    ),
    # Python.
    Words(
        r'"bitwise_xor_\w+" not implemented|unsupported operand type\(s\) for \^',
        "`^` is no power in Python",
        "write `x ** 2`, or `x * x`",
    ),
    Words(
        r"argument '(\w+)' \(position \d+\) must be Tensor, not (\w+)",
        "this function of torch takes a tensor, and it got a {1}",
        "for a single number `math` has the same functions; several numbers become a tensor by `torch.tensor(...)` or, "
        "where they are tensors already, `torch.stack(...)`",
    ),
    Words(
        r"(expected Tensor as element|must be tuple of Tensors)",
        "this function takes a list of tensors",
        "`torch.stack([a, b])`, with brackets around them; plain numbers become a tensor by `torch.tensor([a, b])`",
    ),
    Words(
        r"(\w+)\(\) received an invalid combination of arguments - got \(([^)]*)\)",
        "`{0}` can't be called with these kinds of arguments: ({1})",
        "which kind should each of them have? `torch.maximum(a, b)` takes two tensors, `clamp(min=0)` a number",
    ),
    Words(
        r"'(builtin_function_or_method|method|function)'",
        "a function stands where its result should: it was named and not called",
        "are the brackets missing? `x.mean()`, and not `x.mean`",
    ),
    Words(
        "'Tensor' object is not callable",
        "a tensor is followed by brackets as if it were a function",
        "is a `*` missing before the bracket? Has a variable a function's name? `.T` and `.grad` need no ()",
    ),
    Words(
        r"'(int|float|bool|NoneType|torch\.Size)' object is not callable",
        "something that is no function is followed by brackets",
        "is a `*` missing before the bracket? `.shape`, `.grad` and `.requires_grad` need no ()",
    ),
    Words(
        r"unsupported operand type\(s\) for (\S+): .*'(list|tuple)'",
        "a Python {1} does not compute number by number, as tensors do",
        "make a tensor of it: `torch.stack(...)` where it holds tensors, `torch.tensor(...)` where it holds numbers",
    ),
    Words(
        r"NameError: name '(mean|sum|exp|log|sqrt|sigmoid|tanh|relu|square|tensor|zeros|ones|stack|where|maximum)' "
        "is not defined",
        "Python has no `{0}` of its own",
        "it is `torch.{0}(...)`",
    ),
    Words(
        r"NameError: name '(\w+)' is not defined",
        "nothing is called `{0}` where this line runs",
        "is it spelled otherwise, or an argument's name in another function? Was a cell or an import forgotten?",
    ),
    Words(
        r"UnboundLocalError: cannot access local variable '(\w+)'",
        "`{0}` is given a value somewhere in this function, and this line runs before that",
        "give it a value before the loop or the `if`; another name than the argument's helps",
    ),
    Words(
        r"(\w+)(?:\.__init__)?\(\) takes (\S+(?: to \S+)?) positional arguments? but (\d+) (was|were) given",
        "`{0}` was called with more arguments than it has",
        "look at its `def` line. A class of `torch.nn` is made first and then called: `torch.nn.Sigmoid()(x)`; "
        "a method needs `self`",
    ),
    Words(
        r"(\w+)(?:\.__init__)?\(\) missing \d+ required positional arguments?: (.*)",
        "`{0}` was called without {1}",
        "its `def` line says what it takes, and in which order",
    ),
    Words(
        r"'Tensor' object has no attribute '(\w+)'",
        "a tensor has no `.{0}`",
        "is it spelled otherwise, or something of a list or of NumPy?",
    ),
    Words(
        r"module 'torch' has no attribute '(\w+)'",
        "torch has no `{0}`",
        "is it spelled otherwise? Losses and layers are in `torch.nn`, some functions in `torch.nn.functional`",
    ),
)


def plain_words(error: str) -> tuple[str, str] | None:
    """Return what an error, written as "Kind: message", means and what to look at, or None where the table lacks it."""
    for words in TABLE:
        found = re.search(words.pattern, error)
        if found:
            groups = [group or "" for group in found.groups()]
            return words.meaning.format(*groups), words.look.format(*groups)
    return None
