# PRIVATE chainrule-canary-b41d7c90e2f64a55
# ruff: noqa: B905, F811, F821 - names are defined again and again, as students write
"""Wrong variants of the exercises of network, named: for diagnosis, and to prove the hidden suite."""

from __future__ import annotations

import torch

from grader.course.catalogue import misconception


# --- affine -----------------------------------------------------------------------------------------


@misconception(
    "N001",
    name="forgets the bias",
    explanation=(
        "Your answer does not move when b does. Try it with X = [[0.0, 0.0]]: what is left is b itself, and "
        "you return zeros."
    ),
)
def affine(X, W, b):
    return X @ W


@misconception(
    "N002",
    name="multiplies number by number",
    explanation=(
        "A star multiplies entries that stand at the same place. A layer lets each row of X meet each column "
        "of W; try three samples with two inputs and one unit, where the two tables have no places in common."
    ),
)
def affine(X, W, b):
    return X * W + b


@misconception(
    "N003",
    name="transposes the weights",
    explanation=(
        "W comes with a row for each input and a column for each unit, and you use it the other way round. "
        "With two inputs and three units it does not fit; with as many inputs as units it fits and is wrong."
    ),
)
def affine(X, W, b):
    return X @ W.T + b


@misconception(
    "N004",
    name="adds the bias before the product",
    explanation=(
        "The bias goes into your sums with the weights on it. Try X = [[0.0, 0.0]], where the answer should "
        "be b, whatever W is."
    ),
)
def affine(X, W, b):
    return (X + b) @ W


@misconception(
    "N005",
    name="subtracts the bias",
    explanation=("Raise b by 1: every sum of that unit should rise by 1, and yours fall."),
)
def affine(X, W, b):
    return X @ W - b


@misconception(
    "N006",
    name="adds the bias to each sample, not to each unit",
    explanation=(
        "You gave b a second axis, so that its entries go to the rows. A unit has one bias for all samples; "
        "with as many samples as units nothing complains. Try two samples and two units with b = [10.0, "
        "20.0]: each row should hold both."
    ),
)
def affine(X, W, b):
    return X @ W + b.reshape(-1, 1)


@misconception(
    "N007",
    name="returns a row where a layer has one unit",
    explanation=(
        "With one unit your answer has lost an axis. The sums of a layer are a table (N, H), with H = 1, too."
    ),
)
def affine(X, W, b):
    return (X @ W + b).squeeze()


@misconception(
    "N008",
    name="bends the sums already",
    explanation=(
        "Your numbers never leave the range from -1 to 1. A layer alone only adds up; with W = [[10.0]] and X"
        " = [[3.0]] it should give 30 and the bias."
    ),
)
def affine(X, W, b):
    return torch.tanh(X @ W + b)


@misconception(
    "N009",
    name="averages over the inputs",
    explanation=(
        "Your sums are too small by the number of inputs: add an input with the weight 0, and the answer "
        "should stay as it is."
    ),
)
def affine(X, W, b):
    return X @ W / X.shape[1] + b


@misconception(
    "N010",
    name="returns the sums of one layer turned on their side",
    explanation=("Your answer has a row for each unit. One row for each sample is asked for: shape (N, H)."),
)
def affine(X, W, b):
    return (X @ W + b).T


@misconception(
    "N011",
    name="adds up the bias once for each input",
    explanation=("The bias is added as often as there are inputs. Try X = [[0.0, 0.0]]: the answer should be b."),
)
def affine(X, W, b):
    return X @ W + b * X.shape[1]


@misconception(
    "N012",
    name="writes into the bias that it was given",
    explanation=(
        "What you return is right, and after the call the caller's b is another one: += writes into the "
        "tensor that stands on its left. Print b before the call and after it."
    ),
)
def affine(X, W, b):
    b += 1
    return X @ W + (b - 1)


# --- affine_backward --------------------------------------------------------------------------------


