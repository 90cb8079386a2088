# PRIVATE chainrule-canary-b41d7c90e2f64a55
# %% [markdown]
# # A neuron that learns
#
# Two sensors measure the same air. For twelve moments you know both readings and the temperature.
# You build one artificial neuron, the smallest part of a neural network, and teach it to tell the
# temperature from the two readings:
#
# - **Stage one, activations and losses.** Six activation functions, the data set, the neuron and
#   three ways to measure how wrong it is.
# - **Stage two, slopes and gates.** You measure slopes, and then compute them exactly by the chain
#   rule, gate by gate.
# - **Stage three, the neuron's gradient.** You put the pieces together: `gradient`, the heart of
#   this assignment.
# - **Stage four, learning.** The neuron learns: with your gradient, then with PyTorch's, then with
#   one of PyTorch's optimizers.

# %%
from collections.abc import Callable, Iterable

import torch
from torch.utils.data import DataLoader, Dataset

# Twelve samples, one in each row: what the first and the second sensor showed.
readings = torch.tensor(
    [
        [0.5, 0.9],
        [14.0, 12.0],
        [15.0, 13.6],
        [28.0, 22.8],
        [11.0, 8.1],
        [8.0, 7.1],
        [3.0, 2.9],
        [-4.0, 0.1],
        [6.0, 5.3],
        [13.0, 12.0],
        [21.0, 19.9],
        [-1.0, 1.5],
    ]
)
# The temperature at the same twelve moments.
temperatures = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1])

# %% [markdown]
# A **sample** is what was measured at one moment: two inputs and a target. `N` is the number of
# samples, here 12, and `F` the number of inputs (or features) of each, here 2. A tensor of shape
# `(N, F)` holds one sample in each row, as `readings` does. Shape `(N,)` is one number for each
# sample, `(F,)` one for each input, `(1,)` a row with one number in it, and `()` a single number
# without any axis. Some of the numbers you will recognise from the first assignment: what was the
# reading there is the target here.
#
# ## How to work
#
# Write code where it raises `NotImplementedError`. Keep the names of functions and classes, and the
# order of arguments. Start at the top: later exercises call earlier ones. Leave `python -m _course
# --watch` running in this folder: at each save it tests what you changed (in the notebook, the cell
# that follows each exercise does that).
#
# Tensors come in, and tensors go out, of the dtype of the data: float32 and float64 both work. Any
# number of samples works, one sample too, and any number of inputs, so never write the number 12 or
# 2 for them. In the first line of a function, `Callable` means a function, and `Iterable` something
# that a `for` can go through. No function changes its arguments, unless its docstring says that it
# does.
#
# # Stage one: activations and losses
#
# A nerve cell, the biological neuron, collects signals from other cells through many short
# branches, the dendrites. Some connections weigh more than others, and some hold it back. If enough
# comes together in the cell's body, it fires: it sends a signal along one long fibre, the axon, to
# the next cells. An artificial neuron keeps three things of that. Its inputs are the dendrites, its
# weights and their sum the cell's body, and its one output the axon. The rest, such as time and
# chemistry, it leaves out.
#
# So a neuron first mixes its inputs into one number `z`, by weights and a bias. Then it sends `z`
# through an **activation function**, which bends it. Without the bend, a whole network of neurons
# could do no more than one straight line.
#
# The six functions that follow are all **elementwise**: they treat every number of a tensor by
# itself, so `z` may have the shape `()`, `(N,)` or `(N, F)`, and the answer has the same. Each of
# them has to give finite, right numbers for every `z` from -1000 to 1000. That is a trap for some
# formulas: `e^1000` is too large for a float and becomes `inf`, infinity, and `inf - inf`,
# `inf / inf` and `0 * inf` are all `nan`, "not a number". (In formulas `^` means "to the power of",
# where Python writes `**`, and `e` is 2.71828..., so that `e^z` is `torch.exp(z)`.)
#
# Torch has most of the six ready-made, such as `torch.sigmoid`. To use them is no fault, but here
# the formula is what there is to learn: write it, and compare.

# %% [markdown]
# ## `binary_step`: fire or not
#
# An early artificial neuron, the perceptron of 1957, could only fire or stay silent. Its
# activation is a switch.
#
# **Formula.** 1 where `z >= threshold`, and 0 elsewhere.
#
# **By hand.** `z = [-1, 0, 2]` becomes `[0, 1, 1]` with the threshold 0, and `[0, 0, 1]` with the
# threshold 1. Exactly at the threshold the neuron fires.
#
# **Take care.** A comparison gives a tensor of `True` and `False`. Turn it into numbers, of the
# dtype that `z` has: `a.to(b.dtype)` gives `a` the dtype of `b`.


# %%
def binary_step(z: torch.Tensor, threshold: float = 0.0) -> torch.Tensor:
    """Fire or stay silent: 1 where z >= threshold, else 0.

    z: any shape. threshold: where the neuron begins to fire; at the threshold it does.
    Returns ones and zeros with the shape and the dtype of z.
    """
    ### BEGIN SOLUTION
    return (z >= threshold).to(z.dtype)
    ### END SOLUTION


# %% [markdown]
# ## `sigmoid`: a soft switch
#
# A switch can't learn: move `z` a little, and mostly nothing happens. The sigmoid is a switch with
# a slope. It climbs from 0 on the far left to 1 on the far right.
#
# **Formula.** `sigmoid(z) = 1 / (1 + e^(-z))`$\sigma(z) = \dfrac{1}{1 + e^{-z}}$. Books write it with the Greek letter
# sigma.
#
# **By hand.** `sigmoid(0) = 1 / (1 + 1) = 0.5`. For `z = 1.4`: `e^(-1.4)` is 0.2466, so
# `sigmoid(1.4)` is `1 / 1.2466 = 0.8022`.
#
# **Take care.** There is a second way to write it, `e^z / (1 + e^z)`. On paper both are equal. At
# `z = 1000` the second one is `inf / inf`, which is `nan`. What does the first one do at
# `z = -1000`?


# %%
def sigmoid(z: torch.Tensor) -> torch.Tensor:
    """Squash every number into the range from 0 to 1: 1 / (1 + e^(-z)).

    z: any shape. Returns the shape and the dtype of z, finite for every z between -1000 and 1000.
    """
    ### BEGIN SOLUTION
    return 1 / (1 + torch.exp(-z))  # far on the left this is 1 / inf, which is 0, as it should be
    ### END SOLUTION


# %% [markdown]
# ## `tanh`: a switch around zero
#
# The hyperbolic tangent has the form of the sigmoid, but runs from -1 to 1, so that its answers
# lie around zero.
#
# **Formula.** `tanh(z) = (e^z - e^(-z)) / (e^z + e^(-z))`$\tanh(z) = \dfrac{e^z - e^{-z}}{e^z + e^{-z}}$. It is also a
# stretched sigmoid: `tanh(z) = 2 * sigmoid(2 * z) - 1`$\tanh(z) = 2 \sigma(2 z) - 1$.
#
# **By hand.** `e^1` is 2.7183 and `e^(-1)` is 0.3679, so `tanh(1)` is `2.3504 / 3.0862 = 0.7616`.
#
# **Take care.** The first form is `inf / inf` at `z = 1000`, where the answer is simply 1.


