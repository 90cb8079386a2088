# PRIVATE chainrule-canary-b41d7c90e2f64a55
# %% [markdown]
# # Gradient descent by hand
#
# A thermometer shows temperatures in an unknown unit. For eleven of its readings you know the
# temperature in degrees Celsius. In this assignment you fit a straight line that turns readings
# into degrees:
#
# 1. **Predict.** A line with two numbers `w` and `b` turns a reading into degrees: `model`.
# 2. **Judge.** One number, the loss, says how far off the predictions are: `loss_fn`.
# 3. **Find the way down.** How does the loss change when `w` or `b` changes a little? First you
#    measure it: `loss_rate_of_change`. Then you compute it exactly, from small pieces: `dloss_fn`,
#    `dmodel_dw` and `dmodel_db`, which `grad_fn` puts together.
# 4. **Step.** Move `w` and `b` a little downhill, and repeat: `training_loop`.
#
# This is what PyTorch, a library that is called `torch` in code, does while it trains a model. Here
# you do all of it once yourself.

# %%
import torch

t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])  # degrees Celsius
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])  # unknown unit
t_un = 0.1 * t_u  # the same readings, scaled; the last part of the lesson says what for

# %% [markdown]
# The readings are `t_u` (u for unknown), and the true temperatures `t_c` (c for Celsius). The
# thermometer showed 35.7 when it was 0.5 degrees, and 55.9 when it was 14 degrees. Each such pair
# is a **sample**, and `N` is the number of samples, here 11.
#
# ![data](pictures/data.svg)
#
# `torch.tensor([...])` makes a **tensor**: numbers of one kind in a row or a table. Its **shape**
# says how many there are along each axis; a row has one axis, a table two. A tensor with one number
# for each sample has the shape `(N,)`, and one with a single number and no axis the shape `()`.

# %% tags=["demonstration"]
# Run a cell by Shift+Enter. There is nothing to write in this one.
four = torch.tensor([1.0, 2.0, 3.0, 4.0])
print("the thermometer:    ", t_u.numel(), "readings, of shape", tuple(t_u.shape))
print("two tensors, added: ", four + four)
print("squares:            ", four**2)
print("one number for all: ", torch.tensor(10.0) * four)

# %% [markdown]
# `+`, `*` and `**` (to the power of) work number by number. Where a tensor of shape `()` meets one
# of shape `(N,)`, its one number is used for all N. That is called **broadcasting**.
#
# ## How to work
#
# An exercise is a function that raises `NotImplementedError`. Write its body there, and keep its
# name and the order of its arguments. (What stands behind the colons and the arrow of its first
# line, such as `torch.Tensor`, says what goes in and what comes out. Python itself does not look at
# it.) Start at the top: later exercises call earlier ones. Leave `python -m _course --watch`
# running in this folder: at each save it tests what you changed (in the notebook, the cell that
# follows each exercise does that). When a test fails, read its message: it shows the call, your
# answer and the expected one.
#
# Three rules hold for every function here. Data comes in as tensors, and tensors go out. Any number
# of samples works, one sample too, so never write the number 11. And no function changes its
# arguments.
#
# Every exercise is worked by hand on the same small example, before you write it. It is not the
# thermometer; its numbers are just easy: the readings `[1, 2, 3, 4]`, the true temperatures
# `[1, 6, 7, 6]`, so `N = 4`, and the line with `w = 2` and `b = 1`.

# %% [markdown]
# ## `model`: a straight line
#
# You don't know the unit of the readings, but many temperature scales differ only by a factor and a
# shift. So the simplest guess is a line: stretch the reading by `w`, then shift it by `b`. What
# comes out is a prediction, `t_p` (p for predicted). The two numbers are the **parameters** of the
# model. They are unknown; finding them is what all the rest is for.
#
# **Formula.** `t_p[i] = w * t_u[i] + b`$t_{p,i} = w \cdot t_{u,i} + b$ for each sample `i`. In code, `t_p[i]` is the
# number of sample `i` in the tensor `t_p`; formulas write the `i` below.
#
# **Shapes.** `t_u` is `(N,)`, `w` and `b` are `()`, the answer is `(N,)`. Broadcasting uses the one
# `w` and the one `b` for all samples, so you need no loop.
#
# **By hand.** With `w = 2` and `b = 1` the readings `[1, 2, 3, 4]` become `[3, 5, 7, 9]`: the last
# one is `2 * 4 + 1`.
#
# **Take care.**
#
# - Use the arguments and nothing else. `t_u`, `t_c` and `t_un` also exist at the top of the file,
#   so a slip such as `t_un` for `t_u` raises no error; it only gives wrong numbers.
# - Try other numbers than the first ones. With `w = 1` and `b = 0` the answer is `t_u` itself, and
#   so is the answer of many a wrong formula.
#
# **On the slides** the model is also written as `t_c = w * t_u + b`. What the line gives is a
# prediction, so here it is called `t_p`. It meets `t_c` only in the loss.


