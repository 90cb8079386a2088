# PRIVATE chainrule-canary-73b00d19f76f4b19
"""Wrong variants of the exercises of `quadratic`, named: for diagnosis, and to prove the hidden suite."""

from __future__ import annotations

import math

import torch

from grader.course.catalogue import misconception

# --- model ----------------------------------------------------------------------------------------


@misconception(
    "Q001",
    name="squares w2 together with the reading",
    explanation=(
        "Only the reading is squared, and you square w2 with it. With w2 = 1 that does not show. Call model with "
        "w2=2, w1=0, b=0 and a reading of 3: 2 * 9 should come out, and you return 36."
    ),
)
def model(t_u, w2, w1, b):
    return (w2 * t_u) ** 2 + w1 * t_u + b


@misconception(
    "Q002",
    name="exchanges w2 and w1",
    explanation=(
        "The square is stretched by w1, and the plain reading by w2. Call model with w2=1, w1=0, b=0 and a reading of "
        "3: the prediction has to be 9, and yours is 3."
    ),
)
def model(t_u, w2, w1, b):
    return w1 * t_u**2 + w2 * t_u + b


@misconception(
    "Q003",
    name="doubles the reading instead of squaring it",
    explanation=(
        "3 squared is 9, and 3 doubled is 6. For a reading of 2 both are 4, so that one hides it. Call model with "
        "w2=1, w1=0, b=0 and the readings 2 and 3: the second answer is too small."
    ),
)
def model(t_u, w2, w1, b):
    return w2 * (2 * t_u) + w1 * t_u + b


@misconception(
    "Q005",
    name="forgets the square, so that it is a line",
    explanation=(
        "Your parabola does not bend. Call model with the readings 1, 2, 3 and w2=1, w1=0, b=0: from one prediction "
        "to the next it rises by the same amount each time, and a parabola rises faster and faster."
    ),
)
def model(t_u, w2, w1, b):
    return w2 * t_u + w1 * t_u + b


@misconception(
    "Q004",
    name="forgets the term with w1",
    explanation=(
        "Nothing in your prediction depends on w1. Call model with the same readings, once with w1=0 and once with "
        "w1=5: both answers are the same."
    ),
)
def model(t_u, w2, w1, b):
    return w2 * t_u**2 + b


@misconception(
    "M012",
    name="forgets the offset b",
    explanation=(
        "Nothing in your prediction depends on b. Call model with the same readings and weights, once with b=0 and "
        "once with b=5: both answers are the same, but the curve should have moved up."
    ),
)
def model(t_u, w2, w1, b):
    return w2 * t_u**2 + w1 * t_u


@misconception(
    "Q006",
    name="shifts the reading by w1 before it is squared",
    explanation=(
        "In your formula w1 moves the curve to the left, and in the lesson's it stretches a term of its own. Call "
        "model with w2=0, w1=2, b=0 and a reading of 3: without w2 you return 0, and 6 should be left."
    ),
)
def model(t_u, w2, w1, b):
    return w2 * (t_u + w1) ** 2 + b


@misconception(
    "Q007",
    name="takes the parameters in the order b, w1, w2",
    explanation=(
        "The first parameter belongs to the square, and the last one is the offset; yours are the other way round. "
        "Call model with a reading of 0, w2=1, w1=2 and b=3: only the offset is left of the prediction, and you "
        "return 1."
    ),
)
def model(t_u, w2, w1, b):
    return b * t_u**2 + w1 * t_u + w2


@misconception(
    "X002",
    name="subtracts the offset",
    explanation=(
        "Your curve moves down when b grows. Call model with a reading of 0 and b=1: you return -1, and the curve "
        "should be above 0 there."
    ),
)
def model(t_u, w2, w1, b):
    return w2 * t_u**2 + w1 * t_u - b


@misconception(
    "Q008",
    name="writes the power as ^, which crashes",
    explanation=(
        'In formulas ^ means "to the power of". In Python it is another operation, on bits, and tensors of floats '
        "have none: it raises an error. The lesson says what Python writes."
    ),
    patterns=("_ ^ _",),
)
def model(t_u, w2, w1, b):
    return w2 * t_u ^ 2 + w1 * t_u + b


@misconception(
    "X003",
    name="adds up the predictions of all samples",
    explanation=(
        "There should be one prediction for each sample, and you return one number for all of them. Call model with "
        "four readings and print the shape of the answer: nothing is summed over samples before the loss."
    ),
)
def model(t_u, w2, w1, b):
    return (w2 * t_u**2 + w1 * t_u).sum() + b


@misconception(
    "M007",
    name="reads the global t_un instead of its argument",
    explanation=(
        "Your function looks at t_un, which stands at the top of the file, and not at the readings that it is given. "
        "Give it a single reading, torch.tensor([3.0]): you get eleven predictions for it."
    ),
    patterns=("t_un",),
)
def model(t_u, w2, w1, b):
    return w2 * t_un**2 + w1 * t_un + b


@misconception(
    "M019-model",
    name="returns a column",
    explanation=(
        "Your numbers are right, but they stand in a column. Print the shape for four readings: it is (4, 1). Next to "
        "t_c of shape (4,) the loss would compare each prediction with each truth: a 4 x 4 table, and no error."
    ),
)
def model(t_u, w2, w1, b):
    column = t_u.reshape(-1, 1)
    return w2 * column**2 + w1 * column + b


@misconception(
    "M015",
    name="overwrites the readings",
    explanation=(
        "It writes into the tensor that you were given, so the caller's readings are gone. Call model twice with the "
        "same tensor, and print the tensor in between: the second answer is another one."
    ),
)
def model(t_u, w2, w1, b):
    squared = t_u**2
    t_u *= w1
    return w2 * squared + t_u + b


@misconception(
    "M043-model",
    name="returns a list instead of a tensor",
    explanation=(
        "Tensors come in, and tensors go out; you return a Python list. Try model(...) - t_c with your answer, as the "
        "loss does, or ask it for its .shape: a list has none."
    ),
)
def model(t_u, w2, w1, b):
    return [float(w2) * x * x + float(w1) * x + float(b) for x in t_u.tolist()]


