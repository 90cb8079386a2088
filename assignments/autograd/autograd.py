# %% [markdown]
# # Gradients by autograd
#
# In the first assignment you worked out every derivative by hand. A real model has millions of
# parameters, and nobody differentiates those on paper. PyTorch does it for you: while your code
# computes, it writes down every operation, and afterwards it goes back through its notes and
# applies the chain rule at each of them. This machinery is called **autograd**.
#
# It is easy to use, and easy to use a little wrong without any error message. You learn
#
# 1. where gradients are kept, and why they add up: `gradient`,
# 2. how to train with them: `training_loop`, and `descend`, the same loop in miniature,
# 3. what happens in the middle of a computation: `intermediate_gradients`,
# 4. how to cut a branch off, and how to leave no trace: `detached_gradient`, `untracked_double`.

# %%
import torch

t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])  # degrees Celsius
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])  # unknown unit
t_un = 0.1 * t_u  # the same readings, scaled, so that one learning rate suits both parameters

# %% [markdown]
# These are the readings of the first assignment, in an unknown unit, and the temperatures in
# degrees Celsius. The model and its loss are the same, too. They are finished; use them as they
# are.

# %%
def model(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Predict temperatures by a line: w * t_u + b, shape (N,)."""
    return w * t_u + b


def loss_fn(t_p: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the mean of the squared differences, shape ()."""
    return ((t_p - t_c) ** 2).mean()

# %% [markdown]
# ## What a tensor remembers
#
# A tensor that you create holds numbers and has no past. Create it with `requires_grad=True`, and
# torch watches it. Every result that is computed from it requires a gradient as well, and its
# `grad_fn` (which only shares its name with the function of the first assignment) names the
# operation that made it. All these notes together are the **graph**. The tensors that you created
# yourself are its **leaves**; the `grad_fn` of a leaf is `None`.
#
# **By hand.** A square room has sides of 3 metres. A square metre of carpet costs 5, the delivery
# 7:
#
# - `side = 3`, a leaf that requires a gradient
# - `area = side * side = 9`, made by a multiplication: its `grad_fn` is a `MulBackward0`
# - `cost = 5 * area + 7 = 52`, where an addition came last: an `AddBackward0`
#
# To compute the cost is the **forward pass**. `cost.backward()`, the backward pass, goes back from
# the cost to the side. It finds `d cost / d area = 5` and
# `d area / d side = 2 * side = 6`, multiplies
# them, and puts the product 30 into `side.grad`. Only the leaf keeps its gradient. What lies
# between, such as `area`, passes it on and forgets it.

# %% [markdown]
# **Predict.** The side is still 3, and 30 stands in `side.grad`. You compute the cost once more and
# call `cost.backward()` once more. What stands in `side.grad` then?

# %% [markdown]
# **Answer.** 60. Two things surprise everybody once.
#
# **Gradients accumulate.** `backward` does not overwrite what is in `side.grad`, it adds to it.
# That is on purpose: one can collect the gradients of several losses in this way. When you don't
# want that, empty `.grad` first.
#
# **The graph is good for one walk.** Call `cost.backward()` again without computing the cost again,
# and torch raises "Trying to backward through the graph a second time".
#
# ## How to work
#
# Write the body of each function where it raises `NotImplementedError`. Keep the names of
# functions, and the order of their arguments. Leave `python -m _course --watch` running in this
# folder: at each save it tests what you changed (in the notebook, the cell that follows each
# exercise does that). When a test fails, read its message: it shows the call, your answer and the
# expected one.
#
# Tensors come in, and tensors go out, of the dtype of the data: float32 and float64 both work. Any
# number of samples works, one sample too. The numbers in the arguments stay as they are. There is
# one exception: the two loops, `training_loop` and `descend`, may train the tensor that they are
# given.

# %% [markdown]
# ## `gradient`: four functions in a few lines
#
# By hand, the gradient of the loss took four functions. Now it takes a forward pass, one
# `backward`, and a look into the right `.grad`. And it stays that short for every other model.
#
# **Formula.**
# `L = mean of (w * t_u[i] + b - t_c[i])^2`,
# with `w` and `b` taken out of `params`. Wanted is
# `[dL/dw, dL/db]`.
#
# **Shapes.** `params` is `[w, b]`, `(2,)`; it may require a gradient already, or not. `t_u` and
# `t_c` are `(N,)`. The answer is `(2,)`.
#
# **By hand.** The four readings of the first assignment: `t_u = [1, 2, 3, 4]`,
# `t_c = [1, 6, 7, 6]`, and `params = [2, 1]`. The predictions are `[3, 5, 7, 9]`, the errors
# `[2, -1, 0, 3]`. `dL/dw` is the mean of `2 * error * t_u`, so of `[4, -4, 0, 24]`, which is 6.
# `dL/db` is the mean of `2 * error`, which is 2. So the gradient is `[6, 2]`, as it was by hand.
#
# **Some tools.**
#
# - `model(t_u, *params)` hands the two numbers of `params` over one by one, as `w` and `b`.
# - `t.requires_grad_()` makes torch watch the leaf `t` from now on. A name that ends in `_` changes
#   the tensor itself, **in place**, and makes no new one.
# - `t.detach()` is a tensor with the numbers of `t`, but without its past. So it is a leaf, with a
#   `.grad` of its own.
# - `t.grad = None` empties a gradient. `t.grad.zero_()` fills it with zeros, which comes to the
#   same; but before the first `backward` there is nothing to fill, and it raises.
#
# **Take care.**
#
# - If nothing requires a gradient, nothing was written down, and `backward` raises "element 0 of
#   tensors does not require grad and does not have a grad_fn".
# - Your function may be called again with the same `params`, and has to give the same answer.
#   If the first gradient is still in `.grad`, the second call returns `[12, 4]`.
# - Ask the leaf. `w` and `b`, when they are taken out of `params`, are results of an operation and
#   no leaves. Nor is `params.clone()`, when `params` requires a gradient. Their `.grad` is `None`,
#   and torch warns.
#
# **On the slides** the gradient of the raw readings at `[1, 0]` is `[4517.2969, 82.6000]`. The last
# digit may be another one on your machine.

# %%
def gradient(params: torch.Tensor, t_u: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Compute the gradient of the loss by autograd.

    The loss is loss_fn(model(t_u, w, b), t_c) with [w, b] = params.
    params: shape (2,); it may require a gradient already, or not. t_u, t_c: shape (N,).
    You may let params require a gradient, and fill its .grad; its numbers stay as they are.
    Returns [dL/dw, dL/db], shape (2,); the same however often it is called with the same params.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# ## `training_loop`: downhill with `backward`
#
# Gradient descent is what it was: in every epoch the parameters move against the gradient. But now
# the gradient comes from `backward`, so the same loop would train any model.
#
# **Formula.** `params <- params - learning_rate * dL/dparams`, once in each
# epoch. The arrow says what the params become. (Formulas write p for the params, and the Greek
# letter eta for the learning rate.)
#
# **Shapes.** `params` is `[w, b]`, `(2,)`, a leaf that requires a gradient. `t_u` and `t_c` are
# `(N,)`. The trained params come back, `(2,)`.
#
# An epoch has four parts:
#
# 1. The forward pass: predictions and loss from the present `params`. It makes this epoch's graph.
# 2. `backward`, which adds the gradient to `params.grad`.
# 3. The step, which changes `params` in place, unrecorded.
# 4. Emptying `params.grad`. This may come first as well. What counts is that `.grad` is empty when
#    `backward` begins, and not yet emptied when the step is made.
#
# **Why unrecorded?** The step is no part of the model, so it has no place in the graph. Torch even
# refuses it: "a leaf Variable that requires grad is being used in an in-place operation" (Variable
# is an old word for a tensor). Inside `with torch.no_grad():` nothing is recorded, and a leaf may
# be changed in place. Only the step belongs in there. A forward pass inside would leave `backward`
# without a graph.
#
# **Why in place?** `params = params - ...` makes another tensor and gives it the old name. Inside
# `no_grad` that tensor does not require a gradient, and `backward` raises in the next epoch.
# Outside, it is no leaf any more, and its `.grad` is `None`. With a single epoch you notice
# neither.
#
# **By hand.** The four readings again, from `[2, 1]` with a learning rate of 0.1. In epoch 1 the
# loss is 3.5 and the gradient `[6, 2]`, so the params become `[1.4, 0.8]`. In epoch 2 the loss is
# 2.84 and the gradient `[-4, -1.4]`, and the params become `[1.8, 0.94]`.
#
# **Take care.**
#
# - If `.grad` is never emptied, epoch 2 steps by the sum of both gradients, `[2, 0.6]`, and gets to
#   `[1.2, 0.74]`. The loop goes too far, swings back, and won't settle. No error tells you.
# - If it is emptied between `backward` and the step, the params stay at `[2, 1]` for ever.
# - If the forward pass stands before the loop, the second `backward` goes "through the graph a
#   second time". The way out that the message names, `retain_graph=True`, only hides the mistake:
#   every epoch would step by the gradient of the first. Compute the loss anew instead.
# - Count from 1 to `n_epochs`, both included. With `n_epochs = 0` the start comes back.
#
# **What to print.** At the epochs 500, 1000, 1500 and so on print a line such as
# `Epoch 500, Loss 7.860116`, with the loss of that epoch's forward pass, before its step. To get a
# number out of the loss, write `loss.item()`. The slides have `float(loss)`, which does the same;
# newer versions of torch warn of it.
#
# **On the slides**, from `[1, 0]` on the scaled readings and with a learning rate of 1e-2, the loss
# is 7.860116 at epoch 500, 3.828538 at 1000, 3.092191 at 1500 and 2.927647 at 5000, where the
# params are `[5.3671, -17.3012]`. You may also have seen 7.860115 or 7.860118. Any of them is
# right: in float32 the last digit depends on the order in which a machine adds.
#
# Is this much at once? Write `descend` first, the next exercise.

# %%
def training_loop(
    n_epochs: int, learning_rate: float, params: torch.Tensor, t_u: torch.Tensor, t_c: torch.Tensor
) -> torch.Tensor:
    """Fit w and b by full-batch gradient descent, with gradients by backward.

    Every epoch, counted from 1, computes the loss from the present params and its gradient, and then
    makes one step: params - learning_rate * gradient.
    params: the start [w, b], shape (2,), a leaf that requires a gradient; its .grad is empty. You may
    train it in place, or leave it as it is. t_u, t_c: shape (N,).

    Prints "Epoch %d, Loss %f" at the epochs 500, 1000, 1500 and so on, with the loss before that
    epoch's step.
    Returns the trained params, shape (2,); with n_epochs=0 that is the start.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# ## `descend`: a descent in miniature
#
# How would you notice that gradients pile up? On the thermometer the first step is right in either
# case. After that the loss swings up and down, which could have many reasons. Here is a function
# that tells at once.
#
# **Formula.** The output is `sum of 3 * weights[i]`. The derivative in each
# weight is 3, wherever you stand. So every step takes `3 * learning_rate` from each weight, and the
# outputs go down evenly, like stairs. There is no lowest point; the stairs would never end.
#
# **Shapes.** `weights` may have any shape. Each output is one number, and `n_steps + 1` of them
# come back: the one before each step, and the one after the last step. A tensor
# `(n_steps + 1,)` or a list of numbers will do.
#
# **By hand.** With `weights = [1, 2]` and a learning rate of 0.1 the output is 9 and the gradient
# `[3, 3]`. After one step the weights are `[0.7, 1.7]` and the output is 7.2. So `n_steps = 1`
# returns 9 and 7.2, and `n_steps = 0` returns 9 alone.
#
# **Take care.** With four ones, three steps and a learning rate of 0.1 the outputs are
#
# - 12, 8.4, 4.8, 1.2 where `.grad` is emptied in each step,
# - 12, 8.4, 1.2, -9.6 where it is not.
#
# The first stairs are all 3.6 high. The second are 3.6, 7.2 and 10.8 high, because the gradient is
# 3, then 6, then 9. Look at the first step: it is right in both. A mistake of this kind shows from
# the second step on, so never try a loop with one step only.
#
# The outputs are numbers to look at, so they need not keep their graphs. `output.detach()` is a
# tensor without its graph, and `output.item()` a Python number.

# %%
def descend(weights: torch.Tensor, n_steps: int, learning_rate: float) -> torch.Tensor:
    """Minimise the sum of 3 * weights by gradient descent, with gradients by backward.

    Each step is weights - learning_rate * gradient.
    weights: a leaf of any shape that requires a gradient; its .grad is empty. You may train it in
    place, or leave it as it is.
    Returns the n_steps + 1 outputs (weights * 3).sum(), one before each step and one after the last:
    a tensor of shape (n_steps + 1,), or a list of numbers.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# ## `intermediate_gradients`: in the middle of the graph
#
# Lectures like to introduce autograd by a chain of three operations. It shows well how the chain
# rule works its way back, and what becomes of the gradients on that way.
#
# **Formula.** `x = w + c`, `y = 3 * x`, `z = mean of y`. Wanted are the gradients of `z` in all
# four. From the end to the beginning, for N entries:
#
# - `dz/dz = 1`
# - `dz/dy[i] = 1/N` for each entry, since the mean divides by N
# - `dz/dx[i] = dz/dy[i] * 3`
# - `dz/dw[i] = dz/dx[i] * 1`, since
#   `w + c` grows exactly as `w` does
#
# **Shapes.** `w`, `x` and `y` are `(N,)`, and so are the gradients in them. `z` is `()`, and `c` is
# a number, or a tensor of shape `()`. Nobody asks for a gradient in `c`: it is given.
#
# **By hand.** For `w = [1, 1, 1]` and `c = 2`, `x` is `[3, 3, 3]`, `y` is `[9, 9, 9]` and `z` is 9.
# The gradients are 1 in `z`, `[1/3, 1/3, 1/3]` in `y`, and `[1, 1, 1]` in `x` and in `w`. For two
# entries they are 1, then `[1/2, 1/2]`, then `[3/2, 3/2]` twice. In the picture the first row is
# this graph. The two rows below it show what becomes of it by `detach` and `no_grad`, which the
# next two exercises are about.
#
# ![Three rows of four boxes, w, x, y and z, joined by the operations plus 2, times 3 and mean. In
# each row w has 3 entries of 1, x of 3, y of 9, and z is 9. First row: all four require a gradient;
# w is a leaf, and the grad_fn of x, y and z are AddBackward0, MulBackward0 and MeanBackward0. The
# gradients of z go back from box to box: 1 in z, 1/3 in y, 1 in x, 1 in w, for each entry. Second
# row, with y = 3 * x.detach(): w and x require a gradient, y and z do not and have no grad_fn, so
# nothing goes back. Third row, under no_grad: only w requires a gradient, and x, y and z have no
# grad_fn.](pictures/graph.svg)
#
# **Take care.** Only leaves keep their gradient. Read `x.grad` after `backward`, and you get `None`
# and a warning that `x` is no leaf. To keep the gradient of a tensor in the middle, call its
# `retain_grad()` before `backward`; afterwards it is too late.
#
# **On the slides** some comments are slips. Some print 27 for `y` and `z`, but 3 * 3 is 9. A
# `grad_fn` names the operation that came last. So `y`, which was made by a multiplication, has a
# `MulBackward0`, and not the `AddBackward0` of one comment. And `z`, which was made by a mean, has
# a `MeanBackward0`: neither an `AddBackward0`, as a comment says, nor the `MulBackward0` of the
# drawing, which is what `y` has. One gives `z` the shape `[1]`, but it is a single number of shape
# `torch.Size([])`. And one says that gradients are put into `w.grad`, `x.grad`, `y.grad` and
# `z.grad`. They pass through all four, but without `retain_grad()` only `w` keeps its own.
#
# The slides draw such graphs by a package of their own, torchviz. Where it is installed,
# `make_dot(z)` after `from torchviz import make_dot` draws the graph of a `z`.

# %%
def intermediate_gradients(w: torch.Tensor, c: float | torch.Tensor) -> dict[str, torch.Tensor]:
    """Differentiate z in everything on the way to it.

    x = w + c, y = 3 * x, z = the mean of y.
    w: shape (N,), a leaf that requires a gradient; its .grad is empty. c: a number, or a tensor of
    shape ().
    Returns a dict with the gradients of z in w, x and y, each of shape (N,), and in z, of shape (),
    under the keys "w", "x", "y" and "z".
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# ## `detached_gradient`: a branch cut off
#
# Sometimes a number that was computed from `x` should count as given: it takes part in the result,
# but no gradient flows back through it. `x.detach()` does that. It has the numbers of `x`, but it
# has left the graph, and to autograd it is a constant.
#
# **Formula.**
# `r = sum of (2 * x[i] + (3 + detached x[i]))`. Two
# branches start at `x`; the second one is cut off. Wanted is the gradient of `r` in `x`, as
# autograd sees it.
#
# **Shapes.** `x` is `(N,)`, and so is the gradient.
#
# **By hand.** For `x = [1, 5]` the branches are `[2, 10]` and `[4, 8]`, so `r = 12 + 12 = 24`.
# Cutting off makes no difference to that. The gradient comes through the first branch alone:
# `[2, 2]`.
#
# **Take care.**
#
# - `[3, 3]` means that nothing is cut off: the second branch added its 1.
# - `[4, 4]` means that the gradients of two walks, or of two calls, were added.
# - If both branches are cut off, nothing requires a gradient any more, and `backward` raises.

# %%
def detached_gradient(x: torch.Tensor) -> torch.Tensor:
    """Compute the gradient in x of the sum of 2 * x + (3 + x detached).

    x: shape (N,), a leaf that requires a gradient; its .grad is empty.
    Returns the gradient, shape (N,).
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# ## `untracked_double`: a result without history
#
# To watch a loss, to plot a line or to make a step you need numbers and no gradients. Then the
# notes cost time and memory for nothing. There are two ways to do without:
#
# - `with torch.no_grad():` switches the notes off for the lines inside. What is computed there
#   requires no gradient, whatever it is computed from. With `@torch.no_grad()` above a function
#   that holds for all of it. (The slides leave the parentheses out; newer versions of torch take
#   both.)
# - `a.detach()` takes one tensor out of the graph, and what is computed from that has no past.
#
# **Formula.** `2 * a`, with `requires_grad` False and `grad_fn` `None`.
#
# **Shapes.** `a` may have any shape; the answer has the same.
#
# **By hand.** `[1, -2]` becomes `[2, -4]`, and `a.requires_grad` is still True.
#
# **Take care.**
#
# - Leave `a` as it is. `a.requires_grad_(False)`, which one slide lists beside the two, changes `a`
#   itself: whoever gave it to you can train it no longer. It serves where a parameter shall stay as
#   it is from now on, and it works on leaves alone. A result is refused with "you can only change
#   requires_grad flags of leaf variables".

# %%
def untracked_double(a: torch.Tensor) -> torch.Tensor:
    """Return 2 * a without history: the result has requires_grad False and grad_fn None.

    a: any shape, requires a gradient, and still does afterwards; its numbers stay as they are.
    """
    raise NotImplementedError("write your code here")

# %% [markdown]
# **Predict.** `original` is `[1, -2]`. You take `d = original.detach()`, which is another tensor,
# and write 100 into its first place: `d[0] = 100`. What is `original` now?

# %% [markdown]
# **Answer.** `[100, -2]`. `detach()` copies nothing. Both tensors look at the same numbers in
# memory, so whoever writes into the detached one changes the other, without a word of warning.
# Where you want to write, take `original.detach().clone()`, which is a copy.

# %% [markdown]
# ## What you have learned
#
# - A tensor that requires a gradient is written down in everything that is computed from it.
#   `backward` walks through these notes once, from the end, and applies the chain rule.
# - Gradients end up in the `.grad` of the leaves. They add up there until you empty it; on the way
#   they are forgotten, unless `retain_grad()` asks for them.
# - A step is no part of the model: it happens in place and under `no_grad()`. `detach()` makes of a
#   tensor a constant that shares its numbers.
#
# **Where to read on.** [Autograd
# mechanics](https://docs.pytorch.org/docs/stable/notes/autograd.html) is PyTorch's own account, and
# its [tutorial](https://docs.pytorch.org/tutorials/beginner/blitz/autograd_tutorial.html) a shorter
# one. [micrograd](https://github.com/karpathy/micrograd) is an autograd in a hundred lines of
# Python. How the method came about, and how else one can differentiate, is in a survey by [Baydin
# and others](https://arxiv.org/abs/1502.05767).
#
# You can now train any model whose forward pass you can write down. In the next assignment the step
# gets an object of its own, the optimizer.