# %%
def model(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Predict temperatures by a line.

    t_u: readings, shape (N,). w, b: slope and offset, shape ().
    Returns w * t_u + b, shape (N,).
    """
    ### BEGIN SOLUTION
    return w * t_u + b
    ### END SOLUTION


# %% tags=["demonstration"]
print(model(torch.tensor([1.0, 2.0, 3.0, 4.0]), w=torch.tensor(2.0), b=torch.tensor(1.0)))
print("by hand: 3, 5, 7, 9")

# %% [markdown]
# ## `loss_fn`: how far off?
#
# To improve `w` and `b` you need one number that says how bad they are: 0 for perfect predictions,
# and larger the further they are off. Errors of both signs must count, so square them: `(-3)^2` is
# as large as `3^2`. (In formulas `^` means "to the power of"; Python writes `**`.)
#
# **Formula.** `L = mean of (t_p[i] - t_c[i])^2`$\displaystyle L = \frac{1}{N} \sum_{i} (t_{p,i} - t_{c,i})^2$, which is
# the sum of the N squares, divided by N. It is called the **mean squared error**. (Books write a
# large Greek sigma for it, the sign that says: add up over all samples i.)
#
# **Shapes.** `t_p` and `t_c` are `(N,)`, the loss is `()`. For any tensor `a`, `a.sum()` and
# `a.mean()` have the shape `()`, and `a.numel()` counts its numbers.
#
# **By hand.** Predictions `[3, 5, 7, 9]` and true temperatures `[1, 6, 7, 6]` differ by
# `[2, -1, 0, 3]`. The squares are `[4, 1, 0, 9]`, their sum is 14, and the loss is `14 / 4 = 3.5`.
#
# **Take care.**
#
# - The sum instead of the mean is N times too large. On the thermometer it is 11 times, and a
#   learning rate that suits the mean then makes training explode.
# - Square first, average then. The other way round, errors of 1 and -1 cancel, and the loss is 0.
# - Return the tensor. `float(loss)` and `loss.item()` are for printing: a Python number can't be
#   differentiated any more, and the next assignments want to do that.
# - A prediction of shape `(N, 1)` next to a target of shape `(N,)` gives no error. Broadcasting
#   makes an N x N table of all the differences, and its mean is a plausible, wrong number.
#
# **On the slides** the loss of the thermometer at `w = 1`, `b = 0` is 1763.8846. Your machine may
# say 1763.8848. Both are right: the numbers of a tensor are stored as float32, which keeps about
# seven digits, and the last one depends on the order in which a machine adds. So nothing here is
# compared to the last digit. The kind of a tensor's numbers is its **dtype**. The other common one
# is float64, with about sixteen digits. Your functions work for both, and the answer has the dtype
# of the data.


# %%
def loss_fn(t_p: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the mean of the squared differences.

    t_p, t_c: predicted and true temperatures, shape (N,).
    Returns one number as a tensor of shape (), which can be differentiated in t_p.
    """
    ### BEGIN SOLUTION
    errors = t_p - t_c
    return (errors**2).mean()
    ### END SOLUTION


# %% tags=["demonstration"]
print("by hand 3.5:         ", loss_fn(torch.tensor([3.0, 5.0, 7.0, 9.0]), torch.tensor([1.0, 6.0, 7.0, 6.0])))
print("w=1, b=0 on t_u:     ", loss_fn(t_u, t_c))
print("w=1, b=0 on t_un:    ", loss_fn(t_un, t_c))
column = t_un.reshape(-1, 1)  # of shape (11, 1): -1 stands for as many rows as it takes
print("t_un as a column (!):", loss_fn(column, t_c), " an 11 x 11 table was averaged")

# %% [markdown]
# **Predict.** Four predictions are off by 2, 2, 2 and 2, four others by 8, 0, 0 and 0. Which have
# the larger loss? And which, if you take the mean of the absolute values `|error|`$|t_{p,i} - t_{c,i}|$ in place of the
# squares? Decide before you read on.

# %% tags=["demonstration"]
right = torch.zeros(4)
for errors in (torch.tensor([2.0, 2.0, 2.0, 2.0]), torch.tensor([8.0, 0.0, 0.0, 0.0])):
    squared, absolute = loss_fn(right + errors, right).item(), errors.abs().mean().item()
    print(f"errors {errors.tolist()}: mean of squares {squared:4.1f}, mean of absolute values {absolute:.1f}")

# %% [markdown]
# **Answer.** The squares say 4 and 16, the absolute values say 2 and 2. Squares are hard on large
# errors: one error of 8 counts as much as four errors of 4. There is a second difference, and it
# matters more for what follows. At its lowest point the curve of `x^2`$x^2$ is flat and smooth: the
# nearer you are, the less steep it is. The curve of `|x|`$|x|$ is as steep there as everywhere, and has
# a kink.

# %% [markdown]
# ## `loss_rate_of_change`: measure the slope
#
# Which way is downhill? The most direct way to find out is to try. Compute the loss a little to the
# right of `w` and a little to the left, and see how much it rises from one to the other. Rise
# divided by distance is a **slope**. If it is positive, a larger `w` makes things worse, so `w`
# should shrink; if it is negative, `w` should grow. Do the same for `b`. This is slow for models
# with many parameters, but it needs no calculus, and it is a good judge of the derivatives that you
# work out below.
#
# **Formula.** With `L(w, b)`$L(w, b)$ for the loss of the model at `w` and `b`, and `delta`$\delta$ for a small
# number:
#
# - slope in w:
#   `(L(w + delta, b) - L(w - delta, b)) / (2 * delta)`$\dfrac{L(w + \delta, b) - L(w - \delta, b)}{2 \delta}$
# - slope in b:
#   `(L(w, b + delta) - L(w, b - delta)) / (2 * delta)`$\dfrac{L(w, b + \delta) - L(w, b - \delta)}{2 \delta}$
#
# These are called **central differences**: the point itself lies in the middle.
#
# **Shapes.** `t_u` and `t_c` are `(N,)`, `w` and `b` are `()`, `delta` is a Python number. The
# answer holds two slopes, first the one in `w`: `(2,)`. `torch.stack([p, q])` puts two tensors of
# shape `()` into one of shape `(2,)`, and `p, q = pair` takes it apart again.
#
# **By hand.** Take `delta = 0.1`. At `w = 2.1` the predictions are `[3.1, 5.2, 7.3, 9.4]` and the
# loss is 4.175. At `w = 1.9` it is 2.975. The slope in `w` is `(4.175 - 2.975) / 0.2 = 6`. In the
# same way the losses at `b = 1.1` and `b = 0.9` are 3.71 and 3.31, and the slope in `b` is 2.
#
# **Take care.**
#
# - The distance between the two points is `2 * delta`, not `delta`.
# - Mind the brackets: the whole difference is divided, not only its second half.
# - Move one parameter at a time, and put the other one back.
# - One step to the right only, `(L(w + delta, b) - L(w, b)) / delta`, is less exact: on the
#   thermometer it says 4811.4 where the slope is 4517.3.
# - A smaller `delta` is not always better. When both losses agree in nearly all of their seven
#   digits, their difference is mostly rounding: with 1e-6, which is
#   Python's way to write 0.000001, in float32 the thermometer's slopes come
#   out as 4455.6 and 0. For this loss a large `delta` does no harm: as a function of `w` it is a
#   parabola, and there central differences are exact.
#
# **On the slides** `w` is moved first, and the slope in `b` is measured after that, at the new `w`.
# It is then about -4600 instead of 82.6: another place, another slope, even of another sign. Here
# both slopes belong to the same `w` and `b`, as in every step of the training loop later. Another
# slide says that `delta` decides the direction of training. It does not: the sign of the slope
# does, and `delta` only says how far you look.


# %%
def loss_rate_of_change(
    t_u: torch.Tensor, t_c: torch.Tensor, w: torch.Tensor, b: torch.Tensor, delta: float = 0.1
) -> torch.Tensor:
    """Measure the slope of the loss in w and in b, by central differences.

    The slope in w is (loss at w + delta  -  loss at w - delta) / (2 * delta); likewise in b.
    Both are taken at the same (w, b): nothing is updated in between.
    t_u, t_c: shape (N,). w, b: shape (). delta: half the distance between the two points.
    Returns [slope in w, slope in b], shape (2,).
    """

    ### BEGIN SOLUTION
    def loss_at(w, b):
        return loss_fn(model(t_u, w, b), t_c)

    in_w = (loss_at(w + delta, b) - loss_at(w - delta, b)) / (2 * delta)
    in_b = (loss_at(w, b + delta) - loss_at(w, b - delta)) / (2 * delta)
    return torch.stack([in_w, in_b])
    ### END SOLUTION


# %% tags=["demonstration"]
w, b = torch.tensor(1.0), torch.tensor(0.0)
for delta in (10.0, 1.0, 0.1, 1e-3, 1e-5, 1e-6):
    in_w, in_b = loss_rate_of_change(t_u, t_c, w, b, delta)
    print(f"delta {delta:<6g}  slope in w {float(in_w):9.3f}   slope in b {float(in_b):7.3f}")
in_w, in_b = loss_rate_of_change(t_u.double(), t_c.double(), w.double(), b.double(), 1e-6)
print(f"delta 1e-06   slope in w {float(in_w):9.3f}   slope in b {float(in_b):7.3f}   in float64")

# %% [markdown]
# ## `dloss_fn`: from the loss to the predictions
#
# Measuring is never quite exact, and it costs two losses for every parameter. A formula has neither
# fault. Make the distance smaller and smaller, and the measured slope comes nearer and nearer to
# one number. That number, the limit for d going to 0, is the
# **derivative**:
#
# - `dy/dx = lim (d -> 0) of (y(x + d) - y(x)) / d`
#   $\displaystyle \frac{dy}{dx} = \lim_{d \to 0} \frac{y(x + d) - y(x)}{d}$
#
# For `y = x^2`$y = x^2$ the fraction is `(2 * x * d + d^2) / d = 2 * x + d`$\dfrac{2 x d + d^2}{d} = 2 x + d$, and for
# d going to 0 only `2 x`$2 x$ is left. So when `x` grows by a tiny amount, `y` grows by `dy/dx`$\dfrac{dy}{dx}$ times
# that amount. Five rules save you the limits:
#
# - The derivative of `x^2`$x^2$ is `2 x`$2 x$.
# - A constant has derivative 0, and `x` itself has derivative 1.
# - A constant factor stays: the derivative of `7 x`$7 x$ is 7.
# - The derivative of a sum is the sum of the derivatives.
# - The **chain rule**: if `x` moves `y` and `y` moves `z`, the slopes multiply:
#   `dz/dx = dz/dy * dy/dx`$\dfrac{dz}{dx} = \dfrac{dz}{dy} \cdot \dfrac{dy}{dx}$.
#
# The slides list two more. You don't need them here: for a product `(f g)' = f' g + f g'`$(f g)' = f' g + f g'$, and
# for a quotient `(f / g)' = (f' g - f g') / g^2`$\left( \dfrac{f}{g} \right)' = \dfrac{f' g - f g'}{g^2}$, where
# `f'`$f'$ is short for the derivative of f. Try the first one on `x * x`: `1 * x + x * 1` is `2 x`
# again.
#
# The loss depends on `w` and `b` in two stages: they move the predictions, and the predictions move
# the loss. The chain rule lets you treat the stages one by one. Start at the end: how does the loss
# change when one prediction moves?
#
# **Formula.** Written out, the loss is
#
# - `L = ( (t_p[0] - t_c[0])^2 + (t_p[1] - t_c[1])^2 + ... ) / N`
#   $L = \dfrac{1}{N} \left( (t_{p,0} - t_{c,0})^2 + (t_{p,1} - t_{c,1})^2 + \ldots \right)$
#
# Now move `t_p[i]` alone. Only one of the squares contains it; all the others are constants. The
# derivative of that square follows from the rule for `x^2`$x^2$; here `x` is the difference, which grows
# exactly as `t_p[i]` does. The division by N is a constant factor, and it stays. Together they are
# the derivative of L in `t_p[i]`. It is called a **partial derivative**, since L has other
# arguments, which are held still. Books then write a round d: `∂L/∂t_p[i]`$\dfrac{\partial L}{\partial t_{p,i}}$.
#
# From here on `torch.autograd`, `backward`, `torch.func` and `torch.optim` are not allowed in this
# assignment: they would do the work for you. They come in the next ones.
#
# **Shapes.** `t_p` and `t_c` are `(N,)`, and so is the answer: one derivative for each prediction.
#
# **By hand.** The differences are `[2, -1, 0, 3]` and N is 4. The first derivative is
# `2 * 2 / 4 = 1`, and all of them are `[1, -0.5, 0, 1.5]`. The signs make sense: the first
# prediction is too high, so raising it makes the loss larger; the second is too low, so raising it
# helps; the third is right, so a tiny move changes next to nothing.
#
# **Take care.**
#
# - The order matters here: prediction minus truth. The other way round every sign is wrong, and
#   training walks uphill.
# - Both factors belong to it, the 2 of the square and the 1/N of the mean.
# - The answer is not one number. Don't average over the samples; that is not what the 1/N is for.
#
# **On the slides**, as here, the 1/N is in `dloss_fn`, and `grad_fn` takes a sum. Older versions of
# this example, which you may find elsewhere, leave the 1/N out of `dloss_fn` and take a mean in
# `grad_fn`. Each pair gives the same gradient. Mixed they don't: on the thermometer it is 11 times
# too large, or 11 times too small. Only in the first pair is `dloss_fn` what it says, the
# derivative of the loss.


# %%
def dloss_fn(t_p: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Differentiate the loss, the mean of (t_p - t_c)^2, in each prediction.

    t_p, t_c: shape (N,).
    Returns dL/dt_p, one number for each prediction, shape (N,).
    """
    ### BEGIN SOLUTION
    return 2 * (t_p - t_c) / t_p.numel()  # the derivative of a square, and the mean's 1/N
    ### END SOLUTION


# %% tags=["demonstration"]
t_p, truth = torch.tensor([3.0, 5.0, 7.0, 9.0]), torch.tensor([1.0, 6.0, 7.0, 6.0])
print("computed:", dloss_fn(t_p, truth))
step = torch.tensor([0.1, 0.0, 0.0, 0.0])  # move the first prediction alone
rise = loss_fn(t_p + step, truth) - loss_fn(t_p - step, truth)
print("measured, the first one:", rise / 0.2)

# %% [markdown]
# ## `dmodel_dw`: from the predictions to w
#
# The other stage is the model: how does a prediction change when `w` moves? It answers for each
# sample on its own, since the same `w` pulls on different readings with different strength.
#
# **Formula.** `dt_p[i]/dw`$\dfrac{\partial t_{p,i}}{\partial w}$, where
# `t_p[i] = w * t_u[i] + b`$t_{p,i} = w \cdot t_{u,i} + b$. Here `w` is what moves; `t_u[i]` and `b` are constants.
# Which of the five rules do you need?
#
# **Shapes.** `t_u` is `(N,)`, `w` and `b` are `()`, the answer is `(N,)`.
#
# **By hand.** Raise `w` from 2 to 3 and keep `b = 1`. The predictions go from `[3, 5, 7, 9]` to
# `[4, 7, 10, 13]`: up by 1, 2, 3 and 4.
#
# **Take care.**
#
# - The answer is not `w`. That would be the derivative in the reading, `dt_p/dt_u`; but the
#   readings are data and stay as they are. Always ask: which letter moves?
# - Don't add anything up yet; `grad_fn` does that.
# - The answer may not depend on some of the arguments. That is no mistake: all derivatives of the
#   model take the same three, so that one can be called like the other.


# %%
def dmodel_dw(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Differentiate the model, w * t_u + b, in w, for each sample.

    t_u: shape (N,). w, b: shape ().
    Returns dt_p/dw, one number for each sample, shape (N,).
    """
    ### BEGIN SOLUTION
    return t_u
    ### END SOLUTION


# %% tags=["demonstration"]
readings, w, b = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor(2.0), torch.tensor(1.0)
print("computed:", dmodel_dw(readings, w, b))
print("measured:", model(readings, w + 1, b) - model(readings, w, b))

# %% [markdown]
# ## `dmodel_db`: from the predictions to b
#
# The same question for the other parameter: how does each prediction change when `b` moves?
#
# **Formula.** `dt_p[i]/db`$\dfrac{\partial t_{p,i}}{\partial b}$, where
# `t_p[i] = w * t_u[i] + b`$t_{p,i} = w \cdot t_{u,i} + b$, and now `w` and `t_u[i]` are constants.
#
# **Shapes.** `t_u` is `(N,)`, `w` and `b` are `()`. The answer is the same number for every sample.
# So you may return it once for each sample, `(N,)`, or as a single number; broadcasting makes both
# work.
#
# **By hand.** Raise `b` from 1 to 2 and keep `w = 2`. The predictions go from `[3, 5, 7, 9]` to
# `[4, 6, 8, 10]`.
#
# **Take care.** "`b` is a constant, so its derivative is 0" is a common slip. `b` is the one thing
# that moves here. With a 0 the offset never leaves its start value, and training looks almost
# right: the loss falls, and then stays far too high.


# %%
def dmodel_db(t_u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Differentiate the model, w * t_u + b, in b, for each sample.

    t_u: shape (N,). w, b: shape ().
    Returns dt_p/db, one number for each sample, shape (N,); as it is the same for all of them, a single
    number will do.
    """
    ### BEGIN SOLUTION
    return torch.ones_like(t_u)
    ### END SOLUTION


# %% tags=["demonstration"]
readings, w, b = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor(2.0), torch.tensor(1.0)
print("computed:", dmodel_db(readings, w, b))
print("measured:", model(readings, w, b + 1) - model(readings, w, b))

# %% [markdown]
# ## `grad_fn`: the chain rule puts it together
#
# The **gradient** is the list of the partial derivatives of the loss in all parameters, here
# `∇L = [dL/dw, dL/db]`$\nabla L = \left[ \dfrac{\partial L}{\partial w}, \dfrac{\partial L}{\partial b} \right]$. The
# triangle on its tip is called nabla. You have both stages; the chain rule multiplies them. One
# thing is new: `w` moves all N predictions at once, and each of them moves the loss. So there are N
# ways from `w` to the loss, and what they contribute adds up.
#
# **Formula.**
#
# - `dL/dw = sum over i of dL/dt_p[i] * dt_p[i]/dw`
#   $\dfrac{\partial L}{\partial w} = \sum_i \dfrac{\partial L}{\partial t_{p,i}} \dfrac{\partial t_{p,i}}{\partial w}$
# - `dL/db = sum over i of dL/dt_p[i] * dt_p[i]/db`
#   $\dfrac{\partial L}{\partial b} = \sum_i \dfrac{\partial L}{\partial t_{p,i}} \dfrac{\partial t_{p,i}}{\partial b}$
#
# A way to remember it: broadcasting handed one `w` out to N samples, and on the way back the sum
# collects from the N samples what belongs to that one `w`.
#
# **Shapes.** `t_u`, `t_c` and `t_p` are `(N,)`, `w` and `b` are `()`. The answer is `(2,)`, first
# the derivative in `w`. `t_p` are the predictions at this `w` and `b`; they are handed over because
# the caller has computed them already.
#
# **By hand.** From above, `dL/dt_p` is `[1, -0.5, 0, 1.5]`. Multiplied by `[1, 2, 3, 4]` it is
# `[1, -1, 0, 6]`, with the sum 6. Multiplied by ones it stays as it is, with the sum 2. The
# gradient is `[6, 2]`: exactly the two slopes that you measured.
#
# **Take care.**
#
# - Add up. Without the sum the shape is `(2, N)`; with the mean the 1/N is in it twice.
# - `[dL/dw, dL/db]`, in this order: the loop subtracts it from `[w, b]`.
# - Compare with `loss_rate_of_change`, at any `w` and `b` you like. The two must agree.
#
# Going back from the loss through the predictions to the parameters, multiplying on the way, is all
# that **backpropagation** is. Large networks only have more stages.


# %%
def grad_fn(t_u: torch.Tensor, t_c: torch.Tensor, t_p: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Compute the gradient of the loss by the chain rule.

    dL/dw is the sum over the samples of dL/dt_p * dt_p/dw; likewise for b.
    t_u, t_c: shape (N,). t_p: the predictions model(t_u, w, b), shape (N,). w, b: shape ().
    Returns [dL/dw, dL/db], shape (2,).
    """
    ### BEGIN SOLUTION
    in_predictions = dloss_fn(t_p, t_c)
    in_w = (in_predictions * dmodel_dw(t_u, w, b)).sum()  # w moved every prediction: add up what came of it
    in_b = (in_predictions * dmodel_db(t_u, w, b)).sum()
    return torch.stack([in_w, in_b])
    ### END SOLUTION


# %% tags=["demonstration"]
readings, truth = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 6.0, 7.0, 6.0])
w, b = torch.tensor(2.0), torch.tensor(1.0)
print("by hand 6 and 2:        ", grad_fn(readings, truth, model(readings, w, b), w, b))
w, b = torch.tensor(1.0), torch.tensor(0.0)
print("thermometer, computed:  ", grad_fn(t_u, t_c, model(t_u, w, b), w, b))
print("thermometer, measured:  ", loss_rate_of_change(t_u, t_c, w, b))

# %% [markdown]
# ## `training_loop`: walk downhill
#
# The goal is the pair `w*, b*` with the smallest loss of all. Books write it with a word for the
# place of a minimum: `w*, b* = argmin of L(w, b)`$w^*, b^* = \mathrm{argmin}_{w, b} L(w, b)$. You can't see the whole
# loss, only where you stand and how steep it is there. The gradient says so for each parameter; as
# an arrow from `[w, b]` it points where the loss rises fastest, and goes furthest along the
# parameter in which it is steepest. So a small step the other way makes the loss smaller. How small
# is up to you: the **learning rate** is the factor between the gradient and the step. After the
# step both parameters are new, so the gradient is another one, and you begin again. One round over
# all the samples is called an **epoch**. Here it makes one step, by all samples at once; that is
# called **full-batch**.
#
# **Formula.** One epoch, with the parameters as one tensor `params = [w, b]`:
#
# 1. predict with the current `w` and `b`,
# 2. compute the loss, and the gradient from these predictions,
# 3. new params = `params - learning_rate * gradient`$[w, b] - \eta \cdot \nabla L$, where books write the Greek letter
#    eta, or alpha, for the learning rate.
#
# **Shapes.** `params` and the gradient are `(2,)`, `t_u` and `t_c` are `(N,)`. `n_epochs` and
# `learning_rate` are Python numbers. The final params come back, `(2,)`.
#
# **By hand.** Start at `[2, 1]` with a learning rate of 0.1. The loss is 3.5 and the gradient
# `[6, 2]`, so the new params are `[2 - 0.6, 1 - 0.2] = [1.4, 0.8]`. In epoch 2 the loss there is
# 2.84, the gradient is `[-4, -1.4]`, and the params become `[1.8, 0.94]`. In epoch 3 the loss is
# 2.5436. `w` went too far and came back, but the loss falls every time.
#
# **What to print.** At the epochs 1, 2, 3, 10, 11, 99, 100, 4000 and 5000 print a line such as
# `Epoch 1, Loss 3.500000`. It shows the loss of that epoch's predictions, so the one before its
# step. (`f"{x:f}"` is the text of a number x with six decimals.) Where `print_params` is true, also
# print the gradient and the params, those before the step or those after it, in any form with at
# least four decimals.
#
# **When to stop early.** If the learning rate is too large, the numbers grow until they no longer
# fit into float32, whose largest number is about 3.4e38. Beyond it comes `inf` (infinity), and
# `inf - inf` is `nan` (not a number). From there nothing can be repaired. `torch.isfinite(loss)`
# says whether the loss is an ordinary number, and may stand behind an `if`. Stop after the first
# epoch whose loss is not finite; its step is still made.
#
# Otherwise the loop ends when its epochs are used up. A slide says "while not converge" instead:
# go on until the loss hardly falls any more. That needs a second number, for "hardly", and a loss
# that creeps looks as if it had arrived. So here you say how many epochs, and look at the losses.
#
# **Take care.**
#
# - Subtract. With a plus you walk uphill.
# - Predict inside the loop. Predictions from before the loop give the same gradient in every epoch.
# - Both parameters move by the gradient at the old place; never move one and then compute the
#   other.
# - `params -= ...` changes the caller's tensor, since it writes into it. Compute a new tensor
#   instead.
# - Count from 1 to `n_epochs`, both included. One epoch too few is hard to see after 5000 epochs
#   and easy after 3. With `n_epochs = 0` the start comes back.
# - Don't turn numbers into Python floats and new tensors on the way: float64 would become float32.
#
# **On the slides** the loop prints every epoch and has no `print_params`, although one call passes
# it. It has no early stop either: with a learning rate of 1e-2 on the raw readings that loop ends
# in `[nan, nan]`. The slide that shows `[-1.8590e+19, -3.2746e+17]` was made with a loop that
# stops. Yours does.


# %%
def training_loop(
    n_epochs: int,
    learning_rate: float,
    params: torch.Tensor,
    t_u: torch.Tensor,
    t_c: torch.Tensor,
    print_params: bool = True,
) -> torch.Tensor:
    """Fit w and b by full-batch gradient descent.

    Every epoch, counted from 1, computes the predictions, the loss and the gradient, and then makes
    one step: params - learning_rate * gradient. params: the start [w, b], shape (2,), which must stay
    as it is. t_u, t_c: shape (N,).

    Prints "Epoch %d, Loss %f" at the epochs 1, 2, 3, 10, 11, 99, 100, 4000 and 5000, with the loss
    before that epoch's step; with print_params also the params and the gradient.
    Stops after the first epoch whose loss is not finite (its step is still made).
    Returns the final params as a new tensor, shape (2,); with n_epochs=0 that is the start.
    """
    ### BEGIN SOLUTION
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        gradient = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * gradient
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", gradient)
        if not torch.isfinite(loss):
            break
    return params
    ### END SOLUTION


# %% tags=["demonstration"]
readings, truth = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 6.0, 7.0, 6.0])
final = training_loop(3, 0.1, torch.tensor([2.0, 1.0]), readings, truth)
print("final params:", final)

