# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Wrong variants of the exercises of gradient_descent, named: for diagnosis, and to prove the hidden suite."""

from __future__ import annotations

import numpy as np
import torch

from grader.course.catalogue import misconception

# --- model ----------------------------------------------------------------------------------------


@misconception(
    "M003",
    name="exchanges w and b",
    explanation=(
        "You stretch by b and shift by w; their roles are exchanged. Call model with w=2, b=0 and a reading of 3: the "
        "prediction has to be 6, and yours is 2."
    ),
)
def model(t_u, w, b):
    return b * t_u + w


@misconception(
    "M004",
    name="adds a stray constant to the prediction",
    explanation=(
        "Something is added that is neither w nor b nor a reading. Call model with a reading of 0, w=0 and b=0: "
        "nothing should be left of the prediction, and you return 2."
    ),
)
def model(t_u, w, b):
    return w * t_u + b + 2


@misconception(
    "M007",
    name="reads the global t_un instead of its argument",
    explanation=(
        "Your function looks at t_un, which stands at the top of the file, and not at the readings that it is "
        "given. Give it a single reading, torch.tensor([3.0]): you get eleven predictions for it."
    ),
    patterns=("t_un",),
)
def model(t_u, w, b):
    return w * t_un + b


@misconception(
    "M012",
    name="forgets the offset b",
    explanation=(
        "Nothing in your prediction depends on b. Call model with the same readings and w, once with b=0 and once "
        "with b=5: both answers are the same, but the line should have moved up."
    ),
)
def model(t_u, w, b):
    return w * t_u


@misconception(
    "M014",
    name="returns a table with one row",
    explanation=(
        "Your numbers are right, but they come in a table with one row. Print the shape of the answer for four "
        "readings: it is (1, 4), and the readings had (4,). One axis too many makes broadcasting do odd things later."
    ),
)
def model(t_u, w, b):
    return (w * t_u + b).unsqueeze(0)


@misconception(
    "M019-model",
    name="returns a column",
    explanation=(
        "Your numbers are right, but they stand in a column. Print the shape for four readings: it is (4, 1). Next to "
        "t_c of shape (4,), the loss would compare each prediction with each truth: a 4 x 4 table, and no error."
    ),
)
def model(t_u, w, b):
    return w * t_u.reshape(-1, 1) + b


@misconception(
    "M015",
    name="overwrites the readings with the predictions",
    explanation=(
        "It writes into the tensor that you were given, so the caller's readings are gone. Call model twice with "
        "the same tensor: with w=2, b=1 and a reading of 3 you return 7 at first, and then 15."
    ),
)
def model(t_u, w, b):
    t_u *= w
    t_u += b
    return t_u


@misconception(
    "M043-model",
    name="returns a list instead of a tensor",
    explanation=(
        "Tensors come in, and tensors go out; you return a Python list. Try model(...) - t_c with your answer, as the "
        "loss does, or ask it for its .shape: a list has none."
    ),
)
def model(t_u, w, b):
    return [float(w) * reading + float(b) for reading in t_u.tolist()]


@misconception(
    "M066",
    name="always answers in float32",
    explanation=(
        "The answer should have the dtype of the data. Call model with t_u.double(), and w and b in float64 as well: "
        "your answer is float32, and half of the digits are gone."
    ),
)
def model(t_u, w, b):
    return (w * t_u + b).float()


@misconception(
    "M159",
    name="prints the prediction instead of returning it",
    explanation=(
        "Printing shows a value to you; only `return` hands it to the caller. Write p = model(...), and then "
        "print(p): it says None."
    ),
)
def model(t_u, w, b):
    print(w * t_u + b)


@misconception(
    "X001",
    name="stretches the offset as well",
    explanation=(
        "You add b before you multiply, so b is stretched by w, too. Call model with a reading of 0, w=2 and b=1: the "
        "prediction there is the offset alone, 1, and you return 2."
    ),
)
def model(t_u, w, b):
    return w * (t_u + b)


@misconception(
    "X002",
    name="subtracts the offset",
    explanation=(
        "Your line moves down when b grows. Call model with a reading of 0, w=2 and b=1: you return -1, and the line "
        "should be above 0 there."
    ),
)
def model(t_u, w, b):
    return w * t_u - b


@misconception(
    "X003",
    name="adds up the predictions of all samples",
    explanation=(
        "There should be one prediction for each sample, and you return one number for all of them. Call model with "
        "four readings and print the shape of the answer: nothing is summed over samples before the loss."
    ),
)
def model(t_u, w, b):
    return (w * t_u).sum() + b


# --- loss_fn --------------------------------------------------------------------------------------


@misconception(
    "M016",
    name="sums instead of averaging",
    explanation=(
        "You add the squared errors up instead of averaging them, so your loss grows with the number of samples. Call "
        "it with one sample and then with the same sample twice: an average stays the same."
    ),
)
def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).sum()


@misconception(
    "M017",
    name="halves the mean of the squares",
    explanation=(
        "Your loss is exactly half of what is asked for. Some courses put a 1/2 in front, so that a 2 drops out "
        "later; this one doesn't. A single error of 3 should cost 9, and you say 4.5."
    ),
)
def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean() / 2


@misconception(
    "M018",
    name="averages absolute errors instead of squares",
    explanation=(
        "That is the mean absolute error, which is another loss: an error of 4 should count sixteen times as much as "
        "an error of 1. Call loss_fn with the prediction 4 and the truth 0: you return 4."
    ),
)
def loss_fn(t_p, t_c):
    return (t_p - t_c).abs().mean()


@misconception(
    "M019",
    name="compares each prediction with each truth",
    explanation=(
        "One of your two tensors is a column, so the difference is a table of N x N entries. Call loss_fn with t_p "
        "and t_c both [1, 2, 3]: the predictions are perfect and the loss should be 0, but yours is 1.3333."
    ),
)
def loss_fn(t_p, t_c):
    return ((t_p.unsqueeze(-1) - t_c) ** 2).mean()


@misconception(
    "M020",
    name="returns a plain float (.item())",
    explanation=(
        "The number is right, but .item() and float() cut it off from the predictions, and nothing can be "
        "differentiated through it. Print type(loss_fn(...)): it should be a tensor."
    ),
    patterns=("item", "float"),
)
def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean().item()


@misconception(
    "M021",
    name="returns one squared error for each sample",
    explanation=(
        "A loss is one number, so that one can say which of two lines is better. Yours has an entry for each sample: "
        "print its shape. The last step, from many squares to one number, is missing."
    ),
)
def loss_fn(t_p, t_c):
    return (t_p - t_c) ** 2


@misconception(
    "M022",
    name="averages the errors before squaring",
    explanation=(
        "Errors of opposite sign cancel when you average them first. Call loss_fn with the predictions [1, -1] and "
        "the truths [0, 0]: both are wrong by 1, but your loss is 0."
    ),
)
def loss_fn(t_p, t_c):
    return (t_p - t_c).mean() ** 2


@misconception(
    "X004",
    name="averages the errors without squaring",
    explanation=(
        "Your loss can be negative, and then it calls bad predictions better than perfect ones. Call loss_fn with the "
        "prediction 0 and the truth 10: you return -10, while a perfect prediction gets 0."
    ),
)
def loss_fn(t_p, t_c):
    return (t_p - t_c).mean()


