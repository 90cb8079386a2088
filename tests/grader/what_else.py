"""What is searched for a wrong function of plain Python beside the right one, without an assignment."""

import torch

from grader.answers.explain import as_numbers
from grader.answers.laws import Asked
from grader.course.teaching import teaching
from grader.diagnosis.what_else import what_else


def searched(wrong, right, *examples, part="", near=()):
    """Return the text that is found for a wrong function in the examples, the first of which shows it, or ""."""
    asked_of = teaching("f", *examples)

    def parts(function):
        def ask(arguments):
            found = function(**{name: copied(item) for name, item in arguments.items()})
            return found if isinstance(found, dict) else {"": torch.as_tensor(as_numbers(found))}

        return ask

    own, should = parts(wrong), parts(right)
    first = examples[0]
    asked = Asked(
        first,
        own(first)[part].double(),
        should(first)[part].double(),
        lambda arguments: own(arguments)[part],
        lambda arguments: should(arguments)[part],
        frozenset(),
        part,
        1e-5,
        list(examples[1:]),
    )
    search = what_else(asked, None, own, should, lambda arguments: should(arguments)[part], asked_of, lambda: near)
    found = search()
    return "" if found is None else found.text


def copied(item):
    return item.detach().clone().requires_grad_(item.requires_grad) if isinstance(item, torch.Tensor) else item
