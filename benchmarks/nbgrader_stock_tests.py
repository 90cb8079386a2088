"""The in-notebook tests of `nbgrader_stock.py`, as an instructor writes them for stock nbgrader.

For each exercise the lectures' numbers stand in the open, and inputs worked by hand between the marks of a
hidden test. What is asserted is values, and nothing else: not the dtype, not whether arguments stay as they
are, not what is printed, not whether the result can be differentiated.
"""

__all__ = ["stock_test"]

_BY_HAND = """\
readings, truth = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 6.0, 7.0, 6.0])
predicted, w, b = torch.tensor([3.0, 5.0, 7.0, 9.0]), torch.tensor(2.0), torch.tensor(1.0)"""

_TEST = """\
w, b = torch.tensor(1.0), torch.tensor(0.0)
{visible}
### BEGIN HIDDEN TESTS
{by_hand}
{hidden}
### END HIDDEN TESTS"""


def stock_test(exercise):
    """Return the source of an exercise's graded cell."""
    visible, hidden = _TESTS[exercise]
    return _TEST.format(visible=visible.strip(), by_hand=_BY_HAND, hidden=hidden.strip())


# In the open w is 1 and b is 0, as in the lectures; in the hidden part they are 2 and 1.
_TESTS = {
    "model": (
        """
assert torch.allclose(model(t_u, w, b), t_u)
""",
        """
assert torch.allclose(model(readings, w, b), predicted)
assert torch.allclose(model(torch.tensor([-2.0, 5.0]), torch.tensor(-3.0), b), torch.tensor([7.0, -14.0]))
""",
    ),
    "loss_fn": (
        """
assert torch.allclose(loss_fn(t_u, t_c), torch.tensor(1763.8846))
assert torch.allclose(loss_fn(t_un, t_c), torch.tensor(80.364342))
""",
        """
assert torch.allclose(loss_fn(predicted, truth), torch.tensor(3.5))
""",
    ),
    "loss_rate_of_change": (
        """
assert torch.allclose(loss_rate_of_change(t_u, t_c, w, b), torch.tensor([4517.297, 82.6]), rtol=1e-3)
""",
        """
assert torch.allclose(loss_rate_of_change(readings, truth, w, b), torch.tensor([6.0, 2.0]), rtol=1e-3)
assert torch.allclose(loss_rate_of_change(readings, truth, w, b, 0.5), torch.tensor([6.0, 2.0]), rtol=1e-3)
""",
    ),
    "dloss_fn": (
        """
assert torch.allclose(dloss_fn(t_u, t_c), 2 * (t_u - t_c) / 11)
""",
        """
assert torch.allclose(dloss_fn(predicted, truth), torch.tensor([1.0, -0.5, 0.0, 1.5]))
assert torch.allclose(dloss_fn(torch.tensor([3.0, 5.0]), torch.tensor([1.0, 6.0])), torch.tensor([2.0, -1.0]))
""",
    ),
    "dmodel_dw": (
        """
assert torch.allclose(dmodel_dw(t_u, w, b), t_u)
""",
        """
assert torch.allclose(dmodel_dw(readings, w, b), torch.tensor([1.0, 2.0, 3.0, 4.0]))
assert torch.allclose(dmodel_dw(torch.tensor([-2.0, 5.0]), w, b), torch.tensor([-2.0, 5.0]))
""",
    ),
    "dmodel_db": (
        """
assert torch.allclose(dmodel_db(t_u, w, b), torch.ones(11))
""",
        """
assert torch.allclose(dmodel_db(readings, w, b), torch.ones(4))
assert torch.allclose(dmodel_db(torch.tensor([-2.0, 5.0]), w, b), torch.ones(2))
""",
    ),
    "grad_fn": (
        """
assert torch.allclose(grad_fn(t_u, t_c, t_u, w, b), torch.tensor([4517.2969, 82.6]))
assert torch.allclose(grad_fn(t_un, t_c, t_un, w, b), torch.tensor([-77.6140, -10.6400]))
""",
        """
assert torch.allclose(grad_fn(readings, truth, predicted, w, b), torch.tensor([6.0, 2.0]))
""",
    ),
    "training_loop": (
        """
start = torch.stack([w, b])
assert torch.allclose(training_loop(10, 1e-2, start, t_un, t_c), torch.tensor([2.3232, -0.0710]), atol=1e-3)
assert torch.allclose(training_loop(5000, 1e-2, start, t_un, t_c), torch.tensor([5.3671, -17.3012]), rtol=1e-3)
""",
        """
start = torch.stack([w, b])
assert torch.allclose(training_loop(2, 0.1, start, readings, truth), torch.tensor([1.8, 0.94]))
start = torch.tensor([1.0, 0.0])
assert torch.allclose(training_loop(100, 1e-2, start, t_u, t_c), torch.tensor([-1.859e19, -3.2746e17]), rtol=1e-3)
""",
    ),
}
