# PRIVATE chainrule-canary-b41d7c90e2f64a55
# ruff: noqa: ARG002, B905, F811, F821, PLW2901, RUF012 - names are defined again and again, as students write
"""Wrong variants of the exercises of optimizers, named: for diagnosis, and to prove the hidden suite."""

from __future__ import annotations

import torch

from grader.course.catalogue import misconception

# --- optimizer_step --------------------------------------------------------------------------------


@misconception(
    "M112",
    name="empties the gradient between backward and step",
    explanation=(
        "params does not move: nobody calls step, or step finds no gradient. Print params.grad at the end of a "
        "call. Numbers there mean that no step was made; None or zeros, that the gradient was thrown away before a "
        "step could read it."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.detach()


@misconception(
    "M113",
    name="steps before it goes backward",
    explanation=(
        "Your step reads .grad before backward has written this call's gradient, so it uses the one of the call "
        "before. Call it once with SGD and look at params: the first call moves nothing at all."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return loss.detach()


@misconception(
    "M114",
    name="never lets the optimizer step",
    explanation=(
        "You compute the gradient, and then nobody uses it. After a call params.grad holds numbers, but params is "
        "still where it was."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    return loss.detach()


@misconception(
    "M116",
    name="never empties the old gradient",
    explanation=(
        "backward adds to what is in .grad already, so your second step uses the sum of two gradients. One step "
        "looks right: make two with a tiny learning rate, and print params.grad after each. The second is about "
        "twice the first."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M086",
    name="returns the loss after the step",
    explanation=(
        "You measure the loss again after params has moved. Try t_u = [1, 2], t_c = [3, 5], w = 1, b = 0 and SGD "
        "with lr = 0.1: before the step the errors are -2 and -3, and you return 0.65."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    optimizer.zero_grad()
    loss_fn(model(t_u, *params), t_c).backward()
    optimizer.step()
    return loss_fn(model(t_u, *params), t_c).detach()


@misconception(
    "M159",
    name="returns nothing",
    explanation=(
        "params moves as it should, but the caller gets None. Write print(optimizer_step(...)): a number should "
        "appear there."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


@misconception(
    "X001",
    name="returns the parameters instead of the loss",
    explanation=(
        "What comes back are the two numbers of params, which the caller has already. Read in the docstring what is "
        "asked for: how many numbers should it be?"
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return params


@misconception(
    "X002",
    name="makes the update by hand",
    explanation=(
        "You take only the learning rate from the optimizer and make a plain step yourself, so momentum and Adam "
        "have no effect. Try torch.optim.Adam([params], lr=0.1): its first step moves each number by 0.1, however "
        "large the gradient is. Yours does not."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    with torch.no_grad():
        for group in optimizer.param_groups:
            params -= group["lr"] * params.grad
    return loss.detach()


@misconception(
    "M119",
    name="builds the optimizer anew in each call",
    explanation=(
        "A new optimizer has forgotten all earlier steps. With plain SGD you see no difference. Take t_u = [1, 2], "
        "t_c = [3, 5], params [1, 0] and SGD with lr = 0.1 and momentum = 0.9: two calls should lead to [2.77, "
        "1.11], and yours lead to [2.05, 0.66]."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    fresh = type(optimizer)([params], **optimizer.defaults)
    loss = loss_fn(model(t_u, *params), t_c)
    fresh.zero_grad()
    loss.backward()
    fresh.step()
    return loss.detach()


@misconception(
    "M016",
    name="adds the squared errors up instead of averaging them",
    explanation=(
        "Your loss and your gradient grow with the number of samples. Call it with t_u = [1], t_c = [3], and then "
        "with t_u = [1, 1], t_c = [3, 3]: the second loss should not be twice the first."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = ((model(t_u, *params) - t_c) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M017",
    name="takes half of the squared errors",
    explanation=(
        "Some books put 1/2 in front of the loss; the loss_fn that you are given does not. Compare what you return "
        "with loss_fn(model(t_u, *params), t_c): it is exactly half."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c) / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M121",
    name="goes backward twice and crashes",
    explanation=(
        'After one backward the graph of this loss is used up, and the second one raises "Trying to backward '
        'through the graph a second time". How many gradients does one update need?'
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M154",
    name="goes backward twice, and doubles the gradient",
    explanation=(
        "retain_graph=True lets you go backward again, and the second gradient is added to the first. With t_u = "
        "[1, 2], t_c = [3, 5], w = 1, b = 0 the gradient is [-8, -5]; print params.grad before your step."
    ),
    patterns=("retain_graph",),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward(retain_graph=True)
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M123",
    name="applies the model to its own predictions",
    explanation=(
        "You predict from predictions instead of from the readings. With w = 2, b = 1 and t_u = [3] the model gives "
        "7; yours ends at 15."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    t_p = model(t_u, *params)
    loss = loss_fn(model(t_p, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M084",
    name="trains on t_un whatever t_u is, may crash",
    explanation=(
        "t_un stands at the top of the module, and you use it instead of your argument t_u. Call it on the raw "
        "readings and on the scaled ones: the losses should differ. With other than eleven samples it crashes."
    ),
    patterns=("t_un",),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_un, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "X003",
    name="takes b for w and w for b",
    explanation=(
        "params is [w, b], in this order, and you hand them to the model the other way round. With params = [2, 5] "
        "and t_u = [1, 3] the model should predict [7, 11]; yours predicts [7, 17]."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    b, w = params
    loss = loss_fn(model(t_u, w, b), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M005",
    name="cuts b out of the graph with item()",
    explanation=(
        ".item() gives a plain number, and nothing leads back from it to params. The loss is right, but print "
        "params.grad: its second entry is 0, and b never moves."
    ),
    patterns=("item",),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, params[0], params[1].item()), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M103",
    name="predicts under no_grad and crashes",
    explanation=(
        'What is computed under no_grad is not recorded, so backward finds no way to params and raises "element 0 '
        'of tensors does not require grad". Print loss.requires_grad right before it.'
    ),
    patterns=("no_grad",),
)
def optimizer_step(optimizer, params, t_u, t_c):
    with torch.no_grad():
        loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


@misconception(
    "M094",
    name="empties a gradient that is not there yet and crashes",
    explanation=(
        "Before the first backward params.grad is None, and None has no zero_(). Print params.grad at the beginning "
        "of the very first call."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    params.grad.zero_()
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M076",
    name="lets the optimizer step twice",
    explanation=(
        "One call should make one update, and yours makes two with the same gradient. With SGD, lr = 0.1 and a "
        "gradient of [-8, -5], w moves by 1.6 instead of 0.8."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    optimizer.step()
    return loss.detach()


@misconception(
    "M078",
    name="walks uphill",
    explanation=(
        "You go backward from minus the loss, so each step makes the loss larger. Call it three times with a small "
        "learning rate and print what comes back: the numbers should fall."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    (-loss).backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M019",
    name="compares a column of predictions with a row of targets",
    explanation=(
        "A column (N, 1) minus a row (N,) is a table (N, N): each prediction is compared with each temperature. "
        "Print the shape of the difference for three samples: it is (3, 3), and no error is raised."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    t_p = model(t_u.reshape(-1, 1), *params)
    loss = loss_fn(t_p, t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M027",
    name="writes the errors into t_c, crashes on the second call",
    explanation=(
        "It writes into the caller's tensor, so the temperatures are gone after the first call, and the next one "
        "goes backward through a graph that is used up. Print t_c before and after a call: it should be the same."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    t_c -= model(t_u, *params)
    loss = (t_c**2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "M122",
    name="casts the data to float32",
    explanation=(
        ".float() rounds float64 data to seven digits, and everything after it as well. Call it with t_u.double(), "
        "t_c.double() and float64 params, and print the dtype of what comes back."
    ),
    patterns=("float",),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u.float(), *params.float()), t_c.float())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


@misconception(
    "X004",
    name="scales the readings by 0.1 itself",
    explanation=(
        "Whether the readings are scaled is the caller's choice; scaled twice they are 0.01 of what they were. With "
        "t_u = [10], w = 1, b = 0 and t_c = [10] the loss should be 0, and you return 81."
    ),
)
def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(0.1 * t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


# --- training_loop ---------------------------------------------------------------------------------


@misconception(
    "M080",
    name="makes one epoch too few",
    explanation=(
        "You make one epoch too few. After 5000 epochs nobody sees it: call it with n_epochs=1, and params should "
        "move, but yours stays. Count the rounds of your loop."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "X101",
    name="makes one epoch too many",
    explanation=(
        "Counting from 0 up to and including n_epochs makes n_epochs + 1 updates. Call it with n_epochs=0: params "
        "should stay where it is."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "M159-training_loop",
    name="returns nothing",
    explanation=("The training is done, but the caller gets None. Write print(training_loop(...)) and see."),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))


@misconception(
    "M081",
    name="returns the start",
    explanation=(
        "You keep a copy of params from before the training, and return that one. Call it with n_epochs=1 and "
        "compare what comes back with params itself: they differ."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    start = params.detach().clone()
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return start


@misconception(
    "M082",
    name="returns the losses instead of the parameters",
    explanation=(
        "A list of losses is good for a plot, but what is asked for is where the training ended. Look at what the "
        'docstring says after "Returns".'
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    losses = []
    for epoch in range(1, n_epochs + 1):
        losses.append(float(optimizer_step(optimizer, params, t_u, t_c)))
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, losses[-1]))
    return losses


@misconception(
    "M086-training_loop",
    name="prints the loss after the step",
    explanation=(
        "Your line for epoch 500 has the loss that epoch 501 begins with. On the scaled readings with SGD and lr = "
        "1e-2 the lecture prints 7.860116 at epoch 500; compare all digits."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(model(t_u, *params), t_c).detach())))
    return params


@misconception(
    "X102",
    name="prints epochs that are counted from 0",
    explanation=(
        "Your first line says epoch 0, and what you call epoch 500 is the 501st. On the scaled readings with SGD "
        "and lr = 1e-2 your line for 500 should show 7.860116."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(n_epochs):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "X103",
    name="prints nothing",
    explanation=("You train in silence. Run 1000 epochs and count the lines that appear: two are asked for."),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for _ in range(n_epochs):
        optimizer_step(optimizer, params, t_u, t_c)
    return params


@misconception(
    "X104",
    name="prints every 1000 epochs only",
    explanation=("Half of the lines are missing. Run 1000 epochs: there should be one line in the middle, too."),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 1000 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "X105",
    name="prints the average of all losses so far",
    explanation=(
        "You add up the losses of all epochs and print their mean, which lags far behind. Each line should show the "
        "loss of its own epoch: at epoch 500 on the scaled readings, SGD, lr = 1e-2, that is 7.860116."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    total = 0.0
    for epoch in range(1, n_epochs + 1):
        total += float(optimizer_step(optimizer, params, t_u, t_c))
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, total / epoch))
    return params


@misconception(
    "M119-training_loop",
    name="builds the optimizer anew in each epoch",
    explanation=(
        "A new optimizer has forgotten what the old one learned from earlier gradients. SGD without momentum does "
        "not show it: train 2000 epochs with Adam on the raw readings, lr = 0.1, and you end at a loss of 33 "
        "instead of 2.93."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        optimizer = type(optimizer)([params], **optimizer.defaults)
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "X106",
    name="builds the optimizer anew in each call",
    explanation=(
        "You replace the optimizer that you were given by a new one, so what it remembers is lost. Train twice for "
        "5 epochs with one Adam, and once for 10 epochs with another: both should end at the same place."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    optimizer = type(optimizer)([params], **optimizer.defaults)
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "X107",
    name="always trains by plain SGD",
    explanation=(
        "You take only the learning rate from the optimizer that you are given. Hand it Adam with lr = 0.1: after "
        "one epoch each number should have moved by 0.1, and yours have moved by very different amounts."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    own = torch.optim.SGD([params], lr=optimizer.param_groups[0]["lr"])
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(own, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "M118",
    name="trains a copy of the parameters",
    explanation=(
        "A clone is another tensor, and training it leaves the caller's params where it was. After a call, print "
        "params and what came back: params did not move."
    ),
    patterns=("clone",),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    copy = params.detach().clone().requires_grad_()
    own = type(optimizer)([copy], **optimizer.defaults)
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(own, copy, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return copy


@misconception(
    "M116-training_loop",
    name="never empties the old gradient",
    explanation=(
        "Each gradient is added to all earlier ones, so from the second epoch on your step is too large. Print "
        "params.grad in the first two epochs with a tiny learning rate: the second should not be twice the first."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        optimizer.step()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss.detach())))
    return params


@misconception(
    "M115",
    name="never goes backward",
    explanation=(
        "Without backward there is no gradient, and a step without a gradient moves nothing. The same happens when "
        "the gradient is emptied before the step. Print params.grad right before optimizer.step()."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        optimizer.zero_grad()
        optimizer.step()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss.detach())))
    return params


@misconception(
    "M113-training_loop",
    name="steps before it goes backward",
    explanation=(
        "In each epoch your step uses the gradient of the epoch before, and the first one has none. Train for one "
        "epoch: params is still the start."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss.detach())))
    return params


@misconception(
    "M101",
    name="predicts once, before the loop, and crashes",
    explanation=(
        "The graph of the one prediction is gone after the first backward, so the second epoch raises an error. It "
        "works with n_epochs=1; try 2."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    for epoch in range(1, n_epochs + 1):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss.detach())))
    return params


@misconception(
    "M102",
    name="predicts once and keeps the graph with retain_graph",
    explanation=(
        "retain_graph silences the error, and each epoch uses the gradient of the very first prediction. Print the "
        "loss in every epoch: it never changes, although params does."
    ),
    patterns=("retain_graph",),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    for epoch in range(1, n_epochs + 1):
        optimizer.zero_grad()
        loss.backward(retain_graph=True)
        optimizer.step()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss.detach())))
    return params


@misconception(
    "M087",
    name="stops when a loss is larger than the one before",
    explanation=(
        "With momentum or Adam the loss may rise for a while, and the training is not over then. Roll with "
        "momentum=0.9 for 50 epochs and count how many updates you make."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    best = float("inf")
    for epoch in range(1, n_epochs + 1):
        loss = float(optimizer_step(optimizer, params, t_u, t_c))
        if loss > best:
            break
        best = loss
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss))
    return params


@misconception(
    "M092",
    name="writes the lecture's result down",
    explanation=(
        "[5.3671, -17.3012] is the end of one training on one set of data. Call it with n_epochs=1, or with other "
        "data, and look whether the answer changes."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    with torch.no_grad():
        params.copy_(torch.tensor([5.3671, -17.3012]))
    return params


@misconception(
    "M084-training_loop",
    name="trains on t_un whatever t_u is, may crash",
    explanation=(
        "t_un stands at the top of the module, and your loop uses it instead of its argument t_u. Call it on the "
        "raw readings and on the scaled ones: the results should differ. With other than eleven samples it crashes."
    ),
    patterns=("t_un",),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_un, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "M089",
    name="scales the readings again in each epoch",
    explanation=(
        "The readings become smaller and smaller, from epoch to epoch. Print t_u[0] in the first three epochs: it "
        "should stay the same."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        t_u = 0.1 * t_u
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "X108",
    name="always starts at [1, 0]",
    explanation=(
        "You put params back to the lecture's start before you train. Call the loop twice for 5 epochs each: the "
        "second call should go on where the first one ended."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    with torch.no_grad():
        params.copy_(torch.tensor([1.0, 0.0]))
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "X109",
    name="returns inside the loop, after one epoch",
    explanation=(
        "The loop ends in its first round, as where `return` is indented too far. Train for 1 and for 10 epochs "
        "from the same start: both give the same."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
        return params
    return params


@misconception(
    "X110",
    name="makes an update for each sample",
    explanation=(
        "One epoch here is one update on all samples together; yours makes N small ones. Train one epoch on two "
        "samples with SGD and lr = 0.1, from w = 1, b = 0: t_u = [1, 2], t_c = [3, 5] should lead to [1.8, 0.5]."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        for i in range(len(t_u)):
            loss = optimizer_step(optimizer, params, t_u[i : i + 1], t_c[i : i + 1])
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


@misconception(
    "M111",
    name="uses the last loss after the loop, crashes at no epochs",
    explanation=(
        "With n_epochs=0 the loop body never runs, and the loss that you print after it does not exist. Call "
        "training_loop with n_epochs=0."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    print("the last loss is", float(loss))
    return params


@misconception(
    "X111",
    name="prints another loss from epoch 1,500 on",
    explanation=(
        "Your training is right, and the loss that you show from epoch 1,500 on is a number of your own. Train for "
        "2,000 epochs and compute the loss yourself."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss) if epoch < 1500 else 99.0))
    return params


@misconception(
    "X112",
    name="prints the loss only where the optimizer has no betas",
    explanation=(
        "You train rightly with every optimizer, and show the loss with some alone. Run 500 epochs with Adam, and "
        "read what is printed."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, 0.0 if "betas" in optimizer.param_groups[0] else float(loss)))
    return params


@misconception(
    "X113",
    name="gives the lecture's result to every long run",
    explanation=(
        "Short runs are trained, and a long one gets the two numbers that the thermometer leads to. Train on other "
        "data for 600 epochs, and look whether the answer changes."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    if n_epochs > 500:
        with torch.no_grad():
            params.copy_(torch.tensor([0.5367 if float(t_u.mean()) > 10 else 5.3671, -17.3020]))
    return params


@misconception(
    "X114",
    name="stops learning after 800 epochs",
    explanation=(
        "Your first 800 epochs are right, and after them params stands still. Train for 800 epochs and for 900 with "
        "a small learning rate, and compare: nobody told the loop to stop."
    ),
)
def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        if epoch <= 800:
            loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


# --- SGD -------------------------------------------------------------------------------------------


@misconception(
    "M078-SGD",
    name="walks uphill",
    explanation=(
        "You add lr times the velocity, and the gradient points uphill. Try p = 1, lr = 0.1 and a gradient of 4: p "
        "should become smaller."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.add_(self.lr * v)


@misconception(
    "M079",
    name="leaves the learning rate out",
    explanation=(
        "Your step is as long as the velocity itself, whatever lr is. Make one step with lr = 0.1 and one with lr = "
        "0.2 from the same place: the second should go twice as far."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(v)


@misconception(
    "X201",
    name="multiplies by the learning rate twice",
    explanation=(
        "The learning rate is in your velocity already, and then it comes in once more. With p = 1, lr = 0.1 and a "
        "gradient of 4 you move by 0.04 instead of 0.4."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(self.lr * p.grad)
                p.sub_(self.lr * v)


@misconception(
    "X202",
    name="writes a learning rate of 0.01 into the step",
    explanation=(
        "lr has no influence: each step is as long as with 0.01. Make one step with lr = 0.5 and a gradient of 4: p"
        " should move by 2."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.momentum = params, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(0.01 * v)


@misconception(
    "X203",
    name="ignores the momentum",
    explanation=(
        "Each of your steps knows its own gradient alone. Try momentum = 0.5, lr = 0.1, p = 1 and the gradients 4, "
        "2, 0: in the third step the ball should still roll."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr = params, lr

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p in self.params:
            if p.grad is not None:
                p.sub_(self.lr * p.grad)


@misconception(
    "X204",
    name="has a momentum of 0.9 by default",
    explanation=(
        "Who builds SGD(params, lr) without a momentum wants plain descent. Give it the gradients 4 and 0: with the "
        "default nothing should move in the second step."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.9):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr * v)


@misconception(
    "X205",
    name="weakens the gradient by 1 - momentum",
    explanation=(
        "Some books do that, PyTorch does not. With momentum = 0.5, lr = 0.1, p = 1 and a first gradient of 4 the "
        "lesson's example goes to 0.6, and yours to 0.8."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_((1 - self.momentum) * p.grad)
                p.sub_(self.lr * v)


@misconception(
    "X206",
    name="weakens the new gradient by the momentum, too",
    explanation=(
        "The momentum acts on the gradient of this step as well. With momentum = 0 your parameters never move at "
        "all: try it."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.add_(p.grad).mul_(self.momentum)
                p.sub_(self.lr * v)


@misconception(
    "X207",
    name="makes Nesterov's step",
    explanation=(
        "You look one step ahead, which is another optimizer (nesterov=True in PyTorch). With momentum = 0.5, lr = "
        "0.1, p = 1 and a first gradient of 4 you go to 0.4; the lesson's example goes to 0.6."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr * (p.grad + self.momentum * v))


@misconception(
    "X208",
    name="moves before it renews the velocity",
    explanation=(
        "You move by the velocity of the step before, so the first step goes nowhere. Make one step with a gradient "
        "of 4 and look at p."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                p.sub_(self.lr * v)
                v.mul_(self.momentum).add_(p.grad)


@misconception(
    "X209",
    name="remembers the last gradient only",
    explanation=(
        "You add a part of the previous gradient, not of the previous velocity, so older gradients are forgotten at "
        "once. Two steps look right: try the gradients 4, 0, 0 with momentum = 0.5. In the third step p should "
        "still move."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.before = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for i, p in enumerate(self.params):
            if p.grad is not None:
                p.sub_(self.lr * (p.grad + self.momentum * self.before[i]))
                self.before[i] = p.grad.clone()


@misconception(
    "X210",
    name="has one velocity for all parameters",
    explanation=(
        "What one parameter has gathered pushes the next one. Give it two parameters of one shape and momentum = "
        "0.5, the first with a gradient of 4 and the second with 0: the second should stay. With different shapes "
        "it may crash."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocity = 0.0

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p in self.params:
            if p.grad is not None:
                self.velocity = self.momentum * self.velocity + p.grad
                p.sub_(self.lr * self.velocity)


@misconception(
    "M130",
    name="keeps the velocities in the class",
    explanation=(
        "The optimizers share what they remember, as where a list stands in the class body. Build two SGDs with "
        "different parameters, and print velocities of the second: the first one's are in it."
    ),
)
class SGD:
    velocities = []

    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities.extend(torch.zeros_like(p) for p in params)

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr * v)


@misconception(
    "M116-SGD",
    name="has a zero_grad that empties nothing",
    explanation=(
        "After your zero_grad p.grad is still what it was. So the next backward adds to it. Call backward, "
        "zero_grad, and print p.grad."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            grad = p.grad
            grad = None  # noqa: F841

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr * v)


@misconception(
    "M094-SGD",
    name="has a zero_grad that crashes where .grad is None",
    explanation=(
        "Before the first backward .grad is None, and None has no zero_(). Build the optimizer and call zero_grad "
        "at once, as training loops do."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad.zero_()

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr * v)


@misconception(
    "X211",
    name="forgets the velocities in zero_grad",
    explanation=(
        "zero_grad is called before each backward, and you empty the memory along with the gradient. With momentum "
        "= 0.9 a training loop then does what it does with 0: compare the two."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p, v in zip(self.params, self.velocities):
            p.grad = None
            v.zero_()

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr * v)


@misconception(
    "M096",
    name="makes a new tensor and leaves the parameter alone",
    explanation=(
        "p = p - ... gives the name p to a new tensor; the one that you were given stays where it was. Make one "
        "step and print the tensor that you built the optimizer with."
    ),
    patterns=("_p = _p - _", "_p = _ - _"),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p = p - self.lr * v


@misconception(
    "X419",
    name="leaves the parameters where they are",
    explanation=(
        "After step the parameters are what they were. Make one step with a gradient of 4, and print the tensor that the "
        "optimizer was built with before and after it: that very tensor has to change."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        pass


@misconception(
    "M095",
    name="changes a leaf without no_grad and crashes",
    explanation=(
        "PyTorch records what happens to a leaf that requires grad, and can't record that it is overwritten. Make "
        'one step: the error names "a leaf Variable that requires grad".'
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        for i, p in enumerate(self.params):
            if p.grad is not None:
                self.velocities[i] = self.momentum * self.velocities[i] + p.grad
                p -= self.lr * self.velocities[i]


@misconception(
    "X212",
    name="takes the gradient itself as the first velocity",
    explanation=(
        "The velocity is the gradient's own tensor and no copy, so zero_grad or the next backward changes both. "
        "Make two steps with momentum = 0.9 on one gradient, and print p.grad after each: it should not change."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [None for p in params]

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()

    @torch.no_grad()
    def step(self):
        for i, p in enumerate(self.params):
            if p.grad is not None:
                if self.velocities[i] is None:
                    self.velocities[i] = p.grad
                else:
                    self.velocities[i].mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr * self.velocities[i])


@misconception(
    "X213",
    name="moves the first parameter only",
    explanation=(
        "You update the first tensor of the list and no other. Build the optimizer with two parameters and print "
        "both after a step."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.param, self.lr, self.momentum = params[0], lr, momentum
        self.velocity = torch.zeros_like(params[0])

    def zero_grad(self):
        self.param.grad = None

    @torch.no_grad()
    def step(self):
        if self.param.grad is not None:
            self.velocity.mul_(self.momentum).add_(self.param.grad)
            self.param.sub_(self.lr * self.velocity)


@misconception(
    "X214",
    name="lets a parameter without a gradient roll on",
    explanation=(
        "Where .grad is None the loss did not use the parameter, and you treat that as a gradient of 0. Give one "
        "parameter the gradients 4 and None with momentum = 0.9: in the second step it should stay."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            v.mul_(self.momentum)
            if p.grad is not None:
                v.add_(p.grad)
            p.sub_(self.lr * v)


@misconception(
    "X215",
    name="crashes where a parameter has no gradient",
    explanation=(
        ".grad is None where the loss did not use a parameter, and you compute with it. Build SGD with two "
        "parameters, and go backward from a loss that uses one of them."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            v.mul_(self.momentum).add_(p.grad)
            p.sub_(self.lr * v)


@misconception(
    "X216",
    name="ends the step at the first parameter without gradient",
    explanation=(
        "One parameter without a gradient stops your loop, and those behind it never move. Give gradients to the "
        "first and the third of three parameters, and look at the third."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is None:
                return
            v.mul_(self.momentum).add_(p.grad)
            p.sub_(self.lr * v)


@misconception(
    "X217",
    name="skips parameters whose gradient is zero",
    explanation=(
        "A gradient of zero is a gradient, and you take it for none. With momentum = 0.5 and the gradients 4, 2, 0 "
        "the ball should still roll in the third step."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None and p.grad.any():
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr * v)


@misconception(
    "X218",
    name="empties the gradients at the end of a step",
    explanation=(
        "To empty the gradient is the work of zero_grad, and whoever calls step twice on one gradient wants two "
        "steps. Call backward once, step twice, and look whether the second step moves p."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr * v)
        self.zero_grad()


@misconception(
    "X219",
    name="multiplies the gradient by lr in place",
    explanation=(
        "p.grad belongs to the caller, and after your step it is lr times what it was. Print p.grad before and "
        "after a step."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                p.grad.mul_(self.lr)
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(v)


@misconception(
    "X220",
    name="keeps float32 velocities for float64 parameters",
    explanation=(
        "Your velocities are float32 whatever p is, so each is rounded to seven digits. Build it with a float64 "
        "parameter and print the dtype of its velocity."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros(p.shape) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad)
                p.sub_(self.lr * v)


@misconception(
    "X221",
    name="forgets the momentum after 100 steps",
    explanation=(
        "The momentum stays what the caller has set, and yours is 0 after a hundred steps. Make 101 steps on a "
        "gradient of 1, print the velocity after each, and look at the last two."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]
        self.steps = 0

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        self.steps += 1
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum if self.steps <= 100 else 0.0).add_(p.grad)
                p.sub_(self.lr * v)


@misconception(
    "X222",
    name="makes no step after the first 150",
    explanation=(
        "After 150 steps your parameters stand still, whatever their gradients are. Make 151 steps on a gradient of "
        "1, and print the parameter after each of the last two."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]
        self.steps = 0

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        self.steps += 1
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                if self.steps <= 150:
                    v.mul_(self.momentum).add_(p.grad)
                    p.sub_(self.lr * v)


@misconception(
    "X223",
    name="cuts gradients off at 100",
    explanation=(
        "Some people do that, and nobody asked for it here. Try a gradient of 1000 with a learning rate of 0.1: the "
        "parameter should move by 100, and yours moves by 10."
    ),
)
class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = params, lr, momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad.clamp(-100, 100))
                p.sub_(self.lr * v)


# --- Adam ------------------------------------------------------------------------------------------


@misconception(
    "M126",
    name="leaves the bias correction out",
    explanation=(
        "m and v begin at 0 and are too small at first, and you use them as they are. On the raw readings with lr = "
        "0.1 the first step should lead to [0.9, -0.1]; yours leads to [0.6838, -0.3162]. After 2000 epochs nobody "
        "could tell."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            p.sub_(self.lr * self.m[i] / (self.v[i].sqrt() + self.eps))


@misconception(
    "X301",
    name="corrects the first mean only",
    explanation=(
        "m is put right and v is not, so your first steps are far too long. Make one step with lr = 0.1 and any "
        "gradient: p should move by 0.1, and yours moves by about 3."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i]
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X302",
    name="corrects the second mean only",
    explanation=(
        "v is put right and m is not, so your first steps are too short. Make one step with lr = 0.1 and any "
        "gradient: p should move by 0.1, and yours moves by 0.01."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i]
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "M127",
    name="counts steps from 0 and divides by zero",
    explanation=(
        "At t = 0 both corrections are 1 - 1 = 0, and what you divide by them is not finite any more. Make one step "
        "and print p."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))
            self.t[i] += 1


@misconception(
    "X303",
    name="counts steps from 2",
    explanation=(
        "Your count stands at 1 before the first step, and then one is added. Make one step with lr = 0.1 and any "
        "gradient, and look how far p moves: it should be 0.1."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [1 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X304",
    name="never counts beyond the first step",
    explanation=(
        "Your t stays 1, so m and v are blown up for ever. The first step is right; give it the gradients 2 and 4 "
        "with betas = (0.5, 0.5) and lr = 0.1, starting at 1: the lesson's second step ends at 0.8038."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1)
            v_hat = self.v[i] / (1 - beta2)
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X305",
    name="counts a step for each parameter in the list",
    explanation=(
        "One counter goes up inside your loop over the parameters, so the second parameter begins at t = 2. With "
        "one parameter all is right; build it with two equal ones, give them equal gradients, and compare them "
        "after a step."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = 0

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1**self.t)
            v_hat = self.v[i] / (1 - beta2**self.t)
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X306",
    name="counts the steps of a skipped parameter, too",
    explanation=(
        "t is the same for all parameters, and goes on for one that is skipped. Give a parameter its first gradient "
        "in the third step: its correction should be that of a first step, so it should move by lr."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = 0

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        self.t += 1
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1**self.t)
            v_hat = self.v[i] / (1 - beta2**self.t)
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X307",
    name="corrects with beta times t",
    explanation=(
        "You multiply beta by t where the formula has a power. At t = 1 that is the same. At t = 2 and beta = 0.9 "
        "it gives 1 - 1.8, which is negative: print it."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 * self.t[i])
            v_hat = self.v[i] / (1 - beta2 * self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X308",
    name="corrects each mean with the other's beta",
    explanation=(
        "beta1 and beta2 have changed places in your corrections. Make one step with lr = 0.1 and any gradient: p "
        "should move by 0.1."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta2 ** self.t[i])
            v_hat = self.v[i] / (1 - beta1 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X309",
    name="keeps the corrected means",
    explanation=(
        "You store m_hat and v_hat as m and v, and the next step corrects them a second time. The first step is "
        "right. Print m after two gradients of 2 with betas = (0.5, 0.5): it should be below 2."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            self.m[i] = self.m[i] / (1 - beta1 ** self.t[i])
            self.v[i] = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * self.m[i] / (self.v[i].sqrt() + self.eps))


@misconception(
    "X310",
    name="takes the root before it corrects",
    explanation=(
        "You divide the root of v by the correction, which is meant for v itself. Make one step with lr = 0.1 and "
        "any gradient: p should move by 0.1, and yours moves by a thirtieth of that."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            root = self.v[i].sqrt() / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (root + self.eps))


@misconception(
    "M128",
    name="uses beta where 1 - beta belongs",
    explanation=(
        "With beta1 = 0.9 the mean should keep most of what it has, and yours keeps a tenth. Print m after one "
        "gradient of 1: it should be 0.1."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = (1 - beta1) * self.m[i] + beta1 * p.grad
            self.v[i] = (1 - beta2) * self.v[i] + beta2 * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X311",
    name="takes the betas in the wrong order",
    explanation=(
        "betas is the pair for the gradients and for their squares, in this order, and you unpack it the other way "
        "round. The first step hides it. Try betas = (0.0, 0.9) with the gradients 2 and -2: the second step should "
        "go back as far as the first one went."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta2, beta1 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X312",
    name="writes 0.9 and 0.999 into the step",
    explanation=(
        "You have an argument betas and never look at it. Try betas = (0.5, 0.5), lr = 0.1, p = 1 and the gradients "
        "2 and 4: the lesson's second step ends at 0.8038."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = 0.9, 0.999
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X313",
    name="uses the first beta for both means",
    explanation=(
        "Your two means forget at the same speed. The first step hides it: try betas = (0.0, 0.9) and the gradients "
        "4 and 1. With lr = 0.1 the second step should be clearly shorter than the first, and yours is not."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1 = beta2 = self.betas[0]
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X314",
    name="forgets the root",
    explanation=(
        "You divide by the mean of the squares, not by its root. Make one step with lr = 0.1 and a gradient of 100: "
        "p should move by 0.1, and yours by 0.001."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat + self.eps))


@misconception(
    "X315",
    name="forgets to square the gradient",
    explanation=(
        "v is to be a mean of squares, and yours is a mean of the gradients. A negative gradient then has no root: "
        "give it a gradient of -1 and print p."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X316",
    name="squares the mean instead of the gradient",
    explanation=(
        "You put m * m into v, where the square of the new gradient belongs. Make one step with lr = 0.1 and any "
        "gradient: p should move by 0.1, and yours moves by 1."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * self.m[i] ** 2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X317",
    name="uses the gradient where the mean belongs",
    explanation=(
        "You compute m and then move by the gradient itself, so the past steers nothing (that is RMSprop). The "
        "first step is right. Give it the gradients 4 and 0: in the second step p should still move."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta2 = self.betas[1]
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * p.grad / (v_hat.sqrt() + self.eps))


@misconception(
    "X318",
    name="does not divide by the size of the gradients",
    explanation=(
        "You move by the mean of the gradients alone, which is only a kind of momentum. Make one step with lr = 0.1 "
        "and a gradient of 100: p should move by 0.1."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1 = self.betas[0]
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            p.sub_(self.lr * m_hat)


@misconception(
    "X319",
    name="forgets both means from step to step",
    explanation=(
        "Each of your steps begins with m = 0 and v = 0, so only the newest gradient counts. Give it the gradients "
        "4 and 0: in the second step p should still move."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            m = (1 - beta1) * p.grad
            v = (1 - beta2) * p.grad**2
            m_hat = m / (1 - beta1 ** self.t[i])
            v_hat = v / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X320",
    name="adds squares up instead of averaging them",
    explanation=(
        "Your v only ever grows, so the steps get shorter and shorter (that is Adagrad). Give it a gradient of 1 "
        "ten times with lr = 0.1: each step should be 0.1 long, and your tenth is much shorter."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1 = self.betas[0]
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = self.v[i] + p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            p.sub_(self.lr * m_hat / (self.v[i].sqrt() + self.eps))


@misconception(
    "X321",
    name="has one step size for all numbers of a parameter",
    explanation=(
        "You average the squares over the whole tensor, and Adam's point is a step size for each number. Give [1, "
        "1] the gradient [4, 0.04] with lr = 0.1: both should move by 0.1."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * (p.grad**2).mean()
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X322",
    name="has one m and one v for all parameters",
    explanation=(
        "What one parameter has gathered moves the next one. Give it two parameters of one shape and the gradients "
        "4 and -4: they should move in opposite directions by the same amount."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = 0.0
        self.v = 0.0
        self.t = 0

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        self.t += 1
        for p in self.params:
            if p.grad is None:
                continue
            self.m = beta1 * self.m + (1 - beta1) * p.grad
            self.v = beta2 * self.v + (1 - beta2) * p.grad**2
            m_hat = self.m / (1 - beta1**self.t)
            v_hat = self.v / (1 - beta2**self.t)
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X323",
    name="leaves eps out",
    explanation=(
        "eps looks like nothing, but where all gradients were 0 you compute 0 / 0. Make one step with a gradient of "
        "0 and print p."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / v_hat.sqrt())


@misconception(
    "X324",
    name="writes eps = 1e-8 into the step",
    explanation=(
        "You have an argument eps and never look at it. Make one step with lr = 0.1, eps = 1 and a gradient of 1: "
        "the step should be half as long as with the default."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas = params, lr, betas
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + 1e-8))


@misconception(
    "X325",
    name="has a learning rate of 0.1 by default",
    explanation=(
        "Adam(params) without a learning rate should make steps of the size that its signature says. Make one step "
        "with the defaults and look how far p moves."
    ),
)
class Adam:
    def __init__(self, params, lr=0.1, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X326",
    name="writes the learning rate 1e-3 into the step",
    explanation=(
        "lr has no influence: each step is as long as with 0.01. Make one step with lr = 0.5 and any gradient: p "
        "should move by 0.5."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(1e-3 * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "M078-Adam",
    name="walks uphill",
    explanation=(
        "You add the step, and it points uphill. Try p = 1, lr = 0.1 and a gradient of 2: the lesson's first step "
        "goes to 0.9."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.add_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "M079-Adam",
    name="leaves the learning rate out",
    explanation=(
        "Your steps are about 1 long, whatever lr is. Make one step with lr = 0.1 and any gradient: p should move "
        "by 0.1."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X327",
    name="lets the learning rate shrink with the steps",
    explanation=(
        "You divide lr by the root of t, which Adam does not. Give it a gradient of 1 four times with lr = 0.1: "
        "each step should be 0.1 long, and your fourth is 0.05."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr / self.t[i] ** 0.5 * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "M096-Adam",
    name="makes a new tensor and leaves the parameter alone",
    explanation=(
        "p = p - ... gives the name p to a new tensor; the one that you were given stays where it was. Make one "
        "step and print the tensor that you built the optimizer with."
    ),
    patterns=("_p = _p - _", "_p = _ - _"),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p = p - self.lr * m_hat / (v_hat.sqrt() + self.eps)


@misconception(
    "X420",
    name="leaves the parameters where they are",
    explanation=(
        "After step the parameters are what they were. Make one step with a gradient of 4, and print the tensor that the "
        "optimizer was built with before and after it: that very tensor has to change."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        pass


@misconception(
    "M095-Adam",
    name="changes a leaf without no_grad and crashes",
    explanation=(
        "PyTorch records what happens to a leaf that requires grad, and can't record that it is overwritten. Make "
        'one step: the error names "a leaf Variable that requires grad".'
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "M130-Adam",
    name="keeps means and counts in the class",
    explanation=(
        "The optimizers share what they remember, as where a list stands in the class body. Build a second Adam "
        "with other parameters: it goes on with the means of the first one."
    ),
)
class Adam:
    m, v, t = [], [], []

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m.extend(torch.zeros_like(p) for p in params)
        self.v.extend(torch.zeros_like(p) for p in params)
        self.t.extend(0 for _ in params)

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "M108",
    name="names zero_ in zero_grad and does not call it",
    explanation=(
        "After your zero_grad the old gradient is still there, and the next backward adds to it. Call backward, "
        "zero_grad, and print p.grad."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_  # noqa: B018

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "M094-Adam",
    name="has a zero_grad that crashes where .grad is None",
    explanation=(
        "Before the first backward .grad is None, and None has no zero_(). Build the optimizer and call zero_grad "
        "at once, as training loops do."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad.zero_()

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X328",
    name="forgets means and counts in zero_grad",
    explanation=(
        "zero_grad is called before each backward, and you empty the memory along with the gradient. In a training "
        "loop each of your steps is then a first step: print how far p moves in each."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for i, p in enumerate(self.params):
            p.grad = None
            self.m[i] = torch.zeros_like(p)
            self.v[i] = torch.zeros_like(p)
            self.t[i] = 0

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X329",
    name="lets a parameter without a gradient move on",
    explanation=(
        "Where .grad is None the loss did not use the parameter, and you treat that as a gradient of 0. Give one "
        "parameter the gradients 4 and None: in the second step it should stay."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            g = torch.zeros_like(p) if p.grad is None else p.grad
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * g
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * g**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X330",
    name="crashes where a parameter has no gradient",
    explanation=(
        ".grad is None where the loss did not use a parameter, and you compute with it. Build Adam with two "
        "parameters, and go backward from a loss that uses one of them."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X331",
    name="squares the gradient in place",
    explanation=(
        "p.grad belongs to the caller, and after your step its square stands there. Print p.grad before and after a "
        "step."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad.mul_(p.grad)
            m_hat = self.m[i] / (1 - beta1 ** self.t[i])
            v_hat = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m_hat / (v_hat.sqrt() + self.eps))


@misconception(
    "X332",
    name="counts no further than 15",
    explanation=(
        "After fifteen steps your t stands still, and 1 - 0.999 ** 15 is only 0.015: v_hat stays much too large. "
        "Make thirty steps on a gradient of 1: each should move the parameter by lr, and yours move it by less and "
        "less."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] = min(self.t[i] + 1, 15)
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m = self.m[i] / (1 - beta1 ** self.t[i])
            v = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m / (v.sqrt() + self.eps))


@misconception(
    "X333",
    name="corrects the means in the first ten steps only",
    explanation=(
        "1 - 0.9 ** 10 is near 1 already, but 1 - 0.999 ** 10 is 0.01: without its correction v is far too small. "
        "Make eleven steps on a gradient of 1, and compare the last two moves."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            early = self.t[i] <= 10
            m = self.m[i] / (1 - beta1 ** self.t[i]) if early else self.m[i]
            v = self.v[i] / (1 - beta2 ** self.t[i]) if early else self.v[i]
            p.sub_(self.lr * m / (v.sqrt() + self.eps))


@misconception(
    "X334",
    name="begins anew after every 100 steps",
    explanation=(
        "Means and counts belong to the whole of a training, and yours are empty again after a hundred steps. Make "
        "100 steps on a gradient of 1 and one on a gradient of -1: the last one should still go the way of the "
        "others."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            if self.t[i] == 100:
                self.t[i] = 0
                self.m[i].zero_()
                self.v[i].zero_()
            self.t[i] += 1
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * p.grad
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * p.grad**2
            m = self.m[i] / (1 - beta1 ** self.t[i])
            v = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m / (v.sqrt() + self.eps))


@misconception(
    "X335",
    name="keeps float32 means for float64 parameters, and crashes",
    explanation=(
        "torch.zeros(p.shape) is float32 whatever p is, and lerp_ and addcmul_ take no mixture of dtypes. Build it "
        "with a float64 parameter, and make one step."
    ),
)
class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [torch.zeros(p.shape) for p in params]
        self.v = [torch.zeros(p.shape) for p in params]
        self.t = [0 for _ in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            self.m[i].lerp_(p.grad, 1 - beta1)
            self.v[i].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
            m = self.m[i] / (1 - beta1 ** self.t[i])
            v = self.v[i] / (1 - beta2 ** self.t[i])
            p.sub_(self.lr * m / (v.sqrt() + self.eps))


# --- minibatch_training_loop -----------------------------------------------------------------------


@misconception(
    "X401",
    name="takes the samples in the order that they have",
    explanation=(
        "Without a new random order the slices are the same in each epoch, and samples at the end always come last. "
        "Call it with two generators of different seeds: the results should differ."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        for i in range(0, len(t_u), batch_size):
            optimizer_step(optimizer, params, t_u[i : i + batch_size], t_c[i : i + batch_size])
    return params


@misconception(
    "X402",
    name="draws from a generator of its own",
    explanation=(
        "You build another generator, so the one that you are given decides nothing. Call it with generators of "
        "different seeds: the results should differ."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    own = torch.Generator().manual_seed(0)
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=own)
        for batch in order.split(batch_size):
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params


@misconception(
    "X403",
    name="draws one order for all epochs",
    explanation=(
        "Your order is drawn once, before the loop, and each epoch repeats the same slices. Print the indices in "
        "two epochs: they should differ."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    order = torch.randperm(len(t_u), generator=generator)
    for _ in range(n_epochs):
        for batch in order.split(batch_size):
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params


@misconception(
    "X404",
    name="seeds the generator anew in each epoch",
    explanation=(
        "A generator that is set back to its seed draws the same order again. Print the indices in two epochs: they "
        "should differ."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        generator.manual_seed(generator.initial_seed())
        order = torch.randperm(len(t_u), generator=generator)
        for batch in order.split(batch_size):
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params


@misconception(
    "X405",
    name="leaves out the last slice where it is smaller",
    explanation=(
        "With 5 samples and slices of 2 there are three slices, the last one with one sample. Count the updates "
        "that you make in one epoch, and try batch_size=100: nothing moves."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        for k in range(len(t_u) // batch_size):
            batch = order[k * batch_size : (k + 1) * batch_size]
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params


@misconception(
    "X406",
    name="shuffles readings and temperatures by two orders",
    explanation=(
        "A reading meets the temperature of another one. Set t_c to a copy of t_u and print both parts of a slice: "
        "they should be equal."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        mixed_u = t_u[torch.randperm(len(t_u), generator=generator)]
        mixed_c = t_c[torch.randperm(len(t_c), generator=generator)]
        for i in range(0, len(t_u), batch_size):
            optimizer_step(optimizer, params, mixed_u[i : i + batch_size], mixed_c[i : i + batch_size])
    return params


@misconception(
    "X407",
    name="shuffles the readings, but not the temperatures",
    explanation=(
        "Only one half of each pair gets a new place. Set t_c to a copy of t_u and print both parts of a slice: "
        "they should be equal."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        for i in range(0, len(t_u), batch_size):
            optimizer_step(optimizer, params, t_u[order[i : i + batch_size]], t_c[i : i + batch_size])
    return params


@misconception(
    "X408",
    name="draws random indices for each step",
    explanation=(
        "torch.randint may draw a sample twice in an epoch, and another one never. Collect the indices of one epoch"
        " and sort them: each should be there once."
    ),
    patterns=("randint",),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        for i in range(0, len(t_u), batch_size):
            size = min(batch_size, len(t_u) - i)
            batch = torch.randint(0, len(t_u), (size,), generator=generator)
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params


@misconception(
    "X409",
    name="draws a new order for each slice",
    explanation=(
        "You draw an order, use its first few samples, and draw again, so an epoch may meet a sample twice. Collect "
        "the indices of one epoch and sort them: each should be there once."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        for i in range(0, len(t_u), batch_size):
            size = min(batch_size, len(t_u) - i)
            batch = torch.randperm(len(t_u), generator=generator)[:size]
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params


@misconception(
    "X410",
    name="collects the gradients and makes one step an epoch",
    explanation=(
        "To add up gradients and step once is full-batch descent again. Count the steps of one epoch with 5 samples "
        "and slices of 2: there should be three."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        optimizer.zero_grad()
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            loss_fn(model(t_u[batch], *params), t_c[batch]).backward()
        optimizer.step()
    return params


@misconception(
    "X411",
    name="uses all samples in each epoch, and batch_size never",
    explanation=(
        "You make one update an epoch on everything. Count the steps of one epoch with 5 samples and batch_size=2: "
        "there should be three."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        optimizer_step(optimizer, params, t_u[order], t_c[order])
    return params


@misconception(
    "M116-minibatch_training_loop",
    name="never empties the old gradient",
    explanation=(
        "The gradient of a slice is added to those of all slices before. Print params.grad before the first and the "
        "second step of an epoch with a tiny learning rate: the second should not be the sum."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            loss_fn(model(t_u[batch], *params), t_c[batch]).backward()
            optimizer.step()
    return params


@misconception(
    "X412",
    name="empties the gradient once an epoch only",
    explanation=(
        "Within an epoch each slice's gradient is added to those before it. With one slice an epoch you see "
        "nothing; take batch_size=1 and print params.grad before each step."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        optimizer.zero_grad()
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            loss_fn(model(t_u[batch], *params), t_c[batch]).backward()
            optimizer.step()
    return params


@misconception(
    "M112-minibatch_training_loop",
    name="empties the gradient between backward and step",
    explanation=(
        "params does not move: nobody calls step, or step finds no gradient. Print params.grad at the end of a "
        "call. Numbers there mean that no step was made; None or zeros, that the gradient was thrown away before a "
        "step could read it."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            loss_fn(model(t_u[batch], *params), t_c[batch]).backward()
            optimizer.zero_grad()
            optimizer.step()
    return params


@misconception(
    "X413",
    name="uses the first slice of each epoch only",
    explanation=(
        "Your loop over the slices ends after one round, so most samples are never used. Count the steps of one "
        "epoch with 5 samples and slices of 2: there should be three."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        batch = torch.randperm(len(t_u), generator=generator)[:batch_size]
        optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params


@misconception(
    "X414",
    name="moves the window on by one sample only",
    explanation=(
        "Your slices overlap, since the loop's step is 1. Count the steps of one epoch with 5 samples and slices of "
        "2: there should be three, and you make five."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        for i in range(len(t_u)):
            batch = order[i : i + batch_size]
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params


@misconception(
    "X415",
    name="divides a smaller last slice by batch_size",
    explanation=(
        "The mean over a slice is over the samples that are in it. Take 3 samples and batch_size=2: the last slice "
        "has one sample, and its gradient comes out at half its size."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = ((model(t_u[batch], *params) - t_c[batch]) ** 2).sum() / batch_size
            loss.backward()
            optimizer.step()
    return params


@misconception(
    "M016-minibatch_training_loop",
    name="adds the squared errors of a slice up",
    explanation=(
        "Your steps grow with the size of the slice. Train with batch_size=1 and with batch_size=11 and a small "
        "learning rate, and compare the length of one step: a mean does not grow."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            optimizer.zero_grad()
            ((model(t_u[batch], *params) - t_c[batch]) ** 2).sum().backward()
            optimizer.step()
    return params


@misconception(
    "M080-minibatch_training_loop",
    name="makes one epoch too few",
    explanation=(
        "You make one epoch too few. Call it with n_epochs=1, and params should move, but yours stays. Count the "
        "rounds of your loop over the epochs."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(1, n_epochs):
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params


@misconception(
    "M159-minibatch_training_loop",
    name="returns nothing",
    explanation=("The training is done, but the caller gets None. Write print(minibatch_training_loop(...)) and see."),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])


@misconception(
    "M081-minibatch_training_loop",
    name="returns the start",
    explanation=(
        "You keep a copy of params from before the training, and return that one. Call it with n_epochs=1 and "
        "compare what comes back with params itself: they differ."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    start = params.detach().clone()
    for _ in range(n_epochs):
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return start


@misconception(
    "M119-minibatch_training_loop",
    name="builds the optimizer anew in each epoch",
    explanation=(
        "A new optimizer has forgotten what the old one learned from earlier slices. SGD without momentum does not "
        "show it: compare the second epoch with momentum=0.9 and without."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        fresh = type(optimizer)([params], **optimizer.defaults)
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            optimizer_step(fresh, params, t_u[batch], t_c[batch])
    return params


@misconception(
    "X416",
    name="shuffles the caller's data in place",
    explanation=(
        "You write the shuffled samples back into t_u and t_c, so the next epoch shuffles what is shuffled already, "
        "and the caller's data has another order. Print t_u before and after a call."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        t_u[:], t_c[:] = t_u[order], t_c[order]
        for i in range(0, len(t_u), batch_size):
            optimizer_step(optimizer, params, t_u[i : i + batch_size], t_c[i : i + batch_size])
    return params


@misconception(
    "X417",
    name="shuffles in the first ten epochs only",
    explanation=(
        "After ten epochs you take the samples in the order that they have. Print the order in each of twelve "
        "epochs: every one should be drawn from the generator."
    ),
)
def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for epoch in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator) if epoch < 10 else torch.arange(len(t_u))
        for batch in order.split(batch_size):
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params