@misconception(
    "M066",
    name="always answers in float32",
    explanation=(
        "The answer should have the dtype of the data. Call model with t_u.double() and parameters in float64: your "
        "answer is float32, and half of the digits are gone."
    ),
)
def model(t_u, w2, w1, b):
    return (w2 * t_u**2 + w1 * t_u + b).float()


@misconception(
    "M159",
    name="prints the prediction instead of returning it",
    explanation=(
        "Printing shows a value to you; only `return` hands it to the caller. Write p = model(...), and then "
        "print(p): it says None."
    ),
)
def model(t_u, w2, w1, b):
    print(w2 * t_u**2 + w1 * t_u + b)


# --- dmodel_dw2 -----------------------------------------------------------------------------------


@misconception(
    "Q010",
    name="takes the rule for a square, 2 * t_u",
    explanation=(
        "The rule for x^2 is for the letter that moves, and here the reading stays. Measure it: model at w2 + 1 minus "
        "model at w2, for a reading of 3, is 9, and you return 6."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    return 2 * t_u


@misconception(
    "Q011",
    name="returns the readings, as for w1",
    explanation=(
        "That is by how much a prediction grows with w1. Measure it for a reading of 3: raise w2 by 1, and the "
        "prediction grows by 9, not by 3."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    return t_u


@misconception(
    "Q012",
    name="differentiates in the reading",
    explanation=(
        "You ask how a prediction changes when the reading moves. The readings are data and stay as they are; what "
        "moves is w2. Change w1 and call it again: your answer changes, and the measured one does not."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    return 2 * w2 * t_u + w1


@misconception(
    "Q015",
    name="differentiates the first term in the reading",
    explanation=(
        "2 * w2 * t_u is how the first term changes with the reading. What moves here is w2. Set w2 to 0: you return "
        "zeros, and yet model at w2 = 1 and at w2 = 0 differ."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    return 2 * w2 * t_u


@misconception(
    "Q013",
    name="leaves w2 beside the squared reading",
    explanation=(
        "Your answer is the whole first term of the model. Call it with w2=0: you return zeros, although a prediction "
        "changes with w2 there as much as anywhere."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    return w2 * t_u**2


@misconception(
    "Q014",
    name="keeps the terms that are constants here",
    explanation=(
        "The other two terms don't move when w2 does, so nothing of them is left. Call it with w1=0, b=0, and then "
        "with w1=5, b=7: the answer should stay, and yours changes."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    return t_u**2 + w1 * t_u + b


@misconception(
    "X022",
    name="returns the prediction itself",
    explanation=(
        "That is the model, and not how it changes. Call it twice with another b: the answer should be the same, and "
        "yours moves with b."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    return w2 * t_u**2 + w1 * t_u + b


@misconception(
    "M051",
    name="adds up over the samples",
    explanation=(
        "There should be a number for each sample; nothing is summed before grad_fn. Print the shape for four "
        "readings: it is (), and (4,) is asked for."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    return (t_u**2).sum()


@misconception(
    "X019",
    name="takes the derivative to be 1",
    explanation=(
        "A derivative of 1 would mean that each prediction grows by 1 when w2 does. Measure it for the readings 2 and "
        "3: model at w2 + 1 minus model at w2 is another number for each."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    return torch.ones_like(t_u)


@misconception(
    "M007-dmodel_dw2",
    name="reads the global t_un instead of its argument",
    explanation=(
        "Your function squares t_un, which stands at the top of the file, whatever it is given. Call it with a single "
        "reading, torch.tensor([3.0]): eleven numbers come back."
    ),
    patterns=("t_un",),
)
def dmodel_dw2(t_u, w2, w1, b):
    return t_un**2


@misconception(
    "M066-dmodel_dw2",
    name="always answers in float32",
    explanation=(
        "The answer should have the dtype of the data. Call it with t_u.double(), and print the dtype of what comes "
        "back: it is float32."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    return (t_u**2).float()


@misconception(
    "M015-dmodel_dw2",
    name="squares the caller's readings in place",
    explanation=(
        "t_u **= 2 writes into the tensor of the caller, so that the readings themselves are squared after a call. "
        "Print t_u afterwards, or call it twice."
    ),
)
def dmodel_dw2(t_u, w2, w1, b):
    t_u **= 2
    return t_u


# --- dmodel_dw1 -----------------------------------------------------------------------------------


@misconception(
    "Q016",
    name="returns w1",
    explanation=(
        "You return the parameter that moves. How much a prediction changes with it depends on what it is multiplied "
        "by. Measure it for a reading of 3: model at w1 + 1 minus model at w1 is 3, whatever w1 is."
    ),
)
def dmodel_dw1(t_u, w2, w1, b):
    return w1 * torch.ones_like(t_u)


@misconception(
    "Q017",
    name="leaves w1 beside the reading",
    explanation=(
        "Your answer is the whole second term of the model. Call it with w1=0: you return zeros, although a "
        "prediction changes with w1 there as much as anywhere."
    ),
)
def dmodel_dw1(t_u, w2, w1, b):
    return w1 * t_u


@misconception(
    "Q018",
    name="returns the squared readings, as for w2",
    explanation=(
        "That is by how much a prediction grows with w2. Measure it for a reading of 3: raise w1 by 1, and the "
        "prediction grows by 3, not by 9."
    ),
)
def dmodel_dw1(t_u, w2, w1, b):
    return t_u**2


@misconception(
    "Q019",
    name="keeps the term with w2, which is a constant here",
    explanation=(
        "The first term has no w1 in it, so nothing of it is left when w1 moves. Call it with w2=0 and with w2=5: the "
        "answer should stay, and yours changes."
    ),
)
def dmodel_dw1(t_u, w2, w1, b):
    return w2 * t_u**2 + t_u


@misconception(
    "Q020",
    name="doubles the readings, as for a square",
    explanation=(
        "There is no square of w1 in the model, and so no 2 in the derivative. Measure it for a reading of 3: raise "
        "w1 by 1, and the prediction grows by 3, not by 6."
    ),
)
def dmodel_dw1(t_u, w2, w1, b):
    return 2 * t_u


@misconception(
    "Q021",
    name="differentiates in the reading",
    explanation=(
        "You ask how a prediction changes when the reading moves; what moves is w1. Change w2 and call it again: your "
        "answer changes, and the measured one does not."
    ),
)
def dmodel_dw1(t_u, w2, w1, b):
    return 2 * w2 * t_u + w1


@misconception(
    "M051-dmodel_dw1",
    name="adds up over the samples",
    explanation=(
        "There should be a number for each sample; nothing is summed before grad_fn. Print the shape for four "
        "readings: it is (), and (4,) is asked for."
    ),
)
def dmodel_dw1(t_u, w2, w1, b):
    return t_u.sum()


@misconception(
    "X018",
    name="averages over the samples",
    explanation=(
        "There should be a number for each sample, and you return one for all. Print the shape for four readings: it "
        "is (), and (4,) is asked for."
    ),
)
def dmodel_dw1(t_u, w2, w1, b):
    return t_u.mean()


@misconception(
    "X019-dmodel_dw1",
    name="takes the derivative to be 1",
    explanation=(
        "A derivative of 1 would mean that each prediction grows by 1 when w1 does. Measure it for the readings 2 and "
        "3: they grow by different amounts."
    ),
)
def dmodel_dw1(t_u, w2, w1, b):
    return torch.ones_like(t_u)


@misconception(
    "M066-dmodel_dw1",
    name="always answers in float32",
    explanation=(
        "The answer should have the dtype of the data. Call it with t_u.double(), and print the dtype of what comes "
        "back: it is float32."
    ),
)
def dmodel_dw1(t_u, w2, w1, b):
    return t_u.float()


# --- dmodel_db ------------------------------------------------------------------------------------


@misconception(
    "M048",
    name="takes b for a constant and returns 0",
    explanation=(
        "b is the one thing that moves here. Measure it: model at b + 1 minus model at b is not 0. With a 0 the "
        "offset never leaves its start, and training stops far too high."
    ),
)
def dmodel_db(t_u, w2, w1, b):
    return torch.zeros_like(t_u)


@misconception(
    "X025",
    name="returns b itself",
    explanation=(
        "You return the parameter that moves. Call it with b=0: you return 0, and yet a prediction changes with b "
        "there as much as anywhere."
    ),
)
def dmodel_db(t_u, w2, w1, b):
    return b


@misconception(
    "M049",
    name="returns the readings, as for w1",
    explanation=(
        "That is by how much a prediction grows with w1. Measure it: raise b by 1, and every prediction grows by the "
        "same amount, whatever its reading."
    ),
)
def dmodel_db(t_u, w2, w1, b):
    return t_u


@misconception(
    "M051-dmodel_db",
    name="adds up over the samples",
    explanation=(
        "Your answer grows with the number of samples; nothing is summed before grad_fn. Call it with one reading and "
        "with four: the first answer is right."
    ),
)
def dmodel_db(t_u, w2, w1, b):
    return torch.ones_like(t_u).sum()


@misconception(
    "M026-dmodel_db",
    name="returns eleven ones, however many samples there are",
    explanation=(
        "Eleven is the number of samples of the thermometer, not of all data. Call it with four readings and print "
        "the shape of the answer."
    ),
)
def dmodel_db(t_u, w2, w1, b):
    return torch.ones(11, dtype=t_u.dtype)


@misconception(
    "X027",
    name="leaves the other terms beside the derivative of b",
    explanation=(
        "The terms with w2 and w1 don't move when b does, so nothing of them is left. Call it with other readings: "
        "the answer should be the same for all of them."
    ),
)
def dmodel_db(t_u, w2, w1, b):
    return w2 * t_u**2 + w1 * t_u + 1


# --- grad_fn --------------------------------------------------------------------------------------


@misconception(
    "Q030",
    name="returns the derivative in b first",
    explanation=(
        "All three numbers are right and stand in the other order: the loop subtracts your answer from [w2, w1, b]. "
        "On the lesson's four readings the gradient begins with 12.5, and yours with 0.5."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([d.sum(), (d * t_u).sum(), (d * t_u**2).sum()])


@misconception(
    "Q031",
    name="exchanges the derivatives in w2 and w1",
    explanation=(
        "The first two numbers stand in each other's place: the loop subtracts your answer from [w2, w1, b]. On the "
        "lesson's four readings the gradient begins with 12.5, 2.5, and yours with 2.5, 12.5."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * t_u).sum(), (d * t_u**2).sum(), d.sum()])


@misconception(
    "M057",
    name="averages, though dloss_fn has divided already",
    explanation=(
        "The 1/N of the mean is in dloss_fn, and you divide by N once more. On the lesson's four readings you return "
        "a quarter of [12.5, 2.5, 0.5]; with one sample it does not show."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * t_u**2).mean(), (d * t_u).mean(), d.mean()])


@misconception(
    "M058",
    name="leaves out the division by the number of samples",
    explanation=(
        "Your gradient grows with the number of samples. Hand every sample over twice: the mean squared error stays "
        "as it is, and so should its gradient, but yours doubles."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    d = 2 * (t_p - t_c)
    return torch.stack([(d * t_u**2).sum(), (d * t_u).sum(), d.sum()])


@misconception(
    "M033-grad_fn",
    name="leaves out the 2 of the square",
    explanation=(
        "Your answer is half of the gradient. Measure it: the loss a little to the right minus the loss a little to "
        "the left, over the distance, is twice what you return."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    d = (t_p - t_c) / t_p.numel()
    return torch.stack([(d * t_u**2).sum(), (d * t_u).sum(), d.sum()])


@misconception(
    "M056",
    name="never adds up over the samples",
    explanation=(
        "Each parameter moves all predictions, and what comes of it adds up to one number for each parameter. Print "
        "the shape of your answer for four readings: it is (3, 4), and (3,) is asked for."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([d * t_u**2, d * t_u, d])


@misconception(
    "M061",
    name="exchanges predictions and true temperatures",
    explanation=(
        "Every sign is wrong, so that training walks uphill. dloss_fn takes the predictions first. On the lesson's "
        "four readings you return [-12.5, -2.5, -0.5]."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    d = dloss_fn(t_c, t_p)
    return torch.stack([(d * t_u**2).sum(), (d * t_u).sum(), d.sum()])


@misconception(
    "M054",
    name="forgets the loss: sums the model's derivatives",
    explanation=(
        "Your answer does not depend on t_c, so it is the same for perfect predictions and for bad ones. Call grad_fn "
        "with t_p = t_c: nothing should be left of the gradient."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(t_u**2).sum(), t_u.sum(), torch.ones_like(t_u).sum()])


@misconception(
    "X028",
    name="forgets the model: sums the derivatives of the loss",
    explanation=(
        "Your three numbers are equal, as if each parameter moved the predictions alike. The chain rule has a second "
        "stage, the derivatives of the model. On the lesson's readings only the last of your numbers is right."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([d.sum(), d.sum(), d.sum()])


@misconception(
    "Q032",
    name="returns two derivatives, as for a line",
    explanation=(
        "There are three parameters, and so three derivatives. Print the shape of your answer: it is (2,). Subtracted "
        "from three params it raises an error."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * t_u**2).sum(), (d * t_u).sum()])


@misconception(
    "Q033",
    name="uses the derivative in w1 for w2 as well",
    explanation=(
        "Your first two numbers are equal. w2 moves a prediction by another amount than w1 does; compare dmodel_dw2 "
        "and dmodel_dw1 for a reading of 3."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * t_u).sum(), (d * t_u).sum(), d.sum()])


@misconception(
    "Q034",
    name="uses the derivative in w2 for w1 as well",
    explanation=(
        "Your first two numbers are equal. w1 moves a prediction by another amount than w2 does; compare dmodel_dw2 "
        "and dmodel_dw1 for a reading of 3."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * t_u**2).sum(), (d * t_u**2).sum(), d.sum()])


@misconception(
    "Q035",
    name="squares the product instead of the reading",
    explanation=(
        "Your first number can't be negative, whatever the errors are: you square dL/dt_p together with the reading. "
        "Call grad_fn with predictions that are all too low: the loss falls when w2 grows."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([((d * t_u) ** 2).sum(), (d * t_u).sum(), d.sum()])


@misconception(
    "Q036",
    name="takes 2 * t_u for the derivative in w2",
    explanation=(
        "Your first number is twice the second. The reading does not move when w2 does, so the rule for a square is "
        "not for it. On the lesson's four readings the gradient begins with 12.5, and yours with 5."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * 2 * t_u).sum(), (d * t_u).sum(), d.sum()])


@misconception(
    "X030",
    name="adds up each stage before multiplying",
    explanation=(
        "The two stages belong together sample by sample; a product of two sums mixes every sample with every other "
        "one. With one sample it does not show. Try two samples whose errors are 1 and -1."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([d.sum() * (t_u**2).sum(), d.sum() * t_u.sum(), d.sum()])


@misconception(
    "X034",
    name="adds the three derivatives up into one number",
    explanation=(
        "There is one derivative for each parameter, since each needs a step of its own. You return a single number: "
        "print its shape."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * t_u**2).sum(), (d * t_u).sum(), d.sum()]).sum()


@misconception(
    "X035",
    name="scales the gradient to length 1",
    explanation=(
        "How steep it is is lost: your answer has the length 1, at a cliff as on a plain. Call grad_fn far from the "
        "best parabola and near to it, and compare."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    g = torch.stack([(d * t_u**2).sum(), (d * t_u).sum(), d.sum()])
    return g / g.norm()


@misconception(
    "M026-grad_fn",
    name="divides by 11, however many samples there are",
    explanation=(
        "Eleven is the number of samples of the thermometer, not of all data. On the lesson's four readings your "
        "answer is 4/11 of the gradient."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    d = 2 * (t_p - t_c) / 11
    return torch.stack([(d * t_u**2).sum(), (d * t_u).sum(), d.sum()])


@misconception(
    "M066-grad_fn",
    name="packs the gradient into a float32 tensor",
    explanation=(
        "The answer should have the dtype of the data. float() and a new tensor keep seven digits. Call grad_fn with "
        "float64 arguments, and print the dtype of what comes back."
    ),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.tensor([float((d * t_u**2).sum()), float((d * t_u).sum()), float(d.sum())])


@misconception(
    "M007-grad_fn",
    name="reads the global t_un instead of its argument",
    explanation=(
        "Your gradient uses t_un from the top of the file, whatever readings it is given. Call grad_fn with the "
        "lesson's four readings: their number does not even fit."
    ),
    patterns=("t_un",),
)
def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * t_un**2).sum(), (d * t_un).sum(), d.sum()])


# --- training_loop --------------------------------------------------------------------------------


@misconception(
    "M078",
    name="adds the gradient and walks uphill",
    explanation=(
        "Your loss rises from epoch to epoch. The gradient points to where the loss grows fastest. On the lesson's "
        "example the first epoch should make w2 smaller, and yours makes it larger."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params + learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "M079",
    name="steps by the whole gradient, without learning rate",
    explanation=(
        "The learning rate has no influence on your answer. Train one epoch with 0.01 and one with 0.001: the second "
        "step should be a tenth of the first."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "X036",
    name="applies the learning rate twice",
    explanation=(
        "Your steps are too small by one factor of the learning rate. Train one epoch with 0.01 and one with 0.001: "
        "the second step should be a tenth of the first, and yours is a hundredth."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "M080",
    name="makes one epoch too few",
    explanation=("With n_epochs=1 you return the start. Count what your loop goes through for n_epochs=1 and for 3."),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "X037",
    name="makes one epoch too many",
    explanation=(
        "With n_epochs=0 you return something else than the start. Count what your loop goes through for n_epochs=0 "
        "and for 1."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 2):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "M081",
    name="returns the start instead of the trained params",
    explanation=(
        "What you return does not depend on n_epochs. The steps are made, to a name that is not the one that you "
        "return. Print both after the loop."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    trained = params
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = trained
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        trained = trained - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "M159-training_loop",
    name="trains, and returns nothing",
    explanation=(
        "The trained params are computed and never handed back: write p = training_loop(...), and print(p) says None."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return None


@misconception(
    "X038",
    name="returns from inside the loop, after one epoch",
    explanation=(
        "Every run with at least one epoch gives the same answer, that after the first. Compare n_epochs=1 with "
        "n_epochs=5, and look how far the return stands to the right."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
        return params
    return params


@misconception(
    "M083",
    name="changes the caller's params in place",
    explanation=(
        "-= writes into the tensor that you were given. Keep the start in a name, train twice from it, and print it: "
        "the second run begins where the first one ended."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params -= learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "M063",
    name="predicts once, before the loop",
    explanation=(
        "Your gradient is that of the start in every epoch, so the steps are all the same. Print the gradient in each "
        "epoch of the lesson's example: the second one should have another sign."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    w2, w1, b = params
    t_p = model(t_u, w2, w1, b)
    for epoch in range(1, n_epochs + 1):
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "Q040",
    name="moves one parameter after the other",
    explanation=(
        "You move w2, compute a new gradient there, move w1, and so on: three places in one epoch. All three belong "
        "to the same place. On the lesson's example w2 is right after one epoch, and the others are not."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        for place in range(3):
            w2, w1, b = params
            step = torch.zeros_like(params)
            step[place] = grad_fn(t_u, t_c, model(t_u, w2, w1, b), w2, w1, b)[place]
            params = params - learning_rate * step
    return params


@misconception(
    "Q041",
    name="moves w2 only",
    explanation=(
        "w1 and b come back as they went in. All three parameters belong to the model. Train one epoch, and compare "
        "each of them with the start."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b) * torch.tensor(
            [1.0, 0.0, 0.0], dtype=params.dtype
        )
    return params


@misconception(
    "Q042",
    name="leaves b where it was",
    explanation=(
        "b comes back as it went in, so your parabola bends and tilts and never moves up or down. Train one epoch, "
        "and compare b with the start."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b) * torch.tensor(
            [1.0, 1.0, 0.0], dtype=params.dtype
        )
    return params


@misconception(
    "Q043",
    name="takes params apart in the order b, w1, w2",
    explanation=(
        "params begins with w2 and ends with b, and you take it apart the other way round, so the model gets each in "
        "the other's place. Start from three different numbers, and print what the model is called with."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        b, w1, w2 = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b).flip(0)
    return params


@misconception(
    "X040",
    name="moves b by the derivative in w1",
    explanation=(
        "b and w1 move by the same amount in every epoch. Each parameter has a derivative of its own; compare both "
        "steps of the first epoch."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        g = grad_fn(t_u, t_c, t_p, w2, w1, b)
        params = params - learning_rate * torch.stack([g[0], g[1], g[1]])
    return params


@misconception(
    "M076",
    name="makes the step twice in each epoch",
    explanation=(
        "One epoch moves you as far as two should. The gradient is subtracted twice. Train one epoch on the lesson's "
        "example: w2 should become 0.875."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
        w2, w1, b = params
        params = params - learning_rate * grad_fn(t_u, t_c, model(t_u, w2, w1, b), w2, w1, b)
    return params


@misconception(
    "M057-training_loop",
    name="divides the step by the number of samples as well",
    explanation=(
        "Your steps get smaller when there are more samples. The 1/N is in the gradient already. Hand every sample "
        "over twice: nothing should change."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b) / len(t_u)
    return params


@misconception(
    "X041",
    name="subtracts the loss instead of the gradient",
    explanation=(
        "All three parameters move down by the same amount, whichever way downhill is. Compare the steps of w2, w1 "
        "and b in the first epoch."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * loss_fn(t_p, t_c)
    return params


@misconception(
    "X042",
    name="steps by the sign of the gradient only",
    explanation=(
        "Each step is as long as the learning rate, at a cliff as on a plain. Compare the first step of w2 with that "
        "of b on the thermometer: their gradients differ by a factor of 36."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b).sign()
    return params


@misconception(
    "X043",
    name="clips gradients that are longer than 1",
    explanation=(
        "Where it is steep your steps are as long as the learning rate. That keeps training from exploding, and it is "
        "another rule than the one that is asked for. Compare the first step with learning rate times gradient."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        g = grad_fn(t_u, t_c, t_p, w2, w1, b)
        params = params - learning_rate * g / g.norm().clamp(min=1)
    return params


@misconception(
    "X044",
    name="shrinks the learning rate in every epoch",
    explanation=(
        "Your steps get smaller by themselves: after the first epoch you step by less than learning rate times "
        "gradient. Compare two epochs in one call with twice one epoch."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate / epoch * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "X045",
    name="steps after each sample instead of each epoch",
    explanation=(
        "You make N steps an epoch, each by one sample. One epoch is one step here, by all samples at once. With a "
        "single sample it does not show; try two."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        for place in range(len(t_u)):
            w2, w1, b = params
            one = slice(place, place + 1)
            params = params - learning_rate * grad_fn(t_u[one], t_c[one], model(t_u[one], w2, w1, b), w2, w1, b)
    return params


@misconception(
    "X046",
    name="always starts at [1, 1, 0]",
    explanation=(
        "Where the caller begins has no influence on your answer. Train no epoch at all from [2, 3, 4]: that should "
        "come back."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    params = torch.tensor([1.0, 1.0, 0.0], dtype=t_u.dtype)
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "M084",
    name="trains on the global t_un instead of its argument",
    explanation=(
        "Your loop predicts for t_un from the top of the file, whatever readings it is given. Train on other "
        "readings: the answer does not depend on them, or their number does not fit."
    ),
    patterns=("t_un",),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    t_u = t_un.to(t_c.dtype)
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "M089",
    name="scales the readings in every epoch",
    explanation=(
        "From the second epoch on your readings are a tenth, then a hundredth of what they were. Print t_u in each "
        "epoch."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
        t_u = 0.1 * t_u
    return params


@misconception(
    "M090",
    name="scales the readings itself, once",
    explanation=(
        "What readings are trained on is the caller's choice, and you take a tenth of them. Train one epoch on the "
        "lesson's example by hand: the first step of w2 is 0.125."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    t_u = 0.1 * t_u
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "M087",
    name="stops as soon as the loss hardly falls",
    explanation=(
        "A loss that creeps looks as if it had arrived. Your loop ends before its epochs are used up: train with a "
        "tiny rate, and count the epochs."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    last = None
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
        loss = float(loss_fn(t_p, t_c))
        if last is not None and abs(last - loss) < 1e-2:
            break
        last = loss
    return params


@misconception(
    "X061",
    name="stops learning after 1,000 epochs",
    explanation=(
        "The first thousand epochs are right, and then nothing moves any more. Compare n_epochs=1000 with "
        "n_epochs=2000."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        if epoch <= 1000:
            params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "M066-training_loop",
    name="rebuilds params in float32 in every epoch",
    explanation=(
        "Your params are packed into a new tensor in every epoch, and that one is float32 whatever the data is. Train "
        "on float64 data, and print the dtype of what comes back."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
        params = torch.tensor([float(p) for p in params])
    return params


@misconception(
    "M082",
    name="returns the losses beside the params",
    explanation=("The final params are asked for and nothing else. Print what comes back: it is a pair."),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    losses = []
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        losses.append(float(loss_fn(t_p, t_c)))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params, losses


@misconception(
    "M111",
    name="crashes where n_epochs is 0",
    explanation=(
        "With n_epochs=0 there is no epoch, so a name that only the loop sets does not exist behind it. The start "
        "should come back."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params if epoch == 1 else trained
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        trained = torch.stack([w2, w1, b]) - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return trained


@misconception(
    "M086",
    name="prints the loss after the step",
    explanation=(
        "The loss that you print for an epoch is that of the next one: it is computed with the params behind the "
        "step. Compare the first line that you print with the lesson's."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(model(t_u, *params), t_c))))
    return params


@misconception(
    "X052",
    name="counts the printed epochs from 0",
    explanation=(
        "Your epoch 500 is the 501st. Epochs are counted from 1: of 500 epochs the last one should be printed, and "
        "you print epoch 0."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "X053",
    name="prints no losses",
    explanation=(
        "A line for every 500th epoch is asked for, and none is printed. Train 500 epochs: one line should appear."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "Q044",
    name="prints every 1,000 epochs",
    explanation=(
        "The epochs 500, 1500, 2500 and so on are missing among what you print. Train 500 epochs: one line should "
        "appear."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 1000 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "Q045",
    name="prints epoch 500 and no later one",
    explanation=(
        "After epoch 500 nothing is printed any more. A line is asked for whenever another 500 epochs are through."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch == 500:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


@misconception(
    "X056",
    name="prints losses with two decimals",
    explanation=(
        "Two decimals can't tell the losses of late epochs apart. The line should show the loss with six, as %f does."
    ),
)
def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %.2f" % (epoch, float(loss_fn(t_p, t_c))))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, w2, w1, b)
    return params


# --- split ----------------------------------------------------------------------------------------


@misconception(
    "Q050",
    name="keeps the first ones back instead of the last ones",
    explanation=(
        "Your parts have the right sizes, and the validation samples come from the other end of the order. Split five "
        "by the generator of the lesson: [0, 2] should be kept back."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = int(n * validation_share)
    return order[k:], order[:k]


@misconception(
    "Q051",
    name="does not mix the samples",
    explanation=(
        "You cut the indices as they stand, so the last samples of the list are always those that are kept back. "
        "Split twice by generators with other seeds: both answers are the same."
    ),
)
def split(n, validation_share, generator):
    order = torch.arange(n)
    k = n - int(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "Q052",
    name="seeds torch's own generator and draws by it",
    explanation=(
        "The generator that is handed in is never drawn from, and whoever draws by torch's own one finds it seeded. "
        "Split by generators with two different seeds: both answers are the same."
    ),
)
def split(n, validation_share, generator):
    torch.manual_seed(42)
    order = torch.randperm(n)
    k = n - int(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "Q053",
    name="rounds the number of validation samples to the nearest",
    explanation=(
        "What is behind the point is left out, however large it is. 7 * 0.4 is 2.8: two samples are kept back, and "
        "you keep three."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = n - round(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "Q054",
    name="rounds the number of validation samples up",
    explanation=(
        "What is behind the point is left out, and you round up. 7 * 0.3 is 2.1: two samples are kept back, and you "
        "keep three."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = n - math.ceil(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "Q055",
    name="counts from the end, where -0 is 0",
    explanation=(
        "It is right until nothing is kept back: order[-0:] is all of the order, and order[:-0] nothing of it. Split "
        "five with a share of 0.0."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = int(n * validation_share)
    return order[:-k], order[-k:]


@misconception(
    "Q056",
    name="returns the validation indices first",
    explanation=(
        "Both parts are right, and they come back in the other order: training is asked for first. Split the eleven "
        "with a share of 0.2, and look which of the two is the larger."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = n - int(n * validation_share)
    return order[k:], order[:k]


@misconception(
    "Q057",
    name="takes the share of validation for that of training",
    explanation=(
        "Your training part is the small one. With a share of 0.2 two of eleven are kept back, and nine are left to "
        "train on."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = int(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "Q058",
    name="always keeps at least one sample back",
    explanation=("A share of 0 keeps nothing back, and you keep one. Split five with a share of 0.0."),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = n - max(1, int(n * validation_share))
    return order[:k], order[k:]


@misconception(
    "Q059",
    name="trains on everything, validation samples included",
    explanation=(
        "Your validation samples are among the training samples, too. Then the validation loss tells nothing new. Put "
        "both parts together: some index is in it twice."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = n - int(n * validation_share)
    return order, order[k:]


@misconception(
    "Q060",
    name="draws another order for each part",
    explanation=(
        "The two parts come from two different orders, so that some index may be in both and some in none. Put both "
        "parts together, and sort them."
    ),
)
def split(n, validation_share, generator):
    k = n - int(n * validation_share)
    first = torch.randperm(n, generator=generator)
    second = torch.randperm(n, generator=generator)
    return first[:k], second[k:]


@misconception(
    "Q061",
    name="seeds the generator anew",
    explanation=(
        "Whoever hands a generator in has chosen its seed, and you choose another one. Split by generators with two "
        "different seeds: both answers are the same."
    ),
)
def split(n, validation_share, generator):
    generator.manual_seed(0)
    order = torch.randperm(n, generator=generator)
    k = n - int(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "Q062",
    name="sorts the indices of each part",
    explanation=(
        "The right indices are in each part, but no longer in the order that was drawn. Split five by the generator "
        "of the lesson: training should be [3, 4, 1]."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = n - int(n * validation_share)
    return order[:k].sort().values, order[k:].sort().values


@misconception(
    "Q063",
    name="returns masks instead of indices",
    explanation=(
        "Your tensors hold True and False for all n samples. Indices are asked for, one for each sample of the part: "
        "print the shapes of what you return."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = n - int(n * validation_share)
    mask = torch.zeros(n, dtype=torch.bool)
    mask[order[:k]] = True
    return mask, ~mask


@misconception(
    "Q065",
    name="draws with repetition",
    explanation=(
        "Some of your indices are there twice and others not at all: you draw n numbers, each from all of them. Sort "
        "what you return, and look for equal ones."
    ),
)
def split(n, validation_share, generator):
    order = torch.randint(n, (n,), generator=generator)
    k = n - int(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "Q066",
    name="returns how many there are instead of which",
    explanation=(
        "You return two numbers. fit needs to know which samples to train on, t_u[training]: print what comes back "
        "for five samples."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = n - int(n * validation_share)
    return k, n - k


@misconception(
    "Q067",
    name="never draws the last sample",
    explanation=(
        "An index is missing: torch.randperm(m) draws the numbers from 0 to m - 1, m of them. Put both parts together "
        "for n=5, and count."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n - 1, generator=generator) if n > 1 else torch.randperm(n, generator=generator)
    k = n - int(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "Q068",
    name="sorts random numbers instead of drawing an order",
    explanation=(
        "Your order is as random as any, and another one than torch.randperm draws by the same generator. Whoever "
        "repeats the experiment by the rule that is asked for gets other parts."
    ),
)
def split(n, validation_share, generator):
    order = torch.rand(n, generator=generator).argsort()
    k = n - int(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "Q069",
    name="counts the indices from 1",
    explanation=(
        "Your indices go from 1 to n. The first sample is t_u[0], and t_u[n] raises an error. Look for the 0 in what "
        "you return."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    order = order + 1
    k = n - int(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "Q070-split",
    name="draws a second order and throws it away",
    explanation=(
        "Your parts are right, but the generator has drawn more than one order, so that whoever draws by it after you "
        "gets something else. Draw from it after the split, and compare with the same after a single "
        "torch.randperm(n)."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    torch.randperm(n, generator=generator)
    k = n - int(n * validation_share)
    return order[:k], order[k:]


@misconception(
    "M159-split",
    name="prints the parts instead of returning them",
    explanation=(
        "Printing shows a value to you; only `return` hands it to the caller. Write parts = split(...), and then "
        "print(parts): it says None."
    ),
)
def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    k = n - int(n * validation_share)
    print(order[:k], order[k:])


# --- fit ------------------------------------------------------------------------------------------


@misconception(
    "Q070",
    name="trains on all samples",
    explanation=(
        "Your steps look at every sample, those of validation included, so nothing is left to judge by. Change a "
        "temperature of a validation sample: the params should stay as they are."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u, t_c, model(t_u, w2, w1, b), w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "Q071",
    name="trains on validation and validates on training",
    explanation=(
        "The two parts have each other's place. Change a temperature of a validation sample: the params should stay "
        "as they are, and yours change."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[validation], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[validation]).item())
        on_validation.append(loss_fn(model(t_u[training], w2, w1, b), t_c[training]).item())
        params = params - learning_rate * grad_fn(t_u[validation], t_c[validation], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "Q072",
    name="notes the training loss twice",
    explanation=(
        "Your two lists are equal. The second is for the samples that were kept back, with predictions and "
        "temperatures of their own."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(on_training[-1])
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "Q073",
    name="notes both losses after the step",
    explanation=(
        "Your first losses are those of epoch 2. Both belong to the params with which an epoch begins. On the "
        "lesson's example the first ones are 1.6667 and 4."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
        w2, w1, b = params
        on_training.append(loss_fn(model(t_u[training], w2, w1, b), t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
    return params, on_training, on_validation


@misconception(
    "Q074",
    name="notes the validation loss after the step",
    explanation=(
        "Your two losses of an epoch belong to different params, so they can't be compared: the one on validation is "
        "an epoch ahead. On the lesson's example it begins with 4."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
        w2, w1, b = params
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
    return params, on_training, on_validation


@misconception(
    "Q075",
    name="trains on both parts together",
    explanation=(
        "What is kept back is learned from all the same: your gradient is that of both parts. Change a temperature of "
        "a validation sample: the params should stay as they are."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        everything = torch.cat([training, validation])
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(
            t_u[everything], t_c[everything], model(t_u[everything], w2, w1, b), w2, w1, b
        )
    return params, on_training, on_validation


@misconception(
    "Q076",
    name="takes the first samples instead of the indices",
    explanation=(
        "You look at how many samples are for training, and take as many from the front of the list. Which ones is "
        "said by the numbers in training. Exchange two of its indices with two of validation: your answer stays."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    n_training = len(training)
    training, validation = torch.arange(n_training), torch.arange(n_training, n_training + len(validation)) % len(t_u)
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "Q077",
    name="returns the last losses only",
    explanation=(
        "A loss of every epoch is asked for, so that one can see how training went. Print how many come back for "
        "three epochs."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training[-1:], on_validation[-1:]


@misconception(
    "Q078",
    name="adds the squared errors up instead of averaging",
    explanation=(
        "Your losses grow with the number of samples, so the two parts can't be compared. On the lesson's example the "
        "first training loss is 1.6667, and you note 5."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(((t_p - t_c[training]) ** 2).sum().item())
        on_validation.append(((model(t_u[validation], w2, w1, b) - t_c[validation]) ** 2).sum().item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "Q079",
    name="returns the params with the smallest validation loss",
    explanation=(
        "What comes back was chosen by the validation samples, and so they have had a say in it after all. The final "
        "params are asked for. On the lesson's example the validation loss rises, and you return the start."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation, best = [], [], params
    for _ in range(n_epochs):
        w2, w1, b = params
        if not on_validation or loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item() <= min(
            on_validation
        ):
            best = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return best, on_training, on_validation


@misconception(
    "Q080",
    name="stops as soon as the validation loss rises",
    explanation=(
        "Your run ends before its epochs are used up. To stop early is a good idea in its place, but here all epochs "
        "are asked for. Count the losses on the lesson's example."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        if len(on_validation) > 1 and on_validation[-1] > on_validation[-2]:
            break
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "M083-fit",
    name="changes the caller's params in place",
    explanation=(
        "-= writes into the tensor that you were given. Keep the start in a name, fit twice from it, and print it: "
        "the second run begins where the first one ended."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params -= learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "M078-fit",
    name="adds the gradient and walks uphill",
    explanation=("Your training loss rises from epoch to epoch. The gradient points to where the loss grows fastest."),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params + learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "M079-fit",
    name="steps by the whole gradient, without learning rate",
    explanation=(
        "The learning rate has no influence on your answer. Fit for one epoch with 0.01 and with 0.001: the second "
        "step should be a tenth of the first."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "M080-fit",
    name="makes one epoch too few",
    explanation=("For n_epochs=2 you make one step and note one loss of each kind. Count what your loop goes through."),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(1, n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "M081-fit",
    name="returns the start instead of the trained params",
    explanation=("The losses fall, and the params that come back are those that went in. Print both after the loop."),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    start = params
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return start, on_training, on_validation


@misconception(
    "Q082",
    name="takes the loss of all samples for that of validation",
    explanation=(
        "Your second list is the loss of all samples, training ones included. Change a temperature of a training "
        "sample: the first validation loss should stay as it is."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u, w2, w1, b), t_c).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "Q083",
    name="takes the loss of all samples for that of training",
    explanation=(
        "Your first list is the loss of all samples, those of validation included. Change a temperature of a "
        "validation sample: the first training loss should stay as it is."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(model(t_u, w2, w1, b), t_c).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "Q084",
    name="predicts once, before the loop",
    explanation=(
        "Your gradient is that of the start in every epoch, and so are your losses: print them, and all are equal."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    t_p = model(t_u[training], *params)
    for _ in range(n_epochs):
        w2, w1, b = params
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "Q085",
    name="returns the validation losses first",
    explanation=(
        "Both lists are right, and they come back in the other order. On the lesson's example the first training loss "
        "is 1.6667, and you return 4 in its place."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_validation, on_training


@misconception(
    "Q086",
    name="makes a second step by the validation samples",
    explanation=(
        "Each epoch makes two steps, the second along the gradient of what was kept back. Change a temperature of a "
        "validation sample: the params should stay as they are."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
        w2, w1, b = params
        params = params - learning_rate * grad_fn(
            t_u[validation], t_c[validation], model(t_u[validation], w2, w1, b), w2, w1, b
        )
    return params, on_training, on_validation


@misconception(
    "Q087",
    name="notes the root of each loss",
    explanation=(
        "You note by how many degrees a prediction is typically off, the root of the mean squared error. On the "
        "lesson's example the first validation loss is 4, and you note 2."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).sqrt().item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).sqrt().item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "Q088",
    name="notes a loss behind the last step as well",
    explanation=(
        "n_epochs losses of each kind are asked for, all before their steps, and you return one more. Count them for "
        "three epochs."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    w2, w1, b = params
    on_training.append(loss_fn(model(t_u[training], w2, w1, b), t_c[training]).item())
    on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
    return params, on_training, on_validation


@misconception(
    "Q090",
    name="returns the params alone, which crashes who takes it apart",
    explanation=(
        "Three things are asked for: the params, the losses on training, and those on validation. Write params, a, b "
        "= fit(...), and see what it says."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params


@misconception(
    "Q091",
    name="computes the validation loss once, at the start",
    explanation=(
        "Your second list holds the same number again and again: the validation loss of the start. Print it for three "
        "epochs."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    held_out = loss_fn(model(t_u[validation], *params), t_c[validation]).item()
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(held_out)
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "M066-fit",
    name="rebuilds params in float32 in every epoch",
    explanation=(
        "Your params are packed into a new tensor in every epoch, and that one is float32 whatever the data is. Fit "
        "float64 data, and print the dtype of the params that come back."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
        params = torch.tensor([float(p) for p in params])
    return params, on_training, on_validation


@misconception(
    "Q092",
    name="takes training indices for the readings",
    explanation=(
        "The numbers in training say which samples, and you predict for them as if they were readings. t_u[training] "
        "are the readings at these places. Print what the model is called with."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(training.to(t_u.dtype), w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * grad_fn(training.to(t_u.dtype), t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation


@misconception(
    "Q093",
    name="divides the gradient by the number of all samples",
    explanation=(
        "Your steps depend on how many samples were kept back. The mean of the training loss is over the training "
        "samples alone. Add a sample that is in neither part: nothing should change."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        params = params - learning_rate * len(training) / len(t_u) * grad_fn(
            t_u[training], t_c[training], t_p, w2, w1, b
        )
    return params, on_training, on_validation


@misconception(
    "X061-fit",
    name="stops learning after 1,000 epochs",
    explanation=(
        "The first thousand epochs are right, and then the losses stay as they are. Look at the late ones of a long "
        "run."
    ),
)
def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        w2, w1, b = params
        t_p = model(t_u[training], w2, w1, b)
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], w2, w1, b), t_c[validation]).item())
        if len(on_training) <= 1000:
            params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, w2, w1, b)
    return params, on_training, on_validation