# %%
def tanh(z: torch.Tensor) -> torch.Tensor:
    """Squash every number into the range from -1 to 1: (e^z - e^(-z)) / (e^z + e^(-z)).

    z: any shape. Returns the shape and the dtype of z, finite for every z between -1000 and 1000; the
    fraction as it stands is not.
    """
    ### BEGIN SOLUTION
    return 2 * sigmoid(2 * z) - 1
    ### END SOLUTION


# %% [markdown]
# ## `relu`: nothing below zero
#
# Far from zero a sigmoid is flat, and where it is flat there is nothing to learn from. The
# rectified linear unit is never flat on the right, and costs next to nothing. Most large networks
# use it, or one of its relatives.
#
# **Formula.** `z` where it is positive, and 0 elsewhere. `torch.where(condition, p, q)` takes its
# numbers from `p` where the condition holds, and from `q` elsewhere; `p` or `q` may be one number
# for all places.
#
# **By hand.** `[-2, 0, 3]` becomes `[0, 0, 3]`.
#
# **Take care.** `z[z < 0] = 0` writes into the caller's tensor. Make a new one.


# %%
def relu(z: torch.Tensor) -> torch.Tensor:
    """Cut off what is negative: z where z > 0, else 0.

    z: any shape, which stays as it is. Returns the shape and the dtype of z.
    """
    ### BEGIN SOLUTION
    return torch.clamp(z, min=0)
    ### END SOLUTION


# %% [markdown]
# ## `leaky_relu`: a little below zero
#
# A neuron with a relu can die: once its `z` is negative for every sample, its slope is 0, and it
# never moves again. The leaky relu lets a little through.
#
# **Formula.** `z` where it is positive, and `negative_slope * z` elsewhere. The negative slope is
# below 1.
#
# **By hand.** `[-2, 3]` becomes `[-0.02, 3]` with the slope 0.01, and `[-0.5, 3]` with the slope
# 0.25.
#
# **Take care.** Use the argument. With 0.01 written into the body the first of these is right, and
# the second is not.


# %%
def leaky_relu(z: torch.Tensor, negative_slope: float = 0.01) -> torch.Tensor:
    """Weaken what is negative: z where z > 0, else negative_slope * z.

    z: any shape. negative_slope: below 1. Returns the shape and the dtype of z.
    """
    ### BEGIN SOLUTION
    return torch.where(z > 0, z, negative_slope * z)
    ### END SOLUTION


# %% [markdown]
# ## `elu`: a round corner
#
# The exponential linear unit is a relu with a round corner. On the left it bends down smoothly and
# levels out at `-alpha`.
#
# **Formula.** `z` where it is positive, and `alpha * (e^z - 1)`$\alpha (e^z - 1)$ elsewhere.
#
# **By hand.** At `z = -1` it is `e^(-1) - 1 = -0.6321` with `alpha = 1`, and twice that, -1.2642,
# with `alpha = 2`. At `z = 3` it is 3, whatever `alpha` is.
#
# **Take care.** It is tempting to multiply one branch by 1, the other one by 0, and to add them.
# At `z = 1000` the branch that does not count is infinite, and `0 * inf` is `nan`. Choose between
# the branches instead.


# %%
def elu(z: torch.Tensor, alpha: float = 1.0) -> torch.Tensor:
    """Bend what is negative: z where z > 0, else alpha * (e^z - 1).

    z: any shape. alpha: how far down it goes. Returns the shape and the dtype of z, finite for every z
    between -1000 and 1000.
    """
    ### BEGIN SOLUTION
    bent = alpha * (torch.exp(torch.clamp(z, max=0)) - 1)  # the clamp keeps the unused branch finite
    return torch.where(z > 0, z, bent)
    ### END SOLUTION


# %% tags=["demonstration"]
# The six side by side.
points = torch.tensor([-2.0, -0.5, 0.0, 0.5, 2.0])
print(f"{'z':12}", *(f"{point:8.4f}" for point in points.tolist()))
for activation in (binary_step, sigmoid, tanh, relu, leaky_relu, elu):
    print(f"{activation.__name__:12}", *(f"{value:8.4f}" for value in activation(points).tolist()))

# %% [markdown]
# The six as curves, each with its slope as a dashed line:
#
# ![activations](pictures/activations.svg)

# %% [markdown]
# ## `SimpleDataset`: hand out samples
#
# PyTorch keeps data and training apart. A **Dataset** knows how many samples there are, and hands
# out one of them by its number. A **DataLoader** asks it for samples and stacks them into batches.
# You write the Dataset of our twelve samples, made by `SimpleDataset()` without any arguments. Its
# methods have names that Python calls by itself: `len(d)` calls `__len__`, `d[7]` calls
# `__getitem__`, and `print(d)` calls `__str__`.
#
# A sigmoid never gives more than 1. It could not reach 81.9 degrees however long it learned. So
# the targets are the temperatures times 0.01.
#
# **Shapes.** All inputs together are `(12, 2)`, all targets `(12,)`. The input of one sample is
# `(2,)`, its target `()`.
#
# **By hand.** `SimpleDataset()[7]` is `{"input": tensor([-4.0, 0.1]), "target": tensor(0.218)}`,
# since samples are counted from 0 and `21.8 * 0.01 = 0.218`.
#
# **Take care.** `temperatures *= 0.01` scales the shared tensor itself. The next data set that is
# made would hold 0.00218 there. Make a new tensor.
#
# **On the slides** the class has 4.0 as the first reading of sample 7. That is a misprint: the
# table of the data says -4.0, and so do the printed predictions. `readings` has -4.0. The slides
# also write `device=device` where they make the tensors. A **device** is where the numbers are kept
# and computed with: `"cpu"`, the ordinary processor, or for instance `"cuda"`, a graphics card.
# What is computed together has to be on one device, and `a.to("cuda")` makes a copy there. Without
# the word it is the processor, which is all that twelve samples need.


# %%
class SimpleDataset(Dataset):
    """The readings of the two sensors, and the temperatures times 0.01."""

    def __init__(self) -> None:
        """Keep the inputs, shape (12, 2), and the targets, shape (12,), both float32.

        `readings` and `temperatures` stay as they are.
        """
        ### BEGIN SOLUTION
        self.X = readings
        self.y = 0.01 * temperatures  # a sigmoid can reach 0.819, and never 81.9
        ### END SOLUTION

    def __len__(self) -> int:
        """Return the number of samples, 12."""
        ### BEGIN SOLUTION
        return len(self.X)
        ### END SOLUTION

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        """Return one sample: {"input": its readings, shape (2,), "target": its scaled temperature, shape ()}."""
        ### BEGIN SOLUTION
        return {"input": self.X[index], "target": self.y[index]}
        ### END SOLUTION

    def __str__(self) -> str:
        """Return "Data Size: 12, Input Shape: torch.Size([12, 2]), Target Shape: torch.Size([12])"."""
        ### BEGIN SOLUTION
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"
        ### END SOLUTION