@misconception(
    "N013",
    name="averages db over the samples",
    explanation=(
        "Your db is 1/N of what it should be. Nothing here divides by N: if the loss is a mean, its 1/N is in"
        " upstream already."
    ),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, X.T @ upstream, upstream.mean(dim=0)


@misconception(
    "N014",
    name="averages dW and db over the samples",
    explanation=(
        "dW and db are 1/N of what they should be. Nothing here divides by N: if the loss is a mean, its 1/N "
        "is in upstream already."
    ),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, X.T @ upstream / len(X), upstream.mean(dim=0)


@misconception(
    "N015",
    name="averages dW over the samples",
    explanation=(
        "Your dW is 1/N of what it should be. Nothing here divides by N: if the loss is a mean, its 1/N is in"
        " upstream already."
    ),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, X.T @ upstream / len(X), upstream.sum(dim=0)


@misconception(
    "N016",
    name="leaves one bias gradient for each sample",
    explanation=(
        "Your db still has a row for each sample. b has the shape (H,) and went into all of them; what each "
        "of them sends back has to come together."
    ),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, X.T @ upstream, upstream


@misconception(
    "N017",
    name="adds up db over the units",
    explanation=(
        "Your db has one number for each sample. It should have the shape of b, one number for each unit: "
        "look at which of the axes of upstream has to vanish."
    ),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, X.T @ upstream, upstream.sum(dim=1)


@misconception(
    "N018",
    name="adds up all of upstream for db",
    explanation=(
        "Your db is a single number, and each unit has a bias of its own. Try two units of which only the "
        "first one gets something back from behind."
    ),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, X.T @ upstream, upstream.sum() * torch.ones_like(b)


@misconception(
    "N019",
    name="takes db of the last sample alone",
    explanation=(
        "Your db is what one sample sends back. Every sample has met the bias; try two samples with upstream "
        "[[1.0], [2.0]]."
    ),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, X.T @ upstream, upstream[-1]


@misconception(
    "N020",
    name="gives dW the shape of its transpose",
    explanation=("The numbers of dW are right and lie on their side. Compare its shape with that of W."),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, upstream.T @ X, upstream.sum(dim=0)


@misconception(
    "N021",
    name="goes back through W as it goes forwards",
    explanation=(
        "For dX you multiply by W itself. On the way back a row of upstream, H numbers, has to become a row "
        "of F numbers. Where H and F are equal nothing complains."
    ),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W, X.T @ upstream, upstream.sum(dim=0)


@misconception(
    "N022",
    name="takes X as it is for dW",
    explanation=(
        "For dW you multiply by X itself, (N, F), from the left. dW is (F, H), so that the samples have to be"
        " what vanishes. Where N, F and H are equal nothing complains."
    ),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, X @ upstream, upstream.sum(dim=0)


@misconception(
    "N023",
    name="forgets upstream for dX",
    explanation=("Your dX is the same whatever comes from behind. Double upstream: all three answers should double."),
)
def affine_backward(X, W, b, upstream):
    return torch.ones_like(upstream) @ W.T, X.T @ upstream, upstream.sum(dim=0)


@misconception(
    "N024",
    name="counts the samples for db",
    explanation=("Your db is N, as if 1 came back from everywhere. Double upstream: db should double."),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, X.T @ upstream, len(X) * torch.ones_like(b)


@misconception(
    "N025",
    name="returns the gradients in the order W, b, X",
    explanation=("All three are there, in another order. The arguments come as X, W, b, and so do the answers."),
)
def affine_backward(X, W, b, upstream):
    return X.T @ upstream, upstream.sum(dim=0), upstream @ W.T


@misconception(
    "N026",
    name="exchanges dX and dW",
    explanation=(
        "The first answer belongs to the second argument and the other way round. Compare the shapes of what "
        "you return with those of X and W."
    ),
)
def affine_backward(X, W, b, upstream):
    return X.T @ upstream, upstream @ W.T, upstream.sum(dim=0)


@misconception(
    "N027",
    name="returns the gradients of W and b alone",
    explanation=(
        "Two answers come back, and three are asked for. The layer below needs what comes back to its own "
        "output, which is your X."
    ),
)
def affine_backward(X, W, b, upstream):
    return X.T @ upstream, upstream.sum(dim=0)


@misconception(
    "N028",
    name="multiplies db by the bias",
    explanation=("Your db grows with b. A summand has the slope 1, whatever it is itself; try b = [0.0]."),
)
def affine_backward(X, W, b, upstream):
    return upstream @ W.T, X.T @ upstream, upstream.sum(dim=0) * b


@misconception(
    "N029",
    name="scales upstream in place",
    explanation=(
        "The answers are right, and after the call the caller's upstream is another one. The step before this"
        " one may still need it."
    ),
)
def affine_backward(X, W, b, upstream):
    answers = upstream @ W.T, X.T @ upstream, upstream.sum(dim=0)
    upstream *= 0.5
    return answers


@misconception(
    "N030",
    name="loses an axis where there is one unit",
    explanation=(
        "With one unit or one sample something of yours has lost an axis. Each answer has the shape of what "
        "it belongs to, axes of length 1 included."
    ),
)
def affine_backward(X, W, b, upstream):
    return (upstream @ W.T).squeeze(), (X.T @ upstream).squeeze(), upstream.sum(dim=0)


# --- tanh_backward ----------------------------------------------------------------------------------


@misconception(
    "N031",
    name="forgets the square",
    explanation=(
        "Your slope is 1 - tanh(z). Right at 0, and elsewhere not: at z = 2 and z = -2 the slope is the same,"
        " and yours is not."
    ),
)
def tanh_backward(z, upstream):
    return upstream * (1 - torch.tanh(z))


@misconception(
    "N032",
    name="squares z and not its tanh",
    explanation=(
        "Your slope is 1 - z^2, which is negative beyond 1. tanh climbs everywhere, so its slope is never negative."
    ),
)
def tanh_backward(z, upstream):
    return upstream * (1 - z**2)


@misconception(
    "N033",
    name="takes tanh twice",
    explanation=(
        "You activate what was activated. z is the number before tanh; try z = 5, where the slope is nearly 0."
    ),
)
def tanh_backward(z, upstream):
    return upstream * (1 - torch.tanh(torch.tanh(z)) ** 2)


@misconception(
    "N034",
    name="adds the square",
    explanation=(
        "Your slope is more than 1 on either side of 0. tanh is steepest at 0; the slope there is 1, and less"
        " everywhere else."
    ),
)
def tanh_backward(z, upstream):
    return upstream * (1 + torch.tanh(z) ** 2)


@misconception(
    "N035",
    name="forgets upstream",
    explanation=("You return the slope of tanh itself. Double upstream: the answer should double."),
)
def tanh_backward(z, upstream):
    return 1 - torch.tanh(z) ** 2


@misconception(
    "N036",
    name="goes forwards once more",
    explanation=(
        "You multiply upstream by what tanh gives, not by how steep it is. Try z = 0, where tanh is flat in "
        "no way: upstream should come through as it is."
    ),
)
def tanh_backward(z, upstream):
    return upstream * torch.tanh(z)


@misconception(
    "N037",
    name="takes the slope of the sigmoid for that of tanh",
    explanation=(
        "At z = 0 you let a quarter of upstream through. tanh climbs from -1 to 1, and there with the slope 1."
    ),
)
def tanh_backward(z, upstream):
    return upstream * torch.sigmoid(z) * (1 - torch.sigmoid(z))


@misconception(
    "N038",
    name="uses the rule t * (1 - t) for tanh",
    explanation=(
        "t * (1 - t) is the rule of the sigmoid. Try z = 0: nothing comes back of yours, and all of it should."
    ),
)
def tanh_backward(z, upstream):
    t = torch.tanh(z)
    return upstream * t * (1 - t)


@misconception(
    "N039",
    name="adds upstream to the slope",
    explanation=("On the way back slopes multiply. With upstream = 0 nothing should come back."),
)
def tanh_backward(z, upstream):
    return upstream + (1 - torch.tanh(z) ** 2)


@misconception(
    "N040",
    name="takes tanh of upstream and z the other way round",
    explanation=("You bend what comes back, and multiply by z. Try a large upstream: the answer should grow with it."),
)
def tanh_backward(z, upstream):
    return z * (1 - torch.tanh(upstream) ** 2)


@misconception(
    "N041",
    name="uses the textbook's fraction, which overflows",
    explanation=(
        "Near zero your numbers are right. At z = 100 and beyond they are nan, since e^z is inf in float32, "
        "and inf / inf is no number."
    ),
)
def tanh_backward(z, upstream):
    t = (torch.exp(z) - torch.exp(-z)) / (torch.exp(z) + torch.exp(-z))
    return upstream * (1 - t**2)


@misconception(
    "N042",
    name="squares the slope as a whole",
    explanation=(
        "Your slope is (1 - tanh(z))^2: the square is around too much. Compare z = 1 with z = -1, where the "
        "slope is the same."
    ),
)
def tanh_backward(z, upstream):
    return upstream * (1 - torch.tanh(z)) ** 2


@misconception(
    "N043",
    name="activates z in place",
    explanation=(
        "The first answer is right, and after the call the caller's z holds its tanh: a name of torch that "
        "ends in _ writes into the tensor itself."
    ),
)
def tanh_backward(z, upstream):
    return upstream * (1 - z.tanh_() ** 2)


# --- sigmoid_backward -------------------------------------------------------------------------------


@misconception(
    "N044",
    name="takes z for the sigmoid of z",
    explanation=(
        "Your slope is z * (1 - z): the number was never activated. The slope of the sigmoid is never more "
        "than 1/4 and never negative."
    ),
)
def sigmoid_backward(z, upstream):
    return upstream * z * (1 - z)


@misconception(
    "N045",
    name="takes the sigmoid twice",
    explanation=(
        "You activate what was activated. z is the number before the sigmoid; try z = 10, where nearly "
        "nothing should come back."
    ),
)
def sigmoid_backward(z, upstream):
    s = torch.sigmoid(torch.sigmoid(z))
    return upstream * s * (1 - s)


@misconception(
    "N046",
    name="adds s instead of subtracting it",
    explanation=("Your slope is s * (1 + s), which grows to 2 on the right. The sigmoid is flat there."),
)
def sigmoid_backward(z, upstream):
    s = torch.sigmoid(z)
    return upstream * s * (1 + s)


@misconception(
    "N047",
    name="forgets upstream",
    explanation=("You return the slope of the sigmoid itself. Double upstream: the answer should double."),
)
def sigmoid_backward(z, upstream):
    s = torch.sigmoid(z)
    return s * (1 - s)


@misconception(
    "N048",
    name="stops half-way: s without 1 - s",
    explanation=(
        "You multiply by the sigmoid, and not by its slope. At z = 10 the sigmoid is nearly 1, and its slope nearly 0."
    ),
)
def sigmoid_backward(z, upstream):
    return upstream * torch.sigmoid(z)


@misconception(
    "N049",
    name="multiplies by 1 - s alone",
    explanation=(
        "One of the two factors is missing. At z = -10 your slope is nearly 1, and the sigmoid is flat there."
    ),
)
def sigmoid_backward(z, upstream):
    return upstream * (1 - torch.sigmoid(z))


@misconception(
    "N050",
    name="has the sign the wrong way round",
    explanation=(
        "Your answer is -1 times what it should be: s - 1 is negative. Where upstream is positive, so is the answer."
    ),
)
def sigmoid_backward(z, upstream):
    s = torch.sigmoid(z)
    return upstream * s * (s - 1)


@misconception(
    "N051",
    name="takes the slope of tanh for that of the sigmoid",
    explanation=(
        "At z = 0 you let all of upstream through. The sigmoid climbs from 0 to 1, and there with the slope 1/4."
    ),
)
def sigmoid_backward(z, upstream):
    return upstream * (1 - torch.tanh(z) ** 2)


@misconception(
    "N052",
    name="uses 1 - s^2, the rule of tanh",
    explanation=("1 - s^2 is the rule of tanh. At z = 0 your slope is 3/4, and the slope of the sigmoid is 1/4."),
)
def sigmoid_backward(z, upstream):
    return upstream * (1 - torch.sigmoid(z) ** 2)


@misconception(
    "N053",
    name="divides infinities far on the left",
    explanation=("Near zero your numbers are right. At z = -100 in float32, e^(-z) is inf, and inf / inf is nan."),
)
def sigmoid_backward(z, upstream):
    return upstream * torch.exp(-z) / (1 + torch.exp(-z)) ** 2


@misconception(
    "N054",
    name="takes the sigmoid of upstream as well",
    explanation=(
        "You activate what comes back. Upstream is a slope and no pre-activation: double it, and the answer "
        "should double."
    ),
)
def sigmoid_backward(z, upstream):
    s = torch.sigmoid(z)
    return torch.sigmoid(upstream) * s * (1 - s)


# --- fan_out_backward -------------------------------------------------------------------------------


@misconception(
    "N055",
    name="overwrites one way to x by the other",
    explanation=(
        "Only what comes to x past q is left. x is used twice, and moves f on both ways; at x = 2, y = 3, z ="
        " -1 the way past q sends 5, and the way through it 6."
    ),
)
def fan_out_backward(x, y, z):
    q = x * y + z
    dx = x * y
    dx = q
    return dx, x * x, x


@misconception(
    "N056",
    name="goes back to x through q alone",
    explanation=(
        "What comes back past q is lost. x is used twice, and moves f on both ways; at x = 2, y = 3, z = -1 "
        "the way through q sends 6, and the way past it 5."
    ),
)
def fan_out_backward(x, y, z):
    return x * y, x * x, x


@misconception(
    "N057",
    name="multiplies the two ways to x",
    explanation=(
        "Along one way slopes multiply, and what comes back on two ways adds up. At x = 2, y = 3, z = -1 the "
        "two are 6 and 5."
    ),
)
def fan_out_backward(x, y, z):
    q = x * y + z
    return (x * y) * q, x * x, x


@misconception(
    "N058",
    name="takes the mean of the two ways to x",
    explanation=("Your slope in x is half of what it should be. Nothing is averaged where two ways meet."),
)
def fan_out_backward(x, y, z):
    return (2 * x * y + z) / 2, x * x, x


@misconception(
    "N059",
    name="forgets z on the way past q",
    explanation=(
        "Past q comes q itself, all of it: x * y and z. With y = 0 your slope in x is 0, and f = z x has the slope z."
    ),
)
def fan_out_backward(x, y, z):
    return 2 * x * y, x * x, x


@misconception(
    "N060",
    name="counts the product once",
    explanation=(
        "Your slope in x is y + z or so: the factor x is missing on one way or both. Take y = 1, z = 0: f is "
        "x^2 then, and its slope 2x."
    ),
)
def fan_out_backward(x, y, z):
    return y + x * y + z, x * x, x


@misconception(
    "N061",
    name="leaves out the outer x for y",
    explanation=(
        "y meets x twice on its way: in the inner product, and in the outer one. Move y by 1 at x = 2: f "
        "moves by 4, and you say 2."
    ),
)
def fan_out_backward(x, y, z):
    return 2 * x * y + z, x, x


@misconception(
    "N062",
    name="says 1 for z",
    explanation=(
        "z goes into a sum, whose slope is 1, and the sum goes on into a product. Move z by 1 at x = 2: f moves by 2."
    ),
)
def fan_out_backward(x, y, z):
    return 2 * x * y + z, x * x, torch.ones_like(x)


@misconception(
    "N063",
    name="returns the slopes in another order",
    explanation=("All three are there, in another order. The arguments come as x, y, z, and so do the answers."),
)
def fan_out_backward(x, y, z):
    return x, x * x, 2 * x * y + z


@misconception(
    "N064",
    name="exchanges the slopes in y and z",
    explanation=(
        "The second answer belongs to z and the third to y. At x = 2 move y by 1 and see by how much f moves; then z."
    ),
)
def fan_out_backward(x, y, z):
    return 2 * x * y + z, x, x * x


@misconception(
    "N065",
    name="differentiates (x + y) z, the graph of the neuron",
    explanation=(
        "Here the function is (x * y + z) * x, with a product inside and x outside. Yours has no slope that "
        "grows with the square of x."
    ),
)
def fan_out_backward(x, y, z):
    return z, z, x + y


@misconception(
    "N066",
    name="goes back through (x * y + z) * z",
    explanation=("You have z for the outer factor, where x stands. At x = 2, y = 3, z = -1: f is 10."),
)
def fan_out_backward(x, y, z):
    return y * z, x * z, x * y + 2 * z


# --- forward ----------------------------------------------------------------------------------------


@misconception(
    "N067",
    name="returns a column",
    explanation=(
        "Your predictions have the shape (N, 1), one number in each row. One number for each sample is asked "
        "for, (N,): minus targets of shape (N,), a column gives a table of N * N differences."
    ),
)
def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(affine(torch.tanh(affine(X, W1, b1)), W2, b2))


@misconception(
    "N068",
    name="squeezes every axis",
    explanation=(
        "Your answer is right for several samples. For a single one its only axis is gone, too: compare the "
        "shapes for one sample and for two."
    ),
)
def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(affine(torch.tanh(affine(X, W1, b1)), W2, b2)).squeeze()


@misconception(
    "N069",
    name="has no bend between the layers",
    explanation=(
        "Without a bend two layers are one: your network can draw a straight line and no more. Double W1 and "
        "b1, and halve W2: the predictions should change."
    ),
)
def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(affine(affine(X, W1, b1), W2, b2)).squeeze(1)


@misconception(
    "N070",
    name="has no sigmoid at the output",
    explanation=("Your predictions leave the range from 0 to 1. The last bend is missing."),
)
def forward(X, W1, b1, W2, b2):
    return affine(torch.tanh(affine(X, W1, b1)), W2, b2).squeeze(1)


@misconception(
    "N071",
    name="uses the sigmoid in the hidden layer, too",
    explanation=(
        "Two kinds of bend are asked for, and you use one. With W1 and b1 at 0 the hidden layer should be 0, "
        "and the prediction the sigmoid of b2 alone."
    ),
)
def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(affine(torch.sigmoid(affine(X, W1, b1)), W2, b2)).squeeze(1)


@misconception(
    "N072",
    name="uses tanh at the output, too",
    explanation=("Some of your predictions are negative. The output has the bend that runs from 0 to 1."),
)
def forward(X, W1, b1, W2, b2):
    return torch.tanh(affine(torch.tanh(affine(X, W1, b1)), W2, b2)).squeeze(1)


@misconception(
    "N073",
    name="exchanges the two bends",
    explanation=("tanh belongs into the hidden layer, and the sigmoid to the output. Predictions are never negative."),
)
def forward(X, W1, b1, W2, b2):
    return torch.tanh(affine(torch.sigmoid(affine(X, W1, b1)), W2, b2)).squeeze(1)


@misconception(
    "N074",
    name="leaves out the second bias",
    explanation=("Your predictions do not move when b2 does. Make b2 very large: each of them should go to 1."),
)
def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(torch.tanh(affine(X, W1, b1)) @ W2).squeeze(1)


@misconception(
    "N075",
    name="leaves out the first bias",
    explanation=("Your predictions do not move when b1 does. With X at 0 it is b1 that the hidden layer sees."),
)
def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(affine(torch.tanh(X @ W1), W2, b2)).squeeze(1)


@misconception(
    "N076",
    name="bends the sums of the output twice",
    explanation=("The sigmoid of a sigmoid lies between 0.5 and 0.74, and so do all of your predictions."),
)
def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(torch.sigmoid(affine(torch.tanh(affine(X, W1, b1)), W2, b2))).squeeze(1)


@misconception(
    "N077",
    name="decides: 0 or 1",
    explanation=("You round the predictions. Between 0 and 1 lies how sure the network is, and what it learns from."),
)
def forward(X, W1, b1, W2, b2):
    return torch.sigmoid(affine(torch.tanh(affine(X, W1, b1)), W2, b2)).squeeze(1).round()


# --- backward ---------------------------------------------------------------------------------------


@misconception(
    "N078",
    name="forgets the mean",
    explanation=("All four are exactly N times too large. The loss is a mean over the samples."),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error)
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N079",
    name="takes the mean twice",
    explanation=(
        "All four are 1/N of what they should be. The 1/N of the loss is in what comes back from it, and "
        "nothing after that divides by N again."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y) ** 2)
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N080",
    name="forgets the 2 of the square",
    explanation=("All four are exactly half of what they should be. Differentiate one squared error before you go on."),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N081",
    name="subtracts the prediction from the target",
    explanation=(
        "All four have the wrong sign: a step against them would walk uphill. With a prediction that is too "
        "large, the slope of its squared error is positive."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = y.unsqueeze(1) - torch.sigmoid(z2)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N082",
    name="lets a column meet a row",
    explanation=(
        "Predictions (N, 1) minus targets (N,) is a table of N * N differences, in which each prediction "
        "meets each target. For a single sample nothing is wrong; print the shape of your error for two."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y
    d_z2 = sigmoid_backward(z2, (2 * error / len(y)).sum(dim=1, keepdim=True))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N083",
    name="forgets the slope of the sigmoid",
    explanation=(
        "All four are too large, by 4 or more. Between the prediction and the sums of the second layer stands"
        " a bend, and its slope is a factor."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = 2 * error / len(y)
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N084",
    name="takes the slope of the sigmoid at the prediction",
    explanation=(
        "The slope is asked for at the pre-activation, and you hand in what was activated already. It is then"
        " always near 1/4, however sure the network is."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(torch.sigmoid(z2), 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N085",
    name="forgets the slope of tanh",
    explanation=(
        "dW2 and db2 are right, and dW1 and db1 are too large. Between the hidden layer and its sums stands a"
        " bend, and its slope is a factor."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = d_hidden
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N086",
    name="takes the slope of tanh at the activated hidden layer",
    explanation=(
        "dW2 and db2 are right. For the others the slope of tanh is asked for at the pre-activation, and you "
        "hand in what was activated already."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(hidden, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N087",
    name="takes the slope of the sigmoid in the hidden layer",
    explanation=("dW2 and db2 are right. The hidden layer bends by tanh, whose slope at 0 is 1 and not 1/4."),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = sigmoid_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N088",
    name="takes the slope of tanh at the output",
    explanation=("All four are too large. The output bends by the sigmoid, whose slope is 1/4 at most."),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = tanh_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N089",
    name="leaves out W2 on the way back",
    explanation=(
        "dW2 and db2 are right. What comes back to a hidden unit has gone through its weight in the second "
        "layer: a unit with the weight 0 there can't get anything."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_z2 * torch.ones_like(hidden))
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N090",
    name="hands the pre-activations to the second layer",
    explanation=(
        "db2 is right, and dW2 is not. The inputs of the second layer are what the bend has made of the sums,"
        " not the sums."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(z1, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N091",
    name="goes back to the inputs with the wrong table",
    explanation=(
        "The gradient of the first layer is asked for, whose inputs are X. db1 is right, dW1 is not, and "
        "where as many units as inputs are it even has the right shape."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    db1 = d_z1.sum(dim=0)
    dW1 = (hidden.T @ d_z1)[: len(W1)]
    return dW1, db1, dW2, db2


@misconception(
    "N092",
    name="returns the second layer first",
    explanation=("All four are there, in another order: W1, b1, W2, b2 is asked for, as the arguments come."),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW2, db2, dW1, db1


@misconception(
    "N093",
    name="returns weights first, then biases",
    explanation=("All four are there, in another order: W1, b1, W2, b2 is asked for, as the arguments come."),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, dW2, db1, db2


@misconception(
    "N094",
    name="leaves dW1 on its side",
    explanation=("The numbers of dW1 are right and lie on their side. Compare its shape with that of W1."),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1.T, db1, dW2, db2


@misconception(
    "N095",
    name="returns dW2 as a row of numbers",
    explanation=("The numbers of dW2 are right, and an axis is missing: W2 is a column, (H, 1)."),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2.squeeze(1), db2


@misconception(
    "N096",
    name="averages the biases' gradients over the samples",
    explanation=(
        "dW1 and dW2 are right, db1 and db2 are 1/N of what they should be. The mean of the loss is in what "
        "comes back already."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1 / len(y), dW2, db2 / len(y)


@misconception(
    "N097",
    name="differentiates the absolute error",
    explanation=(
        "Your error has lost its size: a prediction that is far off sends back as much as one that is nearly "
        "right. The loss is a mean of squares."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, torch.sign(error) / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N098",
    name="goes back from the last sample alone",
    explanation=(
        "Your gradient is that of one sample, divided by N. Exchange two rows of X and of y: the gradient "
        "should stay as it is."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = sigmoid_backward(z2, 2 * error * (torch.arange(len(y)) == len(y) - 1).unsqueeze(1) / len(y))
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


@misconception(
    "N099",
    name="uses the short cut of another loss",
    explanation=(
        "prediction minus target is what comes back to z2 with the cross-entropy. For squared errors, the "
        "slope of the sigmoid is a factor of its own, and a 2."
    ),
)
def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    error = torch.sigmoid(z2) - y.unsqueeze(1)
    d_z2 = error / len(y)
    d_hidden, dW2, db2 = affine_backward(hidden, W2, b2, d_z2)
    d_z1 = tanh_backward(z1, d_hidden)
    _, dW1, db1 = affine_backward(X, W1, b1, d_z1)
    return dW1, db1, dW2, db2


# --- numerical_gradient -----------------------------------------------------------------------------


@misconception(
    "N100",
    name="steps to the right alone",
    explanation=(
        "You compare f to the right with f at x itself. Of x^2 at 3 with dx = 0.1 that is 6.1, and to both "
        "sides it is 6."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append((f(x + step) - f(x)) / dx)
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N101",
    name="steps to the left alone",
    explanation=(
        "You compare f at x itself with f to the left. Of x^2 at 3 with dx = 0.1 that is 5.9, and to both "
        "sides it is 6."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append((f(x) - f(x - step)) / dx)
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N102",
    name="divides by dx, and the two points are 2 dx apart",
    explanation=("Your slopes are exactly twice too large. How far is it from x - dx to x + dx?"),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) / dx)
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N103",
    name="divides one of the two values alone",
    explanation=(
        "The difference is to be divided as a whole. Give f a large constant, f + 1000: slopes should stay as"
        " they are, and yours don't."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append(f(x + step) - f(x - step) / (2 * dx))
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N104",
    name="forgets to divide",
    explanation=("You return differences of values. Halve dx: a slope should stay nearly as it is, and yours halve."),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append(f(x + step) - f(x - step))
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N105",
    name="has the sign the wrong way round",
    explanation=(
        "All slopes have the wrong sign: f climbs where you say that it falls. Which of the two points is on the right?"
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append((f(x - step) - f(x + step)) / (2 * dx))
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N106",
    name="multiplies by dx",
    explanation=("Divide the rise by the run. With dx = 0.1 your slopes are a hundredth of what they should be."),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) * dx / 2)
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N107",
    name="ignores dx",
    explanation=(
        "You step by a number of your own. With the dx that is asked for the slopes of a bent function are a "
        "little different ones: of x^3 at 2 with dx = 1 it is 13."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    dx = 1e-3
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) / (2 * dx))
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N108",
    name="has another step by default",
    explanation=(
        "With a given dx you are right, and without one you step by another than 1e-3. It shows where f bends"
        " much within a few thousandths."
    ),
)
def numerical_gradient(f, x, dx=1e-2):
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) / (2 * dx))
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N109",
    name="lets the steps pile up",
    explanation=(
        "The entries that were moved before stay where they are, while the next ones are measured. The first "
        "slope is right, and of x[0]^2 * x[1] the second is not."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    step = torch.zeros(x.numel(), dtype=x.dtype)
    for k in range(x.numel()):
        step = step.reshape(-1).clone()
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) / (2 * dx))
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N110",
    name="moves all entries at once",
    explanation=(
        "f(x + dx) moves every number of x. You get the sum of all slopes, the same for each entry; of x[0]^2"
        " * x[1] at [3, 2] the two are 12 and 9."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    return (f(x + dx) - f(x - dx)) / (2 * dx) * torch.ones_like(x)


@misconception(
    "N111",
    name="returns one number for all entries",
    explanation=("You return one number, and each entry of x has a slope of its own. The answer has the shape of x."),
)
def numerical_gradient(f, x, dx=1e-3):
    return (f(x + dx) - f(x - dx)) / (2 * dx)


@misconception(
    "N112",
    name="forgets the shape of x",
    explanation=(
        "The numbers are right, in one long row. Give them the shape that x has: a table has a table of slopes."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) / (2 * dx))
    return torch.stack(slopes)


@misconception(
    "N113",
    name="moves x itself and does not put it back",
    explanation=(
        "y = x makes no copy, so that you moved the caller's x. Print x before the call and after it. The "
        "later slopes are taken at another place as well."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    flat = x.view(-1) if x.is_contiguous() else x.reshape(-1)
    for k in range(x.numel()):
        flat[k] += dx
        right = f(flat.reshape(x.shape))
        flat[k] -= 2 * dx
        left = f(flat.reshape(x.shape))
        slopes.append((right - left) / (2 * dx))
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N114",
    name="puts x back in the wrong place",
    explanation=(
        "The slopes are right, and after the call x is not what it was: the way back is not as long as the "
        "way there. Print x before the call and after it."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    base = x.clone()
    slopes = []
    for k in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[k] = dx
        step = step.reshape(x.shape)
        slopes.append((f(base + step) - f(base - step)) / (2 * dx))
        x += 2 * step
        x -= step
    return torch.stack(slopes).reshape(x.shape)


@misconception(
    "N115",
    name="walks along the first axis alone",
    explanation=(
        "For a row of numbers you are right. In a table you move whole rows at once: len(x) counts rows, and "
        "a table has more entries than rows."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = torch.zeros_like(x)
    for k in range(len(x)):
        step = torch.zeros_like(x)
        step[k] = dx
        slopes[k] = (f(x + step) - f(x - step)) / (2 * dx)
    return slopes


@misconception(
    "N116",
    name="moves a copy where x lies on its side",
    explanation=(
        "Where x is the transpose of another table, x.reshape(-1) is a copy: what you move there is not what "
        "f sees, and every slope is 0. For other tables you are right."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    moved = x.clone()
    slopes = torch.zeros(x.numel(), dtype=x.dtype)
    flat = moved.reshape(-1)
    for k in range(x.numel()):
        old = flat[k].item()
        flat[k] = old + dx
        right = f(moved)
        flat[k] = old - dx
        left = f(moved)
        flat[k] = old
        slopes[k] = (right - left) / (2 * dx)
    return slopes.reshape(x.shape)


@misconception(
    "N117",
    name="hands f a row where it wants a table",
    explanation=(
        "Your f gets all numbers in one long row. It should get a tensor in the shape of x: a function of a "
        "table may look at its rows."
    ),
)
def numerical_gradient(f, x, dx=1e-3):
    slopes = []
    flat = x.reshape(-1)
    for k in range(len(flat)):
        step = torch.zeros_like(flat)
        step[k] = dx
        slopes.append((f(flat + step) - f(flat - step)) / (2 * dx))
    return torch.stack(slopes).reshape(x.shape)


# --- train ------------------------------------------------------------------------------------------


@misconception(
    "N118",
    name="notes the loss after the step",
    explanation=(
        "Your first loss is that of the second epoch. Each one is asked for before its step: with the "
        "learning rate 0 all are alike, and with another one the first belongs to the start."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
        losses.append(float(loss_fn(forward(X, *parameters), y)))
    return parameters, losses


@misconception(
    "N119",
    name="walks uphill",
    explanation=("The loss grows from epoch to epoch. The gradient points to where the loss rises."),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p + learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N120",
    name="forgets the learning rate",
    explanation=(
        "Your steps have the same length whatever the learning rate is. With a rate of 0 nothing should move."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N121",
    name="makes one epoch too many",
    explanation=("With n_epochs=1 you have made two steps, and noted two losses. Count how often your loop runs."),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs + 1):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N122",
    name="makes one epoch too few",
    explanation=(
        "With n_epochs=1 nothing has happened, and the list of losses is one too short. Count how often your loop runs."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(1, n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N123",
    name="returns the last loss alone",
    explanation=(
        "A list of n_epochs losses is asked for, and yours has one. It has to be begun before the loop, and "
        "no more in it."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses = []
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N124",
    name="returns the losses first",
    explanation=("The two answers are there, in another order: the new parameters come first."),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return losses, parameters


@misconception(
    "N125",
    name="returns the parameters alone",
    explanation=("The losses are missing. Two answers are asked for: the new tuple, and the list."),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters


@misconception(
    "N126",
    name="trains the second layer alone",
    explanation=(
        "W1 and b1 are where they began. A network whose hidden layer never moves learns what its start "
        "happens to allow."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        W1, b1, W2, b2 = parameters
        parameters = (W1, b1, W2 - learning_rate * gradients[2], b2 - learning_rate * gradients[3])
    return parameters, losses


@misconception(
    "N127",
    name="trains the first layer alone",
    explanation=("W2 and b2 are where they began. All four tensors are to be moved."),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        W1, b1, W2, b2 = parameters
        parameters = (W1 - learning_rate * gradients[0], b1 - learning_rate * gradients[1], W2, b2)
    return parameters, losses


@misconception(
    "N128",
    name="trains the weights alone",
    explanation=(
        "The biases are where they began. All four tensors are to be moved; with X at 0 the biases are all "
        "that can learn."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        W1, b1, W2, b2 = parameters
        parameters = (W1 - learning_rate * gradients[0], b1, W2 - learning_rate * gradients[2], b2)
    return parameters, losses


@misconception(
    "N129",
    name="moves one layer before the gradient of the other",
    explanation=(
        "The second layer is right, the first is a little off: its gradient was taken where the second layer "
        "had moved already. All four are asked for at the same place."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        W1, b1, W2, b2 = parameters
        _, _, dW2, db2 = backward(X, y, W1, b1, W2, b2)
        W2, b2 = W2 - learning_rate * dW2, b2 - learning_rate * db2
        dW1, db1, _, _ = backward(X, y, W1, b1, W2, b2)
        parameters = (W1 - learning_rate * dW1, b1 - learning_rate * db1, W2, b2)
    return parameters, losses


@misconception(
    "N130",
    name="always steps from the start",
    explanation=(
        "After two epochs you are where you were after one: the gradient is always taken at the start, or the"
        " step is always made from there."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses, start = [], parameters
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *start)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(start, gradients))
    return parameters, losses


@misconception(
    "N131",
    name="takes the gradient at the start in each epoch",
    explanation=(
        "The first epoch is right. From the second on the gradient is still that of the start: it has to be "
        "found anew where you are."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses, start = [], parameters
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *start)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N132",
    name="trains on one sample at a time",
    explanation=(
        "You step after each sample. All samples are in each step here: the gradient of the whole batch, once"
        " in an epoch."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        for k in range(len(y)):
            gradients = backward(X[k : k + 1], y[k : k + 1], *parameters)
            parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N133",
    name="trains in place, on the caller's tensors",
    explanation=(
        "What you return is right, and after the call the caller's start is gone: -= writes into the tensor "
        "on its left. Train twice from the same start, and see whether it is the same."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        for p, slope in zip(parameters, gradients):
            p -= learning_rate * slope
    return parameters, losses


@misconception(
    "N134",
    name="divides the gradient by the number of samples",
    explanation=("Your steps are 1/N of what they should be. The gradient is that of a mean already."),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope / len(y) for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N135",
    name="adds up the gradients of all epochs",
    explanation=(
        "The first epoch is right. From the second on you step by all gradients so far: each epoch has one of its own."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses, total = [], [0.0, 0.0, 0.0, 0.0]
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        total = [old + slope for old, slope in zip(total, gradients)]
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, total))
    return parameters, losses


@misconception(
    "N136",
    name="notes the sum of the squares",
    explanation=("Your losses are N times too large. loss_fn is given, and is a mean."),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(((forward(X, *parameters) - y) ** 2).sum()))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N137",
    name="notes the root of the loss",
    explanation=("The first of your losses is the root of what it should be. loss_fn is given; note what it says."),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)) ** 0.5)
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N138",
    name="notes a running mean of the losses",
    explanation=("The first loss is right, and the others come down too slowly: each epoch has a loss of its own."),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(
            (sum(losses) + float(loss_fn(forward(X, *parameters), y))) / (len(losses) + 1)
            if len(losses) < 2
            else (losses[-1] * len(losses) + float(loss_fn(forward(X, *parameters), y))) / (len(losses) + 1)
        )
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N139",
    name="ends early where the loss is small",
    explanation=(
        "You stop when the loss is small enough. The number of epochs is given, and a list of that many "
        "losses is asked for."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        if losses[-1] < 0.01:
            losses += [losses[-1]] * (n_epochs - len(losses))
            break
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N140",
    name="lowers the learning rate as it goes",
    explanation=(
        "The first epoch is right, and later steps are too short. The learning rate is the same in every epoch."
    ),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for epoch in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate / (1 + 0.01 * epoch) * slope for p, slope in zip(parameters, gradients))
    return parameters, losses


@misconception(
    "N141",
    name="cuts the gradient off",
    explanation=("Small steps are right, and large ones too short: you limit the gradient. It is to be used as it is."),
)
def train(parameters, X, y, n_epochs, learning_rate):
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        gradients = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope.clamp(-0.02, 0.02) for p, slope in zip(parameters, gradients))
    return parameters, losses