# %% [markdown]
# **Predict.** With the learning rate 0.1 the loss of the four readings goes from 3.5 to 2.84 and
# 2.5436. Will it fall twice as fast with 0.2? Think of the first step, from `[2, 1]` against the
# gradient `[6, 2]`.

# %% tags=["demonstration"]
final = training_loop(3, 0.2, torch.tensor([2.0, 1.0]), readings, truth, print_params=False)
print("final params:", final)

# %% [markdown]
# **Answer.** It rises: 3.5, 8.86, 38.2. The first step leads to `[0.8, 0.6]`. That is so far on the
# other side of the valley that the loss is higher there, and steeper, and the next step is larger
# still.
#
# ## Finding a learning rate
#
# Now train on the thermometer. Start at `w = 1`, `b = 0`, with a learning rate of 1e-2, and it
# explodes: every step jumps across the valley and lands higher up on the other side. The losses are
# 1763.9, then 5.8 million, then 19 billion, and in epoch 11 infinity.

# %% tags=["demonstration"]
print("final params:", training_loop(100, 1e-2, torch.tensor([1.0, 0.0]), t_u, t_c))

# %% [markdown]
# A learning rate a hundred times smaller, 1e-4, no longer explodes. But look at the losses: 29.105
# in epoch 10, and still 29.023 in epoch 100. In a few steps `w` has found the best place for the
# current `b`; after that `b` creeps, although its gradient is the larger one by then. Even after
# 5000 epochs the loss is 24.9.