@misconception(
    "M023",
    name="takes the square root of the mean",
    explanation=(
        "That is the root mean squared error. It is a useful number to report, but the loss of this assignment has no "
        "root: a single error of 3 should cost 9, and you say 3."
    ),
)
def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean().sqrt()


@misconception(
    "M026",
    name="divides by 11, however many samples there are",
    explanation=(
        "Eleven is the number of samples of the thermometer, not of all data. Call loss_fn with a single sample whose "
        "error is 3: its mean squared error is 9, and you return 0.8182."
    ),
)
def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).sum() / 11


@misconception(
    "M027",
    name="overwrites the targets with the errors",
    explanation=(
        "It writes into the t_c of the caller, so the true temperatures are gone after one call. Call "
        "loss_fn twice with the same tensors: the second answer is another one."
    ),
)
def loss_fn(t_p, t_c):
    t_c -= t_p
    return (t_c**2).mean()


@misconception(
    "M029",
    name="makes a new tensor that is cut off from the graph",
    explanation=(
        "torch.tensor(...), detach() and no_grad() keep the number and lose where it came from, so it can't be "
        "differentiated in t_p. Call loss_fn with a t_p that requires a gradient, and look at .requires_grad of the"
        " answer."
    ),
    patterns=("tensor", "detach", "no_grad", "item", "float"),
)
def loss_fn(t_p, t_c):
    with torch.no_grad():
        return ((t_p - t_c) ** 2).mean()


@misconception(
    "X005",
    name="computes in numpy (crashes if t_p requires grad)",
    explanation=(
        "numpy knows no gradients: t_p.numpy() raises as soon as t_p requires one, and what it returns is no "
        "tensor. Try it with torch.tensor([3.0], requires_grad=True). The same arithmetic works on tensors."
    ),
    patterns=("numpy", "np"),
)
def loss_fn(t_p, t_c):
    return np.mean((t_p.numpy() - t_c.numpy()) ** 2)


@misconception(
    "X006",
    name="takes the variance of the errors for the loss",
    explanation=(
        "A variance leaves out how far off the errors are on average. Call loss_fn with predictions that are all 5 "
        "degrees too high, such as [6, 7, 8] for [1, 2, 3]: you return 0, as if they were perfect."
    ),
)
def loss_fn(t_p, t_c):
    return torch.var(t_p - t_c, correction=0)


@misconception(
    "X007",
    name="divides by one less than the number of samples",
    explanation=(
        "N - 1 belongs to the estimate of a variance; a mean is something else. Errors of 3 and 3 have the mean "
        "square 9, and you return 18. With a single sample you divide by 0."
    ),
)
def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).sum() / torch.tensor(t_p.numel() - 1)


@misconception(
    "X008",
    name="subtracts the squares instead of squaring errors",
    explanation=(
        "A difference of squares is not the square of a difference. Call loss_fn with the prediction -3 and the truth "
        "3: it is off by 6, and you return 0. With the prediction 0 your loss is even negative."
    ),
)
def loss_fn(t_p, t_c):
    return (t_p**2 - t_c**2).mean()


@misconception(
    "X009",
    name="divides each error by the true temperature",
    explanation=(
        "You measure relative errors: being off by 1 counts less where it is warm. The loss of this assignment treats "
        "all samples alike. Compare the prediction 2 for the truth 1 with 11 for 10: both should cost 1."
    ),
)
def loss_fn(t_p, t_c):
    return (((t_p - t_c) / t_c) ** 2).mean()


@misconception(
    "X059",
    name="takes errors below 0.5 for none",
    explanation=(
        "A small error is an error, too. Try one prediction of 1.3 for a temperature of 1.0: the loss is 0.09, and "
        "you return 0."
    ),
)
def loss_fn(t_p, t_c):
    error = t_p - t_c
    return torch.where(error.abs() < 0.5, 0 * error, error).pow(2).mean()


# --- loss_rate_of_change --------------------------------------------------------------------------


@misconception(
    "M067",
    name="never divides by the distance",
    explanation=(
        "You return how much the loss rises, not how steeply. Halve delta: your answer becomes about half as large, "
        "while the slope at a place does not depend on how far you look."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)
    in_b = loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b - delta), t_c)
    return torch.stack([in_w, in_b])


@misconception(
    "M068",
    name="divides only the second loss (missing brackets)",
    explanation=(
        "Division binds tighter than subtraction, so only the second loss is divided. With the losses 4.175 and 2.975 "
        "at a distance of 0.2 the slope is 6; without brackets around the difference you get -10.7."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c) / (2.0 * delta)
    in_b = loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b - delta), t_c) / (2.0 * delta)
    return torch.stack([in_w, in_b])


@misconception(
    "M069",
    name="moves to the same side twice, so the slope is 0",
    explanation=(
        "Both of your losses are computed at the same place, so their difference is always 0. Print the two places, "
        "with w = 2 and delta = 0.1: one should lie on each side of 2."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w + delta, b), t_c)) / (2.0 * delta)
    in_b = (loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b + delta), t_c)) / (2.0 * delta)
    return torch.stack([in_w, in_b])