# %% [markdown]
# ## `activate`: the neuron's own activation
#
# Of the six activations our neuron uses the sigmoid. It asks for it by the name `activate`, so
# that another one could be put in at one place.
#
# **Formula.** `activate(u) = sigmoid(u)`, elementwise.
#
# **By hand.** `activate(0)` is 0.5, and `activate(1.4)` is 0.8022.
#
# **Take care.** In stage four PyTorch follows every step from the loss back to the weights, through
# this function, too. `u.item()`, `float(u)` and `torch.tensor(...)` give the right number and cut
# the way back.


# %%
def activate(u: torch.Tensor) -> torch.Tensor:
    """Apply the neuron's activation, the sigmoid.

    u: any shape. Returns the shape and the dtype of u; the result can be differentiated in u.
    """
    ### BEGIN SOLUTION
    return sigmoid(u)
    ### END SOLUTION


# %% [markdown]
# ## `model`: the neuron
#
# Now the neuron itself. It has one weight for each of the F inputs, and one bias. It multiplies
# the inputs of a sample by the weights, adds them up, adds the bias, and activates the sum. The
# sum is called the **affine sum**, or the pre-activation, `z`.
#
# **Formula.** For each sample `i`, with a sum over the inputs `j`:
#
# - `z[i] = X[i, 0] * W[0] + ... + X[i, F-1] * W[F-1] + b`$z_i = \sum_j X_{i,j} W_j + b$
# - `y_pred[i] = activate(z[i])`$\hat{y}_i = \sigma(z_i)$
#
# Formulas write `y_pred` as a y with a roof, which says that it is a prediction.
#
# **Shapes.** `X` is `(N, F)`, `W` is `(F,)`, `b` is `(1,)`, and the predictions are `(N,)`.
# `a.sum(dim=1)` adds up each row of a table.
#
# **By hand.** The first sample is `[0.5, 0.9]`. With `W = [1, 1]` and `b = [0]`, `z` is
# `0.5 + 0.9 + 0 = 1.4` and the prediction 0.8022. With `W = [2, -1]` and `b = [0.5]`, `z` is
# `1.0 - 0.9 + 0.5 = 0.6` and the prediction 0.6457.
#
# **Take care.**
#
# - `X * W` multiplies each row of `X` by `W`, number by number, and has the shape `(N, F)`. What has
#   to be added up is a row, so that N numbers are left.
# - The bias goes in before the activation, not after it.
# - Activate once. Twice, and no prediction leaves the range from 0.5 to 0.74.