# %% tags=["demonstration"]
print("final params:", training_loop(100, 1e-4, torch.tensor([1.0, 0.0]), t_u, t_c))

# %% [markdown]
# The first gradient tells why: `[4517.3, 82.6]`. The loss reacts 54.7 times as strongly to `w` as
# to `b` (a slide says "about 50 times"). Large readings make `w` sensitive, and one learning rate
# has to serve both: what `w` can bear is far too little for `b`.
#
# You could use two learning rates. It is simpler to change the readings: `t_un` is a tenth of
# `t_u`, so the same line needs a `w` that is ten times as large, and nothing else changes. (The
# start, `w = 1`, is another line on them, with a loss of 80.4.) The first gradient is now
# `[-77.6, -10.6]`, a factor of 7.3. On the raw readings training explodes with any rate above about
# 0.00034; on the scaled ones it bears up to 0.033. So 1e-2 is fine, and `b` gets moving.
#
# A slide gives a rule of thumb, inputs roughly between -1 and 1. Don't take it too literally:
# `t_un` runs from 2.18 to 8.19. What counts is that the loss reacts to all parameters with similar
# strength. Scaling the input is the first thing to try when training explodes or creeps.

# %% tags=["demonstration"]
best = training_loop(5000, 1e-2, torch.tensor([1.0, 0.0]), t_un, t_c, print_params=False)
print("final params:", best)