@misconception(
    "M070",
    name="moves w while it measures the slope in b",
    explanation=(
        "Your second slope is a copy of the first: w is moved in both. On the thermometer at w=1, b=0 you return "
        "4517.3 twice. For the slope in b, w has to stay where it is."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / (2.0 * delta)
    in_b = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / (2.0 * delta)
    return torch.stack([in_w, in_b])


@misconception(
    "M071",
    name="moves w and b together",
    explanation=(
        "When both move at once, you measure the sum of the two slopes and can't tell whose it is. The four readings "
        "of the lesson have the slopes 6 and 2; you find 8 for both. Move one at a time."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    rise = loss_fn(model(t_u, w + delta, b + delta), t_c) - loss_fn(model(t_u, w - delta, b - delta), t_c)
    return torch.stack([rise / (2 * delta), rise / (2 * delta)])


@misconception(
    "M072",
    name="looks to the right only (a forward difference)",
    explanation=(
        "You compare the point itself with the place to its right; asked for is a step to either side. On the "
        "thermometer you get 4811.4 for a slope of 4517.3. Try delta = 1 and 0.1: your answer should not change."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    here = loss_fn(model(t_u, w, b), t_c)
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - here) / delta
    in_b = (loss_fn(model(t_u, w, b + delta), t_c) - here) / delta
    return torch.stack([in_w, in_b])


@misconception(
    "X010",
    name="looks to the left only (a backward difference)",
    explanation=(
        "You compare the point itself with the place to its left; asked for is a step to either side. On the four "
        "readings of the lesson you find 5.25 where the slope is 6, and with delta = 1 you are off by much more."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    here = loss_fn(model(t_u, w, b), t_c)
    in_w = (here - loss_fn(model(t_u, w - delta, b), t_c)) / delta
    in_b = (here - loss_fn(model(t_u, w, b - delta), t_c)) / delta
    return torch.stack([in_w, in_b])


@misconception(
    "M073",
    name="takes a delta so small that rounding eats the slope",
    explanation=(
        "You don't use the delta that you are given, and yours is so small that the two losses agree in nearly all of "
        "float32's seven digits. On the thermometer your slopes are about 4455.6 and 0, and should be 4517.3 and "
        "82.6."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    h = 1e-6
    in_w = (loss_fn(model(t_u, w + h, b), t_c) - loss_fn(model(t_u, w - h, b), t_c)) / (2 * h)
    in_b = (loss_fn(model(t_u, w, b + h), t_c) - loss_fn(model(t_u, w, b - h), t_c)) / (2 * h)
    return torch.stack([in_w, in_b])


@misconception(
    "M074",
    name="divides by delta instead of the whole distance",
    explanation=(
        "Your slopes are exactly twice what they should be. From w - delta to w + delta, how far is it? With w = 2 "
        "and delta = 0.1 the two places are 1.9 and 2.1."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / delta
    in_b = (loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b - delta), t_c)) / delta
    return torch.stack([in_w, in_b])


@misconception(
    "M075",
    name="moves w before it measures the slope in b",
    explanation=(
        "The slides do it in this order, but then the slope in b belongs to another w. On the thermometer you find "
        "about -4600 instead of 82.6. Both slopes should be those of the w and b that you were given."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / (2.0 * delta)
    w = w - 1e-2 * in_w
    in_b = (loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b - delta), t_c)) / (2.0 * delta)
    return torch.stack([in_w, in_b])


@misconception(
    "M077",
    name="moves w and b in place and never puts them back",
    explanation=(
        "It changes the caller's w, and you don't return to where you began; so the slope in b is measured at "
        "another w. Print w before and after the call: 2 has become 1.9."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    w += delta
    above = loss_fn(model(t_u, w, b), t_c)
    w -= 2 * delta
    in_w = (above - loss_fn(model(t_u, w, b), t_c)) / (2 * delta)
    b += delta
    above = loss_fn(model(t_u, w, b), t_c)
    b -= 2 * delta
    in_b = (above - loss_fn(model(t_u, w, b), t_c)) / (2 * delta)
    return torch.stack([in_w, in_b])


@misconception(
    "M034-loss_rate_of_change",
    name="subtracts the right loss from the left one",
    explanation=(
        "Both of your slopes have the wrong sign. Rise means the loss after moving up, less the loss after moving "
        "down. On the four readings of the lesson you find -6 and -2."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = (loss_fn(model(t_u, w - delta, b), t_c) - loss_fn(model(t_u, w + delta, b), t_c)) / (2.0 * delta)
    in_b = (loss_fn(model(t_u, w, b - delta), t_c) - loss_fn(model(t_u, w, b + delta), t_c)) / (2.0 * delta)
    return torch.stack([in_w, in_b])


@misconception(
    "M059-loss_rate_of_change",
    name="returns the slope in b first",
    explanation=(
        "Both slopes are right, but they stand in the wrong order. On the thermometer at w=1, b=0 the slope in w is "
        "the large one, 4517.3, and it comes first, as w does in the argument list."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / (2.0 * delta)
    in_b = (loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b - delta), t_c)) / (2.0 * delta)
    return torch.stack([in_b, in_w])


@misconception(
    "X011",
    name="returns the slope in w alone",
    explanation=(
        "There are two parameters, so there are two slopes, and you return one number. Print the shape of your "
        "answer: it should be (2,)."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    return (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / (2.0 * delta)


@misconception(
    "X012",
    name="returns moved parameters instead of the slopes",
    explanation=(
        "You measure the slopes, and then already step. The step belongs to the training loop; here only the slopes "
        "are asked for. On the thermometer at w=1, b=0 they are about 4517.3 and 82.6; you return -44.2 and -0.8."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    learning_rate = 1e-2
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / (2.0 * delta)
    in_b = (loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b - delta), t_c)) / (2.0 * delta)
    return torch.stack([w - learning_rate * in_w, b - learning_rate * in_b])


@misconception(
    "X013",
    name="moves the parameters by a share instead of by delta",
    explanation=(
        "You stretch w by 1 + delta instead of shifting it by delta, so the distance depends on w itself. With w = 2 "
        "and delta = 0.1 the places should be 2.1 and 1.9, and yours are 2.2 and 1.8."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    above, below = 1 + delta, 1 - delta
    in_w = (loss_fn(model(t_u, w * above, b), t_c) - loss_fn(model(t_u, w * below, b), t_c)) / (2.0 * delta)
    in_b = (loss_fn(model(t_u, w, b * above), t_c) - loss_fn(model(t_u, w, b * below), t_c)) / (2.0 * delta)
    return torch.stack([in_w, in_b])


@misconception(
    "X014",
    name="exchanges readings and true temperatures",
    explanation=(
        "You predict readings from temperatures: t_c goes into the model and t_u into the loss. Print what goes into "
        "model on the thermometer; the readings run from 21.8 to 81.9."
    ),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = (loss_fn(model(t_c, w + delta, b), t_u) - loss_fn(model(t_c, w - delta, b), t_u)) / (2.0 * delta)
    in_b = (loss_fn(model(t_c, w, b + delta), t_u) - loss_fn(model(t_c, w, b - delta), t_u)) / (2.0 * delta)
    return torch.stack([in_w, in_b])


@misconception(
    "M066-loss_rate_of_change",
    name="packs the slopes into a float32 tensor",
    explanation=(
        "torch.tensor of Python floats is always float32. Call your function with float64 data and print the dtype "
        "of the answer: it should be that of the data."
    ),
    patterns=("tensor",),
)
def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    in_w = (loss_fn(model(t_u, w + delta, b), t_c) - loss_fn(model(t_u, w - delta, b), t_c)) / (2.0 * delta)
    in_b = (loss_fn(model(t_u, w, b + delta), t_c) - loss_fn(model(t_u, w, b - delta), t_c)) / (2.0 * delta)
    return torch.tensor([in_w.item(), in_b.item()])


# --- dloss_fn -------------------------------------------------------------------------------------


@misconception(
    "M031",
    name="leaves out the division by the number of samples",
    explanation=(
        "Your answer is exactly N times too large: you differentiated the sum of the squares, but the loss is their "
        "mean. On the four readings of the lesson the first entry should be 1, and yours is 4."
    ),
)
def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c)


@misconception(
    "M032",
    name="divides by the number of samples twice",
    explanation=(
        "Your answer is exactly 1/N of what it should be: the mean contributes one division, and you make two. On the "
        "four readings of the lesson the first entry should be 1, and yours is 0.25."
    ),
)
def dloss_fn(t_p, t_c):
    n = t_p.shape[0]
    return 2 * (t_p - t_c) / n / n


@misconception(
    "M033",
    name="leaves out the 2 of the square",
    explanation=(
        "Your answer is exactly half of what it should be. How fast does x^2 grow at x = 3? From 2.9 to 3.1 it goes "
        "from 8.41 to 9.61, which is a slope of 6, and not 3."
    ),
)
def dloss_fn(t_p, t_c):
    return (t_p - t_c) / t_p.numel()


@misconception(
    "M034",
    name="subtracts the prediction from the truth",
    explanation=(
        "Every sign is wrong: you differentiate in t_c instead of t_p, or have the difference the wrong way round. If "
        "a prediction is too high, raising it makes the loss larger, so its entry has to be positive; yours is "
        "negative."
    ),
)
def dloss_fn(t_p, t_c):
    return 2 * (t_c - t_p) / t_p.numel()


@misconception(
    "M035",
    name="averages over the samples and returns one number",
    explanation=(
        "Each prediction moves the loss in its own way, so there is a derivative for each of them. Yours is a single "
        "number of shape (). The division by N comes from the loss; it is no mean of the derivatives."
    ),
)
def dloss_fn(t_p, t_c):
    return (2 * (t_p - t_c)).mean()


@misconception(
    "M037",
    name="doubles the loss instead of differentiating it",
    explanation=(
        "The rule for x^2 applies to each difference, not to the loss as a whole. Your answer is twice the loss and "
        "can never be negative; but a prediction that is too low has to get a negative entry."
    ),
)
def dloss_fn(t_p, t_c):
    return 2 * loss_fn(t_p, t_c)


@misconception(
    "M042",
    name="uses floor division",
    explanation=(
        "// rounds down to a whole number, and derivatives are rarely whole. Predictions [3, 5, 7, 9] for [1, 6, 7, "
        "6] should give -0.5 in the second place, and you give -1."
    ),
)
def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c) // t_p.numel()


@misconception(
    "M043",
    name="returns a list instead of a tensor",
    explanation=(
        "Tensors come in, and tensors go out. A list can't be multiplied by the model's derivatives: try "
        "dloss_fn(...) * 0.5 with your answer."
    ),
)
def dloss_fn(t_p, t_c):
    n = len(t_p)
    return [2 * (p - c) / n for p, c in zip(t_p.tolist(), t_c.tolist(), strict=True)]


@misconception(
    "M026-dloss_fn",
    name="divides by 11, however many samples there are",
    explanation=(
        "Eleven is the number of samples of the thermometer, not of all data. Call dloss_fn with a single sample that "
        "is 3 too high: the derivative is 6, and you return 0.5455."
    ),
)
def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c) / 11


@misconception(
    "M038",
    name="misspells t_c, so it reads the global one",
    explanation=(
        "The argument is called t_c_, so t_c in the body is the thermometer's, from the top of the file. Call your "
        "function with other data, or by keyword: dloss_fn(t_p=..., t_c=...) raises a TypeError."
    ),
)
def dloss_fn(t_p, t_c_):
    return 2 * (t_p - t_c) / t_p.size(0)


@misconception(
    "M015-dloss_fn",
    name="overwrites the predictions",
    explanation=(
        "It writes into t_p, which belongs to the caller. The first call is right, but grad_fn needs the "
        "predictions afterwards: print t_p before and after. A second call gives another answer."
    ),
)
def dloss_fn(t_p, t_c):
    t_p -= t_c
    t_p *= 2 / t_p.numel()
    return t_p


@misconception(
    "M018-dloss_fn",
    name="differentiates the absolute error instead",
    explanation=(
        "All of your entries have the same size, whether a prediction is off by 1 or by 100. That is the derivative "
        "of an absolute value. With a square, an error that is twice as large pulls twice as hard."
    ),
)
def dloss_fn(t_p, t_c):
    return torch.sign(t_p - t_c) / t_p.numel()


@misconception(
    "X015",
    name="keeps the square",
    explanation=(
        "When a square is differentiated, its power goes down by one; yours is still 2, so no entry is ever negative. "
        "Predict 5 where the truth is 6: raising the prediction helps, so that entry has to be below 0."
    ),
)
def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c) ** 2 / t_p.numel()


@misconception(
    "X016",
    name="drops t_c because it is a constant",
    explanation=(
        "A constant drops out where it is added, but t_c stands inside the square. Call dloss_fn with perfect "
        "predictions, t_p = t_c = [2, 3]: at the lowest point every slope is 0, and yours are not."
    ),
)
def dloss_fn(t_p, t_c):
    return 2 * t_p / t_p.numel()


@misconception(
    "X017",
    name="doubles and divides only one side (missing brackets)",
    explanation=(
        "Without brackets the 2 reaches only t_p, and the division only t_c. Call dloss_fn with perfect predictions, "
        "t_p = t_c = [2, 3]: every entry should be 0, and you return 3 and 4.5."
    ),
)
def dloss_fn(t_p, t_c):
    return 2 * t_p - t_c / t_p.numel()


@misconception(
    "M066-dloss_fn",
    name="rebuilds the answer in float32",
    explanation=(
        "torch.tensor of Python floats is always float32, whatever the data is. Call dloss_fn with float64 data and"
        " print the dtype of the answer."
    ),
    patterns=("tensor",),
)
def dloss_fn(t_p, t_c):
    return torch.tensor([2 * (float(p) - float(c)) / len(t_p) for p, c in zip(t_p, t_c, strict=True)])


@misconception(
    "X058",
    name="takes errors below 0.5 for zero",
    explanation=(
        "A small error is an error, too. Try a prediction of 1.3 for a temperature of 1.0: the derivative is 2 times "
        "0.3, divided by N, and you return 0."
    ),
)
def dloss_fn(t_p, t_c):
    error = t_p - t_c
    error = torch.where(error.abs() < 0.5, torch.zeros_like(error), error)
    return 2 * error / t_p.numel()


# --- dmodel_dw ------------------------------------------------------------------------------------


@misconception(
    "M044",
    name="returns w, the derivative in the reading",
    explanation=(
        "w is how fast a prediction grows with its reading. The question is what happens when w itself grows: raise w "
        "from 2 to 3, and the predictions for [1, 2, 3, 4] go up by 1, 2, 3 and 4. Your answer is 2 for all of them."
    ),
)
def dmodel_dw(t_u, w, b):
    return w * torch.ones_like(t_u)


@misconception(
    "M051",
    name="adds up over the samples",
    explanation=(
        "w pulls on each prediction with its own strength, so there is one number for each sample. You return their "
        "sum. Adding up comes later, in grad_fn, after each has been multiplied by its dL/dt_p."
    ),
)
def dmodel_dw(t_u, w, b):
    return t_u.sum()


@misconception(
    "X018",
    name="averages over the samples",
    explanation=(
        "w pulls on each prediction with its own strength, and you return one average for all. For the readings [1, "
        "2, 3, 4] raise w from 2 to 3: the predictions do not all go up by 2.5."
    ),
)
def dmodel_dw(t_u, w, b):
    return t_u.mean()


@misconception(
    "X019",
    name="takes the derivative to be 1",
    explanation=(
        "Only w alone has the derivative 1; here it has a factor beside it. For the reading 4, raise w from 2 to 3: "
        "the prediction goes from 9 to 13, which is more than 1."
    ),
)
def dmodel_dw(t_u, w, b):
    return torch.ones_like(t_u)


@misconception(
    "X020",
    name="leaves w beside the reading",
    explanation=(
        "You dropped b, and forgot that w turns into something as well when one differentiates in it. For the reading "
        "4, raise w from 2 to 3: the prediction goes up by 4, and you say 8."
    ),
)
def dmodel_dw(t_u, w, b):
    return w * t_u


@misconception(
    "X021",
    name="keeps b, which is a constant here",
    explanation=(
        "Only w moves, so b has the derivative 0 and leaves nothing behind. Call dmodel_dw with b=0 and with b=5: you "
        "give two answers, but shifting a line does not change how w pulls on it."
    ),
)
def dmodel_dw(t_u, w, b):
    return t_u + b


@misconception(
    "X022",
    name="returns the prediction itself",
    explanation=(
        "That is the model, not its derivative. Raise w from 2 to 3 with b=1: the prediction for the reading 4 goes "
        "from 9 to 13. How much is the change?"
    ),
)
def dmodel_dw(t_u, w, b):
    return w * t_u + b


@misconception(
    "X023",
    name="divides the prediction by w",
    explanation=(
        "A derivative is a slope, not a share: how much more comes out, for how much more w. The two differ as soon "
        "as b is not 0. With the reading 4, w=2 and b=1 you say 4.5; but from w=2 to 3 the prediction goes up by 4."
    ),
)
def dmodel_dw(t_u, w, b):
    return model(t_u, w, b) / w


@misconception(
    "X024",
    name="doubles the reading, as for a square",
    explanation=(
        "The 2 belongs to the derivative of a square, and there is none in the line. For the reading 4, raise w from "
        "2 to 3: the prediction goes from 9 to 13, and you say it goes up by 8."
    ),
)
def dmodel_dw(t_u, w, b):
    return 2 * t_u


@misconception(
    "M007-dmodel_dw",
    name="reads the global t_un instead of its argument",
    explanation=(
        "t_un stands at the top of the file; your function should look at the readings that it is given. Call it "
        "with a single reading, torch.tensor([3.0]): eleven numbers come back."
    ),
    patterns=("t_un",),
)
def dmodel_dw(t_u, w, b):
    return t_un


@misconception(
    "M066-dmodel_dw",
    name="always answers in float32",
    explanation=(
        "The answer should have the dtype of the data. Call dmodel_dw with t_u.double(), and print the dtype of what "
        "comes back."
    ),
)
def dmodel_dw(t_u, w, b):
    return t_u.float()


# --- dmodel_db ------------------------------------------------------------------------------------


@misconception(
    "M048",
    name="takes b for a constant and returns 0",
    explanation=(
        "Here b is the one thing that moves; w and the readings are the constants. Raise b from 1 to 2: every "
        "prediction goes up, so the derivative can't be 0. With your 0, training would never move b."
    ),
)
def dmodel_db(t_u, w, b):
    return torch.zeros_like(t_u)


@misconception(
    "M049",
    name="returns the readings, as for w",
    explanation=(
        "Nothing multiplies b, so how a prediction reacts to it does not depend on the reading. Raise b from 1 to 2 "
        "with w=2: the predictions [3, 5, 7, 9] become [4, 6, 8, 10]. All go up by the same amount."
    ),
)
def dmodel_db(t_u, w, b):
    return t_u


@misconception(
    "X025",
    name="returns b itself",
    explanation=(
        "A derivative says how fast something changes, not how large it is. Raise b from 1 to 2, and then from 5 to "
        "6: the predictions go up by the same amount both times, but you give two answers."
    ),
)
def dmodel_db(t_u, w, b):
    return b * torch.ones_like(t_u)


@misconception(
    "X026",
    name="returns w, the derivative in the reading",
    explanation=(
        "w is how fast a prediction grows with its reading; asked for is how it grows with b. Keep w=2 and raise b "
        "from 1 to 2: the prediction for the reading 4 goes from 9 to 10, and you say it goes up by 2."
    ),
)
def dmodel_db(t_u, w, b):
    return w * torch.ones_like(t_u)


@misconception(
    "M051-dmodel_db",
    name="adds up over the samples",
    explanation=(
        "You return N, which is the sum of what should come back for each sample. Adding up comes later, in grad_fn. "
        "Call dmodel_db with one reading and with four: each prediction reacts to b in the same way in both."
    ),
)
def dmodel_db(t_u, w, b):
    return torch.ones_like(t_u).sum()


@misconception(
    "M026-dmodel_db",
    name="returns eleven ones, however many samples there are",
    explanation=(
        "Eleven is the number of samples of the thermometer. Call dmodel_db with four readings: your answer has "
        "eleven entries, and can't be multiplied by the four of dloss_fn."
    ),
)
def dmodel_db(t_u, w, b):
    return torch.ones(11)


@misconception(
    "X027",
    name="leaves w * t_u beside the derivative of b",
    explanation=(
        "Where b moves, w * t_u is a constant, and constants have derivative 0. Keep w=2 and the reading 4 and raise "
        "b from 1 to 2: the prediction goes up from 9 to 10, and you say by 9."
    ),
)
def dmodel_db(t_u, w, b):
    return w * t_u + 1


@misconception(
    "M052",
    name="takes two arguments only, so the call crashes",
    explanation=(
        "All derivatives of the model are called with t_u, w and b, so that one can be called like the other. Yours "
        "raises a TypeError when it gets three. An argument may be there and not be used."
    ),
)
def dmodel_db(t_u, b):
    return torch.ones_like(t_u)


# --- grad_fn --------------------------------------------------------------------------------------


@misconception(
    "M054",
    name="forgets the loss: sums the model's derivatives",
    explanation=(
        "Your gradient does not depend on t_c at all: change the true temperatures, and it stays the same. The chain "
        "rule needs both stages, and dL/dt_p is missing from yours."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    return torch.stack([dmodel_dw(t_u, w, b).sum(), (dmodel_db(t_u, w, b) * torch.ones_like(t_u)).sum()])


@misconception(
    "M060",
    name="uses the derivative in w for b as well",
    explanation=(
        "Both of your entries are the same number: the second one still uses dmodel_dw. On the four readings of the "
        "lesson the gradient is [6, 2], and you return [6, 6]."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    dloss_dw = dloss_dtp * dmodel_dw(t_u, w, b)
    dloss_db = dloss_dtp * dmodel_dw(t_u, w, b)
    return torch.stack([dloss_dw.sum(), dloss_db.sum()])


@misconception(
    "X028",
    name="forgets the model: sums the derivatives of the loss",
    explanation=(
        "You add up dL/dt_p for both parameters, and never ask how strongly w pulls on each prediction. On the four "
        "readings of the lesson the gradient is [6, 2], and you return [2, 2]: the second one is right by luck."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([dloss_dtp.sum(), dloss_dtp.sum()])


@misconception(
    "M056",
    name="never adds up over the samples",
    explanation=(
        "There is one w for all samples, so there is one dL/dw; you return one for each sample. Print the shape: it "
        "is (2, N) instead of (2,). The N ways from w to the loss still have to be put together."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([dloss_dtp * dmodel_dw(t_u, w, b), dloss_dtp * dmodel_db(t_u, w, b)])


@misconception(
    "X029",
    name="joins the samples' entries into one long tensor",
    explanation=(
        "torch.cat puts all entries in one row, so 2N numbers come back. There are two parameters and so two "
        "derivatives: what the samples contribute to one of them belongs together in one number."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.cat([dloss_dtp * dmodel_dw(t_u, w, b), dloss_dtp * dmodel_db(t_u, w, b)])


@misconception(
    "M057",
    name="averages, though dloss_fn has divided already",
    explanation=(
        "Your gradient is exactly 1/N of what it should be. The mean of the loss is in dloss_fn already, and you "
        "average once more. Compare with loss_rate_of_change on four samples: yours is a quarter of it."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([(dloss_dtp * dmodel_dw(t_u, w, b)).mean(), (dloss_dtp * dmodel_db(t_u, w, b)).mean()])


@misconception(
    "M058",
    name="leaves out the division by the number of samples",
    explanation=(
        "Your gradient is exactly N times too large: it belongs to a sum of squares, and the loss is their mean. "
        "Compare with loss_rate_of_change on the four readings of the lesson: it says 6 and 2, and you say 24 and 8."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    errors = 2 * (t_p - t_c)
    return torch.stack([(errors * t_u).sum(), errors.sum()])


@misconception(
    "M033-grad_fn",
    name="leaves out the 2 of the square",
    explanation=(
        "Your gradient is exactly half of what it should be. Compare with loss_rate_of_change on the four readings of "
        "the lesson: it says 6 and 2, and you say 3 and 1. What is the derivative of x^2?"
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    errors = t_p - t_c
    return torch.stack([(errors * t_u).mean(), errors.mean()])


@misconception(
    "M026-grad_fn",
    name="divides by 11, however many samples there are",
    explanation=(
        "Eleven is the number of samples of the thermometer, not of all data. On the four readings of the lesson the "
        "gradient is [6, 2], and you return about [2.18, 0.73]."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    errors = 2 * (t_p - t_c) / 11
    return torch.stack([(errors * t_u).sum(), errors.sum()])


@misconception(
    "M059",
    name="returns the derivative in b first",
    explanation=(
        "Both derivatives are right, but they stand in the wrong order: the loop subtracts your answer from [w, b]. "
        "On the four readings of the lesson the gradient is [6, 2], and you return [2, 6]."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([(dloss_dtp * dmodel_db(t_u, w, b)).sum(), (dloss_dtp * dmodel_dw(t_u, w, b)).sum()])


@misconception(
    "M061",
    name="hands t_c over where dloss_fn wants t_p",
    explanation=(
        "dloss_fn takes the predictions first and the truth second; the other way round every sign is wrong, and "
        "training walks uphill. Compare with loss_rate_of_change: yours is exactly minus that."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_c, t_p)
    return torch.stack([(dloss_dtp * dmodel_dw(t_u, w, b)).sum(), (dloss_dtp * dmodel_db(t_u, w, b)).sum()])


@misconception(
    "M055",
    name="stacks a plain float, which crashes",
    explanation=(
        'torch.stack takes tensors only, and one of your two entries is a Python float: "expected Tensor as element". '
        "Print type(...) of both before you stack them."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([(dloss_dtp * dmodel_dw(t_u, w, b)).sum(), (dloss_dtp * dmodel_db(t_u, w, b)).sum().item()])


@misconception(
    "X030",
    name="adds up each stage before multiplying",
    explanation=(
        "The product of two sums is not the sum of the products: each sample's dL/dt_p belongs to its own reading. On "
        "the four readings of the lesson the gradient is [6, 2], and you return [20, 8]."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c).sum()
    return torch.stack([dloss_dtp * dmodel_dw(t_u, w, b).sum(), dloss_dtp * dmodel_db(t_u, w, b).sum()])


@misconception(
    "X031",
    name="adds the two stages instead of multiplying",
    explanation=(
        "Along a chain slopes multiply; what adds up are different ways to the same place. Feed in perfect "
        "predictions: the gradient there is [0, 0], but yours is not."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([(dloss_dtp + dmodel_dw(t_u, w, b)).sum(), (dloss_dtp + dmodel_db(t_u, w, b)).sum()])


@misconception(
    "X032",
    name="multiplies by the predictions instead of the readings",
    explanation=(
        "Your first entry uses t_p where the derivative of the model in w belongs. On the four readings of the lesson "
        "it is 14, and loss_rate_of_change measures 6. At w=1, b=0, where t_p equals t_u, you would not notice."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([(dloss_dtp * t_p).sum(), dloss_dtp.sum()])


@misconception(
    "X033",
    name="calls dmodel_dw with its arguments in another order",
    explanation=(
        "dmodel_dw is called with t_u, w, b, in this order; you put w first, so it takes w for the readings. On the "
        "four readings of the lesson your first entry is 4 instead of 6."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([(dloss_dtp * dmodel_dw(w, t_u, b)).sum(), (dloss_dtp * dmodel_db(t_u, w, b)).sum()])


@misconception(
    "X034",
    name="adds the two derivatives up into one number",
    explanation=(
        "w and b move on their own, so each needs its own derivative. You return one number, 8 on the four readings "
        "of the lesson, and no loop could tell from it how far w should go and how far b."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return (dloss_dtp * dmodel_dw(t_u, w, b)).sum() + (dloss_dtp * dmodel_db(t_u, w, b)).sum()


@misconception(
    "X035",
    name="scales the gradient to length 1",
    explanation=(
        "The direction is right, but the length is lost, and it tells how steep it is. On the four readings of the "
        "lesson the gradient is [6, 2], and you return about [0.95, 0.32]. Compare with loss_rate_of_change."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    gradient = torch.stack([(dloss_dtp * dmodel_dw(t_u, w, b)).sum(), (dloss_dtp * dmodel_db(t_u, w, b)).sum()])
    return gradient / gradient.norm()


@misconception(
    "M072-grad_fn",
    name="measures a forward difference instead of the formula",
    explanation=(
        "You try a step to the right instead of using the chain rule, and that is off by as much as the slope changes "
        "on the way. On the four readings of the lesson the gradient is [6, 2], and you say about [6.75, 2.1]."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    here = loss_fn(t_p, t_c)
    in_w = (loss_fn(model(t_u, w + 0.1, b), t_c) - here) / 0.1
    in_b = (loss_fn(model(t_u, w, b + 0.1), t_c) - here) / 0.1
    return torch.stack([in_w, in_b])


@misconception(
    "M007-grad_fn",
    name="reads the global t_un instead of its argument",
    explanation=(
        "t_un stands at the top of the file; your function should look at the t_u that it is given. Call it with "
        "four readings: the shapes do not even fit."
    ),
    patterns=("t_un",),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([(dloss_dtp * dmodel_dw(t_un, w, b)).sum(), (dloss_dtp * dmodel_db(t_un, w, b)).sum()])


@misconception(
    "M066-grad_fn",
    name="packs the gradient into a float32 tensor",
    explanation=(
        "torch.tensor of Python floats is always float32. Call grad_fn with float64 data and print the dtype of the"
        " answer: half of the digits are gone."
    ),
    patterns=("tensor",),
)
def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    in_w = (dloss_dtp * dmodel_dw(t_u, w, b)).sum()
    in_b = (dloss_dtp * dmodel_db(t_u, w, b)).sum()
    return torch.tensor([in_w.item(), in_b.item()])


@misconception(
    "X060",
    name="drops samples whose error is below 0.5",
    explanation=(
        "Near the optimum most errors are small, and you leave those samples out of both sums. Try one sample with "
        "an error of 0.3: neither derivative is 0."
    ),
)
def grad_fn(t_u, t_c, t_p, w, b):
    d = dloss_fn(t_p, t_c) * ((t_p - t_c).abs() >= 0.5)
    return torch.stack([(d * dmodel_dw(t_u, w, b)).sum(), (d * dmodel_db(t_u, w, b)).sum()])


# --- training_loop --------------------------------------------------------------------------------


@misconception(
    "X021-training_loop",
    name="prints nothing",
    explanation=(
        "The training prints nothing at all. In the epochs 1, 2, 3, 10, 11, 99, 100, 4000 and 5000 a line with the epoch "
        "and its loss is asked for, so that one can see whether it works."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for _ in range(n_epochs):
        t_p = model(t_u, *params)
        loss = loss_fn(t_p, t_c)
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, *params)
        if not loss.isfinite():
            break
    return params


@misconception(
    "M078",
    name="adds the gradient and walks uphill",
    explanation=(
        "The gradient points to where the loss rises fastest, and you follow it. Print the losses of the first epochs "
        "with a small learning rate: they should fall, and yours grow."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params + learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M079",
    name="steps by the whole gradient, without learning rate",
    explanation=(
        "The learning rate is nowhere in your step. Run one epoch with 0.1 and one with 0.001 from the same start: "
        "you get the same params twice, but a smaller rate should move them less."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X036",
    name="applies the learning rate twice",
    explanation=(
        "The rate multiplies your gradient, and then the step once more. Start the four readings of the lesson at [2, "
        "1] with a rate of 0.1: after one epoch the params should be [1.4, 0.8], and yours are [1.94, 0.98]."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        step = learning_rate * grad
        params = params - learning_rate * step
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M080",
    name="makes one epoch too few",
    explanation=(
        "You make one epoch too few. Call your loop with n_epochs=1: the params do not move at all. After 5000 "
        "epochs one more or less is hard to see, so try 1, 2 and 3."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X037",
    name="makes one epoch too many",
    explanation=("You make n + 1 rounds. Call your loop with n_epochs=0: nothing should happen, but the params move."),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M081",
    name="returns the start instead of the trained params",
    explanation=(
        "You return what you were given, and every epoch begins there again. "
        "Run 1 and then 100 epochs: the same params come back, and they are those that you gave."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        new_params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", new_params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M159-training_loop",
    name="trains, and returns nothing",
    explanation=(
        "There is no `return` at the end, so the trained params are lost. Write best = training_loop(...), and then "
        "print(best): it says None."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break


@misconception(
    "X038",
    name="returns from inside the loop, after one epoch",
    explanation=(
        "The loop ends in its first round, as where `return` is indented too far. Run 1 epoch and then 3: you get "
        "the same params, and only one epoch is printed."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
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
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    losses = []
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        losses.append(float(loss))
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params, losses


@misconception(
    "M083",
    name="changes the caller's params in place",
    explanation=(
        "It writes into the params that you were given. Keep a tensor start = torch.tensor([1.0, 0.0]), "
        "train from it, and print start afterwards: it has changed, and a second run begins elsewhere."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params -= learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M084",
    name="trains on the global t_un instead of its argument",
    explanation=(
        "Your loop predicts from t_un, which stands at the top of the file, and ignores the readings that it is "
        "given. Call it with t_u and with t_un: you get the same params twice. With four samples it even crashes."
    ),
    patterns=("t_un",),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_un, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_un, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M085",
    name="moves w only",
    explanation=(
        "b is still where it started: compare it before and after. The line can turn, but never shift, so the loss "
        "falls at first and then stays too high."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    w, b = params
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        w = w - learning_rate * grad[0]
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", torch.stack([w, b]))
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return torch.stack([w, b])


@misconception(
    "X040",
    name="moves b by the derivative in w",
    explanation=(
        "Both parameters make the same step. Start the four readings of the lesson at [2, 1] with a rate of 0.1: the "
        "gradient is [6, 2], so w moves by 0.6 and b by 0.2. Your b moves by 0.6, too."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    w, b = params
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        w = w - learning_rate * grad[0]
        b = b - learning_rate * grad[0]
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", torch.stack([w, b]))
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return torch.stack([w, b])


@misconception(
    "M075-training_loop",
    name="moves w before it computes the gradient in b",
    explanation=(
        "Your step in b is made with predictions at the new w; both steps should start from the same place. Start the "
        "four readings of the lesson at [2, 1] with a rate of 0.1: b should become 0.8, and yours becomes 1.1."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    w, b = params
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad_w = grad_fn(t_u, t_c, t_p, w, b)[0]
        w = w - learning_rate * grad_w
        grad_b = grad_fn(t_u, t_c, model(t_u, w, b), w, b)[1]
        b = b - learning_rate * grad_b
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", torch.stack([w, b]))
                print("    Grad:  ", torch.stack([grad_w, grad_b]))
        if not torch.isfinite(loss):
            break
    return torch.stack([w, b])


@misconception(
    "M076",
    name="makes the step twice in each epoch",
    explanation=(
        "In each epoch the params move twice as far with one gradient. Start the four readings of the lesson at [2,"
        " 1] with a rate of 0.1: one epoch leads to [1.4, 0.8], and yours to [0.8, 0.6]."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M063",
    name="predicts once, before the loop",
    explanation=(
        "After the first step the predictions are old, so every epoch repeats the first gradient and the params run "
        "away along a straight line. Print the loss of three epochs: it is the same three times."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    t_p = model(t_u, *params)
    for epoch in range(1, n_epochs + 1):
        w, b = params
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M057-training_loop",
    name="divides the step by the number of samples as well",
    explanation=(
        "The gradient belongs to a mean already, and you average once more, so all steps are N times too short. Start "
        "the four readings of the lesson at [2, 1] with a rate of 0.1: w should go down by 0.6, and yours by 0.15."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad / len(t_u)
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X041",
    name="subtracts the loss instead of the gradient",
    explanation=(
        "The loss says how bad the params are, not in which direction to go. Both of yours move by the same amount, "
        "and always down: start at [2, 1] and see that w - b stays 1 for ever."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * loss
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X042",
    name="steps by the sign of the gradient only",
    explanation=(
        "The sign gives the direction, but all of your steps have the same size, however steep it is. Start the four "
        "readings of the lesson at [2, 1] with a rate of 0.1: w should go down by 0.6 and b by 0.2; both go by 0.1."
    ),
    patterns=("sign", "abs", "copysign", "where"),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * torch.sign(grad)
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X043",
    name="clips gradients that are longer than 1",
    explanation=(
        "Clipping hides that a learning rate is too large; plain gradient descent takes the gradient as it is. Start "
        "the four readings of the lesson at [2, 1] with a rate of 0.1: w should go down by 0.6, and yours by 0.095."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        if grad.norm() > 1:
            grad = grad / grad.norm()
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X044",
    name="shrinks the learning rate in every epoch",
    explanation=(
        "The rate should stay the same. Your first epoch is right, and the second steps too short: start the four "
        "readings of the lesson at [2, 1] with a rate of 0.1; after two epochs w should be 1.8, and yours is 1.6."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate / epoch * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X045",
    name="steps after each sample instead of each epoch",
    explanation=(
        "You make N small steps in an epoch, each by one sample's gradient. That is a method of its own, but "
        "full-batch descent makes one step by the gradient of all samples. With a single sample the two agree."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        for i in range(len(t_u)):
            w, b = params
            u, c = t_u[i : i + 1], t_c[i : i + 1]
            grad = grad_fn(u, c, model(u, w, b), w, b)
            params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X046",
    name="always starts at [1, 0]",
    explanation=(
        "Your loop makes its own start and ignores the params that it is given. Call it with n_epochs=0 and params "
        "[2, 1]: they should come back as they are."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    params = torch.tensor([1.0, 0.0], dtype=t_u.dtype)
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M124",
    name="continues where the last call stopped",
    explanation=(
        "Something is kept from call to call, as in a default value such as kept=[], so your second call starts "
        "with the trained params of the first. Call the loop twice with the same arguments: the answers should "
        "agree."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True, kept=[]):  # noqa: B006 - the bug
    if kept:
        params = kept.pop().to(t_u.dtype)
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    kept.append(params)
    return params


@misconception(
    "X047",
    name="returns the params of the smallest loss it computed",
    explanation=(
        "You remember the params with the best loss so far, but the last step is never judged, so it gets lost. Run "
        "one epoch: the start comes back, since its loss is the only one that you know. Asked for are the last "
        "params."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    best, best_loss = params, float("inf")
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        if loss < best_loss:
            best, best_loss = params, loss
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return best


@misconception(
    "M087",
    name="stops as soon as the loss hardly falls",
    explanation=(
        "You stop early once the loss changes by little, but asked for are all n_epochs; only a loss that is not "
        "finite ends the loop. On the scaled readings training is slow yet not finished: print how many epochs you "
        "make of 5000."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    previous = None
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss) or (previous is not None and abs(previous - loss) < 1e-3):
            break
        previous = loss
    return params


@misconception(
    "X048",
    name="stops as soon as the loss rises",
    explanation=(
        "With a rate that is too large the loss rises, and you give up; but only a loss that is not finite ends the "
        "loop. Start the four readings of the lesson at [2, 1] with a rate of 0.2: the losses are 3.5, 8.86, 38.2, "
        "and so on, and you stop at 8.86."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    previous = float("inf")
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        if loss > previous:
            break
        previous = loss
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
    return params


@misconception(
    "M088",
    name="never stops, even when the loss is infinite",
    explanation=(
        "Once the numbers no longer fit into float32, inf - inf makes nan of them, and that can't be repaired. Train "
        "on the raw readings with a rate of 1e-2 for 100 epochs: you return [nan, nan]."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
    return params


@misconception(
    "X049",
    name="looks for nan only, and misses an infinite loss",
    explanation=(
        "When numbers grow too large they become inf first, and nan later; by the time you see a nan the params are "
        "lost. Train on the raw readings with a rate of 1e-2 and print the loss of epochs 10 to 13."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if torch.isnan(loss):
            break
    return params


@misconception(
    "X050",
    name="stops before the last step when the loss is infinite",
    explanation=(
        "You stop at the right epoch, but its step is still to be made. Train on the raw readings with a rate of "
        "1e-2: [-1.8590e+19, -3.2746e+17] should come back, and you return about [3.2e+17, 5.7e+15], one step "
        "earlier."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        if not torch.isfinite(loss):
            break
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
    return params


@misconception(
    "X051",
    name="stops when the loss passes a million",
    explanation=(
        "A large loss is still a finite one, and the loop goes on with it. Train on the raw readings with a rate of "
        "1e-2: the loss is about 5.8 million in epoch 2 and infinite in epoch 11, and you stop nine epochs too early."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not loss < 1e6:
            break
    return params


@misconception(
    "M089",
    name="scales the readings in every epoch",
    explanation=(
        "The readings shrink again and again, from epoch to epoch. Scaling is up to the caller, and happens once. "
        "Print t_u.max() in the first three epochs."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        t_u = 0.1 * t_u
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M090",
    name="scales the readings itself, once",
    explanation=(
        "Your loop trains on a tenth of the readings that it is given. Whether to scale is up to the caller, who may "
        "have done it already. On the raw readings at [1, 0] the first loss should be 1763.88, and yours is 80.36."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    t_n = 0.1 * t_u
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_n, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_n, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M091",
    name="takes its arguments in another order (crashes)",
    explanation=(
        "The arguments are n_epochs, learning_rate, params, t_u, t_c, print_params, in this order. Yours has the data "
        "first, so a call by position puts a number where you expect a tensor."
    ),
)
def training_loop(t_u, t_c, n_epochs, learning_rate, params, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M092",
    name="returns the numbers of the slides",
    explanation=(
        "You return what training finds on the thermometer, without training. Call your loop with other data, another "
        "start or n_epochs=0: the same two numbers come back."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    return torch.tensor([5.3671, -17.3012], dtype=params.dtype)


@misconception(
    "M111",
    name="crashes where n_epochs is 0",
    explanation=(
        "Your `return` uses a name that gets its value inside the loop. With n_epochs=0 the loop never runs, and "
        "Python raises an UnboundLocalError. Without an epoch the start itself should come back."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    w, b = params
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        new_params = torch.stack([w, b]) - learning_rate * grad
        w, b = new_params
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", new_params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return new_params


@misconception(
    "M066-training_loop",
    name="rebuilds params in float32 in every epoch",
    explanation=(
        "torch.tensor of Python floats is always float32, so float64 data loses half of its digits in each step. "
        "Train on t_u.double() with params in float64, and print the dtype of what comes back."
    ),
    patterns=("tensor",),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = torch.tensor([float(w - learning_rate * grad[0]), float(b - learning_rate * grad[1])])
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "M086",
    name="prints the loss after the step",
    explanation=(
        "Your training is right, but the printed loss belongs to the next epoch. On the scaled readings at [1, 0] "
        "epoch 1 should print 80.364342, the loss of the start, and yours prints about 37.57."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        finite = torch.isfinite(loss_fn(t_p, t_c))
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        loss = loss_fn(model(t_u, *params), t_c)
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not finite:
            break
    return params


@misconception(
    "X052",
    name="counts the printed epochs from 0",
    explanation=(
        "Your training is right, but each loss is printed under the number of the epoch before. The first epoch is "
        "called 1: run one epoch, and look at what is printed."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(n_epochs):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {0, 1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X053",
    name="prints no losses",
    explanation=(
        "Your training is right, but it is silent. The losses of some epochs are asked for, so that one can see "
        "whether it works; the docstring lists which."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if print_params and epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("    Params:", params)
            print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X054",
    name="prints the losses only where print_params is true",
    explanation=(
        "print_params is about the params and the gradient; the losses are always printed. Call your loop with "
        "print_params=False: it says nothing at all."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if print_params and epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            print("    Params:", params)
            print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X055",
    name="never prints the params and the gradient",
    explanation=(
        "Your training is right, but print_params has no effect. Call the loop with print_params=True: only the "
        "losses are printed, and one can't see where the params go."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X056",
    name="prints losses with two decimals",
    explanation=(
        "Your training is right, but %.2f rounds the loss so far that one no longer sees it fall: in the end it "
        "changes only in the fourth or fifth decimal. Compare the printed losses of epochs 4000 and 5000."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %.2f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X057",
    name="has print_params off by default",
    explanation=(
        "The default of print_params is True. Call your loop without that argument: the params and the gradient "
        "should be printed, and yours are not."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=False):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X061",
    name="stops learning after 1,000 epochs",
    explanation=(
        "Your first thousand epochs are right, and after them the params stand still. Train for 1,000 epochs and for "
        "1,100 with a small learning rate, and compare: nobody told the loop to stop."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        if epoch <= 1000:
            params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X062",
    name="gives the answer of the slides to every long run",
    explanation=(
        "Short runs are trained, and a long one gets the two numbers that the thermometer leads to. Train on other "
        "data for 600 epochs, and look whether the answer changes."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params if n_epochs <= 500 else torch.tensor([5.3671, -17.3012], dtype=params.dtype)


@misconception(
    "X063",
    name="makes shorter steps after 100 epochs",
    explanation=(
        "The learning rate is the caller's business, and you divide it by ten after epoch 100. Train for 200 epochs "
        "with a small learning rate, and compare with two trainings of 100, one after the other."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - (learning_rate if epoch <= 100 else 0.1 * learning_rate) * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X064",
    name="prints the same loss from epoch 100 on",
    explanation=(
        "The loss that you show at the epochs 4000 and 5000 is that of epoch 100. Train for 5,000 epochs and read "
        "the last lines: three times the same loss would mean that nothing was learnt in between."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch <= 100:
            last = float(loss)
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, last))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params


@misconception(
    "X065",
    name="returns numbers of its own where the training diverges",
    explanation=(
        "Where the loss is infinite you return a tensor that you have written down. Train on the raw data at 1e-2: "
        "what comes back should be the params of that very step."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)
        if not torch.isfinite(loss):
            return torch.tensor([2e19, 12345.0], dtype=params.dtype)
    return params
