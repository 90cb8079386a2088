# PRIVATE chainrule-canary-b41d7c90e2f64a55
# %% [markdown]
# # Optimizers
#
# So far you moved the parameters yourself: `params -= learning_rate * params.grad`. That line is a
# strategy, and there are better ones. PyTorch puts the strategy into an object of its own, the
# optimizer, and the training loop no longer needs to know which one it is.
#
# In this assignment you first train with the optimizers of `torch.optim`, and then you write two
# of them, `SGD` and `Adam`, yourself. The readings, the model and its loss are those of the first
# assignment.

# %%
import torch

t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])  # degrees Celsius
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])  # unknown unit
t_un = 0.1 * t_u  # the same readings, scaled, so that one learning rate suits both parameters

# %% [markdown]
# These two you have written before. They are finished; use them as they are.


# %%
def model(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Predict temperatures by a line: w * t_u + b, shape (N,)."""
    return w * t_u + b


def loss_fn(t_p: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the mean of the squared differences, shape ()."""
    return ((t_p - t_c) ** 2).mean()


# %% [markdown]
# ## What an optimizer holds
#
# An optimizer is built from a list of parameters: `torch.optim.SGD([params], lr=1e-2)` is plain
# gradient descent with the learning rate 1e-2. It keeps that list. It does not copy the numbers: it
# holds the very same tensors that your model computes with. They are leaves: made by you, with
# `requires_grad=True`. So three things can happen, in this order.
#
# 1. You compute a loss from `params`, and `loss.backward()` writes the gradient into
#    `params.grad`.
# 2. `optimizer.step()` reads `params.grad` and changes `params` in place.
# 3. `optimizer.zero_grad()` empties `params.grad`, so that the next gradient is not added to this
#    one.
#
# **In place** means that the numbers in the tensor change, and that it stays the same tensor.
#
# ![optimizer_steps](pictures/optimizer_steps.svg)
#
# The optimizer never sees your data, your model or your loss. It sees parameters and their
# gradients, and nothing else. Some optimizers also remember something from step to step, such as
# the direction of the last one. That memory is inside the object, and it is gone when you build a
# new one.
#
# A slide calls one of them `torch.optim.Optimizer.SGD`. There is no such thing: `Optimizer` is the
# class that all of them are derived from, and the name is `torch.optim.SGD`.
#
# ## How to work
#
# Write the body of each function and method where it raises `NotImplementedError`. Keep its name,
# and the order of the arguments. Leave `python -m _course --watch` running in this folder: at each
# save it tests what you changed (in the notebook, the cell that follows each exercise does that).
# float32 and float64 both have to work, for any number of samples. `t_u` and `t_c` must stay as
# they are; `params` is what you train, and it changes in place.

# %% [markdown]
# ## `optimizer_step`: one update
#
# Everything that an optimizer needs fits into one small function: predict, compute the loss, empty
# the old gradient, compute the new one, and step.
#
# **By hand.** Two samples, `t_u = [1, 2]` and `t_c = [3, 5]`, start at w = 1, b = 0. The
# predictions are [1, 2], the errors -2 and -3, and the loss is `(4 + 9) / 2 = 6.5`. The gradient is
# `2 * (-2 * 1 - 3 * 2) / 2 = -8` for w, and `2 * (-2 - 3) / 2 = -5` for b. Plain SGD makes
# `params - lr * gradient` of the params, where lr is the learning rate. With lr = 0.1, w becomes
# `1 + 0.1 * 8 = 1.8`, and b 0.5. The function returns 6.5, the loss *before* the step. (The loss at
# the new place is 0.65; the next call will return that.)
#
# **The order matters, up to a point.** `backward` comes before `step`, since `step` uses what
# `backward` has written. The old gradient has to be gone before `backward` adds the new one. So
# `zero_grad` may stand first, or right before `backward`, or last, after `step`: all of these give
# the same result.
#
# **Take care.** Each of these is a mistake:
#
# - `zero_grad` between `backward` and `step`: the gradient is thrown away before it is used, and
#   the parameters never move.
# - `step` before `backward`: it works with no gradient, or with the last one.
# - No `zero_grad` at all: the first step is right. From the second on each gradient is the sum of
#   all gradients so far. One step alone won't show you that.
# - The update written out by hand: then the optimizer is not used, and momentum or Adam have no
#   effect.
#
# **On the slides** one step on the scaled readings `t_un` with a learning rate of 1e-2 leads to
# [1.7761, 0.1064]. The slides also print [9.5483e-01, -8.2600e-04] after one step on the raw
# readings `t_u`. Some of them leave out the learning rate there, and the only one in sight is 1e-2.
# It was 1e-5. With 1e-2, one step on the raw readings jumps to [-44.1730, -0.8260].


# %%
def optimizer_step(
    optimizer: torch.optim.Optimizer, params: torch.Tensor, t_u: torch.Tensor, t_c: torch.Tensor
) -> torch.Tensor:
    """Make one update of `params` by the optimizer that holds it.

    params: [w, b], shape (2,), a leaf that requires grad; it changes in place. Its gradient is empty
    when the first step begins. t_u, t_c: readings and temperatures, shape (N,); they stay as they are.
    Returns the loss before the update, one number.
    """
    ### BEGIN SOLUTION
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()  # here, first or last: only not between backward and step
    loss.backward()
    optimizer.step()
    return loss.detach()  # its number is wanted, its graph is used up
    ### END SOLUTION


# %% tags=["demonstration"]
for readings, learning_rate in ((t_u, 1e-5), (t_un, 1e-2)):
    line = torch.tensor([1.0, 0.0], requires_grad=True)
    before = optimizer_step(torch.optim.SGD([line], lr=learning_rate), line, readings, t_c)
    loss_before = torch.as_tensor(before).item()  # whether you return a tensor or a Python number
    print(f"learning rate {learning_rate}: the loss was {loss_before:.4f}, now [w, b] =", line.tolist())

# %% [markdown]
# ## `training_loop`: many updates
#
# A loop over epochs makes one update in each. That the optimizer comes as an argument is the point
# of it: the same loop trains by plain gradient descent, with momentum, or by Adam.
#
# **By hand.** Take the two samples from above, after their first step, at w = 1.8 and b = 0.5. The
# predictions are [2.3, 4.1], and the errors -0.7 and -0.9. The gradient is
# `2 * (-0.7 * 1 - 0.9 * 2) / 2 = -2.5` for w, and `2 * (-0.7 - 0.9) / 2 = -1.6` for b. So after
# two epochs with the learning rate 0.1, `params` is [2.05, 0.66].
#
# **What to print.** Every 500 epochs one line, such as `Epoch 500, Loss 7.860116`. Epochs count
# from 1, and the loss is the one from before that epoch's step. `loss.item()` is its number. The
# slides have `float(loss)`; of a loss that still carries its graph, newer versions of torch warn.
#
# **Take care.** Each of these is a mistake:
#
# - The predictions are computed once, in front of the loop. Then `backward` complains that it goes
#   through the graph a second time. Predict inside the loop.
# - A new optimizer in each epoch. Plain SGD has no memory, and you will see no difference. Adam
#   forgets everything it has learned, and ends far from the optimum.
# - `params = params - ...`, or a clone: that makes another tensor. The optimizer goes on holding
#   the old one, and one of the two never moves. `params` and the tensor in the optimizer must be
#   the same object.
#
# **On the slides** two results seem to disagree. After 500 epochs of SGD on `t_un` one slide prints
# the loss 7.860116 or 7.860118, another 7.843371. Both are right. The second one goes on with
# parameters that had made one step before, so its epoch 500 is the 501st. (The last digits depend
# on the order of the additions.)
#
# **Adam** makes steps of about the size of the learning rate, however large the gradient is. So it
# takes the raw readings, and a learning rate of 0.1, where SGD would blow up. After 2000 epochs it
# is at [0.5367, -17.3021]. That is the same line: w is ten times smaller, as the readings are ten
# times larger.


# %%
def training_loop(
    n_epochs: int, optimizer: torch.optim.Optimizer, params: torch.Tensor, t_u: torch.Tensor, t_c: torch.Tensor
) -> torch.Tensor:
    """Train `params` by the optimizer that holds it, one update an epoch on all samples.

    params: the start [w, b], shape (2,), a leaf that requires grad and has no gradient yet; it is
    trained in place. t_u, t_c: shape (N,); they stay as they are.
    Prints "Epoch %d, Loss %f" at the epochs 500, 1000, 1500 and so on, counted from 1, with the loss
    before that epoch's step.
    Returns `params`; with n_epochs=0 that is the start.
    """
    ### BEGIN SOLUTION
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params
    ### END SOLUTION


# %% tags=["demonstration"]
line = torch.tensor([1.0, 0.0], requires_grad=True)
training_loop(500, torch.optim.SGD([line], lr=1e-2), line, t_un, t_c)
print("... that was a fresh start. Now the same, after one step:")
line = torch.tensor([1.0, 0.0], requires_grad=True)
descent = torch.optim.SGD([line], lr=1e-2)
training_loop(1, descent, line, t_un, t_c)
training_loop(500, descent, line, t_un, t_c)
print("And Adam on the raw readings, a quarter of its way:")
line = torch.tensor([1.0, 0.0], requires_grad=True)
training_loop(500, torch.optim.Adam([line], lr=0.1), line, t_u, t_c)

# %% [markdown]
# **Predict.** An optimizer is built with `first`. Then
# `second = first.detach().clone().requires_grad_()` makes a copy that requires a gradient, too, and
# you make two updates with that optimizer and `second`. Which of
# the two tensors moves? What are the two losses?

# %% tags=["demonstration"]
first = torch.tensor([1.0, 0.0], requires_grad=True)
descent = torch.optim.SGD([first], lr=1e-2)
second = first.detach().clone().requires_grad_()
for _ in range(2):
    before = optimizer_step(descent, second, t_un, t_c)
    print(f"loss {torch.as_tensor(before).item():.4f}   first {first.tolist()}   second {second.tolist()}")
print("first.grad: ", first.grad)
print("second.grad:", second.grad)

# %% [markdown]
# **Answer.** Neither, and the loss is 80.3643 twice. `backward` writes the gradient into
# `second.grad`, since the loss was computed from `second`. `step` looks into `first.grad`, where
# there is nothing. And `zero_grad` empties that one, so the gradients pile up in the other. No
# error tells you. (A loss that stays exactly as it is, epoch after epoch, is the sign.)

# %% [markdown]
# ## `SGD`: an optimizer of your own
#
# The D in the name is for descent, the S for *stochastic*, which means by chance. There is no
# chance in the object itself: it comes in with the minibatches, at the end of this lesson. Inside
# your own `SGD` and `Adam` nothing of `torch.optim` is allowed. Everywhere else it is.
#
# **Momentum** lets a step remember the ones before, like a ball that rolls. In a long narrow
# valley the gradient points across rather than along it, now left, now right. Added up, left and
# right cancel, and what is left points along the valley. On the scaled readings, with the learning
# rate 1e-2, 500 epochs with a momentum of 0.9 end at the loss 2.9276, where plain SGD is still at
# 7.84.
#
# **Formula.** Each parameter p has a velocity v, which begins at 0. (`torch.zeros_like(p)` makes
# zeros of the shape and the dtype of p.) A step does two things:
#
# - `v` becomes `momentum * v + p.grad`$\mu v + g$, where formulas write g for the gradient, and the
#   Greek letters mu and eta for momentum and lr,
# - then `p` becomes `p - lr * v`$p - \eta v$.
#
# With momentum 0 that is `p - lr * p.grad`, the update you know. (Some books multiply the gradient
# by `1 - momentum`. PyTorch does not, and neither do we.)
#
# **By hand.** `p = 1`, `lr = 0.1`, `momentum = 0.5`, and the gradients are 4, 2 and 0.
#
# 1. `v = 0.5 * 0 + 4 = 4`, and `p = 1 - 0.1 * 4 = 0.6`.
# 2. `v = 0.5 * 4 + 2 = 4`, and `p = 0.6 - 0.1 * 4 = 0.2`.
# 3. `v = 0.5 * 4 + 0 = 2`, and `p = 0.2 - 0.1 * 2 = 0`. The ball rolls on, although the gradient
#    is 0.
#
# **No gradient is not a gradient of 0.** Where `p.grad` is `None`, the loss did not use p at all.
# Such a parameter is skipped: neither it nor its velocity changes in that step.
#
# **Take care.** Each of these is a mistake:
#
# - `p = p - lr * v` makes a new tensor and calls it p. The tensor that you were given stays where
#   it was. Change it in place.
# - The step is recorded. PyTorch refuses to change a leaf that requires grad in place then. Put it
#   into `with torch.no_grad():`.
# - One velocity for all parameters. They have different shapes, and even where they don't, each
#   one rolls by itself.
# - The velocities stand in the class, not in `self`. Then two optimizers share them. Make them in
#   `__init__`.
# - `v = p.grad` keeps no copy: v and the gradient are then one tensor, and what changes one
#   changes the other.


# %%
class SGD:
    """Gradient descent with momentum; does what `torch.optim.SGD` does, step for step.

    A step does, for each parameter p with its own velocity v, which begins at 0:

        v = momentum * v + p.grad
        p = p - lr * v

    in place. A parameter whose .grad is None is skipped: it and its velocity stay as they are.
    """

    def __init__(self, params: list[torch.Tensor], lr: float, momentum: float = 0.0) -> None:
        """Keep the parameters and the settings; nothing moves yet.

        params: a list of leaves that require grad, each of any shape. lr: the learning rate.
        """
        ### BEGIN SOLUTION
        self.params = params
        self.lr = lr
        self.momentum = momentum
        self.velocities = [torch.zeros_like(p) for p in params]
        ### END SOLUTION

    def zero_grad(self) -> None:
        """Empty the gradient of every parameter, so that the next backward begins from nothing.

        Afterwards each .grad is None or zero; both are right. It may be None already.
        """
        ### BEGIN SOLUTION
        for p in self.params:
            p.grad = None
        ### END SOLUTION

    def step(self) -> None:
        """Make one update of every parameter, in place."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            for p, v in zip(self.params, self.velocities, strict=True):
                if p.grad is not None:
                    v.mul_(self.momentum).add_(p.grad)
                    p.sub_(self.lr * v)
        ### END SOLUTION


# %% tags=["demonstration"]
ball = torch.tensor(1.0, requires_grad=True)
rolling = SGD([ball], lr=0.1, momentum=0.5)
for slope in (4.0, 2.0, 0.0):
    rolling.zero_grad()
    (slope * ball).backward()  # the gradient of slope * ball is the slope
    rolling.step()
    print(f"gradient {slope}: p = {ball.item():.4f}")

# %% [markdown]
# ## `Adam`: a step size for each number
#
# On the raw readings the gradient at the start is [4517.3, 82.6]: 55 times larger for w than for
# b. One learning rate can't suit both. Adam gives each number its own step size. It divides the
# gradient by how large the gradients of that number usually are.
#
# **Formula.** Each parameter p has two running means, in which old numbers fade: m of its gradients
# and v of their squares (no velocity any more). Both begin at 0. With t = 1, 2, 3, ... counting the
# steps of p, and g = p.grad, a step does this:
#
# - `m` becomes `beta1 * m + (1 - beta1) * g`$\beta_1 m + (1 - \beta_1) g$,
# - `v` becomes `beta2 * v + (1 - beta2) * g * g`$\beta_2 v + (1 - \beta_2) g^2$,
# - `m_hat` is `m / (1 - beta1 ** t)`$\hat{m} = \dfrac{m}{1 - \beta_1^t}$, and `v_hat` is
#   `v / (1 - beta2 ** t)`$\hat{v} = \dfrac{v}{1 - \beta_2^t}$,
# - and `p` becomes `p - lr * m_hat / (sqrt(v_hat) + eps)`$p - \eta \dfrac{\hat{m}}{\sqrt{\hat{v}} + \varepsilon}$.
#
# All of it elementwise: each number in p has its own m and v. `betas` is the pair (beta1, beta2).
# eps is small; it keeps a gradient of 0 from giving 0 / 0. `m_hat` and `v_hat` are names; formulas
# write a roof over the letter, and beta, eta and epsilon for the betas, lr and eps.
#
# **Why m_hat and v_hat?** Since m and v begin at 0, they are too small at first: after one step m
# is (1 - beta1) * g, a tenth of g. Dividing by 1 - beta1 ** t mends that. It is called bias
# correction.
#
# **By hand.** `p = 1`, `lr = 0.1`, `betas = (0.5, 0.5)`, eps too small to see, and the gradients
# are 2 and 4.
#
# 1. `m = 0.5 * 0 + 0.5 * 2 = 1` and `v = 0.5 * 0 + 0.5 * 4 = 2`. Both are divided by
#    `1 - 0.5 = 0.5`: `m_hat = 2` and `v_hat = 4`. The step is `0.1 * 2 / 2 = 0.1`, and `p = 0.9`.
# 2. `m = 0.5 * 1 + 0.5 * 4 = 2.5` and `v = 0.5 * 2 + 0.5 * 16 = 9`. Both are divided by
#    `1 - 0.5 ** 2 = 0.75`: `m_hat = 3.3333` and `v_hat = 12`. The step is
#    `0.1 * 3.3333 / 3.4641 = 0.0962`, and `p = 0.8038`.
#
# **Take care.** Each of these is a mistake:
#
# - t begins at 0: then `1 - beta1 ** t` is 0, and you divide by it. The first step has t = 1.
# - The corrected m_hat is stored as m, and the next step corrects it again.
# - `beta` and `1 - beta` are exchanged.
#
# What is said above of `SGD` holds here as well: in place, under `torch.no_grad()`, with a memory
# for each parameter in `self`. A parameter whose `.grad` is `None` is skipped, and its t does not
# count that step.


# %%
class Adam:
    """Adaptive moment estimation; does what `torch.optim.Adam` does, step for step.

    A step does, for each parameter p with its own m and v, which begin at 0, and with t = 1 at its
    first step, elementwise and with g = p.grad:

        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1 ** t)
        v_hat = v / (1 - beta2 ** t)
        p = p - lr * m_hat / (sqrt(v_hat) + eps)

    in place. A parameter whose .grad is None is skipped: it, its m and v and its t stay as they are.
    """

    def __init__(
        self,
        params: list[torch.Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        """Keep the parameters and the settings; nothing moves yet.

        params: a list of leaves that require grad, each of any shape. lr: the learning rate.
        betas: how much of the running mean of gradients, and of their squares, a step keeps.
        """
        ### BEGIN SOLUTION
        self.params = params
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.means = [torch.zeros_like(p) for p in params]
        self.squares = [torch.zeros_like(p) for p in params]
        self.counts = [0 for _ in params]
        ### END SOLUTION

    def zero_grad(self) -> None:
        """Empty the gradient of every parameter, so that the next backward begins from nothing.

        Afterwards each .grad is None or zero; both are right. It may be None already.
        """
        ### BEGIN SOLUTION
        for p in self.params:
            p.grad = None
        ### END SOLUTION

    def step(self) -> None:
        """Make one update of every parameter, in place."""
        ### BEGIN SOLUTION
        beta1, beta2 = self.betas
        with torch.no_grad():
            for i, p in enumerate(self.params):
                if p.grad is None:
                    continue
                self.counts[i] += 1
                self.means[i] = beta1 * self.means[i] + (1 - beta1) * p.grad
                self.squares[i] = beta2 * self.squares[i] + (1 - beta2) * p.grad**2
                mean = self.means[i] / (1 - beta1 ** self.counts[i])
                square = self.squares[i] / (1 - beta2 ** self.counts[i])
                p.sub_(self.lr * mean / (square.sqrt() + self.eps))
        ### END SOLUTION


# %% [markdown]
# **Predict.** A parameter stands at 1, and Adam has a learning rate of 0.1. How far does its first
# step lead if the gradient is 4517.3? If it is 82.6? And if it is -0.001? Put them into the formula
# with t = 1; eps is too small to matter.

# %% tags=["demonstration"]
for slope in (4517.3, 82.6, -0.001):
    place = torch.tensor(1.0, requires_grad=True)
    adaptive = Adam([place], lr=0.1)
    (slope * place).backward()
    adaptive.step()
    print(f"gradient {slope}: the first step leads from 1 to {place.item():.4f}")

# %% [markdown]
# **Answer.** To 0.9, 0.9 and 1.1. With t = 1, `m_hat` is g and `v_hat` is g * g, so the fraction is
# g divided by its own size: 1 or -1. The first step is lr, however large the gradient is. On the
# raw readings with lr = 0.1 it leads from [1, 0] to [0.9, -0.1]. Without the bias correction it
# would lead to [0.6838, -0.3162]. After 2000 epochs you could no longer tell: both end at the same
# loss, to seven digits. So look at the first steps.
#
# Here are the paths of plain descent, momentum and Adam over the loss of the scaled readings:
#
# ![optimizer_paths](pictures/optimizer_paths.svg)
#
# ## What else is in `torch.optim`
#
# `dir(module)` lists the names in a module. The slides show three such lists of `torch.optim`, with
# 11, 12 and 14 names of classes in them: newer versions of PyTorch have more. Call it
# to see yours.

# %% tags=["demonstration"]
print(*(name for name in dir(torch.optim) if name[0].isupper()))

# %% [markdown]
# Nearly all of them are answers to one question: how large a step for each number?
#
# - **Adagrad** (adaptive gradient) divides by the root of the *sum* of all squared gradients so
#   far. The sum only grows, so the steps only shrink.
# - **RMSprop** (root mean square propagation) takes a running *mean* in place of the sum:
#   `v <- alpha * v + (1 - alpha) * g * g`$v \leftarrow \alpha v + (1 - \alpha) g^2$, then
#   `p <- p - lr * g / (sqrt(v) + eps)`$p \leftarrow p - \eta \dfrac{g}{\sqrt{v} + \varepsilon}$. Adam is RMSprop with a
#   running mean of g as well, and with the bias correction. Without that, the first step of RMSprop
#   is ten times lr, since alpha is 0.99 and the root of `1 - alpha` is 0.1. **Adadelta** takes from
#   its own last steps how large the next one is.
# - Five change one thing in Adam. **Adamax** takes the largest gradient in place of the mean square.
#   **NAdam** has a momentum that looks ahead, after Nesterov, and **RAdam** a careful, rectified
#   beginning. **AdamW** also pulls the weights towards 0, and **SparseAdam** is for gradients that
#   are mostly 0.
# - **Rprop** (resilient propagation) uses only the sign of the gradient. **ASGD** averages the
#   places that SGD comes through. **LBFGS**, named after Broyden, Fletcher, Goldfarb and Shanno,
#   also estimates how the slope changes from step to step.
# - **Adafactor** and **Muon** are newer, and made for large tables of weights. **Optimizer** is the
#   class that all of them are derived from.
#
# The names in small letters that `dir` also has are modules, such as `lr_scheduler`, which changes
# the learning rate while you train.

# %% tags=["demonstration"]
# The same loop on the raw readings, by three of them.
for kind, settings in (("SGD", {"lr": 1e-4}), ("RMSprop", {"lr": 0.1}), ("Adam", {"lr": 0.1})):
    line = torch.tensor([1.0, 0.0], requires_grad=True)
    chosen = getattr(torch.optim, kind)([line], **settings)
    training_loop(1, chosen, line, t_u, t_c)  # 1 and 498 epochs: none of them is to print
    print(f"{kind:8} after one epoch {[round(number, 4) + 0.0 for number in line.tolist()]}", end="")
    training_loop(498, chosen, line, t_u, t_c)
    print(f", after 499 the loss is {loss_fn(model(t_u, *line), t_c).item():.2f}")

# %% [markdown]
# ## `minibatch_training_loop`: a few samples at a time
#
# With eleven samples, each update can look at all of them. With a million it takes long until the
# first step is made. So one looks at a few samples at a time, a *minibatch*, and makes a step for
# each. The gradient of a few samples is a noisy guess at the gradient of all of them. The guess is
# cheap, and the many small steps make up for the noise. To the optimizer it is all the same: it
# gets a gradient, and makes a step.
#
# **One epoch** visits every sample once, in a new random order.
# `torch.randperm(N, generator=generator)` draws an order: the indices 0 to N - 1, shuffled. A
# tensor of indices in brackets, as in `t_u[indices]`, picks these entries, in this order. Cut it
# into slices of `batch_size`. Make one update for each slice, with the readings and the
# temperatures at these indices.
#
# **By hand.** N = 5, `batch_size` = 2, and the order drawn is `[3, 0, 4, 1, 2]`. The slices are
# `[3, 0]`, `[4, 1]` and `[2]`, so this epoch makes three updates. The first one uses the samples 3
# and 0, and divides by 2. The last one uses sample 2 alone, and divides by 1. The next epoch draws
# another order.
#
# **The generator** makes chance repeatable: generators with the same seed draw the same orders.
# Draw from the one that you are given, exactly one order an epoch, and nothing else.
#
# **Take care.** Each of these is a mistake:
#
# - One order, drawn before the loop, serves all epochs.
# - `t_u` and `t_c` are shuffled by two different orders. Then a reading meets another reading's
#   temperature, and there is nothing left to learn.
# - The last slice is left out where it is smaller: its samples then never count in that epoch.
# - Random indices are drawn for each step (`torch.randint`): some samples come twice in an epoch,
#   and others never.
# - The gradients of a whole epoch are collected, and one step is made. That is full-batch descent
#   again.


# %%
def minibatch_training_loop(
    n_epochs: int,
    optimizer: torch.optim.Optimizer,
    params: torch.Tensor,
    t_u: torch.Tensor,
    t_c: torch.Tensor,
    batch_size: int,
    generator: torch.Generator,
) -> torch.Tensor:
    """Train `params` by the optimizer that holds it, one update for each minibatch.

    Each epoch draws one order of all samples, torch.randperm(N, generator=generator), and goes through
    it in slices of batch_size; the last one may be smaller. batch_size: at least 1, and it may be larger
    than N. params, t_u, t_c: as in training_loop; params is trained in place.
    Returns `params`; with n_epochs=0 that is the start.
    """
    ### BEGIN SOLUTION
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        for batch in order.split(batch_size):
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params
    ### END SOLUTION


# %% tags=["demonstration"]
for size in (11, 4, 1):
    line = torch.tensor([1.0, 0.0], requires_grad=True)
    descent = torch.optim.SGD([line], lr=1e-3)
    minibatch_training_loop(50, descent, line, t_un, t_c, size, torch.Generator().manual_seed(0))
    after = loss_fn(model(t_un, *line), t_c).item()
    print(f"50 epochs with {size} samples a step: loss {after:.4f}, [w, b] =", line.tolist())

# %% [markdown]
# ## What you have learned
#
# - An optimizer holds parameters, reads their `.grad` and moves them in place. Whatever it is:
#   zero, backward, step.
# - Plain SGD is enough where the inputs are scaled. Momentum adds up what steps have in common, and
#   helps in long valleys. Adam gives each number a step size of its own, forgives readings that
#   nobody has scaled, and is what many people try first.
# - Minibatches make many cheap, noisy steps out of an epoch.
#
# **Where to read on.** [torch.optim](https://docs.pytorch.org/docs/stable/optim.html) has the
# formulas of all of them. [Why momentum really works](https://distill.pub/2017/momentum/) lets you
# move the ball. Kingma and Ba's [paper](https://arxiv.org/abs/1412.6980) proposed Adam in 2014, and
# [Ruder's overview](https://arxiv.org/abs/1609.04747) compares it with the others. Chapter 8 of
# [Deep Learning](https://www.deeplearningbook.org/) by Goodfellow, Bengio and Courville goes
# deeper.
#
# In the next assignment the model is no longer a line but a neuron, and you take its gradient
# apart.