# %% [markdown]
# ## What the thermometer shows
#
# Here are the three runs over the loss, which is a long, narrow valley. (Look at the scale of `w`:
# scaling the readings has made the valley ten times wider.)
#
# ![loss_valley](pictures/loss_valley.svg)
#
# And here are their losses, epoch by epoch. (On both axes each mark is ten times the last.)
#
# ![loss_curves](pictures/loss_curves.svg)
#
# After 5000 epochs the loss is 2.9276 and the params are `[5.3671, -17.3012]`. The best line of all
# has a loss of 2.9276 as well, so you have arrived. The square root of it, 1.71, is by how many
# degrees a prediction is typically off.
#
# In raw readings the line is `0.53671 * t_u - 17.3012`. To see it, draw it. The predictions come
# from `t_un`, but the reader of a plot wants the raw readings below. Where matplotlib is installed,
# these lines do it (`numpy()` gives a tensor's numbers to a library that knows no tensors):
#
#     from matplotlib import pyplot as plt
#
#     w, b = best
#     plt.plot(t_u.numpy(), model(t_un, w, b).numpy())
#     plt.plot(t_u.numpy(), t_c.numpy(), "o")
#     plt.xlabel("reading")
#     plt.ylabel("degrees Celsius")
#
# They draw the left one of these two, but for the short lines, which are the errors. The right one
# has the scaled readings below.
#
# ![fitted](pictures/fitted.svg)
#
# Which unit is it? Let the line say what the thermometer shows where you know the temperature: in
# melting ice, at 0 degrees, and in boiling water, at 100. With `w * t_un + b = degrees` the reading
# `t_un` is `(degrees - b) / w`, and `t_u` is ten times that.