# %%
def model(X: torch.Tensor, W: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Predict by one neuron: activate the weighted sum of each sample's inputs plus the bias.

    X: N samples with F inputs each, shape (N, F). W: weights, shape (F,). b: bias, shape (1,).
    Returns one prediction for each sample, shape (N,), which can be differentiated in W and b.
    """
    ### BEGIN SOLUTION
    u = torch.sum(X * W, dim=1) + b
    return activate(u)
    ### END SOLUTION


# %% tags=["demonstration"]
# The whole data set as one batch, and what an untrained neuron makes of it.
dataset = SimpleDataset()
print(dataset)
batch = next(iter(DataLoader(dataset, batch_size=len(dataset))))
print(model(batch["input"], torch.ones(2), torch.zeros(1)))

# %% [markdown]
# ## `loss_fn`: how far off?
#
# To get better, the neuron needs one number that says how wrong it is: the loss. The mean squared
# error counts one large miss far more than two small ones, and it is smooth, so it has a slope
# everywhere.
#
# **Formula.** `MSE = mean of (y_pred[i] - y[i])^2`$\displaystyle L = \frac{1}{N} \sum_i (\hat{y}_i - y_i)^2$, which is
# the sum of the N squares divided by N.
#
# **Shapes.** `y_pred` and `y` are `(N,)`, the loss is `()`.
#
# **By hand.** `y_pred = [0.8, 0.3]` and `y = [0.5, 0.7]` differ by 0.3 and -0.4. The squares are
# 0.09 and 0.16, and the loss is `0.25 / 2 = 0.125`.
#
# **Take care.**
#
# - The sum instead of the mean is N times too large.
# - Square first, average then. The other way round, 1 and -1 cancel.
# - Return the tensor. A Python number can't be differentiated any more.
#
# **On the slides** the untrained neuron, `W = [1, 1]` and `b = [0]`, has three different losses.
# With the right data it is **0.1798**. 2673.9028 is right as well, but compares with temperatures
# in degrees, not times 0.01. 0.2254 comes from the misprinted reading 4.0, although the
# predictions on the same slide come from -4.0.


# %%
def loss_fn(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the mean of the squared differences.

    y_pred, y: predictions and targets, shape (N,).
    Returns one number as a tensor of shape (), which can be differentiated in y_pred.
    """
    ### BEGIN SOLUTION
    return torch.square(y_pred - y).mean()
    ### END SOLUTION


# %% [markdown]
# ## `rmse_loss`: back to the unit
#
# The mean squared error of temperatures is in squared degrees, which nobody can picture. Its root
# is in degrees again: the root mean squared error.
#
# **Formula.** `RMSE = sqrt(MSE)`$\displaystyle L = \sqrt{\frac{1}{N} \sum_i (\hat{y}_i - y_i)^2}$.
#
# **Shapes.** `y_pred` and `y` are `(N,)`, the loss is `()`.
#
# **By hand.** With the numbers from before it is `sqrt(0.125) = 0.3536`. For the untrained neuron
# it is 0.4240, and 51.7098 in degrees.
#
# **Take care.** The root comes last. The root of each single square is its absolute value, and the
# mean of those is the next exercise.


# %%
def rmse_loss(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the root of the mean of the squared differences.

    y_pred, y: predictions and targets, shape (N,).
    Returns one number as a tensor of shape (), which can be differentiated in y_pred.
    """
    ### BEGIN SOLUTION
    return torch.sqrt(loss_fn(y_pred, y))
    ### END SOLUTION


# %% [markdown]
# ## `mae_loss`: without squares
#
# Squares let one bad sample rule the loss. The mean absolute error counts each miss by its size.
#
# **Formula.** `MAE = mean of |y_pred[i] - y[i]|`$\displaystyle L = \frac{1}{N} \sum_i |\hat{y}_i - y_i|$, where
# `|-0.4|` is 0.4.
#
# **Shapes.** `y_pred` and `y` are `(N,)`, the loss is `()`.
#
# **By hand.** The differences 0.3 and -0.4 have the sizes 0.3 and 0.4, so the loss is 0.35. For
# the untrained neuron it is 0.4041, and 49.0382 in degrees.
#
# **Take care.** It is the mean of the sizes, not the size of the mean: that would be 0.05 here.


# %%
def mae_loss(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the mean of the absolute differences.

    y_pred, y: predictions and targets, shape (N,).
    Returns one number as a tensor of shape (), which can be differentiated in y_pred.
    """
    ### BEGIN SOLUTION
    return torch.abs(y_pred - y).mean()
    ### END SOLUTION


# %% tags=["demonstration"]
# The three losses at W = [1, 1], b = 0.
predictions = model(readings, torch.ones(2), torch.zeros(1))
for unit, target in (("scaled by 0.01", 0.01 * temperatures), ("in degrees", temperatures)):
    losses = [loss(predictions, target) for loss in (loss_fn, rmse_loss, mae_loss)]
    print(f"{unit:16}", "MSE {:.4f}, RMSE {:.4f}, MAE {:.4f}".format(*(float(loss) for loss in losses)))

# %% [markdown]
# # Stage two: slopes and gates
#
# To lower the loss, the neuron has to know how the loss changes when a weight changes a little.
# That is the **slope**, or derivative: when `x` grows by a tiny amount, `y` grows by `dy/dx`$\dfrac{dy}{dx}$ times
# that amount. One can measure it, or work it out.
#
# In the stages two and three, and in `learn`, every derivative is your own work: `torch.autograd`,
# `loss.backward()`, `torch.func` and `torch.optim` are not allowed there. The exercise that is
# called `backward` is a plain function which you write. It has nothing to do with
# `loss.backward()`.

# %% [markdown]
# ## `forward_difference`: measure to the right
#
# The definition of a slope is a recipe. Take a small step to the right, see how much the function
# grew, and divide by the step.
#
# **Formula.** `(f(x + dx) - f(x)) / dx`$\dfrac{f(x + dx) - f(x)}{dx}$. The derivative is the number that this comes
# near to as `dx` goes to 0, its limit:
# `f'(x) = lim (dx -> 0) of (f(x + dx) - f(x)) / dx`$\displaystyle f'(x) = \lim_{dx \to 0} \frac{f(x + dx) - f(x)}{dx}$.
#
# **Shapes.** `f` is an elementwise function, and `dx` a Python number. `x` has any shape, and the
# answer has the same: one slope at each number of `x`.
#
# **By hand.** `f(x) = x^2` at `x = 3`, with `dx = 0.1`: `(9.61 - 9) / 0.1 = 6.1`. The true slope
# is `2 * 3 = 6`, so the measurement is off by 0.1.
#
# **Take care.**
#
# - Divide the whole difference. `f(x + dx) - f(x) / dx` divides its second half only.
# - A tiny `dx` is not always better. In float32 the two values then agree in almost all of their
#   digits, and what is left of the difference is noise.


# %%
def forward_difference(f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, dx: float) -> torch.Tensor:
    """Measure the slope of f at x by a step to the right: (f(x + dx) - f(x)) / dx.

    f: a function that treats each number by itself. x: any shape, which stays as it is.
    dx: the step. Returns one slope for each number of x, in its shape.
    """
    ### BEGIN SOLUTION
    return (f(x + dx) - f(x)) / dx
    ### END SOLUTION


# %% [markdown]
# ## `central_difference`: measure to both sides
#
# A step to the right alone leans to the right. Step to either side, and most of the error cancels.
#
# **Formula.** `(f(x + dx) - f(x - dx)) / (2 * dx)`$\dfrac{f(x + dx) - f(x - dx)}{2 dx}$.
#
# **Shapes.** As before: one slope at each number of `x`.
#
# **By hand.** `x^2` at 3, with `dx = 0.1`: `(9.61 - 8.41) / 0.2 = 6`, which is exact.
#
# **Take care.** The two points are `2 * dx` apart. Divided by `dx`, the slope is twice too large.


# %%
def central_difference(f: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, dx: float) -> torch.Tensor:
    """Measure the slope of f at x by a step to either side: (f(x + dx) - f(x - dx)) / (2 dx).

    f: a function that treats each number by itself. x: any shape, which stays as it is.
    dx: the step to either side. Returns one slope for each number of x, in its shape.
    """
    ### BEGIN SOLUTION
    return (f(x + dx) - f(x - dx)) / (2 * dx)
    ### END SOLUTION


# %% tags=["demonstration"]
# How good are the two as the step gets smaller? The cube has the slope 12 at 2.
# (`lambda x: x**3` is a function without a name that takes x to its cube.)
two = torch.tensor(2.0, dtype=torch.float64)
for step in (1.0, 0.1, 0.01, 0.001):
    forward = forward_difference(lambda x: x**3, two, step)
    central = central_difference(lambda x: x**3, two, step)
    print(f"dx = {step:5}   forward {forward:10.6f}   central {central:10.6f}")

# %% [markdown]
# ## `chain_rule`: slopes multiply
#
# To compute slopes you need five rules:
#
# - A constant has the slope 0, and `x^n`$x^n$ has the slope `n * x^(n-1)`$n x^{n-1}$. So `x` itself has the slope
#   1.
# - A constant factor stays: `7 * x`$7 x$ has the slope 7.
# - `e^x`$e^x$ is its own slope.
# - The slope of a sum is the sum of the slopes.
# - The **chain rule**: if `x` moves `y` and `y` moves `z`, their slopes multiply.
#
# Most functions are made from others. If `g` grows three times as fast as `x`, and `f` grows twice
# as fast as `g`, then `f` grows six times as fast as `x`. A chain may have more links:
# `df/dx = df/dg * dg/dh * dh/dx`$\dfrac{df}{dx} = \dfrac{df}{dg} \cdot \dfrac{dg}{dh} \cdot \dfrac{dh}{dx}$ has three.
# Take `h = 2 * x`, `g = h + 3` and `f = g^2`$f = g^2$ at `x = 1`. Forwards, h is 2, g is 5 and f is 25.
# Backwards, the slopes are `2 * 5 = 10`, then 1.0, since adding 3 changes no slope, then 2, and
# `10 * 1.0 * 2` is 20. A link of 1.0 changes nothing, but it is a link.
#
# The function here is `f(x) = (x^3 + x^2 + x + 1)^3`$f(x) = (x^3 + x^2 + x + 1)^3$. Give its inside a name,
# `g = x^3 + x^2 + x + 1`$g = x^3 + x^2 + x + 1$, and `f` is `g^3`$g^3$.
#
# **Formula.** `df/dx = df/dg * dg/dx`$\dfrac{df}{dx} = \dfrac{df}{dg} \cdot \dfrac{dg}{dx}$. The rules above give you
# both factors.
#
# **Shapes.** Elementwise: one slope at each number of `x`.
#
# **By hand.** At `x = 1`, `g` is 4. The outer slope is `3 * 4^2 = 48`, the inner one
# `3 + 2 + 1 = 6`, and the answer `48 * 6 = 288`. At `x = 2` it is `675 * 17 = 11475`.
#
# **Take care.** The outer slope is taken at `g`, not at `x`. And do not forget the inner one.


# %%
def chain_rule(x: torch.Tensor) -> torch.Tensor:
    """Differentiate (x^3 + x^2 + x + 1)^3 in x.

    x: any shape. Returns the derivative at each number of x, in its shape: the slope of the cube at
    g = x^3 + x^2 + x + 1, times the slope of g at x.
    """
    ### BEGIN SOLUTION
    g = x**3 + x**2 + x + 1
    df_dg = 3 * g**2
    dg_dx = 3 * x**2 + 2 * x + 1
    return df_dg * dg_dx
    ### END SOLUTION


# %% [markdown]
# ## `add_gate`: pass it on to both
#
# A function of several inputs has a slope in each of them: move one, and hold the others still.
# That is a **partial derivative**, which books write with a round d, and all of them together are
# the **gradient**, with the sign nabla. For `f = x^2 * y`$f = x^2 y$ at `x = 3`, `y = 2`:
#
# - `∂f/∂x = 2 * x * y = 12`$\dfrac{\partial f}{\partial x} = 2 x y = 12$, since `y` is a constant factor,
# - `∂f/∂y = x^2 = 9`$\dfrac{\partial f}{\partial y} = x^2 = 9$, since now `x^2`$x^2$ is the constant factor,
# - `∇f = [12, 9]`$\nabla f = [12, 9]$.
#
# A large function is wired from small **gates** with two inputs and one output each. Drawn as boxes
# and arrows, that is a **computational graph**. On the way back, a gate is told how the final
# result changes with the gate's output; call that slope `upstream`. By the chain rule the slopes in
# its two inputs are its own, **local** slopes times `upstream`. More than that a gate does not need
# to know, and this is the whole idea of backpropagation.
#
# This gate adds: `f = x + y`. One more `x` is one more `f`, and the same holds for `y`.
#
# **Formula.** The pair `(1 * upstream, 1 * upstream)`.
#
# **Shapes.** `x`, `y` and `upstream` have one shape, and so has each part of the pair.
#
# **By hand.** At `x = 4`, `y = -3` the answer is `(1, 1)` with `upstream = 1`, and `(2.5, 2.5)`
# with `upstream = 2.5`.
#
# **Take care.** With `upstream = 1` nobody notices that it was forgotten. This holds for all three
# gates.


# %%
def add_gate(x: torch.Tensor, y: torch.Tensor, upstream: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Go backwards through f = x + y.

    x, y, upstream: tensors of one shape; upstream is the slope of the final result in f.
    Returns the pair (slope in x, slope in y), each times upstream.
    """
    ### BEGIN SOLUTION
    return upstream, upstream
    ### END SOLUTION


# %% [markdown]
# ## `multiply_gate`: change places
#
# This gate multiplies: `f = x * y`. Hold `y` still, and it is a constant factor, so the slope in
# `x` is `y`. Hold `x` still, and the slope in `y` is `x`. The two have changed places.
#
# **Formula.** The pair `(y * upstream, x * upstream)`.
#
# **Shapes.** `x`, `y` and `upstream` have one shape, and so has each part of the pair.
#
# **By hand.** At `x = 4`, `y = -3` with `upstream = 1` the answer is `(-3, 4)`. So a little more
# `x` lowers the result, by 3 for each unit.
#
# **Take care.** Where `x` equals `y`, nobody notices that they have not changed places.
#
# **On the slides** a little more `x` is said to "decrease it by -3". That is one minus too many:
# it decreases by 3.


# %%
def multiply_gate(x: torch.Tensor, y: torch.Tensor, upstream: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Go backwards through f = x * y.

    x, y, upstream: tensors of one shape; upstream is the slope of the final result in f.
    Returns the pair (slope in x, slope in y), each times upstream.
    """
    ### BEGIN SOLUTION
    return y * upstream, x * upstream
    ### END SOLUTION


# %% [markdown]
# ## `max_gate`: the winner takes it all
#
# This gate lets the larger input through: `f = max(x, y)`. A little more of the larger one is as
# much more `f`. A little more of the smaller one changes nothing.
#
# **Formula.** The slope in the larger input is 1, in the smaller one 0, both times `upstream`.
#
# **Shapes.** `x`, `y` and `upstream` have one shape, and so has each part of the pair. The
# comparison is made number by number, so `x` may be larger at one place and `y` at the next.
#
# **By hand.** At `x = 4`, `y = 2` with `upstream = 1` the answer is `(1, 0)`. At `x = 2`, `y = 4`
# it is `(0, 1)`.
#
# **Take care.** What comes back is a slope, not the value that went through: `(4, 0)` would be
# wrong.
#
# **On the slides** a tie gives everything to `x`, while PyTorch gives one half to each. In truth a
# tie is a corner, which has no slope. Both are agreements, and ties are not tested.


# %%
def max_gate(x: torch.Tensor, y: torch.Tensor, upstream: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Go backwards through f = max(x, y), which compares number by number.

    x, y, upstream: tensors of one shape; upstream is the slope of the final result in f.
    Returns the pair (slope in x, slope in y), each times upstream. Where x equals y, anything is right.
    """
    ### BEGIN SOLUTION
    return upstream * (x >= y), upstream * (x < y)
    ### END SOLUTION


# %% [markdown]
# ## `backward`: two gates in a row
#
# Now wire two gates together: `f = (x + y) * z`. Give the sum a name, `q = x + y`, so that
# `f = q * z`. Go forwards to find the values. Then go backwards to find the slopes: first through
# the multiplication, to `q` and `z`, then through the addition, from `q` to `x` and `y`.
#
# **Formula.**
#
# - `df/dx = df/dq * dq/dx`
#   $\dfrac{\partial f}{\partial x} = \dfrac{\partial f}{\partial q} \cdot \dfrac{\partial q}{\partial x}$
# - `df/dy = df/dq * dq/dy`
#   $\dfrac{\partial f}{\partial y} = \dfrac{\partial f}{\partial q} \cdot \dfrac{\partial q}{\partial y}$
# - `df/dz`$\dfrac{\partial f}{\partial z}$ needs no second step, since `z` goes straight into the multiplication.
#
# **Shapes.** `x`, `y` and `z` have one shape, `()` or `(N,)`, and so has each of the three slopes.
#
# **By hand.** At `x = -2`, `y = 5`, `z = -4`: `q` is 3 and `f` is -12. Back through the
# multiplication `df/dq` is `z`, which is -4, and `df/dz` is `q`, which is 3. Back through the
# addition `df/dx` and `df/dy` are `-4 * 1`. The answer is `(-4, -4, 3)`.
#
# **Take care.** The order is x, y, z, although the slope in `z` is found first.
#
# **On the slides** `df_dq` is computed and never used: the two lines after it write `z` once more.
# The numbers are right, but the chain rule is gone from sight. Use it.


# %%
def backward(x: torch.Tensor, y: torch.Tensor, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Go backwards through f = (x + y) * z.

    x, y, z: tensors of one shape, () or (N,). Returns (df/dx, df/dy, df/dz), each of that shape.
    """
    ### BEGIN SOLUTION
    q = x + y
    df_dq, df_dz = z, q  # the multiplication exchanges its operands
    df_dx, df_dy = df_dq * 1, df_dq * 1  # the addition passes on what it gets
    return df_dx, df_dy, df_dz
    ### END SOLUTION


# %% tags=["demonstration"]
# Measured slopes say whether you are right, without any formula.
first, second, third = torch.tensor([-2.0, 5.0, -4.0], dtype=torch.float64)
print("by the chain rule", [float(slope) for slope in backward(first, second, third)])
measured = [
    central_difference(lambda x: (x + second) * third, first, 0.01),
    central_difference(lambda y: (first + y) * third, second, 0.01),
    central_difference(lambda z: (first + second) * z, third, 0.01),
]
print("measured         ", [round(float(slope), 6) for slope in measured])

# %% [markdown]
# **Predict.** At `x = 3` the multiply gate with both inputs `x` computes `x * x = 9`. With
# `upstream = 1` it sends back two slopes. Which two? And what is the slope of the whole, `x * x`,
# at 3?

# %% tags=["demonstration"]
three, unit = torch.tensor(3.0, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64)
print("the gate sends back", [float(slope) for slope in multiply_gate(three, three, unit)])
print(f"measured            {float(central_difference(lambda x: x * x, three, 0.01)):.6f}")

# %% [markdown]
# **Answer.** It sends back 3 and 3, and the slope is their sum, 6, as the rule for `x^2`$x^2$ says.
# Where one value goes two ways, which is called **fan-out**, it moves the result on both ways, and
# on the way back the slopes **add up**. In `f = (x + y) * x` at `x = 2`, `y = 3`, x goes into the
# addition and into the multiplication. Through the addition comes `1 * 2`, straight through the
# multiplication `2 + 3`, and `df/dx` is 7. This is why PyTorch adds to a `.grad` and does not
# overwrite it, and why the bias, which goes into every sample, collects a slope from each.
#
# The gates in a picture, with a fan-out of its own. Values go forwards, slopes come back:
#
# ![gates](pictures/gates.svg)
#
# # Stage three: the neuron's gradient
#
# From a weight to the loss it is three steps: the affine sum, the sigmoid, the squared error. You
# know the slopes of the first and the last. What is missing is the sigmoid's.
#
# ## `sigmoid_derivative`: the slope of the sigmoid
#
# The sigmoid is `1 / k`$\dfrac{1}{k}$ with `k = 1 + e^(-z)`$k = 1 + e^{-z}$. The slope of `1 / k` in `k` is
# `-1 / k^2`$-\dfrac{1}{k^2}$ (the rule for `x^n`$x^n$ with n = -1), and the slope of `k` in `z` is `-e^(-z)`$-e^{-z}$.
# The chain rule multiplies them:
#
# - `e^(-z) / (1 + e^(-z))^2`$\dfrac{e^{-z}}{(1 + e^{-z})^2}$
#
# The top is `(1 + e^(-z)) - 1`$(1 + e^{-z}) - 1$. Split the fraction there, and it becomes:
#
# - `1 / (1 + e^(-z)) - 1 / (1 + e^(-z))^2`$\dfrac{1}{1 + e^{-z}} - \dfrac{1}{(1 + e^{-z})^2}$
#
# With `s = sigmoid(z)` this is `s - s^2`$s - s^2$, which is as short as it gets.
#
# **Formula.** `s * (1 - s)`$s (1 - s)$ with `s = sigmoid(z)`, elementwise.
#
# **By hand.** At `z = 0`, `s` is 0.5 and the slope 0.25. It is steeper nowhere. At `z = 1.4`, `s`
# is 0.8022 and the slope `0.8022 * 0.1978 = 0.1587`.
#
# **Take care.**
#
# - The argument is `z`, the number before the activation. `z * (1 - z)` has forgotten to activate
#   it.
# - Give it `z`, not the prediction. The prediction is `s` already, and the function would activate
#   it a second time.
# - Like the activations, this has to be finite for every `z` from -1000 to 1000.
#
# **On the slides** the step in the middle has a misprint: its second term reads
# `(1 + e^(-z) - 1) / (1 + e^(-z))`. It should be `1 / (1 + e^(-z))^2`. The last line is right.


# %%
def sigmoid_derivative(z: torch.Tensor) -> torch.Tensor:
    """Differentiate the sigmoid at z, the number before the activation.

    z: any shape. Returns s * (1 - s) with s = sigmoid(z), in the shape and the dtype of z, finite for
    every z between -1000 and 1000.
    """
    ### BEGIN SOLUTION
    s = sigmoid(z)
    return s * (1 - s)
    ### END SOLUTION


# %% [markdown]
# **Predict.** The untrained neuron, with the weights 1 and 1 and the bias 0, has `z = 50.8` for the
# sample `[28, 22.8]`, and `z = 0.5` for the last one, `[-1, 1.5]`. How much do the weights learn
# from the first of the two, whatever its target is?

# %% tags=["demonstration"]
for sample in range(12):
    sums = readings[sample].sum()  # z with the weights 1 and 1 and the bias 0
    print(f"z = {float(sums):5.1f}   slope of the sigmoid {float(sigmoid_derivative(sums)):.6f}")

# %% [markdown]
# **Answer.** Nothing. The slope of the sigmoid is a factor on the way from the loss to the weights,
# and at 50.8 it is 0 to all digits of a float32. Only four of the twelve samples have a slope above
# 0.001 here: the neuron starts in a flat part of its activation. That is why it learns slowly at
# first, and one reason why large networks like the relu better.

# %% [markdown]
# ## `gradient`: how the loss changes with each weight
#
# This is what all the rest is for. Follow one sample `i` from its squared error back to a weight
# `W[j]`, and multiply the slopes that you pass:
#
# - the squared error in the prediction: `2 * (y_pred[i] - y[i])`
# - the prediction in `z[i]`: `sigmoid_derivative(z[i])`
# - `z[i]` in the weight `W[j]`: `X[i, j]`, and in the bias: 1
#
# The loss is a mean over the samples, so the gradient is the mean of these products. Each weight
# meets its own column of `X`, and so gets its own mean.
#
# The slides write this chain with four links, and with l for the loss of one sample:
#
# - in the first weight
#   `∂l/∂y_pred * ∂y_pred/∂s * ∂s/∂z * ∂z/∂w0`
#   $\dfrac{\partial l}{\partial \hat{y}} \dfrac{d \hat{y}}{ds} \dfrac{ds}{dz} \dfrac{\partial z}{\partial w_0}$,
#   which is `2 (y_pred - y) * 1.0 * s (1 - s) * x0`$2 (\hat{y} - y) \cdot 1.0 \cdot s (1 - s) \cdot x_0$
# - in the bias `2 (y_pred - y) * 1.0 * s (1 - s) * 1.0`$2 (\hat{y} - y) \cdot 1.0 \cdot s (1 - s) \cdot 1.0$
#
# The first 1.0 is there because the prediction is the sigmoid itself, `y_pred = s`. The second one
# is the slope of z in b.
#
# **Formula.** With
# `d[i] = 2 * (y_pred[i] - y[i]) * sigmoid_derivative(z[i])`$d_i = 2 (\hat{y}_i - y_i) \cdot \sigma'(z_i)$:
#
# - `W_grad[j]` is
#   `the mean over i of d[i] * X[i, j]`$\displaystyle \frac{\partial L}{\partial W_j} = \frac{1}{N} \sum_i d_i X_{i,j}$
# - `b_grad` is `the mean over i of d[i]`$\displaystyle \frac{\partial L}{\partial b} = \frac{1}{N} \sum_i d_i$
#
# **Shapes.** `W` is `(F,)`, `b` is `(1,)`, `X` is `(N, F)` and `y` is `(N,)`. `W_grad` is `(F,)`
# and `b_grad` is `(1,)`, in this order. `d` is `(N,)`; to multiply every column of `X` by it, make
# it a column as well, of shape `(N, 1)`: `a.unsqueeze(1)` does that, and a column times a table
# multiplies each row of the table by its own number. `a.mean(dim=0)` averages each column. Of one
# number, of shape `()`, `a.reshape(1)` makes one of shape `(1,)`.
#
# **By hand.** Take `W = [0.5, -1]`, `b = [0]`, and two samples, `X = [[2, 1], [0, 0]]` with
# `y = [0.3, 0.7]`. Both `z` are 0, so both predictions are 0.5 and both slopes of the sigmoid
# 0.25.
#
# - `d[0] = 2 * 0.2 * 0.25 = 0.1`, and times `[2, 1]` it is `[0.2, 0.1]`.
# - `d[1] = 2 * (-0.2) * 0.25 = -0.1`, and times `[0, 0]` it is `[0, 0]`.
# - The means are `W_grad = [0.1, 0.05]` and `b_grad = [0]`.
#
# For the untrained neuron and our data the answer is `[-0.003623, 0.030879]` and `[0.024414]`.
#
# **Take care.** When a test fails, look at the ratio first:
#
# - exactly N times: you added up, and forgot to average.
# - exactly half: the 2 of the square is missing.
# - exactly -1 times: it is `y_pred - y`, not `y - y_pred`.
# - far too large: the slope of the sigmoid is missing, or taken at the wrong place.
# - An error about the sizes 12 and 2 means that `d` is not a column yet. Where N happens to equal
#   F there is no error, and the answer is wrong.
#
# **On the slides** one line writes `dL/dx` for what is wanted here. The inputs are measured and
# stay as they are; what moves are the weights and the bias.


# %%
def gradient(W: torch.Tensor, b: torch.Tensor, X: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Differentiate the mean squared error of the neuron in its weights and its bias, by hand.

    W: weights, shape (F,). b: bias, shape (1,). X: inputs, shape (N, F). y: targets, shape (N,).
    Returns (W_grad, b_grad), of shape (F,) and (1,): for each parameter the mean over the samples of
    2 * (y_pred - y) * (slope of the sigmoid at z) * (slope of z in the parameter).
    """
    ### BEGIN SOLUTION
    z = torch.sum(X * W, dim=1) + b
    dl_dy = 2 * (activate(z) - y)  # each sample's squared error, in its prediction
    dl_dz = dl_dy * sigmoid_derivative(z)
    W_grad = torch.mean(dl_dz.unsqueeze(1) * X, dim=0)  # (N, 1) times (N, F), then the mean over N
    b_grad = torch.mean(dl_dz, dim=0, keepdim=True)
    return W_grad, b_grad
    ### END SOLUTION


# %% tags=["demonstration"]
# Trust, but measure: the loss is a function of the first weight, too, and has a slope in it.
one = torch.ones((), dtype=torch.float64)
inputs, targets = readings.double(), 0.01 * temperatures.double()
print("by hand:", *gradient(torch.stack([one, one]), 0 * one.reshape(1), inputs, targets))


def loss_at(weight):
    """The loss as a function of the first weight alone."""
    return loss_fn(model(inputs, torch.stack([weight, one]), 0 * one.reshape(1)), targets)


print(f"first weight, measured: {central_difference(loss_at, one, 0.001):.6f}")

# %% [markdown]
# # Stage four: learning
#
# The goal is the weights and the bias with the smallest loss,
# `W*, b* = argmin of L(W, b)`$W^*, b^* = \mathrm{argmin}_{W, b} L(W, b)$. The gradient points uphill. To learn is to
# step the other way, a little, again and again; the **learning rate** says how little. One pass
# over the data is an **epoch**. Our batches hold all samples, so each epoch makes one step. The
# slides stop when the loss is "enough small"; here the number of epochs is given.
#
# ## `learn`: step against your gradient
#
# Each epoch takes one batch from the loader: `next(iter(train_data_loader))` starts it anew and
# asks for its first batch. That is a dict with the inputs, `(N, F)`, under `"input"`, and the
# targets, `(N,)`, under `"target"`. The loader may be a DataLoader, or simply a list with one
# batch in it, so all you may count on is that one can iterate over it.
#
# **Formula.** In each epoch, with both gradients taken at the same `W` and `b`:
#
# - `W <- W - learning_rate * W_grad`$W \leftarrow W - \alpha \dfrac{\partial L}{\partial W}$
# - `b <- b - learning_rate * b_grad`$b \leftarrow b - \alpha \dfrac{\partial L}{\partial b}$
#
# Formulas write the Greek letter alpha for the learning rate, here as in the slides.
#
# **Shapes.** `W` stays `(F,)`, and `b` stays `(1,)`.
#
# **By hand.** In the last exercise the gradient was `[0.1, 0.05]` and `[0]`. With the learning
# rate 0.1 one epoch leads from `W = [0.5, -1]` to `[0.49, -1.005]`, and `b` is still `[0]`.
#
# From `W = [1, 1]` and `b = [0]`, twenty thousand epochs with the learning rate 0.01 lead to
# `W = [0.13588, -0.07157]` and `b = [-0.65943]`. The loss falls from 0.1798 to 0.000646.
#
# **Take care.**
#
# - `W -= ...` writes into the caller's tensor. Make a new one in each epoch.
# - One epoch more or less can't be seen after twenty thousand of them. Try one, two and three.
# - Use the arguments. `readings` exists at the top of the file, but the data to learn from is in
#   the batch.
#
# **On the slides** this function makes new tensors `W` and `b` and returns nothing, so the
# caller's are still `[1, 1]` and `[0]`, and what was learned is lost. Yours returns `(W, b)`. The
# slide also prints the loss every 100 epochs; you may do so, or not.


# %%
def learn(
    W: torch.Tensor,
    b: torch.Tensor,
    train_data_loader: Iterable[dict[str, torch.Tensor]],
    max_epochs: int = 20_000,
    learning_rate: float = 0.01,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Train the neuron by gradient descent, with the gradient that you worked out.

    Each epoch takes one batch from train_data_loader, {"input": (N, F), "target": (N,)}, and steps
    against the gradient: W - learning_rate * W_grad, b - learning_rate * b_grad.
    W: start, shape (F,). b: start, shape (1,). Both stay as they are.
    Returns the trained (W, b) as new tensors; with max_epochs=0 that is the start.
    """
    ### BEGIN SOLUTION
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W = W - learning_rate * W_grad
        b = b - learning_rate * b_grad
    return W, b
    ### END SOLUTION


# %% tags=["demonstration"]
# The first two thousand epochs.
scaled = 0.01 * temperatures
weights, bias = torch.ones(2), torch.zeros(1)
for epochs in (500, 1000, 1500, 2000):
    weights, bias = learn(weights, bias, [{"input": readings, "target": scaled}], max_epochs=500)
    print(f"{epochs} epochs: loss {loss_fn(model(readings, weights, bias), scaled):.6f}, W {weights}, b {bias}")

# %% [markdown]
# ## `learn_with_autograd`: let PyTorch find the gradient
#
# What you did by hand, PyTorch does for any function. It writes down every operation on a tensor
# that requires a gradient, and `loss.backward()` walks through this record from the end to the
# beginning, gate by gate. Afterwards `W.grad` and `b.grad` hold the gradient.
#
# `W` and `b` come with `requires_grad=True`. This time you train these very tensors, **in place**:
# when the function returns, the caller's `W` and `b` hold what was learned. Return them as well.
#
# **Formula.** That of `learn`. In each epoch: predict, compute the loss, go backwards, step, and
# empty the gradients.
#
# **By hand.** From `W = [1, 1]` and `b = [0]` one epoch with the learning rate 0.01 subtracts
# `0.01 * [-0.003623, 0.030879]` from `W`. It is then `[1.000036, 0.999691]`, as with `learn`.
#
# **Take care.**
#
# - The step is no part of the loss, so it belongs under `with torch.no_grad():`. Without that
#   PyTorch refuses to change a leaf in place.
# - `W = W - ...` makes a new tensor. It has no `.grad` in the next epoch, and the caller's `W`
#   never moves.
# - `backward` adds to `.grad`. If you don't empty it, the second step uses the sum of two
#   gradients.
# - Predict anew in each epoch. The record is gone once it was walked.


# %%
def learn_with_autograd(
    W: torch.Tensor,
    b: torch.Tensor,
    train_data_loader: Iterable[dict[str, torch.Tensor]],
    max_epochs: int = 20_000,
    learning_rate: float = 0.01,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Train the neuron by gradient descent, with the gradient that PyTorch finds.

    Each epoch takes one batch from train_data_loader, {"input": (N, F), "target": (N,)}, and makes
    the same step as `learn`.
    W: start, shape (F,). b: start, shape (1,). Both require gradients, and both are trained in place.
    Returns (W, b).
    """
    ### BEGIN SOLUTION
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        loss.backward()
        with torch.no_grad():  # the step is no part of the loss
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = b.grad = None  # otherwise the next backward would add to it
    return W, b
    ### END SOLUTION


# %% tags=["demonstration"]
# Two ways to the same neuron, after two hundred epochs.
full_batch = [{"input": readings, "target": 0.01 * temperatures}]
weights, bias = torch.ones(2, requires_grad=True), torch.zeros(1, requires_grad=True)
learn_with_autograd(weights, bias, full_batch, max_epochs=200)
print("by PyTorch:", weights.tolist(), bias.tolist())
print("by hand:   ", *(part.tolist() for part in learn(torch.ones(2), torch.zeros(1), full_batch, max_epochs=200)))

# %% [markdown]
# ## `learn_with_optimizer`: let PyTorch step
#
# The step can be left to PyTorch, too. An **optimizer** holds the tensors that it trains. Its
# `step()` moves them by what it finds in their `.grad`, and its `zero_grad()` empties that.
# `torch.optim.SGD` makes the step that you know. Others, such as `torch.optim.Adam`, remember
# earlier gradients and use them as well. Your loop is the same for all of them.
#
# The optimizer comes as an argument. It holds `W` and `b` already, and knows its own learning
# rate.
#
# **Formula.** In each epoch: predict, compute the loss, go backwards, `step()`. Empty the
# gradients before going backwards, or after the step.
#
# **By hand.** With `torch.optim.SGD([W, b], lr=0.01)` the first epoch leads to
# `[1.000036, 0.999691]` again, and all the others agree with `learn` to within 1e-6.
#
# **Take care.**
#
# - Gradients that are emptied between `backward()` and `step()` are gone, and nothing moves.
# - Use the optimizer that you are given. A new one has another learning rate, and has forgotten
#   all that the given one remembers.
#
# **On the slides** the class is also written `torch.optim.Optimizer.SGD`. There is no such name:
# it is `torch.optim.SGD`.


# %%
def learn_with_optimizer(
    W: torch.Tensor,
    b: torch.Tensor,
    train_data_loader: Iterable[dict[str, torch.Tensor]],
    optimizer: torch.optim.Optimizer,
    max_epochs: int = 20_000,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Train the neuron by an optimizer.

    Each epoch takes one batch from train_data_loader, {"input": (N, F), "target": (N,)}, and makes
    one step of the optimizer.
    W: start, shape (F,). b: start, shape (1,). Both require gradients, and both are trained in place.
    optimizer: holds W and b.
    Returns (W, b).
    """
    ### BEGIN SOLUTION
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b
    ### END SOLUTION


# %% [markdown]
# # What you have learned
#
# - A neuron is an affine sum and an activation. After 20,000 epochs its predictions, times 100, are
#   34.2, 59.5, 60.0, 82.0, 56.4, 48.0, 38.7, 23.0, 44.4, 56.2, 68.3 and 28.9. They are off by 2.5
#   or so, where they were off by 42 at the start.
# - Backpropagation is local: a gate multiplies what comes back by its own slopes, and where a value
#   went several ways, what comes back adds up.
# - A gradient by hand and one by autograd are the same numbers, and an optimizer makes the same
#   step.
#
# **Where to read on.** Karpathy's [notes on
# backpropagation](https://cs231n.github.io/optimization-2/) have more gates, and Olah's [calculus
# on computational graphs](https://colah.github.io/posts/2015-08-Backprop/) shows why one goes
# backwards. Nielsen's [second chapter](http://neuralnetworksanddeeplearning.com/chap2.html) takes
# whole networks apart. The papers behind it: McCulloch and Pitts on the neuron,
# [1943](https://doi.org/10.1007/BF02478259), Rosenblatt on the perceptron,
# [1958](https://doi.org/10.1037/h0042519), and Rumelhart, Hinton and Williams on backpropagation,
# [1986](https://doi.org/10.1038/323533a0). [torch.nn](https://docs.pytorch.org/docs/stable/nn.html)
# has neurons by the layer, and all activations of this lesson.
#
# A deep network is many such neurons, and its gradient is the same chain rule, many times. The next
# assignment builds the smallest one, of two layers.
