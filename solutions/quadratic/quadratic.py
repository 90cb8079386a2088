# PRIVATE chainrule-canary-73b00d19f76f4b19
# %% [markdown]
# # A parabola by hand
#
# The thermometer's readings and temperatures lie near a line, and in the first assignment you found
# the best one. But is a line the right curve? A parabola may bend. In this assignment you train one
# on the same eleven samples, and then you judge: is it better than the line?
#
# 1. **Predict, and differentiate.** Three parameters in place of two: `model`, `dmodel_dw2`,
#    `dmodel_dw1`, `dmodel_db`.
# 2. **Put it together.** `grad_fn` and `training_loop`, as for the line.
# 3. **Judge fairly.** Keep some samples back, train on the others, and see how well the parabola does
#    on what it has never seen: `split` and `fit`.

# %%
import torch

t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])  # degrees Celsius
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])  # unknown unit
t_un = 0.1 * t_u  # the same readings, scaled; the parabola is trained on these

# %% [markdown]
# Again `t_u` are readings in an unknown unit and `t_c` the true temperatures, `N` is the number of
# samples, and a tensor with one number for each sample has the shape `(N,)`. The loss and its
# derivative do not know what model the predictions come from. So they are those of the first
# assignment, and they are finished; use them as they are.


# %%
def loss_fn(t_p: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Measure how far predictions are off: the mean of the squared differences, shape ()."""
    return ((t_p - t_c) ** 2).mean()


def dloss_fn(t_p: torch.Tensor, t_c: torch.Tensor) -> torch.Tensor:
    """Differentiate the loss in each prediction: 2 * (t_p - t_c) / N, shape (N,)."""
    return 2 * (t_p - t_c) / t_p.numel()


# %% [markdown]
# ## How to work
#
# Write the body of each function where it raises `NotImplementedError`. Keep the names of
# functions, and the order of their arguments. Leave `python -m _course --watch` running in this
# folder: at each save it tests what you changed (in the notebook, the cell that follows each
# exercise does that). When a test fails, read its message: it shows the call, your answer and the
# expected one.
#
# Tensors come in, and tensors go out, of the dtype of the data: float32 and float64 both work. Any
# number of samples works, one sample too. No function changes its arguments. And all derivatives
# are worked out by hand once more: `torch.autograd`, `backward`, `torch.func` and `torch.optim` are
# not allowed.
#
# Every exercise is worked on one small example first: the readings `[1, 2, 3, 4]`, the true
# temperatures `[1, 5, 6, 9]`, so `N = 4`, and the parabola with `w2 = 1`, `w1 = -2` and `b = 3`.

# %% [markdown]
# ## `model`: a parabola
#
# The line stretches a reading by one number and shifts it by another. The parabola has one term
# more, in which the reading is squared. The number in front of it says how much the curve bends: up
# where it is positive, down where it is negative. That gives three parameters, `w2`, `w1` and `b`,
# always in this order.
#
# **Formula.** `t_p[i] = w2 * t_u[i]^2 + w1 * t_u[i] + b`
# $t_{p,i} = w_2 \cdot t_{u,i}^2 + w_1 \cdot t_{u,i} + b$ for each sample `i`. (In formulas `^` means "to
# the power of"; Python writes `**`.)
#
# **Shapes.** `t_u` is `(N,)`, the three parameters are `()`, the answer is `(N,)`.
#
# **By hand.** With `w2 = 1`, `w1 = -2` and `b = 3` the readings `[1, 2, 3, 4]` become
# `[2, 3, 6, 11]`: the last one is `1 * 16 - 2 * 4 + 3`.
#
# **Take care.**
#
# - Only the reading is squared. `(w2 * t_u) ** 2` would square `w2` as well.
# - `w2` belongs to the square and comes first. The names on the left of the arguments are yours to
#   mix up, and `w2 = w1` hides it: try numbers that differ.
#
# The model is called **linear** all the same, and books mean the parameters by that: each of them
# stands in a term of its own, to the first power. The readings may be bent in any way.


# %%
def model(t_u: torch.Tensor, w2: torch.Tensor, w1: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Predict temperatures by a parabola.

    t_u: readings, shape (N,). w2, w1, b: the parameters, shape ().
    Returns w2 * t_u^2 + w1 * t_u + b, shape (N,).
    """
    ### BEGIN SOLUTION
    return w2 * t_u**2 + w1 * t_u + b
    ### END SOLUTION


# %% tags=["demonstration"]
print(model(torch.tensor([1.0, 2.0, 3.0, 4.0]), w2=torch.tensor(1.0), w1=torch.tensor(-2.0), b=torch.tensor(3.0)))
print("by hand: 2, 3, 6, 11")

# %% [markdown]
# **Predict.** The best line on `t_un` has `w = 5.3677`, `b = -17.3048` and a loss of 2.9276. Can the
# best parabola of all have a larger loss than that on the same samples? Think of a parabola that
# does not bend.

# %% tags=["demonstration"]
flat = model(t_un, torch.tensor(0.0), torch.tensor(5.3677), torch.tensor(-17.3048))
print("a parabola that does not bend:", loss_fn(flat, t_c))

# %% [markdown]
# **Answer.** It can't. With `w2 = 0` a parabola is a line, so the best line is one of the parabolas,
# and the best of all is at least as good. Keep that in mind for later: on the samples that it was
# trained on, a model with more parameters is never worse, if only it is trained to the end. So a
# smaller loss there is no proof that the curve is right.

# %% [markdown]
# ## `dmodel_dw2`: from the predictions to w2
#
# How does a prediction change when `w2` moves, while `w1`, `b` and the reading stay? The rules are
# those of the first assignment: a constant has derivative 0, a constant factor stays, and the
# derivative of a sum is the sum of the derivatives.
#
# **Formula.** `dt_p[i]/dw2`$\dfrac{\partial t_{p,i}}{\partial w_2}$, where
# `t_p[i] = w2 * t_u[i]^2 + w1 * t_u[i] + b`$t_{p,i} = w_2 \cdot t_{u,i}^2 + w_1 \cdot t_{u,i} + b$. Here `w2` is what
# moves; everything else is a constant.
#
# **Shapes.** `t_u` is `(N,)`, the parameters are `()`, the answer is `(N,)`.
#
# **By hand.** Raise `w2` from 1 to 2 and keep the others. The predictions go from `[2, 3, 6, 11]` to
# `[3, 7, 15, 27]`: up by 1, 4, 9 and 16.
#
# **Take care.** Which letter moves? The rule for `x^2`$x^2$ is for a square of the letter that moves. Here
# it is the reading that is squared, and the reading stays. Don't add anything up yet; `grad_fn` does
# that.


# %%
def dmodel_dw2(t_u: torch.Tensor, w2: torch.Tensor, w1: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Differentiate the model, w2 * t_u^2 + w1 * t_u + b, in w2, for each sample.

    t_u: shape (N,). w2, w1, b: shape ().
    Returns dt_p/dw2, one number for each sample, shape (N,).
    """
    ### BEGIN SOLUTION
    return t_u**2
    ### END SOLUTION


# %% tags=["demonstration"]
readings, w2, w1, b = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor(1.0), torch.tensor(-2.0), torch.tensor(3.0)
print("computed:", dmodel_dw2(readings, w2, w1, b))
print("measured:", model(readings, w2 + 1, w1, b) - model(readings, w2, w1, b))

# %% [markdown]
# ## `dmodel_dw1`: from the predictions to w1
#
# The same question for the second parameter.
#
# **Formula.** `dt_p[i]/dw1`$\dfrac{\partial t_{p,i}}{\partial w_1}$, where
# `t_p[i] = w2 * t_u[i]^2 + w1 * t_u[i] + b`$t_{p,i} = w_2 \cdot t_{u,i}^2 + w_1 \cdot t_{u,i} + b$, and now `w2`, `b`
# and the reading are constants.
#
# **Shapes.** `t_u` is `(N,)`, the parameters are `()`, the answer is `(N,)`.
#
# **By hand.** Raise `w1` from -2 to -1 and keep the others. The predictions go from `[2, 3, 6, 11]`
# to `[3, 5, 9, 15]`: up by 1, 2, 3 and 4.
#
# **Take care.** The term with `w2` has no `w1` in it. It is a constant here, however large it is.


# %%
def dmodel_dw1(t_u: torch.Tensor, w2: torch.Tensor, w1: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Differentiate the model, w2 * t_u^2 + w1 * t_u + b, in w1, for each sample.

    t_u: shape (N,). w2, w1, b: shape ().
    Returns dt_p/dw1, one number for each sample, shape (N,).
    """
    ### BEGIN SOLUTION
    return t_u
    ### END SOLUTION


# %% tags=["demonstration"]
readings, w2, w1, b = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor(1.0), torch.tensor(-2.0), torch.tensor(3.0)
print("computed:", dmodel_dw1(readings, w2, w1, b))
print("measured:", model(readings, w2, w1 + 1, b) - model(readings, w2, w1, b))

# %% [markdown]
# ## `dmodel_db`: from the predictions to b
#
# And for the third.
#
# **Formula.** `dt_p[i]/db`$\dfrac{\partial t_{p,i}}{\partial b}$, where
# `t_p[i] = w2 * t_u[i]^2 + w1 * t_u[i] + b`$t_{p,i} = w_2 \cdot t_{u,i}^2 + w_1 \cdot t_{u,i} + b$, and `b` is what
# moves.
#
# **Shapes.** `t_u` is `(N,)`, the parameters are `()`. The answer is the same number for every
# sample, so you may return it once for each of them, `(N,)`, or as a single number.
#
# **By hand.** Raise `b` from 3 to 4 and keep the others. The predictions go from `[2, 3, 6, 11]` to
# `[3, 4, 7, 12]`.


# %%
def dmodel_db(t_u: torch.Tensor, w2: torch.Tensor, w1: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Differentiate the model, w2 * t_u^2 + w1 * t_u + b, in b, for each sample.

    t_u: shape (N,). w2, w1, b: shape ().
    Returns dt_p/db, one number for each sample, shape (N,); as it is the same for all of them, a single
    number will do.
    """
    ### BEGIN SOLUTION
    return torch.ones_like(t_u)
    ### END SOLUTION


# %% tags=["demonstration"]
readings, w2, w1, b = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor(1.0), torch.tensor(-2.0), torch.tensor(3.0)
print("computed:", dmodel_db(readings, w2, w1, b))
print("measured:", model(readings, w2, w1, b + 1) - model(readings, w2, w1, b))

# %% [markdown]
# ## `grad_fn`: the gradient in three parameters
#
# Nothing is new in the chain rule. Each parameter moves all N predictions, each of them moves the
# loss, and what comes of it adds up. `dloss_fn` is one stage, the three derivatives of the model are
# the other.
#
# **Formula.** For each parameter, `w2`, `w1` and `b` in the place of `p`:
#
# - `dL/dp = sum over i of dL/dt_p[i] * dt_p[i]/dp`
#   $\dfrac{\partial L}{\partial p} = \sum_i \dfrac{\partial L}{\partial t_{p,i}} \dfrac{\partial t_{p,i}}{\partial p}$
#
# **Shapes.** `t_u`, `t_c` and `t_p` are `(N,)`, the parameters are `()`. The answer is `(3,)`:
# `[dL/dw2, dL/dw1, dL/db]`. `torch.stack([p, q, r])` puts three tensors of shape `()` into one of
# shape `(3,)`, and `p, q, r = three` takes it apart again.
#
# **By hand.** Predictions `[2, 3, 6, 11]` and true temperatures `[1, 5, 6, 9]` differ by
# `[1, -2, 0, 2]`, so `dL/dt_p` is `[0.5, -1, 0, 1]`. Times `[1, 4, 9, 16]` it is `[0.5, -4, 0, 16]`,
# with the sum 12.5. Times `[1, 2, 3, 4]` the sum is 2.5, and times ones 0.5. The gradient is
# `[12.5, 2.5, 0.5]`.
#
# **Take care.**
#
# - The 1/N of the mean is in `dloss_fn` already. So add up, and don't average.
# - The order is that of the parameters. The loop subtracts your answer from `[w2, w1, b]`, and three
#   right numbers in another order send each parameter its neighbour's way.


# %%
def grad_fn(
    t_u: torch.Tensor, t_c: torch.Tensor, t_p: torch.Tensor, w2: torch.Tensor, w1: torch.Tensor, b: torch.Tensor
) -> torch.Tensor:
    """Compute the gradient of the loss by the chain rule.

    dL/dw2 is the sum over the samples of dL/dt_p * dt_p/dw2; likewise for w1 and b.
    t_u, t_c: shape (N,). t_p: the predictions model(t_u, w2, w1, b), shape (N,). w2, w1, b: shape ().
    Returns [dL/dw2, dL/dw1, dL/db], shape (3,).
    """
    ### BEGIN SOLUTION
    in_predictions = dloss_fn(t_p, t_c)
    in_w2 = (in_predictions * dmodel_dw2(t_u, w2, w1, b)).sum()  # w2 moved every prediction: add up what came of it
    in_w1 = (in_predictions * dmodel_dw1(t_u, w2, w1, b)).sum()
    in_b = (in_predictions * dmodel_db(t_u, w2, w1, b)).sum()
    return torch.stack([in_w2, in_w1, in_b])
    ### END SOLUTION


# %% tags=["demonstration"]
readings, truth = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 5.0, 6.0, 9.0])
w2, w1, b = torch.tensor(1.0), torch.tensor(-2.0), torch.tensor(3.0)
print("by hand 12.5, 2.5, 0.5:", grad_fn(readings, truth, model(readings, w2, w1, b), w2, w1, b))
w2, w1, b = torch.tensor(1.0), torch.tensor(1.0), torch.tensor(0.0)
print("thermometer, t_un:     ", grad_fn(t_un, t_c, model(t_un, w2, w1, b), w2, w1, b))
for name, step in (("w2", [0.1, 0.0, 0.0]), ("w1", [0.0, 0.1, 0.0]), ("b", [0.0, 0.0, 0.1])):
    up, down = ([p + sign * s for p, s in zip((w2, w1, b), step, strict=True)] for sign in (1, -1))
    rise = loss_fn(model(t_un, *up), t_c) - loss_fn(model(t_un, *down), t_c)
    print(f"measured, in {name}:", rise / 0.2)

# %% [markdown]
# ## `training_loop`: walk downhill with three parameters
#
# The loop is the one that you know. One **epoch** predicts with the current parameters, computes the
# gradient, and makes one step against it, all samples at once.
#
# **Formula.** One epoch, with the parameters as one tensor `params = [w2, w1, b]`:
#
# 1. predict with the current `w2`, `w1` and `b`,
# 2. compute the gradient from these predictions,
# 3. new params = `params - learning_rate * gradient`$[w_2, w_1, b] - \eta \cdot \nabla L$.
#
# **Shapes.** `params` and the gradient are `(3,)`, `t_u` and `t_c` are `(N,)`. The final params come
# back, `(3,)`.
#
# **By hand.** Start at `[1, -2, 3]` with a learning rate of 0.01. The loss is 2.25 and the gradient
# `[12.5, 2.5, 0.5]`, so the new params are `[1 - 0.125, -2 - 0.025, 3 - 0.005]`, which is
# `[0.875, -2.025, 2.995]`. In epoch 2 the loss there is 2.1763, the gradient is
# `[-10.95, -4.15, -1.51]`, and the params become `[0.9845, -1.9835, 3.0101]`.
#
# **What to print.** At every 500th epoch, counted from 1, print a line such as
# `Epoch 500, Loss 10.708596`: the epochs 500, 1000, 1500 and so on. It shows the loss of that epoch's
# predictions, so the one before its step. (`epoch % 500` is what is left over when `epoch` is divided
# by 500.)
#
# **Take care.**
#
# - All three parameters move by the gradient at the old place. Never move one and then compute the
#   next.
# - Predict inside the loop, with the params of that epoch.
# - `params -= ...` changes the caller's tensor. Compute a new one.
# - Count from 1 to `n_epochs`, both included. With `n_epochs = 0` the start comes back.


# %%
def training_loop(
    n_epochs: int, learning_rate: float, params: torch.Tensor, t_u: torch.Tensor, t_c: torch.Tensor
) -> torch.Tensor:
    """Fit w2, w1 and b by full-batch gradient descent.

    Every epoch, counted from 1, computes the predictions and the gradient, and then makes one step:
    params - learning_rate * gradient. params: the start [w2, w1, b], shape (3,), which must stay as it
    is. t_u, t_c: shape (N,).

    Prints "Epoch %d, Loss %f" every 500 epochs, with the loss before that epoch's step.
    Returns the final params as a new tensor, shape (3,); with n_epochs=0 that is the start.
    """
    ### BEGIN SOLUTION
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params
    ### END SOLUTION


# %% tags=["demonstration"]
readings, truth = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 5.0, 6.0, 9.0])
print("after 1 epoch: ", training_loop(1, 0.01, torch.tensor([1.0, -2.0, 3.0]), readings, truth))
print("after 2 epochs:", training_loop(2, 0.01, torch.tensor([1.0, -2.0, 3.0]), readings, truth))

# %% [markdown]
# **Predict.** On the scaled readings the line was trained at a learning rate of 1e-2. Will the
# parabola bear it? Look at its first gradient above, `[1739.5, 279.7, 48.2]`; that of the line was
# `[-77.6, -10.6]`.

# %% tags=["demonstration"]
for n_epochs in (1, 2, 3, 20):
    params = training_loop(n_epochs, 1e-2, torch.tensor([1.0, 1.0, 0.0]), t_un, t_c)
    loss = loss_fn(model(t_un, *params), t_c).item()
    print(f"1e-2, {n_epochs:2} epochs: loss {loss:.4g}, params {params.tolist()}")

# %% [markdown]
# **Answer.** It explodes: the loss goes from 675.8 to 333,932 in one step, and from there to
# infinity. On the scaled readings the line bears rates up to 0.033, and the parabola up to 0.00085.
# The squares are to blame. `t_un` runs from 2.18 to 8.19, and its square from 4.8 to 67, so the loss
# reacts far more strongly to `w2` than to the others.
#
# ## Is it better than the line?
#
# Take rates that it bears, 1e-5 and 1e-4, and 5,000 epochs, which brought the line to a loss of
# 2.927648.

# %% tags=["demonstration"]
for rate in (1e-5, 1e-4):
    params = training_loop(5000, rate, torch.tensor([1.0, 1.0, 0.0]), t_un, t_c)
    print(f"rate {rate}: params {params.tolist()}, loss {loss_fn(model(t_un, *params), t_c).item():.6f}")

# %% [markdown]
# The losses in the last epoch are 10.704611 and 3.861744. Both are worse than the line! And yet you
# know that the best parabola can't be. So it is not the curve that is bad, it is the training that
# has not arrived. `b` shows it: at 1e-4 it has come to -0.88, and the best parabola of all,
# `[0.2830, 2.4760, -10.6496]`, has it at -10.65, with a loss of 2.0907.
#
# ![rates](pictures/rates.svg)
#
# It is the story of the raw readings once more, only worse. Along the direction in which the loss
# bends most it is 87,000 times as curved as along the one in which it bends least. One rate has to
# serve both: what the first can bear is far too little for the other. After 5,000 epochs the
# parabola would have to go on for millions.
#
# You know the remedy: change the readings. Scaling alone no longer does, since readings that are all
# positive have squares that grow as they do. So move them first, such that zero lies in their
# middle, and then scale: `v = (t_un - 5) / 2`$v = (t_{un} - 5) / 2$ runs from -1.41 to 1.60. A
# parabola in `v` is a parabola in `t_un`, with other numbers in front. Now the two curvatures differ
# by a factor of 4.4, and the loss bears a rate of 0.2.

# %% tags=["demonstration"]
v = (t_un - 5) / 2
for n_epochs in (10, 50, 100, 200):
    params = training_loop(n_epochs, 0.2, torch.tensor([1.0, 1.0, 0.0]), v, t_c)
    print(f"{n_epochs:3} epochs: params {params.tolist()}, loss {loss_fn(model(v, *params), t_c).item():.6f}")
w2, w1, b = params
print("on t_un:", [(w2 / 4).item(), (w1 / 2 - 10 * w2 / 4).item(), (b - 5 * w1 / 2 + 25 * w2 / 4).item()])

# %% [markdown]
# A hundred epochs, and the loss is 2.0907. So the best parabola misses by 1.45 degrees where the
# line misses by 1.71 (the square roots of the losses). Here are both, over the samples.
#
# ![parabola](pictures/parabola.svg)
#
# Is it better, then? On these eleven samples, yes. But you knew that before you began: it has one
# parameter more. A curve with eleven parameters would go through every dot, and nobody would believe
# it between them. What you want to know is whether the parabola is better for the twelfth reading.
# There is none. So you have to pretend: keep some of the eleven back, train on the others, and
# measure the loss on those that training has never seen.

# %% [markdown]
# ## `split`: what to train on, what to keep back
#
# Those that are kept back are the **validation** samples, the others the **training** samples. Which
# ones? Not the last ones of the list: data often lies in some order, and then the last ones are of
# one kind. So mix them first. A random order of the indices 0 to n - 1 is called a **permutation**,
# and `torch.randperm(n)` draws one.
#
# It should be the same one tomorrow. So it is drawn by a **generator** that is handed in:
# `torch.Generator().manual_seed(4)` is one, and `torch.randperm(n, generator=generator)` draws by it
# and by nothing else. Draw once, so that whoever draws by the same generator after you can tell what
# they get.
#
# **Formula.**
#
# - draw the order of all `n` indices,
# - the number of validation samples is `n * validation_share`$n \cdot \mathrm{share}$ without what is behind the
#   point, `int(...)` in Python,
# - that many indices at the end of the order are for validation, and all before them for training.
#
# **Shapes.** `n` is a Python number, `validation_share` one from 0 to 1. Two tensors of indices come
# back, training first, each in the order that was drawn. Together they have `n` entries.
#
# **By hand.** Five samples and a share of 0.5. `5 * 0.5 = 2.5`, so two are kept back. With the order
# `[3, 4, 1, 0, 2]` training gets `[3, 4, 1]` and validation `[0, 2]`.
#
# ![split](pictures/split.svg)
#
# **Take care.**
#
# - An index is in one of the two, and never in both. A sample that was trained on is no judge.
# - A share of 0 keeps nothing back. In Python `order[-0:]` is all of `order`, and `order[:-0]` nothing,
#   since -0 is 0. Count from the front.
# - Round down, whatever is behind the point.


# %%
def split(n: int, validation_share: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Divide the indices 0 to n - 1 at random into those to train on and those to validate on.

    Draws one torch.randperm(n, generator=generator), and nothing else. Its last
    int(n * validation_share) indices are for validation, all before them for training.
    Returns (training, validation), two tensors of indices, each in the order that was drawn.
    """
    ### BEGIN SOLUTION
    order = torch.randperm(n, generator=generator)
    n_training = n - int(n * validation_share)  # counted from the front: order[-0:] would be everything
    return order[:n_training], order[n_training:]
    ### END SOLUTION


# %% tags=["demonstration"]
print("of five:", split(5, 0.5, torch.Generator().manual_seed(2)))
print("eleven: ", split(11, 0.2, torch.Generator().manual_seed(4)))
print("again:  ", split(11, 0.2, torch.Generator().manual_seed(4)))
print("nothing is kept back:", split(5, 0.0, torch.Generator().manual_seed(2)))

# %% [markdown]
# ## `fit`: train on some, judge by the others
#
# `fit` is the training loop once more. It steps by the training samples alone, and it keeps two
# losses of every epoch: that on the training samples, and that on the validation samples. The first
# says how well the parameters suit what they were made for, the second how well they suit anything
# else. Validation samples are looked at and never learned from.
#
# **Formula.** One epoch, with the parameters as one tensor `params = [w2, w1, b]`:
#
# 1. the loss of the current parameters on the training samples, and on the validation samples,
# 2. the gradient on the training samples,
# 3. new params = `params - learning_rate * gradient`$[w_2, w_1, b] - \eta \cdot \nabla L$.
#
# **Shapes.** `t_u` and `t_c` are `(N,)` and hold all samples; `training` and `validation` hold
# indices, such as those of `split`. `t_u[training]` is a tensor of the readings at these indices, in
# their order. Three things come back: the final params, `(3,)`, and two lists with `n_epochs` losses
# each, as Python numbers or tensors.
#
# **By hand.** Train on the samples 0, 1 and 2 of the small example, and validate on sample 3, from
# `[1, -2, 3]` and with a learning rate of 0.01. The training errors are `[1, -2, 0]`, their loss is
# `5 / 3 = 1.6667`; the validation error is 2, its loss 4. The gradient of the three is
# `[-4.6667, -2, -0.6667]`, and the new params are `[1.0467, -1.98, 3.0067]`. In epoch 2 the losses
# are 1.5033 and 8.0278: what is good for the three is bad for the fourth.
#
# **Take care.**
#
# - Both losses belong to the same parameters, those before the step. The mean of each is over its
#   own samples.
# - Indices are no readings. `t_u[training]` are readings.
# - Use `training` and `validation` as they are handed in. Don't split again.


# %%
def fit(
    n_epochs: int,
    learning_rate: float,
    params: torch.Tensor,
    t_u: torch.Tensor,
    t_c: torch.Tensor,
    training: torch.Tensor,
    validation: torch.Tensor,
) -> tuple[torch.Tensor, list[float], list[float]]:
    """Fit w2, w1 and b to the training samples by gradient descent, and watch both losses.

    Every epoch notes the loss on the training samples and that on the validation samples, both before
    its step, and then makes one step along the gradient on the training samples.
    params: the start [w2, w1, b], shape (3,), which must stay as it is. t_u, t_c: all samples, shape (N,).
    training, validation: indices of samples, at least one each.
    Returns (params, losses on training, losses on validation): the final params as a new tensor, shape
    (3,), and n_epochs losses of each kind.
    """
    ### BEGIN SOLUTION
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation
    ### END SOLUTION


# %% tags=["demonstration"]
readings, truth = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 5.0, 6.0, 9.0])
first_three, last = torch.tensor([0, 1, 2]), torch.tensor([3])
params, on_training, on_validation = fit(2, 0.01, torch.tensor([1.0, -2.0, 3.0]), readings, truth, first_three, last)
print("params after 2 epochs:", params)
print("losses on training:   ", [round(float(loss), 4) for loss in on_training])
print("losses on validation: ", [round(float(loss), 4) for loss in on_validation])

# %% [markdown]
# ## Is it better on samples that it has never seen?
#
# Now both tools go to the thermometer, on the readings `v` of above. The generator with the seed 4
# keeps the samples 2 and 9 back, those at 15 and 13 degrees. Nine are left to train on.
#
# ![losses](pictures/losses.svg)
#
# Both losses fall, and both end where nothing moves any more. On the training samples the loss is
# the smaller one, as it should be: the parameters were made for those. Should the validation loss
# turn and rise while the other falls on, then training learns what is true of its own samples
# alone. That is called **overfitting**.

# %% [markdown]
# **Predict.** On the nine training samples the best parabola has a smaller loss than the best line.
# Which of the two has the smaller loss on the other two samples? And would it be the same one if
# two others had been kept back?

# %% tags=["demonstration"]
training, validation = split(11, 0.2, torch.Generator().manual_seed(4))
v = (t_un - 5) / 2
params, on_training, on_validation = fit(200, 0.2, torch.tensor([1.0, 1.0, 0.0]), v, t_c, training, validation)
print(f"parabola: {float(on_training[-1]):.4f} on training, {float(on_validation[-1]):.4f} on validation")
columns = torch.stack([v[training], torch.ones_like(v[training])], dim=1)  # the best line, found at once
w, b = torch.linalg.lstsq(columns, t_c[training].unsqueeze(1)).solution.flatten()
losses = [loss_fn(model(v[part], torch.tensor(0.0), w, b), t_c[part]).item() for part in (training, validation)]
print(f"line:     {losses[0]:.4f} on training, {losses[1]:.4f} on validation")

# %% [markdown]
# **Answer.** The parabola, with 2.7028 against 3.0191 of the line. So it has learned something that
# also holds for samples which it had not seen. But that is one pair of 55. The next cell keeps each
# of them back in turn. (It takes the best line and the best parabola at once, as training would find
# them in the end.)

# %% tags=["demonstration"]
v = (t_un - 5) / 2
powers = torch.stack([v**2, v, torch.ones_like(v)], dim=1)
better, sums = 0, torch.zeros(2)
for first in range(11):
    for second in range(first):
        pair = torch.tensor([first, second])
        others = torch.tensor([i for i in range(11) if i not in (first, second)])
        parabola = torch.linalg.lstsq(powers[others], t_c[others].unsqueeze(1)).solution.flatten()
        line = torch.linalg.lstsq(powers[others, 1:], t_c[others].unsqueeze(1)).solution.flatten()
        curves = parabola, torch.cat([torch.zeros(1), line])
        losses = torch.stack([loss_fn(model(v[pair], *curve), t_c[pair]) for curve in curves])
        better += int(losses[0] < losses[1])
        sums += losses
print(f"the parabola is better for {better} of 55 pairs; mean loss on the pair:", (sums / 55).tolist())

# %% [markdown]
# For 36 of the 55 pairs the parabola is better, for 19 the line, and in the mean both are as good:
# 4.73 and 4.71. Where the parabola is worse, it is worse by more, above all where the largest reading
# was kept back. Then the curve has to go on beyond its samples, and there its bend leads it astray.
#
# So the honest answer is that eleven samples can't say. The unit of the thermometer, which you found
# in the first assignment, is turned into degrees by a line. The bend is in these readings, as their
# errors are; more samples would show whether it stays. What the parabola gains on its training
# samples is no reason to believe in it, and one lucky split isn't either.

# %% [markdown]
# ## What you have learned
#
# - Another model needs other derivatives, one for each parameter. The loss, the chain rule and the
#   loop stay as they are.
# - A small training loss after 5,000 epochs says how far training has come, as well as how good the
#   model is. Move and scale the inputs before you judge.
# - A model with more parameters is never worse on its training samples. Whether it is better is
#   decided by samples that were kept back, and more than once.
#
# **Where to read on.** [An Introduction to Statistical Learning](https://www.statlearning.com/) is
# free, and its chapters 2 and 5 are on training and validation. Chapter 5 of
# [Deep Learning](https://www.deeplearningbook.org/) by Goodfellow, Bengio and Courville has
# capacity, overfitting and underfitting. The thermometer, its split and its parabola come from
# chapter 5 of
# [Deep Learning with PyTorch](https://www.manning.com/books/deep-learning-with-pytorch) by Stevens,
# Antiga and Viehmann. How to keep every sample back once is told in scikit-learn's guide to
# [cross-validation](https://scikit-learn.org/stable/modules/cross_validation.html).
#
# That was the last gradient by hand for a while. In the next assignment PyTorch computes it, and you
# will know what it is doing.
