# %% [markdown]
# # A network of two layers
#
# One neuron draws one straight line. There are four points that no straight line can tell apart,
# and they are famous for it. You build a network of two layers that can, and find its gradient by
# hand, gate by gate, with nothing but the chain rule.

# %%
from collections.abc import Callable

import torch

# The four points of XOR, one in each row, and what is asked of each: exactly one of the two inputs is 1.
points = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
targets = torch.tensor([0.0, 1.0, 1.0, 0.0])
# Where training starts: W1, b1, W2, b2 of a network with two inputs and three hidden units.
start = (
    torch.tensor([[0.6, -0.4, 0.3], [0.2, -0.8, -0.5]]),
    torch.tensor([0.1, -0.3, 0.2]),
    torch.tensor([[0.5], [-0.7], [0.4]]),
    torch.tensor([0.2]),
)


def loss_fn(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the mean of the squared differences, shape ()."""
    return ((y_pred - y) ** 2).mean()

# %% [markdown]
# `loss_fn` you have written before. It is finished; use it as it is.
#
# **XOR**, exclusive or, says whether exactly one of two things is true. On the left you see one
# neuron that gets three of its four points right, and on the right the network of this lesson, which
# gets all of them:
#
# ![Two maps of the same square with the four points of XOR at its corners: (0, 0), (0, 1), (1, 0),
# (1, 1), which should be 0, 1, 1, 0. Where more than 0.5 is said the map is shaded. On the left one
# neuron shades all that lies on one side of a straight line; it says 0.05, 0.95, 0.95, 1 of the
# four, and the last one is wrong. On the right the trained network shades two corners on either
# side of a band that runs from (0, 0) to (1, 1); it says 0.01, 0.98, 0.98, 0.02, all four right,
# and 0.1 in the middle.](pictures/xor.svg)
#
# Whatever weights a neuron has, it says nearly 1 on one side of a line and nearly 0 on the other, and
# one of the four points at least lies on the wrong side. The way out is to bend the plane before the
# line is drawn. That is what a **hidden layer** does: some neurons look at the inputs, and the last
# neuron looks at them, and no longer at the inputs themselves. It is called hidden since nobody says
# what its units should give. They find that out.
#
# The whole network with its shapes, forwards from the left to the right and backwards from the right
# to the left:
#
# ![Five boxes in a row: affine, tanh, affine, sigmoid, loss. Forwards, from the left to the right,
# go X (N, F), Z1 (N, H), A1 (N, H), Z2 (N, 1), y_pred (N,); the first affine box also gets W1 (F,
# H) and b1 (H,), the second W2 (H, 1) and b2 (1,), and the loss y (N,). Backwards, from the right
# to the left, come dy_pred (N, 1), dZ2 (N, 1), dA1 (N, H), dZ1 (N, H); out of the second affine box
# come dW2 (H, 1) and db2 (1,), and out of the first dW1 (F, H) and db1 (H,). For XOR, N is 4, F
# is 2 and H is 3.](pictures/layers.svg)
#
# `N` is the number of samples, `F` the number of inputs of each, and `H` the number of hidden units.
# A tensor of shape `(N, F)` holds one sample in each row. For XOR they are 4, 2 and 3, which are
# three different numbers for a reason: where two of them are equal, much that is wrong fits.
#
# ## How to work
#
# Write code where it raises `NotImplementedError`. Keep the names of functions, and the order of
# arguments. Start at the top: later exercises call earlier ones. Leave `python -m _course --watch`
# running in this folder: at each save it tests what you changed (in the notebook, the cell that
# follows each exercise does that).
#
# float32 and float64 both have to work, and what comes back has the dtype of the data. Any `N`, `F`
# and `H` from 1 on work, so never write the numbers 4, 2 or 3 for them. No function changes its
# arguments. All derivatives are your own work: `torch.autograd`, `loss.backward()`, `torch.func` and
# `torch.optim` are not allowed. The exercises whose names end in `backward` are plain functions which
# you write. `torch.tanh` and `torch.sigmoid` are there for you to use.

# %% [markdown]
# ## `affine`: many sums at once
#
# A neuron makes one weighted sum of its inputs and adds a bias. A layer of `H` neurons makes `H` such
# sums from the same inputs, each with weights and a bias of its own. The weights of the first neuron
# are the first column of `W`, and so on.
#
# **Formula.** For each sample `i` and each unit `k`, with a sum over the inputs `j`:
# `Z[i, k] = X[i, 0] * W[0, k] + ... + X[i, F-1] * W[F-1, k] + b[k]`.
# That is a **matrix product**, which torch writes as `A @ B`: row `i`
# of `A` meets column `k` of `B`.
#
# **Shapes.** `X` is `(N, F)`, `W` is `(F, H)`, `b` is `(H,)`, and `Z` is `(N, H)`. In `A @ B` the
# last axis of `A` has to be as long as the first axis of `B`, and vanishes.
#
# **By hand.** Three samples, `X = [[1, 2], [3, -1], [0, 2]]`, and one unit, `W = [[2], [-1]]` with
# `b = [0.5]`. The first sample gives `1 * 2 + 2 * (-1) + 0.5 = 0.5`, and all of them
# `[[0.5], [7.5], [-1.5]]`.
#
# **Take care.** `A * B` multiplies number by number, and is another thing. Added to a table of shape
# `(N, H)`, a bias of shape `(H,)` goes to every row by itself.

# %%
def affine(X: torch.Tensor, W: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Make the weighted sums of a layer: X @ W + b.

    X: N samples with F inputs each, shape (N, F). W: weights, shape (F, H), a column for each unit.
    b: biases, shape (H,). Returns the pre-activations, shape (N, H).
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# **Predict.** Two layers in a row, with nothing between them: `affine(affine(X, W1, b1), W2, b2)`.
# How much more can they do than one layer?

# %% [markdown]
# **Answer.** Nothing more. Sums of sums are sums: with `W = W1 @ W2` and `b = b1 @ W2 + b2` one layer
# gives the same numbers. Whatever a network can do beyond a line comes from the bend between its
# layers.

# %% [markdown]
# ## `affine_backward`: three tables from one
#
# On the way back the layer is told how the loss changes with each number of `Z`. That is `upstream`,
# a table in the shape of `Z`. From it you find how the loss changes with each number of `X`, of `W`
# and of `b`.
#
# Look at one weight, `W[j, k]`. It goes into `Z[i, k]` of every sample `i`, with the factor
# `X[i, j]`. Each sample sends back `X[i, j] * upstream[i, k]`, and all of that adds up. The bias
# `b[k]` goes into the same numbers with the factor 1. An input `X[i, j]` goes into `Z[i, k]` of every
# unit `k`, with the factor `W[j, k]`.
#
# **Formula.** With `u` for `upstream`:
#
# - `dX[i, j] = the sum over k of u[i, k] * W[j, k]`
# - `dW[j, k] = the sum over i of X[i, j] * u[i, k]`
# - `db[k] = the sum over i of u[i, k]`
#
# **Shapes.** `upstream` is `(N, H)`. Each answer has the shape of what it belongs to: `dX` is
# `(N, F)`, `dW` is `(F, H)` and `db` is `(H,)`. `A.T` is `A` with rows and columns exchanged, of shape
# `(F, N)` where `A` is `(N, F)`, and `a.sum(dim=0)` adds up each column.
#
# **By hand.** The layer from above, with `upstream = [[1], [2], [-1]]`.
#
# - `dX = [[2, -1], [4, -2], [-2, 1]]`, each row the weights times that sample's upstream.
# - `dW[0, 0] = 1 * 1 + 3 * 2 + 0 * (-1) = 7`, and `dW = [[7], [-2]]`.
# - `db = [1 + 2 - 1] = [2]`.
#
# **Take care.**
#
# - If you are lost, write down the shapes. Of two tables, one of them perhaps transposed, only one
#   product has the shape that you need.
# - There is no mean here. If the loss is a mean, its 1/N is in `upstream` already.
# - The order is X, W, b.

# %%
def affine_backward(
    X: torch.Tensor, W: torch.Tensor, b: torch.Tensor, upstream: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Go backwards through X @ W + b.

    X: shape (N, F). W: shape (F, H). b: shape (H,). upstream: how the final result changes with each
    number of X @ W + b, shape (N, H).
    Returns (dX, dW, db), how it changes with each number of X, W and b, in their shapes. What a number
    sends to several places comes back as a sum.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# ## `tanh_backward`: the bend of the hidden layer
#
# The hidden units bend their sums by tanh, which runs from -1 to 1. Its slope is short to write:
# with `t = tanh(z)` it is `1 - t^2`. At 0, where tanh is steepest, that is 1. Far from 0 it goes to 0,
# and a unit out there learns next to nothing.
#
# On the way back each number of `z` gets its own slope times its own upstream. Such an answer, all
# slopes times what comes from behind without the table of all slopes ever being written down, is a
# **vector-Jacobian product**. Every step backwards in this lesson is one.
#
# **Formula.** `upstream * (1 - tanh(z)^2)`, number by number.
#
# **Shapes.** `z` and `upstream` have one shape, any, and so has the answer.
#
# **By hand.** `z = [0, 0.5, -1]` with `upstream = [2, 2, -3]`. tanh is `[0, 0.4621, -0.7616]`, the
# slopes are `[1, 0.7864, 0.4200]`, and the answer is `[2, 1.5729, -1.2599]`.
#
# **Take care.**
#
# - `z` is the number before the activation. If you hand in the activated one, tanh is taken twice.
# - The answer has to be finite and right for every `z` from -1000 to 1000. `torch.tanh` is; its
#   textbook fraction is `inf / inf` there, which is `nan`.

# %%
def tanh_backward(z: torch.Tensor, upstream: torch.Tensor) -> torch.Tensor:
    """Go backwards through tanh, at the pre-activation z.

    z, upstream: tensors of one shape, any. Returns upstream times the slope of tanh at z, number by
    number: upstream * (1 - tanh(z)^2), in their shape and dtype, finite for every z between -1000 and 1000.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# ## `sigmoid_backward`: the bend of the output
#
# The last neuron answers between 0 and 1, so it has a sigmoid. Its slope you know from the neuron:
# `s * (1 - s)` with `s = sigmoid(z)`.
#
# **Formula.** `upstream * s * (1 - s)` with `s = sigmoid(z)`, number by number.
#
# **Shapes.** `z` and `upstream` have one shape, any, and so has the answer.
#
# **By hand.** `z = [0, 1.4, -1]` with `upstream = [2, -1, 3]`. The sigmoid is
# `[0.5, 0.8022, 0.2689]`, the slopes are `[0.25, 0.1587, 0.1966]`, and the answer is
# `[0.5, -0.1587, 0.5898]`.
#
# **Take care.** Here, too, `z` is the number before the activation, and the answer has to be finite
# and right for every `z` from -1000 to 1000. `e^(-z) / (1 + e^(-z))^2` is not.

# %%
def sigmoid_backward(z: torch.Tensor, upstream: torch.Tensor) -> torch.Tensor:
    """Go backwards through the sigmoid, at the pre-activation z.

    z, upstream: tensors of one shape, any. Returns upstream times the slope of the sigmoid at z, number by
    number: upstream * s * (1 - s) with s = sigmoid(z), in their shape and dtype, finite for every z
    between -1000 and 1000.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# ## `fan_out_backward`: two ways to the end
#
# Gates in a row multiply what comes back. But what if a value is used twice? In `f = (x * y + z) * x`
# the number `x` goes into the inner product, and once more into the outer one. Move `x` a little, and
# `f` moves on both ways.
#
# Name the sum `q = x * y + z`, so that `f = q * x`, and go back gate by gate. What comes back to `x`
# on one way and on the other **adds up**:
#
# ![A circuit of three gates for f = (x * y + z) * x at x = 2, y = 3 and z = -1. Forwards: x * y
# is 6, with z the sum q is 5, and q * x is 10. Back come 2 to q, the same to z and to the first
# product, and from there 4 to y. x goes two ways: through q comes 6, past it 5, and both add
# up: 6 + 5 = 11.](pictures/fan_out.svg)
#
# **Formula.**
#
# - The outer product sends `x` back to `q`, and `q` back to `x`.
# - From `q` the sum passes it on, to `z` and to the inner product, which multiplies by the other
#   factor.
# - The slope in `x` is
#   `the way through q, plus the way past it`.
#
# **Shapes.** `x`, `y` and `z` have one shape, any, and so has each of the three slopes.
#
# **By hand.** At `x = 2`, `y = 3`, `z = -1`: `q` is 5 and `f` is 10. Back to `q` comes 2. Through `q`
# comes `2 * 3 = 6` to `x`, and past it 5, together 11. To `y` comes `2 * 2 = 4`, and to `z` comes 2.
# The answer is `(11, 4, 2)`.
#
# **Take care.** A second `dx = ...` below the first one overwrites it: one of the two ways is lost.
# It is the reason why PyTorch adds to a `.grad`.

# %%
def fan_out_backward(
    x: torch.Tensor, y: torch.Tensor, z: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Go backwards through f = (x * y + z) * x, number by number.

    x, y, z: tensors of one shape, any. Returns (df/dx, df/dy, df/dz), each of that shape. x is used twice,
    and what comes back on its two ways adds up.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# In a network almost everything is a fan-out. A weight is used by every sample, so its gradient is a
# sum over the samples. A hidden unit would be used by every unit of the next layer. You have met both
# already: they are the sums in `affine_backward`.

# %% [markdown]
# ## `forward`: from the inputs to a prediction
#
# Now the network. A layer, tanh, a second layer with one unit, the sigmoid.
#
# **Formula.**
#
# - `Z1 = affine(X, W1, b1)` and `A1 = tanh(Z1)`
# - `Z2 = affine(A1, W2, b2)` and `y_pred = sigmoid(Z2)`
#
# **Shapes.** `W1` is `(F, H)`, `b1` is `(H,)`, `W2` is `(H, 1)` and `b2` is `(1,)`. `Z1` and `A1` are
# `(N, H)`, and `Z2` is `(N, 1)`. The prediction is one number for each sample, `(N,)`:
# `a.squeeze(1)` takes away the second axis of a column, and no other.
#
# **By hand.** One sample, `X = [[1, 2]]`, and two hidden units: `W1 = [[1, -1], [0.5, 0.5]]`,
# `b1 = [0, 0.5]`, `W2 = [[1], [-2]]`, `b2 = [0]`. `Z1` is `[[2, 0.5]]`, `A1` is
# `[[0.9640, 0.4621]]`, `Z2` is `[[0.0398]]`, and the prediction is `[0.5099]`.
#
# **Take care.**
#
# - `squeeze()` without the 1 takes away every axis of length 1, so that of a single sample no axis is
#   left.
# - A prediction of shape `(N, 1)` looks the same when it is printed, and ruins the loss: minus the
#   targets, of shape `(N,)`, it gives a table of `N * N` differences, each prediction with each target,
#   and no error.

# %%
def forward(X: torch.Tensor, W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor, b2: torch.Tensor) -> torch.Tensor:
    """Predict by two layers: tanh in the hidden one, the sigmoid at the output.

    X: N samples with F inputs each, shape (N, F). W1: shape (F, H). b1: shape (H,). W2: shape (H, 1).
    b2: shape (1,). Returns one prediction for each sample, shape (N,).
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# ## `backward`: the gradient of the network
#
# This is what all the rest is for. Go forwards once and keep what you will need: both pre-activations
# and the hidden layer. Then go back, gate by gate. What one gate sends back is the upstream of the
# next one.
#
# **Formula.** From the end to the beginning:
#
# - the loss, a mean of `N` squares: `dy_pred[i] = 2 * (y_pred[i] - y[i]) / N`
# - the sigmoid, at `Z2`: `dZ2`
# - the second layer, whose inputs are `A1`:
#   `dA1`, `dW2`
#   and `db2`
# - tanh, at `Z1`: `dZ1`
# - the first layer, whose inputs are `X`:
#   `dW1` and `db1`
#
# **Shapes.** Each gradient has the shape of its parameter: `(F, H)`, `(H,)`, `(H, 1)` and `(1,)`, in
# this order. `dy_pred` has to be a column, `(N, 1)`, as `Z2` is: `a.unsqueeze(1)` makes one of
# `(N,)`.
#
# **By hand.** The sample from above, with the target 1. The prediction is 0.5099, so `dy_pred` is
# `2 * (0.5099 - 1) = -0.9801`. The slope of the sigmoid is 0.2499, and `dZ2` is -0.2449.
#
# - `dW2` is `[[0.9640], [0.4621]]` times that, `[[-0.2361], [-0.1132]]`, and `db2` is `[-0.2449]`.
# - `dA1` is `-0.2449 * [1, -2] = [-0.2449, 0.4898]`. The slopes of tanh are `[0.0707, 0.7864]`, and
#   `dZ1` is `[-0.0173, 0.3852]`.
# - `dW1` is `[[-0.0173, 0.3852], [-0.0346, 0.7705]]`, and `db1` is `[-0.0173, 0.3852]`.
#
# **Take care.** When a test fails, look at the ratio first, and at which of the four is wrong:
#
# - exactly N times, or 1/N: the mean is forgotten, or taken twice. exactly half: the 2 of the square.
# - `dW2` and `db2` are right and the other two are not: look at what comes before the second layer.
# - all four are wrong: look at the error, the sigmoid, and at the shape of their product.
# - right for one sample and wrong for several: a sum over the samples, or a column that was none.

# %%
def backward(
    X: torch.Tensor, y: torch.Tensor, W1: torch.Tensor, b1: torch.Tensor, W2: torch.Tensor, b2: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Differentiate the mean squared error of the network in its four parameters, by hand.

    X: inputs, shape (N, F). y: targets, shape (N,). W1: shape (F, H). b1: shape (H,). W2: shape (H, 1).
    b2: shape (1,). Returns (dW1, db1, dW2, db2), in the shapes of the parameters.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# **Predict.** Why not start with all parameters at 0? On the four points of XOR, which of the four
# gradients is not 0 there?

# %% [markdown]
# **Answer.** None: the network would never learn anything. The hidden layer is 0, so `dW2` is. `W2` is
# 0, so nothing comes back to the first layer. And the errors of the four predictions, all 0.5, cancel
# in `db2`. With numbers that are equal and not 0 it is hardly better: hidden units that start alike
# get the same gradient in each epoch and stay alike, three units that do the work of one. That is why
# networks start with numbers that differ.

# %% [markdown]
# ## `numerical_gradient`: trust, but measure
#
# How do you know that a gradient by hand is right? You measure it. Move one number of a tensor a
# little to either side, see how the loss changes, and divide by the distance. Then the next number.
# That takes two evaluations for each number, which is far too slow to train with, and just right to
# check with.
#
# **Formula.** For each entry `k` of `x`, with `e_k` for a tensor that is 1 at this entry and 0 at all
# others:
# `slope[k] = (f(x + dx * e_k) - f(x - dx * e_k)) / (2 * dx)`
#
# **Shapes.** `x` has any shape: `()`, `(H,)`, `(F, H)` or one with more axes. `f` takes a tensor of
# that shape and returns one number, of shape `()`. The answer has the shape of `x`.
#
# **By hand.** `f(x) = x[0]^2 * x[1]` at `x = [3, 2]` with `dx = 0.1`. For the first entry it is
# `(9.61 * 2 - 8.41 * 2) / 0.2 = 12`, for the second `(9 * 2.1 - 9 * 1.9) / 0.2 = 9`, so `[12, 9]`.
#
# **Take care.**
#
# - `f(x + dx)` moves all numbers at once. One at a time is asked for.
# - `x` stays as it is. If you move a number in place, put the old one back, and note that `y = x` makes
#   no copy: `x.clone()` does. `x.reshape(-1)` shares its numbers with `x`, or does not, as it happens.

# %%
def numerical_gradient(f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, dx: float = 1e-3) -> torch.Tensor:
    """Measure the slope of f in each entry of x by a step to either side: (f(x + dx) - f(x - dx)) / (2 dx).

    f: takes a tensor in the shape of x and returns one number, shape (). x: any shape, which stays as it
    is. dx: the step to either side, of one entry at a time. Returns one slope for each entry, in the shape of x.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# ## `train`: learn what no line can
#
# Training is what you know: full-batch gradient descent, all samples in each epoch. There are four
# tensors to move now.
#
# **Formula.** In each epoch, with all four gradients taken at the same parameters `p`:
# `p <- p - learning_rate * dp`.
#
# **Shapes.** `parameters` is the tuple `(W1, b1, W2, b2)`, and the new ones have the same shapes. The
# list has `n_epochs` losses, each from before its step: the first one is the loss at the start. You may
# keep them as Python numbers or as tensors.
#
# **By hand.** The sample and the network from above, one epoch with the learning rate 0.1: the loss is
# `(0.5099 - 1)^2 = 0.2402`. `b2` goes from 0 to `0 - 0.1 * (-0.2449) = 0.0245`, and `W2` from
# `[[1], [-2]]` to `[[1.0236], [-1.9887]]`. The list is `[0.2402]`.
#
# On XOR, from the `start` at the top of this file and with the learning rate 0.5, the losses are
# **0.286091** at epoch 1, **0.207780** at epoch 100, **0.002875** at epoch 1000 and **0.000321** at
# epoch 5000. Epochs count from 1, so these are `losses[0]`, `losses[99]`, `losses[999]` and
# `losses[4999]`.
#
# **Take care.**
#
# - All four gradients first, then all four steps. If `W2` has moved before you ask for the gradient in
#   `W1`, you ask at a place where you have never been.
# - `p -= ...` writes into the caller's tensors. Make new ones.
# - The last loss of the list is not that of the trained network, but that from before the last step.

# %%
def train(
    parameters: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor],
    X: torch.Tensor,
    y: torch.Tensor,
    n_epochs: int,
    learning_rate: float,
) -> tuple[tuple[torch.Tensor, ...], list[float]]:
    """Train the network by gradient descent on all samples at once.

    parameters: (W1, b1, W2, b2) to begin with, of shape (F, H), (H,), (H, 1) and (1,); they stay as they are.
    X: inputs, shape (N, F). y: targets, shape (N,).
    Returns (the trained parameters as a new tuple, the list of the n_epochs losses, each before its step).
    With n_epochs=0 that is the start and an empty list.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# The loss over the epochs. The lower curve starts from the `start` of this file; the upper one from
# three hidden units that are alike:
#
# ![The loss over the epochs with the learning rate 0.5, both on scales where each mark is ten times
# the last. From the lesson's start it is 0.286091 in epoch 1, 0.20778 in epoch 100, 0.002875 in
# epoch 1000, 0.000321 in epoch 5000; most of the fall is between the epochs 100 and 1000. From a
# start at which the three hidden units are alike it begins at 0.284, and is still 0.1676 in
# epoch 5000.](pictures/loss_curve.svg)
#
# **Predict.** The trained network gives nearly 0, 1, 1, 0 at the corners of the square. What does it
# say in the middle, at `[0.5, 0.5]`, where it has never seen a point?

# %% [markdown]
# **Answer.** About 0.27. The network has laid a band of zeros from `[0, 0]` to `[1, 1]`, and the
# middle lies in it. A band of ones from `[0, 1]` to `[1, 0]` would have served the four points as well.
# Nobody has asked for anything between them, so it was the start that chose.
#
# # What you have learned
#
# - Layers in a row are one layer, unless something between them bends. With a hidden layer of tanh four
#   points can be told apart that no line can.
# - A gradient has the shape of what it belongs to, and that alone nearly says which product to take.
# - What was used by many collects from all of them: over the samples for a weight and a bias, over the
#   units for an input.
# - A gradient by hand is measured before it is trusted.
#
# **Where to read on.** That hidden layers can learn by this gradient was shown by Rumelhart, Hinton
# and Williams in [1986](https://doi.org/10.1038/323533a0). Nielsen's [second
# chapter](http://neuralnetworksanddeeplearning.com/chap2.html) has the same equations for any number
# of layers, and his [fourth](http://neuralnetworksanddeeplearning.com/chap4.html) shows what one hidden
# layer can do. The notes of cs231n [build such a
# network](https://cs231n.github.io/neural-networks-case-study/) for points that lie in spirals. In
# torch a layer is [nn.Linear](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html),
# which keeps its weights as `(H, F)`, and
# [gradcheck](https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html)
# measures gradients as you do.
