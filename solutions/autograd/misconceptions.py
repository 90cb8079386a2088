# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Wrong variants of the exercises of autograd, named: for diagnosis, and to prove the hidden suite."""

from __future__ import annotations

import torch

from grader.course.catalogue import misconception

# --- gradient -------------------------------------------------------------------------------------


@misconception(
    "M093",
    name="never empties .grad, so calls add up",
    explanation=(
        "backward adds to what is in params.grad already. Call your function twice with the same params: the second "
        "answer is twice the first. Where should .grad be emptied?"
    ),
)
def gradient(params, t_u, t_c):
    params.requires_grad_()
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    return params.grad


@misconception(
    "X001",
    name="returns the gradient in the predictions",
    explanation=(
        "You stop one stage too early: how the loss changes with each prediction is a step on the way, and there are "
        "N of them. Print the shape of your answer; params has two entries, and so has the gradient in them."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    t_p = model(t_u, *leaf)
    t_p.retain_grad()
    loss_fn(t_p, t_c).backward()
    return t_p.grad


@misconception(
    "M105",
    name="lets nothing require a gradient (crashes on plain params)",
    explanation=(
        "If params doesn't require a gradient, torch writes nothing down, and backward raises \"element 0 of tensors "
        'does not require grad". Call your function with torch.tensor([1.0, 0.0]): it should work with that as well.'
    ),
)
def gradient(params, t_u, t_c):
    params.grad = None
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    return params.grad


@misconception(
    "M106",
    name="asks a clone for its .grad and gets nothing",
    explanation=(
        "params.clone() is the result of an operation when params requires a gradient, so it is no leaf and keeps "
        "no gradient. Print .is_leaf of the tensor whose .grad you return; with plain params it works, and that "
        "hides the slip."
    ),
    patterns=("clone",),
)
def gradient(params, t_u, t_c):
    copy = params.clone()
    copy.requires_grad_()
    loss = loss_fn(model(t_u, *copy), t_c)
    loss.backward()
    return copy.grad


@misconception(
    "X015",
    name="asks w and b for their .grad (crashes)",
    explanation=(
        "w, b = params makes two new tensors; they are no leaves, and their .grad is None. The gradient arrives in "
        "the tensor that they were taken out of. Print w.is_leaf and w.grad after backward."
    ),
    patterns=("_a, _b = _p",),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().clone().requires_grad_()
    w, b = leaf
    loss_fn(model(t_u, w, b), t_c).backward()
    return torch.stack([w.grad, b.grad])


@misconception(
    "M016",
    name="differentiates the sum of the squares",
    explanation=(
        "Your gradient is exactly N times too large: you sum the squares, and the loss is their mean. Use the loss_fn "
        "that is given. With the four readings of the lesson at [2, 1] the answer is [6, 2], and you return [24, 8]."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    w, b = leaf
    loss = ((w * t_u + b - t_c) ** 2).sum()
    loss.backward()
    return leaf.grad


@misconception(
    "M034",
    name="returns minus the gradient",
    explanation=(
        'The minus of "walk downhill" belongs to the step, not to the gradient. With the four readings of the lesson '
        "at [2, 1] the loss rises when w grows, so dL/dw is positive: 6, and not -6."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    loss_fn(model(t_u, *leaf), t_c).backward()
    return -leaf.grad


@misconception(
    "M103",
    name="runs the forward pass inside no_grad (crashes)",
    explanation=(
        "Inside no_grad nothing is written down, so there is no graph for backward to go back through, and it "
        "raises. no_grad is for what should leave no trace; the forward pass has to leave one."
    ),
    patterns=("no_grad",),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    with torch.no_grad():
        loss = loss_fn(model(t_u, *leaf), t_c)
    loss.backward()
    return leaf.grad


@misconception(
    "X418",
    name="cuts the graph between params and loss (crashes)",
    explanation=(
        "backward finds no way from your loss to the params: somewhere between them the graph is cut. Print "
        ".requires_grad of the leaf, of the prediction and of the loss: where it turns to False it is lost."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().clone().requires_grad_()
    loss_fn(model(t_u, *leaf).detach(), t_c).backward()
    return leaf.grad


@misconception(
    "M020",
    name="calls backward on a plain float (crashes)",
    explanation=(
        "loss.item() and float(loss) are Python numbers, without a graph and without a backward. Print type(loss) "
        "before you call backward: it should be a tensor."
    ),
    patterns=("item", "float", "tolist"),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    loss = loss_fn(model(t_u, *leaf), t_c).item()
    loss.backward()
    return leaf.grad


@misconception(
    "M021",
    name="calls backward on one error for each sample (crashes)",
    explanation=(
        'backward starts from a single number; yours starts from N squares: "grad can be implicitly created only for '
        'scalar outputs". Print the shape of what you call backward on.'
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    squares = (model(t_u, *leaf) - t_c) ** 2
    squares.backward()
    return leaf.grad


@misconception(
    "M121",
    name="walks the graph twice, so the gradient doubles",
    explanation=(
        "With retain_graph=True the second backward no longer raises, but it adds the same gradient again. With the"
        " four readings of the lesson at [2, 1] you return [12, 4] instead of [6, 2]. One forward pass, one walk."
    ),
    patterns=("retain_graph",),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    loss = loss_fn(model(t_u, *leaf), t_c)
    loss.backward(retain_graph=True)
    loss.backward()
    return leaf.grad


@misconception(
    "M032",
    name="divides by the number of samples once more",
    explanation=(
        "The mean is in loss_fn, and autograd has differentiated it; you divide again. With the four readings of the "
        "lesson at [2, 1] you return [1.5, 0.5], which is a quarter of [6, 2]."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    loss_fn(model(t_u, *leaf), t_c).backward()
    return leaf.grad / t_u.numel()


@misconception(
    "M109",
    name="empties .grad before it is returned",
    explanation=(
        "zero_() fills the very tensor that you return, so zeros come back. Print .grad right after backward, and "
        "again before you return it. The old numbers have to be gone before backward writes the new ones, and the "
        "new ones have to stay."
    ),
    patterns=("zero_",),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    loss_fn(model(t_u, *leaf), t_c).backward()
    found = leaf.grad
    leaf.grad.zero_()
    return found


@misconception(
    "M094",
    name="calls zero_() where .grad is still missing (crashes)",
    explanation=(
        "Before the first backward there is nothing in .grad, not even zeros: it is None, and None has no zero_(). "
        "Print params.grad of a new tensor."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    leaf.grad.zero_()
    loss_fn(model(t_u, *leaf), t_c).backward()
    return leaf.grad


@misconception(
    "M059",
    name="takes params apart as b, w",
    explanation=(
        "params is [w, b], in this order, and you unpack it the other way round; so the readings are multiplied by b. "
        "With params [2, 1] and the reading 4 the prediction is 9, and yours is 6."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    b, w = leaf
    loss_fn(model(t_u, w, b), t_c).backward()
    return leaf.grad


@misconception(
    "X002",
    name="returns the tuple that autograd.grad gives",
    explanation=(
        "torch.autograd.grad answers with a tuple that has an entry for each input, even when there is only one. "
        "Print type(...) and len(...) of what you return: the tensor is inside."
    ),
    patterns=("grad",),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    return torch.autograd.grad(loss_fn(model(t_u, *leaf), t_c), leaf)


@misconception(
    "X003",
    name="returns the derivative in w alone",
    explanation=(
        "There are two parameters, so the gradient has two entries, and you return the first. Print the shape of your "
        "answer: it should be (2,)."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    loss_fn(model(t_u, *leaf), t_c).backward()
    return leaf.grad[0]


@misconception(
    "X004",
    name="returns moved params instead of the gradient",
    explanation=(
        "You already make the step, which belongs to the training loop. On the raw readings at [1, 0] the gradient is "
        "[4517.3, 82.6], and you return about [-44.2, -0.8]."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    loss_fn(model(t_u, *leaf), t_c).backward()
    return params.detach() - 1e-2 * leaf.grad


@misconception(
    "X005",
    name="moves the caller's params as well",
    explanation=(
        "Your answer is right, but you also step, and the numbers in params are others afterwards. Print params "
        "before and after the call; the second call gives another gradient, since it is taken at another place."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().clone().requires_grad_()
    loss_fn(model(t_u, *leaf), t_c).backward()
    with torch.no_grad():
        params -= 1e-3 * leaf.grad
    return leaf.grad


@misconception(
    "X006",
    name="tells params to require no gradient afterwards",
    explanation=(
        "requires_grad_(False) changes the tensor of the caller, who may want to train it. Give your function a "
        "tensor that requires a gradient, and print its .requires_grad after the call."
    ),
    patterns=("requires_grad_", "requires_grad"),
)
def gradient(params, t_u, t_c):
    params.requires_grad_()
    params.grad = None
    loss_fn(model(t_u, *params), t_c).backward()
    found = params.grad
    params.grad = None
    params.requires_grad_(False)
    return found


@misconception(
    "X007",
    name="keeps the first answer and returns it for ever",
    explanation=(
        "Something is kept from call to call, as in a default value such as kept=[], so later calls get the first "
        "answer back. Call your function with the same params and other readings: the gradient has to change."
    ),
)
def gradient(params, t_u, t_c, kept={}):  # noqa: B006 - the bug
    key = (tuple(params.tolist()), params.dtype)
    if key not in kept:
        leaf = params.detach().requires_grad_()
        loss_fn(model(t_u, *leaf), t_c).backward()
        kept[key] = leaf.grad
    return kept[key].clone()


@misconception(
    "M007",
    name="reads the global t_un instead of its argument",
    explanation=(
        "t_un stands at the top of the file; your function should look at the readings that it is given. Call it "
        "with t_u and with t_un: you return the same gradient twice."
    ),
    patterns=("t_un",),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    loss_fn(model(t_un, *leaf), t_c).backward()
    return leaf.grad


@misconception(
    "M015",
    name="scales the caller's readings in place",
    explanation=(
        "It writes into the tensor that you were given, so the readings shrink with each call. Print t_u before and"
        " after, and call the function twice: the answers differ."
    ),
)
def gradient(params, t_u, t_c):
    t_u *= 0.1
    leaf = params.detach().requires_grad_()
    loss_fn(model(t_u, *leaf), t_c).backward()
    return leaf.grad


@misconception(
    "M066",
    name="rebuilds params in float32",
    explanation=(
        "torch.tensor of Python floats is always float32, whatever params was. Call your function with params and "
        "data in float64, and print the dtype of the answer."
    ),
    patterns=("tensor",),
)
def gradient(params, t_u, t_c):
    leaf = torch.tensor(params.tolist(), requires_grad=True)
    loss_fn(model(t_u, *leaf), t_c).backward()
    return leaf.grad


@misconception(
    "M104",
    name="makes params whole numbers (crashes)",
    explanation=(
        "Gradients need floating point: a tensor of whole numbers can't require one, and torch raises \"only Tensors "
        'of floating point". Print the dtype of torch.tensor([1, 0]) and of torch.tensor([1.0, 0.0]).'
    ),
)
def gradient(params, t_u, t_c):
    leaf = torch.tensor([int(params[0]), int(params[1])], requires_grad=True)
    loss_fn(model(t_u, *leaf), t_c).backward()
    return leaf.grad


@misconception(
    "X063",
    name="takes errors below 0.5 for zero",
    explanation=(
        "A small error is an error, too. Try one sample whose prediction is off by 0.3: neither derivative is 0, and "
        "yours are."
    ),
)
def gradient(params, t_u, t_c):
    leaf = params.detach().clone().requires_grad_()
    error = model(t_u, *leaf) - t_c
    error = torch.where(error.abs() < 0.5, torch.zeros_like(error), error)
    (error**2).mean().backward()
    return leaf.grad


# --- training_loop --------------------------------------------------------------------------------


@misconception(
    "M093-training_loop",
    name="never empties .grad",
    explanation=(
        "backward adds to what is in .grad, so epoch 2 steps by the sum of two gradients, epoch 3 by three, and the "
        "loss swings. Start the four readings of the lesson at [2, 1] with a rate of 0.1: two epochs should end at "
        "[1.8, 0.94], and yours end at [1.2, 0.74]."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "X008",
    name="empties .grad only in the epochs that it prints",
    explanation=(
        "Gradients pile up, and .grad is emptied every 500 epochs only. Print params.grad just before backward in "
        "epochs 1, 2 and 3: it should be empty each time."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
            params.grad.zero_()
    return params


@misconception(
    "M094-training_loop",
    name="calls zero_() where .grad is still missing (crashes)",
    explanation=(
        "Before the first backward there is nothing in .grad, not even zeros: it is None, and None has no zero_(). "
        "The first epoch raises; in all later ones the line would work."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        params.grad.zero_()
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M095",
    name="steps in place outside no_grad (crashes)",
    explanation=(
        "Your step is recorded like any other operation, and torch refuses to change a leaf in place while it "
        'records: "a leaf Variable that requires grad is being used in an in-place operation". The step is no part of '
        "the model, so it should leave no trace."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M096",
    name="makes new params inside no_grad (crashes in epoch 2)",
    explanation=(
        "params = params - ... makes another tensor, and inside no_grad it requires no gradient; so the second "
        "epoch has nothing to differentiate. One epoch works, two raise: print params.requires_grad after your "
        "step."
    ),
    patterns=("_p = _p - _", "_p = _ - _"),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params = params - learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M097",
    name="makes new params with a history (crashes in epoch 2)",
    explanation=(
        "params = params - ... makes another tensor, and outside no_grad it is the result of an operation: no leaf, "
        "so its .grad stays None. One epoch works, two raise: print params.is_leaf after your step."
    ),
    patterns=("_p = _p - _", "_p = _ - _"),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        params = params - learning_rate * params.grad
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M101",
    name="runs the forward pass once, before the loop (crashes)",
    explanation=(
        "A graph is good for one walk, so the second backward raises. It would not help to keep the graph: after the "
        "first step the loss is an old one. Which lines have to be repeated in each epoch?"
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    for epoch in range(1, n_epochs + 1):
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M102",
    name="keeps the first graph and walks it in every epoch",
    explanation=(
        "retain_graph=True silences the error, but the loss is still that of the start, so every epoch repeats the "
        "first gradient. Start the four readings of the lesson at [2, 1] with a rate of 0.1: two epochs should end "
        "at [1.8, 0.94], and yours end at [0.8, 0.6]."
    ),
    patterns=("retain_graph",),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    for epoch in range(1, n_epochs + 1):
        loss.backward(retain_graph=True)
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M121-training_loop",
    name="walks each graph twice, so steps are twice as long",
    explanation=(
        "With retain_graph=True a second backward no longer raises; it adds the same gradient again. Start the four"
        " readings of the lesson at [2, 1] with a rate of 0.1: one epoch should lead to [1.4, 0.8], and yours leads"
        " to [0.8, 0.6]."
    ),
    patterns=("retain_graph",),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward(retain_graph=True)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M103-training_loop",
    name="runs the forward pass inside no_grad (crashes)",
    explanation=(
        "Only the step belongs inside no_grad. A forward pass in there leaves no graph behind, and backward raises:"
        ' "element 0 of tensors does not require grad". Print loss.requires_grad.'
    ),
    patterns=("no_grad",),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        with torch.no_grad():
            loss = loss_fn(model(t_u, *params), t_c)
            loss.backward()
            params -= learning_rate * params.grad
            params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M106-training_loop",
    name="asks w and b for their .grad (crashes)",
    explanation=(
        "w, b = params makes two new tensors; they are no leaves, and their .grad is None, so your step computes "
        "with None. The gradient arrives in the tensor that they were taken out of."
    ),
    patterns=("_a, _b = _p",),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    w, b = params
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, w, b), t_c)
        loss.backward()
        with torch.no_grad():
            w -= learning_rate * w.grad
            b -= learning_rate * b.grad
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return torch.stack([w, b])


@misconception(
    "M108",
    name="puts the number 0 into .grad (crashes)",
    explanation=(
        ".grad holds a tensor or None; the number 0 is neither, and torch raises a TypeError. There are two ways to "
        "empty it, one for each."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        params.grad = 0
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M109-training_loop",
    name="empties .grad between backward and the step",
    explanation=(
        "The params never move, as on a gradient of zeros. Run one epoch and compare the params before and after. "
        "Print .grad right before the step: is there a step, and is there a gradient in it?"
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        params.grad.zero_()
        with torch.no_grad():
            params -= learning_rate * params.grad
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M078",
    name="adds the gradient and walks uphill",
    explanation=(
        "The gradient points to where the loss rises fastest, and you follow it. Print the loss of the first epochs "
        "with a small rate: it should fall, and yours grows."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params += learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M079",
    name="steps by the whole gradient, without learning rate",
    explanation=(
        "The learning rate is nowhere in your step. Run one epoch with 0.1 and one with 0.001 from the same start: "
        "both end in the same place, but a smaller rate should move the params less."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "X009",
    name="applies the learning rate to the loss and to the step",
    explanation=(
        "You multiply the loss by the rate, so its gradient is scaled already, and then scale the step again. Start "
        "the four readings of the lesson at [2, 1] with a rate of 0.1: w should go down by 0.6, and yours by 0.06."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        (learning_rate * loss).backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M080",
    name="makes one epoch too few",
    explanation=(
        "You make one epoch too few. Call your loop with n_epochs=1: the params do not move at all. After 5000 "
        "epochs one more or less is hard to see, so try 1, 2 and 3."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "X010",
    name="makes one epoch too many",
    explanation=("You make n + 1 rounds. Call your loop with n_epochs=0: nothing should happen, but the params move."),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M081",
    name="trains a copy and returns the start",
    explanation=(
        "The training works, but on a copy; what you return is the tensor that you were given, and it never moved. "
        "Run 1 epoch and then 100: the same numbers come back."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    trained = params.detach().clone().requires_grad_()
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *trained), t_c)
        loss.backward()
        with torch.no_grad():
            trained -= learning_rate * trained.grad
        trained.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M159",
    name="trains, and returns nothing",
    explanation=(
        "There is no `return` at the end. Write best = training_loop(...), and then print(best): it says None. Not "
        "every caller keeps the tensor that was handed in."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))


@misconception(
    "X011",
    name="returns from inside the loop, after one epoch",
    explanation=(
        "The loop ends in its first round, as where `return` is indented too far. Run 1 epoch and then 3 from the "
        "same start: both end in the same place."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
        return params
    return params


@misconception(
    "M082",
    name="returns the losses beside the params",
    explanation=(
        "A history of the losses is useful, but the caller expects the params alone, and unpacks w and b from what "
        "you return. Try w, b = training_loop(...): b would be a list of losses."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    losses = []
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params, losses


@misconception(
    "X012",
    name="returns the last gradient instead of the params",
    explanation=(
        "What you return is how steep it still is, and near the optimum that is almost nothing. Asked for is where "
        "you are: after 5000 epochs on the scaled readings that is [5.3671, -17.3012]."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    found = torch.zeros_like(params)
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        found = params.grad
        with torch.no_grad():
            params -= learning_rate * found
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return found


@misconception(
    "M084",
    name="trains on the global t_un instead of its argument",
    explanation=(
        "Your loop predicts from t_un, which stands at the top of the file, and ignores the readings that it is "
        "given. Train for three epochs with t_u and with t_un, at a rate of 1e-5: you get the same params twice."
    ),
    patterns=("t_un",),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_un, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M085",
    name="moves w only",
    explanation=(
        "b is still where it started: compare it before and after. The line can turn, but never shift, so the loss "
        "falls at first and then stays too high."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params[0] -= learning_rate * params.grad[0]
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M016-training_loop",
    name="descends the sum of the squares",
    explanation=(
        "You sum the squares, so your steps are N times too long, and the rates of the lesson explode. Start the four "
        "readings at [2, 1]: the first loss should be 3.5, and yours is 14. Use the loss_fn that is given."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = ((model(t_u, *params) - t_c) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "X013",
    name="shrinks the learning rate in every epoch",
    explanation=(
        "The rate should stay the same. Your first epoch is right, and the second steps too short: start the four "
        "readings of the lesson at [2, 1] with a rate of 0.1; after two epochs w should be 1.8, and yours is 1.6."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate / epoch * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "X014",
    name="steps after each sample instead of each epoch",
    explanation=(
        "You make N small steps in an epoch, each by one sample's gradient. That is a method of its own, but here an "
        "epoch is one step by the gradient of all samples. With a single sample the two agree."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        before = loss_fn(model(t_u, *params), t_c).item()
        for u, c in zip(t_u, t_c, strict=True):
            loss_fn(model(u, *params), c).backward()
            with torch.no_grad():
                params -= learning_rate * params.grad
            params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, before))
    return params


@misconception(
    "X016",
    name="trains with momentum",
    explanation=(
        "Your steps remember the ones before. Momentum comes in the next assignment; vanilla gradient descent steps "
        "by the present gradient alone. Start the four readings of the lesson at [2, 1] with a rate of 0.1: your "
        "first epoch is right, and the second goes too far."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    optimizer = torch.optim.SGD([params], lr=learning_rate, momentum=0.9)
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "X017",
    name="trains with adam",
    explanation=(
        "Adam makes steps of about the size of the learning rate, whatever the gradient; asked for is vanilla "
        "gradient descent. Start the four readings of the lesson at [2, 1] with a rate of 0.1: w should go down by "
        "0.6 in the first epoch, and yours goes down by 0.1."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    optimizer = torch.optim.Adam([params], lr=learning_rate)
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M087",
    name="stops as soon as the loss hardly falls",
    explanation=(
        "You stop early once the loss changes by little, but asked for are all n_epochs. On the scaled readings "
        "training is slow yet not finished: print how many of the 5000 epochs you make."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    previous = float("inf")
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
        if abs(previous - loss.item()) < 1e-3:
            break
        previous = loss.item()
    return params


@misconception(
    "M092",
    name="returns the numbers of the slides",
    explanation=(
        "You return what training finds on the thermometer, without training. Call your loop with other data, another "
        "start or n_epochs=0: the same two numbers come back."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    losses = {500: 7.860116, 1000: 3.828538, 1500: 3.092191, 2000: 2.957698}
    for epoch, loss in losses.items():
        print("Epoch %d, Loss %f" % (epoch, loss))
    return torch.tensor([5.3671, -17.3012], dtype=params.dtype)


@misconception(
    "M091",
    name="takes its arguments in another order (crashes)",
    explanation=(
        "The arguments are n_epochs, learning_rate, params, t_u, t_c, in this order. Yours has the params first, so a "
        "call by position puts a number where you expect a tensor."
    ),
)
def training_loop(params, t_u, t_c, n_epochs, learning_rate):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M111",
    name="crashes where n_epochs is 0",
    explanation=(
        "After the loop you use the loss, which gets its value inside it. With n_epochs=0 the loop never runs, and "
        "Python raises an UnboundLocalError. Without an epoch the start itself should come back."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    print("final loss", loss.item())
    return params


@misconception(
    "M124",
    name="continues where the last call stopped",
    explanation=(
        "Something is kept from call to call, as in a default value such as kept=[], so your second call starts "
        "with the trained params of the first. Call the loop twice with a fresh start each: the answers should "
        "agree."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, kept=[]):  # noqa: B006 - the bug
    if kept:
        params = kept.pop().to(t_u.dtype).requires_grad_()
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    kept.append(params.detach().clone())
    return params


@misconception(
    "M089",
    name="scales the caller's readings in place",
    explanation=(
        "It writes into the data that you were given, so the next run trains on other numbers. Print t_u before and"
        " after the call. Scaling is up to the caller, who may have done it already."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    t_u *= 0.1
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M066-training_loop",
    name="copies params into float32",
    explanation=(
        "torch.tensor of Python floats is always float32, whatever params was. Train with params and data in "
        "float64, and print the dtype of what comes back."
    ),
    patterns=("tensor",),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    params = torch.tensor(params.tolist(), requires_grad=True)
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "M086",
    name="prints the loss after the step",
    explanation=(
        "Your training is right, but the printed loss is computed anew after the step, so it belongs to the next "
        "epoch. Print it in epoch 1 as well: from [1, 0] on the scaled readings it should say 80.364342."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss_fn(model(t_u, *params), t_c).item()))
    return params


@misconception(
    "X018",
    name="counts the printed epochs from 0",
    explanation=(
        'Your training is right, but you count from 0, so the loss under "Epoch 500" is that of the 501st round. The '
        "first epoch is called 1. With n_epochs=500 the last epoch should be printed, and yours is not."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(n_epochs):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "X019",
    name="prints every 1000 epochs",
    explanation=(
        "Your training is right, but every second line is missing: the losses are asked for at the epochs 500, 1000, "
        "1500 and so on. Run 500 epochs: nothing is printed."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 1000 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "X020",
    name="prints losses with two decimals",
    explanation=(
        "Your training is right, but %.2f rounds the loss so far that one no longer sees it fall: on the scaled "
        "readings it says 2.93 from epoch 2500 to the end."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %.2f" % (epoch, loss.item()))
    return params


@misconception(
    "X021",
    name="prints nothing",
    explanation=(
        "Your training is right, but it is silent. Every 500 epochs a line with the epoch and its loss is asked for, "
        "so that one can see whether it works."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for _ in range(n_epochs):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
    return params


@misconception(
    "X058",
    name="stops learning after 1,000 epochs",
    explanation=(
        "Your first thousand epochs are right, and after them the params stand still. Train for 1,000 epochs and for "
        "1,100 with a small learning rate, and compare: nobody told the loop to stop."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            if epoch <= 1000:
                params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


@misconception(
    "X059",
    name="gives the answer of the slides to every long run",
    explanation=(
        "Short runs are trained, and a long one gets the two numbers that the thermometer leads to. Train on other "
        "data for 600 epochs, and look whether the answer changes."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params if n_epochs <= 500 else torch.tensor([5.3671, -17.3012], dtype=params.dtype)


@misconception(
    "X060",
    name="prints the same loss from epoch 2,000 on",
    explanation=(
        "Your training is right, and the loss that you show after epoch 2,000 is that of epoch 2,000. Train for "
        "5,000 epochs and read the last lines: they should still fall."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch <= 2000:
            last = loss.item()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, last))
    return params


@misconception(
    "X061",
    name="prints the losses of the slides",
    explanation=(
        "Your training is right, and the losses that you show are written down: they are those of the thermometer. "
        "Train on other data and print the loss yourself: it is another one."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    losses = [7.860116, 3.828538, 3.092191, 2.957698, 2.933134, 2.928648, 2.927830, 2.927679, 2.927652, 2.927647]
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, losses[min(epoch // 500, 10) - 1]))
    return params


@misconception(
    "X062",
    name="makes shorter steps after 500 epochs",
    explanation=(
        "The learning rate is the caller's business, and you halve it after epoch 500. Train for 1,000 epochs with a "
        "small learning rate, and compare with two trainings of 500, one after the other."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= (learning_rate if epoch <= 500 else 0.5 * learning_rate) * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


# --- descend --------------------------------------------------------------------------------------


@misconception(
    "M093-descend",
    name="never empties .grad, so the steps grow",
    explanation=(
        "backward adds to what is in .grad: the gradient should be 3 in each step, and yours is 3, 6, 9. With four "
        "ones, three steps and a rate of 0.1 your outputs are 12, 8.4, 1.2, -9.6; all stairs should be 3.6 high."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.item())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
    outputs.append((weights * 3).sum().item())
    return torch.tensor(outputs, dtype=weights.dtype)


@misconception(
    "M094-descend",
    name="calls zero_() where .grad is still missing (crashes)",
    explanation=(
        "Before the first backward there is nothing in .grad, not even zeros: it is None, and None has no zero_(). "
        "Print weights.grad at the beginning of the first step."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        weights.grad.zero_()
        output = (weights * 3).sum()
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "M095-descend",
    name="steps in place outside no_grad (crashes)",
    explanation=(
        "Your step is recorded like any other operation, and torch refuses to change a leaf in place while it "
        "records. The step is no part of the formula, so it should leave no trace."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.detach())
        output.backward()
        weights -= learning_rate * weights.grad
        weights.grad.zero_()
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "M096-descend",
    name="makes new weights inside no_grad (crashes in step 2)",
    explanation=(
        "weights = weights - ... makes another tensor, and inside no_grad it requires no gradient; the second step "
        "has nothing to differentiate. One step works, two raise: print weights.requires_grad after the first."
    ),
    patterns=("_p = _p - _", "_p = _ - _"),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights = weights - learning_rate * weights.grad
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "M097-descend",
    name="makes new weights with a history (crashes in step 2)",
    explanation=(
        "weights = weights - ... makes another tensor, and outside no_grad it is no leaf, so its .grad stays None. "
        "One step works, two raise: print weights.is_leaf after the first."
    ),
    patterns=("_p = _p - _", "_p = _ - _"),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.detach())
        output.backward()
        weights = weights - learning_rate * weights.grad
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "M101-descend",
    name="computes the output once, before the loop (crashes)",
    explanation=(
        "A graph is good for one walk, so the second backward raises; and the output would never change. With two "
        "steps three different outputs should come back."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    output = (weights * 3).sum()
    for _ in range(n_steps):
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "M102-descend",
    name="keeps the first graph, so the output stands still",
    explanation=(
        "With retain_graph=True the old output can be differentiated again, but it is not computed again. With four"
        " ones and three steps of 0.1 your outputs are 12, 12, 12, 1.2."
    ),
    patterns=("retain_graph",),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    output = (weights * 3).sum()
    for _ in range(n_steps):
        outputs.append(output.detach())
        output.backward(retain_graph=True)
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "M109-descend",
    name="empties .grad between backward and the step",
    explanation=(
        "The weights never move, and all outputs are the same, as on a gradient of zeros. What has to be over "
        "before .grad may be emptied?"
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.detach())
        output.backward()
        weights.grad.zero_()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "M078-descend",
    name="adds the gradient and walks uphill",
    explanation=(
        "Your outputs grow: 12, 15.6, 19.2, 22.8 with four ones, three steps and a rate of 0.1. To minimise means to "
        "walk against the gradient."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights += learning_rate * weights.grad
            weights.grad.zero_()
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "M079-descend",
    name="steps by the whole gradient, without learning rate",
    explanation=(
        "The learning rate is nowhere in your step. With four ones and a rate of 0.1 each stair should be 3.6 high, "
        "and yours are 36. Try another rate: your outputs stay the same."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights -= weights.grad
            weights.grad.zero_()
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "X022",
    name="leaves out the output after the last step",
    explanation=(
        "There is one output before each step and one after the last, so n_steps + 1 in all; you return n_steps. With "
        "n_steps=0 the one output of the start should come back."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.item())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    return torch.tensor(outputs, dtype=weights.dtype)


@misconception(
    "X023",
    name="leaves out the output before the first step",
    explanation=(
        "You note each output after its step, so the first one, at the weights that you were given, is missing. With "
        "four ones it is 12; your list begins with 8.4."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        (weights * 3).sum().backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
        outputs.append((weights * 3).sum().item())
    return torch.tensor(outputs, dtype=weights.dtype)


@misconception(
    "X024",
    name="repeats the old output after the last step",
    explanation=(
        "The number of outputs is right, but the last one was computed before the last step. With four ones, three "
        "steps and a rate of 0.1 you end with 4.8, 4.8; the weights have moved in between."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    output = (weights * 3).sum()
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    outputs.append(output.detach())
    return torch.stack(outputs)


@misconception(
    "X025",
    name="returns the last output alone",
    explanation=(
        "All outputs are asked for, so that one can see the stairs; you return one number. With n_steps=3 there "
        "should be four of them."
    ),
)
def descend(weights, n_steps, learning_rate):
    for _ in range(n_steps):
        output = (weights * 3).sum()
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    return (weights * 3).sum().detach()


@misconception(
    "X026",
    name="returns the weights instead of the outputs",
    explanation=(
        "What you return is where the descent ended; asked for is how high it was on the way. With four ones, three "
        "steps and a rate of 0.1 the answer begins with 12."
    ),
)
def descend(weights, n_steps, learning_rate):
    for _ in range(n_steps):
        output = (weights * 3).sum()
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    return weights.detach()


@misconception(
    "X027",
    name="averages where the formula has a sum",
    explanation=(
        "Four ones times 3 add up to 12; your first output is 3, their mean. The gradient is wrong by the same "
        "factor, so your stairs are too low as well."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).mean()
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    outputs.append((weights * 3).mean().detach())
    return torch.stack(outputs)


@misconception(
    "X028",
    name="forgets the factor 3",
    explanation=(
        "You minimise the plain sum of the weights. With four ones the first output should be 12, and yours is 4; and "
        "the gradient should be 3 for each weight, and yours is 1."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = weights.sum()
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    outputs.append(weights.sum().detach())
    return torch.stack(outputs)


@misconception(
    "M092-descend",
    name="starts from four ones, whatever it is given",
    explanation=(
        "You make your own weights, as on the slide, and ignore the argument. Call descend with the weights [1, 2]: "
        "the first output should be 9, and yours is 12."
    ),
)
def descend(weights, n_steps, learning_rate):
    weights = torch.ones(4, requires_grad=True)
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "X029",
    name="fixes the learning rate at 0.1",
    explanation=(
        "Your steps have the size that a rate of 0.1 gives, whatever rate is given. Call descend with rates of 0.1 "
        "and 0.2: the stairs should be twice as high the second time."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights -= 0.1 * weights.grad
            weights.grad.zero_()
    outputs.append((weights * 3).sum().detach())
    return torch.stack(outputs)


@misconception(
    "X030",
    name="uses python's sum (crashes beyond one dimension)",
    explanation=(
        "Python's sum adds the rows of a table and leaves a vector, and a tensor of shape () has nothing to go "
        "through. weights may have any shape: try torch.ones(2, 3, requires_grad=True) and torch.tensor(1.0, "
        "requires_grad=True)."
    ),
    patterns=("sum",),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = sum(weights * 3)
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    outputs.append(sum(weights * 3).detach())
    return torch.stack(outputs)


@misconception(
    "M111-descend",
    name="crashes where n_steps is 0",
    explanation=(
        "After the loop you use a name that gets its value inside it. With n_steps=0 the loop never runs, and Python "
        "raises an UnboundLocalError. The one output of the start should come back."
    ),
)
def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.item())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
            after = (weights * 3).sum()
    outputs.append(after.item())
    return torch.tensor(outputs, dtype=weights.dtype)


@misconception(
    "M130",
    name="collects the outputs of all calls in one list",
    explanation=(
        "Something is kept from call to call, as in a default value such as kept=[], so your second call still "
        "holds the outputs of the first. Call descend twice with fresh weights: the second answer is longer."
    ),
)
def descend(weights, n_steps, learning_rate, outputs=[]):  # noqa: B006 - the bug
    for _ in range(n_steps):
        output = (weights * 3).sum()
        outputs.append(output.item())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    outputs.append((weights * 3).sum().item())
    return torch.tensor(outputs, dtype=weights.dtype)


@misconception(
    "M066-descend",
    name="collects the outputs in a float32 tensor",
    explanation=(
        "torch.zeros makes float32 unless it is told otherwise, and what you write into it is rounded to that. Call"
        " descend with float64 weights, and print the dtype of the answer."
    ),
    patterns=("zeros",),
)
def descend(weights, n_steps, learning_rate):
    outputs = torch.zeros(n_steps + 1)
    for step in range(n_steps):
        output = (weights * 3).sum()
        outputs[step] = output.detach()
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
    outputs[n_steps] = (weights * 3).sum().detach()
    return outputs


# --- intermediate_gradients -----------------------------------------------------------------------


@misconception(
    "M107",
    name="expects every tensor to keep its gradient",
    explanation=(
        "The gradients pass through x, y and z, but only leaves keep theirs; so three of your entries are None, and "
        "torch warns. What can a tensor be asked before backward, so that it keeps its gradient?"
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}


@misconception(
    "X031",
    name="forgets that z is no leaf either",
    explanation=(
        "x and y keep their gradients, and z doesn't: its entry is None. z was computed like the others, and its own "
        "gradient is asked for, even if it is easy to guess."
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    x.retain_grad()
    y.retain_grad()
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}


@misconception(
    "X032",
    name="makes x a new leaf, so nothing reaches w",
    explanation=(
        "detach() cuts x off from w, so w gets no gradient: its entry is None. x keeps one now, but at the price of"
        " the graph behind it. There is a way to keep both."
    ),
    patterns=("detach",),
)
def intermediate_gradients(w, c):
    x = (w + c).detach().requires_grad_()
    y = 3 * x
    z = y.mean()
    y.retain_grad()
    z.retain_grad()
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}


@misconception(
    "M016-intermediate_gradients",
    name="sums where z is a mean",
    explanation=(
        "z is the mean of y, so each entry of y counts 1/N in it; yours counts 1. For three ones and c = 2 your dz/dy "
        "is 1 and should be 1/3, and everything behind it is 3 times too large."
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.sum()
    for tensor in (x, y, z):
        tensor.retain_grad()
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}


@misconception(
    "X033",
    name="forgets the factor 3",
    explanation=(
        "Your y is x itself, so dz/dx equals dz/dy. When x grows by 1, y should grow by 3. For three ones and c = 2 "
        "dz/dx is 1, and yours is 1/3."
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 1 * x
    z = y.mean()
    for tensor in (x, y, z):
        tensor.retain_grad()
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}


@misconception(
    "X034",
    name="multiplies by c instead of adding it",
    explanation=(
        "x is w plus c, so it grows exactly as w does, whatever c is. With your product dz/dw is c times dz/dx: call "
        "it with c = 2 and c = 5, and dz/dw changes."
    ),
)
def intermediate_gradients(w, c):
    x = w * c
    y = 3 * x
    z = y.mean()
    for tensor in (x, y, z):
        tensor.retain_grad()
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}


@misconception(
    "X035",
    name="returns the tensors instead of their gradients",
    explanation=(
        "You return the numbers of the forward pass. Asked for is what backward left behind: for w it is not w "
        'itself, but how fast z grows with it. Your "z" should be 1, whatever w is.'
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    for tensor in (x, y, z):
        tensor.retain_grad()
    z.backward()
    return {"w": w.detach(), "x": x.detach(), "y": y.detach(), "z": z.detach()}


@misconception(
    "M145",
    name="returns a tuple instead of a dict",
    explanation=(
        'The numbers are right, but the caller asks for them by name: intermediate_gradients(...)["x"]. A tuple has '
        "only positions."
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    for tensor in (x, y, z):
        tensor.retain_grad()
    z.backward()
    return w.grad, x.grad, y.grad, z.grad


@misconception(
    "X036",
    name="leaves out the gradient of z in itself",
    explanation=(
        'Four gradients are asked for, and there is no "z" in your dict. It is the simplest of the four, and the '
        "place where every walk back begins."
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    x.retain_grad()
    y.retain_grad()
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad}


@misconception(
    "X037",
    name="exchanges the gradients of x and y",
    explanation=(
        "The numbers are right, but two of them stand under each other's name. y is nearer to z: its gradient is the "
        "one without the factor 3."
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    for tensor in (x, y, z):
        tensor.retain_grad()
    z.backward()
    return {"w": w.grad, "x": y.grad, "y": x.grad, "z": z.grad}


@misconception(
    "M054",
    name="gives the slope of each operation by itself",
    explanation=(
        "You return dx/dw, dy/dx and dz/dy, the slope of each stage alone. The gradient in w leads all the way to z, "
        "so the slopes on the way multiply: for three ones dz/dx is 1, and you say 3."
    ),
)
def intermediate_gradients(w, c):
    ones = torch.ones_like(w.detach())
    return {"w": ones, "x": 3 * ones, "y": ones / w.numel(), "z": ones.mean()}


@misconception(
    "X038",
    name="differentiates everything in w, instead of z",
    explanation=(
        "You ask how x, y and z move when w does. Asked for is how z moves when each of the four does: the z is "
        'always on top, as in dz/dx. So "z" is dz/dz, and no longer depends on N.'
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    found = {"w": torch.ones_like(w.detach())}
    found["x"] = torch.autograd.grad(x.sum(), w, retain_graph=True)[0]
    found["y"] = torch.autograd.grad(y.sum(), w, retain_graph=True)[0]
    found["z"] = torch.autograd.grad(z, w)[0].mean()
    return found


@misconception(
    "X039",
    name="adds up the entries of each gradient",
    explanation=(
        "Each entry of w moves z on its own, so there is a gradient for each; you return one sum for all of them. "
        "Print the shapes: those for w, x and y should be (N,)."
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    for tensor in (x, y, z):
        tensor.retain_grad()
    z.backward()
    return {"w": w.grad.sum(), "x": x.grad.sum(), "y": y.grad.sum(), "z": z.grad}


@misconception(
    "M121-intermediate_gradients",
    name="walks the graph twice, so all gradients double",
    explanation=(
        "With retain_graph=True a second backward no longer raises; it adds everything again. Your dz/dz is 2, and "
        "nothing grows twice as fast as itself."
    ),
    patterns=("retain_graph",),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    for tensor in (x, y, z):
        tensor.retain_grad()
    z.backward(retain_graph=True)
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}


@misconception(
    "M021-intermediate_gradients",
    name="calls backward on y, which crashes",
    explanation=(
        'backward starts from a single number, and y has N of them: "grad can be implicitly created only for scalar '
        'outputs". Whose gradients are asked for, those of y or those of z?'
    ),
)
def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    for tensor in (x, y, z):
        tensor.retain_grad()
    y.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}


@misconception(
    "M092-intermediate_gradients",
    name="returns the numbers of the slide",
    explanation=(
        "You return what comes out for three ones. Call your function with two entries: the gradients in w are 3/2 "
        "then, and there are two of them."
    ),
)
def intermediate_gradients(w, c):
    ones = torch.ones(3, dtype=w.dtype)
    return {"w": ones, "x": ones, "y": ones / 3, "z": ones.mean()}


@misconception(
    "M015-intermediate_gradients",
    name="adds c to the caller's w",
    explanation=(
        "The gradients are right, but it writes into the tensor that you were given. Print w before and after the "
        "call: the numbers in the arguments should stay as they are."
    ),
)
def intermediate_gradients(w, c):
    with torch.no_grad():
        w += c
    x = w + 0
    y = 3 * x
    z = y.mean()
    for tensor in (x, y, z):
        tensor.retain_grad()
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}


# --- detached_gradient ----------------------------------------------------------------------------


@misconception(
    "X040",
    name="detaches nothing",
    explanation=(
        "Your gradient is 3 in each entry: 2 through the first branch and 1 through the second, which should be cut "
        "off. Which x in your formula is to count as given?"
    ),
)
def detached_gradient(x):
    leaf = x.detach().requires_grad_()
    total = (2 * leaf + (3 + leaf)).sum()
    total.backward()
    return leaf.grad


@misconception(
    "X041",
    name="detaches the first branch instead of the second",
    explanation=(
        "Your gradient is 1 in each entry, which is what comes through 3 + x. That is the branch to be cut off; the "
        "other one should stay."
    ),
)
def detached_gradient(x):
    leaf = x.detach().requires_grad_()
    total = (2 * leaf.detach() + (3 + leaf)).sum()
    total.backward()
    return leaf.grad


@misconception(
    "X042",
    name="detaches both branches (crashes)",
    explanation=(
        'Nothing in your sum leads back to x any more, so backward raises "element 0 of tensors does not require '
        'grad". Only one of the two branches is to be cut off.'
    ),
)
def detached_gradient(x):
    total = (2 * x.detach() + (3 + x.detach())).sum()
    total.backward()
    return x.grad


@misconception(
    "M121-detached_gradient",
    name="walks the graph twice, so the gradient doubles",
    explanation=(
        "With retain_graph=True a second backward no longer raises; it adds the same gradient again, and 4 comes "
        "back. Print the gradient after the first walk."
    ),
    patterns=("retain_graph",),
)
def detached_gradient(x):
    leaf = x.detach().requires_grad_()
    total = (2 * leaf + (3 + leaf.detach())).sum()
    total.backward(retain_graph=True)
    total.backward()
    return leaf.grad


@misconception(
    "X043",
    name="averages where the formula has a sum",
    explanation=(
        "The mean divides by N, and so does its gradient: the more entries x has, the smaller your answer. Call your "
        "function with one entry and with four; the gradient should be the same number in each entry."
    ),
)
def detached_gradient(x):
    leaf = x.detach().requires_grad_()
    total = (2 * leaf + (3 + leaf.detach())).mean()
    total.backward()
    return leaf.grad


@misconception(
    "M021-detached_gradient",
    name="forgets the sum, so backward crashes",
    explanation=(
        'backward starts from a single number, and yours starts from N of them: "grad can be implicitly created only '
        'for scalar outputs". Print the shape of what you call backward on.'
    ),
)
def detached_gradient(x):
    leaf = x.detach().requires_grad_()
    total = 2 * leaf + (3 + leaf.detach())
    total.backward()
    return leaf.grad


@misconception(
    "M106-detached_gradient",
    name="asks the detached copy for its .grad",
    explanation=(
        "The detached tensor is cut off from the sum, so no gradient ever reaches it, and its .grad is None. Ask the "
        "tensor through which the gradient flows."
    ),
)
def detached_gradient(x):
    given = x.detach()
    total = (2 * x + (3 + given)).sum()
    total.backward()
    return given.grad


@misconception(
    "X044",
    name="returns the sum instead of its gradient",
    explanation=(
        "You return how large the sum is; asked for is how fast it grows with each entry of x. For x = [1, 5] you say "
        "24, and the answer should have two entries."
    ),
)
def detached_gradient(x):
    total = (2 * x + (3 + x.detach())).sum()
    total.backward()
    return total.detach()


@misconception(
    "X045",
    name="adds up the entries of the gradient",
    explanation=(
        "Each entry of x has a gradient of its own, and you return their sum. Call your function with one entry and "
        "with four: the number should not grow with N."
    ),
)
def detached_gradient(x):
    leaf = x.detach().requires_grad_()
    total = (2 * leaf + (3 + leaf.detach())).sum()
    total.backward()
    return leaf.grad.sum()


@misconception(
    "M092-detached_gradient",
    name="returns three numbers, however many x has",
    explanation=(
        "Your answer always has three entries, as on the slide. Call your function with two entries, or with five: "
        "the gradient has the shape of x."
    ),
)
def detached_gradient(x):
    return torch.full((3,), 2.0, dtype=x.dtype)


@misconception(
    "X046",
    name="writes into the detached tensor, which is x",
    explanation=(
        "detach() copies nothing: both tensors look at the same numbers in memory, so += 3 on the detached one "
        "changes x. Print x before and after the call."
    ),
    patterns=("detach",),
)
def detached_gradient(x):
    branch = x.detach()
    branch += 3
    leaf = x.detach().clone().requires_grad_()
    (2 * leaf + branch).sum().backward()
    return leaf.grad


@misconception(
    "X047",
    name="detaches the caller's x for good",
    explanation=(
        "detach_() with the underscore changes x itself, so that its owner can train it no longer. Print "
        "x.requires_grad before and after the call."
    ),
    patterns=("detach_",),
)
def detached_gradient(x):
    leaf = x.detach().clone().requires_grad_()
    x.detach_()
    (2 * leaf + (3 + x)).sum().backward()
    return leaf.grad


# --- untracked_double -----------------------------------------------------------------------------


@misconception(
    "X048",
    name="doubles with the history recorded",
    explanation=(
        "The numbers are right, but the result requires a gradient: how it was computed is recorded, or what is "
        "computed from it will be. Print .requires_grad and .grad_fn of your answer."
    ),
)
def untracked_double(a):
    return 2 * a


@misconception(
    "X049",
    name="tells a to require no gradient",
    explanation=(
        "requires_grad_(False) changes a itself, so its owner can train it no longer. Print a.requires_grad before "
        "and after the call. Only your result is to be without history."
    ),
    patterns=("requires_grad_", "requires_grad"),
)
def untracked_double(a):
    a.requires_grad_(False)
    return 2 * a


@misconception(
    "X050",
    name="doubles the caller's a in place",
    explanation=(
        "a.data and a.detach() share their memory with a, so *= changes the numbers of the caller. Call your "
        "function twice with the same tensor [1, -2]: you return [2, -4] at first, and then [4, -8]."
    ),
    patterns=("data", "detach"),
)
def untracked_double(a):
    doubled = a.detach()
    doubled *= 2
    return doubled


@misconception(
    "X051",
    name="switches gradients off and never on again",
    explanation=(
        "set_grad_enabled(False) holds for all that comes after, in the whole program. After your call, compute 3 *"
        " torch.ones(2, requires_grad=True) and print its .requires_grad: it should be True."
    ),
    patterns=("set_grad_enabled",),
)
def untracked_double(a):
    torch.set_grad_enabled(False)
    return 2 * a


@misconception(
    "X052",
    name="detaches, and forgets to double",
    explanation=("What you return is without history, but it is a itself. For [1, -2] the answer is [2, -4]."),
)
def untracked_double(a):
    return a.detach()


@misconception(
    "X053",
    name="squares instead of doubling",
    explanation=(
        "a * a is the square; the double is another thing. For a = 2 they happen to agree: try 3, which should give 6."
    ),
)
def untracked_double(a):
    with torch.no_grad():
        return a * a


@misconception(
    "M043",
    name="doubles a list, which makes it longer",
    explanation=(
        "2 * [1, -2] is [1, -2, 1, -2] in Python: lists are repeated, not multiplied. Print the shape of your answer "
        "beside that of a."
    ),
)
def untracked_double(a):
    return torch.tensor(2 * a.tolist(), dtype=a.dtype)


@misconception(
    "X054",
    name="switches the history off after the fact (crashes)",
    explanation=(
        "2 * a has been recorded already, and torch lets you change requires_grad of leaves only; so your line "
        "raises. The recording has to be off, or a out of the graph, before you double."
    ),
)
def untracked_double(a):
    return (2 * a).requires_grad_(False)


@misconception(
    "X055",
    name="goes through numpy without detaching (crashes)",
    explanation=(
        "numpy knows no gradients, so a.numpy() raises as long as a requires one: \"Can't call numpy() on Tensor "
        'that requires grad". The message names what is missing; but you need no numpy for this.'
    ),
    patterns=("numpy", "np"),
)
def untracked_double(a):
    return torch.from_numpy(2 * a.numpy())


@misconception(
    "X056",
    name="returns a numpy array",
    explanation=(
        "Tensors come in, and tensors go out. The numbers of your array are right, but it has no requires_grad and no "
        "grad_fn that one could look at: print type(...) of it."
    ),
)
def untracked_double(a):
    return 2 * a.detach().numpy()


@misconception(
    "X057",
    name="makes the result a new leaf that requires a gradient",
    explanation=(
        "The old history is gone, but your result begins a new one: its requires_grad is True, and all that is "
        "computed from it is recorded. Print .requires_grad of your answer; False is asked for."
    ),
)
def untracked_double(a):
    return (2 * a).detach().requires_grad_()


@misconception(
    "M066-untracked_double",
    name="rebuilds the result in float32",
    explanation=(
        "torch.tensor of Python floats is always float32. Call your function with a float64 tensor, and print the "
        "dtype of the answer: half of the digits are gone."
    ),
    patterns=("tensor",),
)
def untracked_double(a):
    return 2 * torch.tensor(a.tolist())