# %% tags=["demonstration"]
w, b = training_loop(5000, 1e-2, torch.tensor([1.0, 0.0]), t_un, t_c, print_params=False)
for place, degrees in (("melting ice", 0.0), ("boiling water", 100.0)):
    print(f"{place}: {degrees:5.1f} degrees, so the reading is {10 * (degrees - b.item()) / w.item():.1f}")

# %% [markdown]
# The line says 32.2 and 218.6. There is a scale on which water freezes at 32 and boils at 212:
# degrees Fahrenheit. To turn them into Celsius one computes `(F - 32) / 1.8`$\dfrac{F - 32}{1.8}$, which is
# `0.5556 * F - 17.78`$0.5556 \cdot F - 17.78$. So the unknown unit is Fahrenheit, read off a bad thermometer. The exact
# conversion has a loss of 3.27 here, more than yours: training finds the line that fits these
# eleven readings best, errors included.

# %% tags=["demonstration"]
w, b = torch.tensor(5.3671), torch.tensor(-17.3012)
print("reading   degrees   the line   (F - 32) / 1.8")
for reading, degrees, predicted in zip(t_u.tolist(), t_c.tolist(), model(t_un, w, b).tolist(), strict=True):
    print(f"{reading:7.1f} {degrees:9.1f} {predicted:10.1f} {(reading - 32) / 1.8:12.1f}")

# %% [markdown]
# ## What you have learned
#
# - A model predicts from data and parameters, and a loss says in one number how wrong it is.
# - A derivative is the limit of a measured slope. The chain rule puts the derivative of a whole
#   together from those of its parts, and the gradient lists one for each parameter.
# - Gradient descent steps against the gradient. A rate that is too large explodes, one that is too
#   small creeps, and where inputs are scaled one rate suits all parameters.
#
# **Where to read on.** The thermometer comes from chapter 5 of
# [Deep Learning with PyTorch](https://www.manning.com/books/deep-learning-with-pytorch) by Stevens,
# Antiga and Viehmann. [Broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html)
# has all its rules. Chapter 4 of [Deep Learning](https://www.deeplearningbook.org/) by Goodfellow,
# Bengio and Courville explains gradient descent, and what a computer's numbers do to it.
#
# Is a line the right curve, though? The next assignment bends it, by hand once more, and asks
# whether that is any better. After that PyTorch computes the gradient, and you will know what it is
# doing.
