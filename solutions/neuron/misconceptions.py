# PRIVATE chainrule-canary-b41d7c90e2f64a55
# ruff: noqa: B905, F811, F821, PLE0307, PLW0603 - names are defined again and again, as students write
"""Wrong variants of the exercises of neuron, named: for diagnosis, and to prove the hidden suite."""

from __future__ import annotations

import torch
from torch.utils.data import Dataset

from grader.course.catalogue import misconception

# --- binary_step -----------------------------------------------------------------------------------


@misconception(
    "X001",
    name="stays silent at the threshold",
    explanation=(
        "Exactly at the threshold the neuron fires, and your comparison leaves that point out. Try z = [-1, 0, 2]: "
        "the number in the middle should give 1."
    ),
)
def binary_step(z, threshold=0.0):
    return (z > threshold).to(z.dtype)


@misconception(
    "X002",
    name="ignores the threshold",
    explanation=(
        "You compare with 0, whatever threshold is. Try z = [-1, 0, 2] with threshold=1: only one of the three "
        "should fire."
    ),
)
def binary_step(z, threshold=0.0):
    return (z >= 0).to(z.dtype)


@misconception(
    "X003",
    name="returns True and False",
    explanation=(
        "A comparison gives truth values, and later exercises want numbers. Print the dtype of what you return, for "
        "z of float32."
    ),
)
def binary_step(z, threshold=0.0):
    return z >= threshold


@misconception(
    "X004",
    name="returns the sign",
    explanation=("A silent neuron gives 0, and yours gives -1. Try z = [-1, 2]."),
)
def binary_step(z, threshold=0.0):
    return torch.where(z >= threshold, 1.0, -1.0).to(z.dtype)


@misconception(
    "X005",
    name="lets z through where the neuron fires",
    explanation=(
        "A switch is on or off: what comes out does not depend on how far z is above the threshold. Try z = [1, 2, 3]."
    ),
)
def binary_step(z, threshold=0.0):
    return torch.where(z >= threshold, z, torch.zeros_like(z))


@misconception(
    "X006",
    name="fires below the threshold",
    explanation=("Your comparison points the wrong way. Try z = [-1, 2]: the second one should fire."),
)
def binary_step(z, threshold=0.0):
    return (z <= threshold).to(z.dtype)


@misconception(
    "X007",
    name="gives one half at the threshold",
    explanation=("Some steps are 1/2 at the jump; this one is 1 there. Try z = [0.0]."),
)
def binary_step(z, threshold=0.0):
    half = torch.tensor(0.5, dtype=z.dtype)
    return torch.heaviside(z - threshold, half)


@misconception(
    "X008",
    name="asks one `if` for a whole tensor and crashes",
    explanation=(
        "Python's `if`, `and` and `max` need one answer, and a comparison of three numbers gives three. It works "
        "for a single number; try z = torch.tensor([-1.0, 0.0, 2.0])."
    ),
)
def binary_step(z, threshold=0.0):
    if z >= threshold:
        return torch.ones_like(z)
    return torch.zeros_like(z)


@misconception(
    "X009",
    name="adds the threshold",
    explanation=(
        "You move z up by the threshold where it should have to climb over it. Try z = [0.5] with threshold=1: it "
        "should stay silent."
    ),
)
def binary_step(z, threshold=0.0):
    return (z + threshold >= 0).to(z.dtype)


@misconception(
    "M015-binary_step",
    name="writes its answer into z",
    explanation=(
        "The caller's numbers are gone after your call. Print z before and after it: nothing should have changed."
    ),
)
def binary_step(z, threshold=0.0):
    fires = z >= threshold
    z[fires] = 1.0
    z[~fires] = 0.0
    return z


@misconception(
    "X406",
    name="takes numbers that are nearly the threshold for reached",
    explanation=(
        "Nearly is not reached: a number a thousandth below the threshold gives 0. Try z = torch.tensor([-0.001])."
    ),
)
def binary_step(z, threshold=0.0):
    return (z >= threshold - 0.002).to(z.dtype)


# --- sigmoid ---------------------------------------------------------------------------------------


@misconception(
    "X011",
    name="has the wrong sign in the exponent",
    explanation=(
        "Your curve falls where it should climb. Try z = [-5, 5]: the first answer should be near 0 and the second "
        "near 1."
    ),
)
def sigmoid(z):
    return 1 / (1 + torch.exp(z))


@misconception(
    "M013",
    name="uses the form that is inf / inf far to the right",
    explanation=(
        "On paper your form is right, but e^z is too large for a float at z = 1000. Try z = torch.tensor([1000.0]): "
        "you get nan."
    ),
)
def sigmoid(z):
    return torch.exp(z) / (1 + torch.exp(z))


@misconception(
    "X012",
    name="has a minus in the denominator",
    explanation=("At z = 0 your denominator is 1 - 1. Try z = [0, 1]: the answers should be 0.5 and 0.7311."),
)
def sigmoid(z):
    return 1 / (1 - torch.exp(-z))


@misconception(
    "X013",
    name="lacks brackets around the denominator",
    explanation=(
        "Python divides before it adds, so 1 / 1 is all that is divided. Try z = [0]: you get 2, and no answer may "
        "be above 1."
    ),
)
def sigmoid(z):
    return 1 / 1 + torch.exp(-z)


@misconception(
    "X014",
    name="computes the hyperbolic tangent",
    explanation=("Your answers run from -1 to 1 instead of from 0 to 1. Try z = [0]: it should be 0.5."),
)
def sigmoid(z):
    return torch.tanh(z)


@misconception(
    "M015-sigmoid",
    name="changes z in place",
    explanation=("Methods that end with _ write into the caller's tensor. Print z before and after a call."),
)
def sigmoid(z):
    return z.neg_().exp_().add_(1).reciprocal_()


@misconception(
    "X015",
    name="cuts z off at plus and minus 10",
    explanation=(
        "That keeps e^z small, but the answers beyond 10 are wrong then. Try z = [-40]: it should be far below "
        "1e-10, and yours is 4.5e-5."
    ),
)
def sigmoid(z):
    return 1 / (1 + torch.exp(-torch.clamp(z, -10, 10)))


@misconception(
    "M122",
    name="always computes in float32",
    explanation=(
        ".float() rounds float64 to seven digits. Try z = torch.tensor([1.4], dtype=torch.float64) and print the "
        "dtype of the answer."
    ),
    patterns=("float",),
)
def sigmoid(z):
    return torch.sigmoid(z.float())


@misconception(
    "X016",
    name="computes the sigmoid of twice z",
    explanation=(
        "Your curve is twice as steep: e^z over e^z + e^(-z) is a sigmoid as well, but of 2z. Try z = [1.4]: the "
        "lesson has 0.8022."
    ),
)
def sigmoid(z):
    return torch.exp(z) / (torch.exp(z) + torch.exp(-z))


@misconception(
    "X405",
    name="takes the sigmoid for 0 or 1 beyond 5",
    explanation=("At 5 the sigmoid is 0.9933, and not yet 1. Print it at 5 and at 6: the second is a little larger."),
)
def sigmoid(z):
    return torch.where(z.abs() < 5, 1 / (1 + torch.exp(-z)), (z > 0).to(z.dtype))


# --- tanh ------------------------------------------------------------------------------------------


@misconception(
    "X021",
    name="uses the textbook's fraction, inf / inf far out",
    explanation=(
        "The fraction is right on paper, but at z = 1000 both of its parts are infinite. Try z = "
        "torch.tensor([1000.0, -1000.0]): you get nan."
    ),
)
def tanh(z):
    return (torch.exp(z) - torch.exp(-z)) / (torch.exp(z) + torch.exp(-z))


@misconception(
    "X022",
    name="forgets the 2 inside the sigmoid",
    explanation=("You stretch the height and not the width. Try z = [1]: it should be 0.7616, and you get 0.4621."),
)
def tanh(z):
    return 2 * sigmoid(z) - 1


@misconception(
    "X023",
    name="turns the fraction upside down",
    explanation=("Your answers are larger than 1, and infinite at 0. Try z = [1]: it should be 0.7616."),
)
def tanh(z):
    return (torch.exp(z) + torch.exp(-z)) / (torch.exp(z) - torch.exp(-z))


@misconception(
    "X024",
    name="does not move the stretched sigmoid down",
    explanation=("Your curve runs from 0 to 2. Try z = [0]: it should be 0."),
)
def tanh(z):
    return 2 * sigmoid(2 * z)


@misconception(
    "X025",
    name="does not stretch the height",
    explanation=("Your curve runs from -1 to 0. Try z = [0]: it should be 0, and z = [5] should be near 1."),
)
def tanh(z):
    return sigmoid(2 * z) - 1


@misconception(
    "X026",
    name="leaves the denominator out",
    explanation=(
        "What you have is half of e^z - e^(-z), the hyperbolic sine, and it grows without end. Try z = [5]: no "
        "answer may be above 1."
    ),
)
def tanh(z):
    return (torch.exp(z) - torch.exp(-z)) / 2


@misconception(
    "X027",
    name="computes the sigmoid",
    explanation=("Your answers run from 0 to 1. Try z = [-5]: it should be near -1."),
)
def tanh(z):
    return sigmoid(z)


# --- relu ------------------------------------------------------------------------------------------


@misconception(
    "X031",
    name="takes the absolute value",
    explanation=("Negative numbers should become 0, and yours turn positive. Try z = [-2, 3]."),
)
def relu(z):
    return z.abs()


@misconception(
    "X032",
    name="keeps the negative half",
    explanation=("You keep what should be cut off. Try z = [-2, 3]: the answer should be [0, 3]."),
)
def relu(z):
    return torch.clamp(z, max=0)


@misconception(
    "X033",
    name="returns 1 where z is positive",
    explanation=("That is a step. What is positive should come through as it is: try z = [2, 3]."),
)
def relu(z):
    return (z > 0).to(z.dtype)


@misconception(
    "M015-relu",
    name="writes zeros into z",
    explanation=("z[z < 0] = 0 changes the caller's tensor. Print z before and after a call."),
)
def relu(z):
    z[z < 0] = 0
    return z


@misconception(
    "X034",
    name="uses Python's max and crashes",
    explanation=(
        "max(0, z) asks for one answer about all of z. It works for a single number; try torch.tensor([-2.0, 3.0])."
    ),
    patterns=("max",),
)
def relu(z):
    return max(torch.zeros(()), z)


@misconception(
    "X035",
    name="returns the largest number only",
    explanation=("You get one number for the whole tensor. Try z = [1, 2, 3]: three numbers should come back."),
)
def relu(z):
    return torch.clamp(z.max(), min=0)


@misconception(
    "X036",
    name="cuts off what is above 1, too",
    explanation=("A relu is open to the right. Try z = [0.5, 3]."),
)
def relu(z):
    return torch.clamp(z, min=0, max=1)


@misconception(
    "X401",
    name="cuts off what is above 6",
    explanation=(
        "That is another activation, which has its uses in small networks; this one has no upper end. Try z = "
        "torch.tensor([7.0]): the answer is 7."
    ),
)
def relu(z):
    return z.clamp(min=0, max=6)


@misconception(
    "X402",
    name="takes numbers below 0.01 for zero",
    explanation=("However small a positive number is, it stays what it is. Try z = torch.tensor([0.005])."),
)
def relu(z):
    return torch.where(z > 0.01, z, torch.zeros_like(z))


# --- leaky_relu ------------------------------------------------------------------------------------


@misconception(
    "X041",
    name="writes 0.01 into the body",
    explanation=(
        "You have an argument negative_slope and never look at it. Try z = [-2] with negative_slope=0.25: it should "
        "be -0.5."
    ),
)
def leaky_relu(z, negative_slope=0.01):
    return torch.where(z > 0, z, 0.01 * z)


@misconception(
    "X042",
    name="lets nothing through below zero",
    explanation=("That is a relu, and its slope is 0 on the left. Try z = [-2]: it should be -0.02."),
)
def leaky_relu(z, negative_slope=0.01):
    return torch.where(z > 0, z, torch.zeros_like(z))


@misconception(
    "X043",
    name="has the slope on the positive side",
    explanation=("You weaken what should come through as it is. Try z = [-2, 3]."),
)
def leaky_relu(z, negative_slope=0.01):
    return torch.where(z > 0, negative_slope * z, z)


@misconception(
    "X044",
    name="has the slope on both sides",
    explanation=("Positive numbers should stay as they are. Try z = [3]: you return 0.03."),
)
def leaky_relu(z, negative_slope=0.01):
    return negative_slope * z


@misconception(
    "X045",
    name="returns the slope instead of a line with that slope",
    explanation=(
        "Below zero all your answers are the same number. Try z = [-1, -2]: the second should be twice the first."
    ),
)
def leaky_relu(z, negative_slope=0.01):
    return torch.where(z > 0, z, torch.full_like(z, negative_slope))


@misconception(
    "X046",
    name="bends the left side upwards",
    explanation=("Below zero your answers are positive. Try z = [-2]: it should be -0.02."),
)
def leaky_relu(z, negative_slope=0.01):
    return torch.where(z > 0, z, -negative_slope * z)


@misconception(
    "X047",
    name="has a negative slope of 0.1 by default",
    explanation=(
        "Look at the number in the signature that you were given. Try z = [-2] without a slope: it should be -0.02."
    ),
)
def leaky_relu(z, negative_slope=0.1):
    return torch.where(z > 0, z, negative_slope * z)


@misconception(
    "X048",
    name="adds the weakened z to all of z",
    explanation=(
        "Above zero your answer is z and a little more. Try z = [3] with negative_slope=0.25: it should be 3."
    ),
)
def leaky_relu(z, negative_slope=0.01):
    return torch.clamp(z, min=0) + negative_slope * z


@misconception(
    "M015-leaky_relu",
    name="weakens z in place",
    explanation=(
        "You write into the caller's tensor, and a second call weakens it once more. Print z before and after a call."
    ),
)
def leaky_relu(z, negative_slope=0.01):
    z[z < 0] *= negative_slope
    return z


@misconception(
    "X403",
    name="cuts off what is above 10",
    explanation=("The positive side has no upper end. Try z = torch.tensor([20.0]): the answer is 20."),
)
def leaky_relu(z, negative_slope=0.01):
    return torch.where(z > 0, z, negative_slope * z).clamp(max=10)


# --- elu -------------------------------------------------------------------------------------------


@misconception(
    "X051",
    name="ignores alpha",
    explanation=(
        "Your left side levels out at -1, whatever alpha is. Try z = [-1] with alpha=2: it should be -1.2642."
    ),
)
def elu(z, alpha=1.0):
    return torch.where(z > 0, z, torch.exp(torch.clamp(z, max=0)) - 1)


@misconception(
    "X052",
    name="forgets to subtract one",
    explanation=("Your curve jumps at 0. Try z = [-0.001]: it should be near 0, and you return almost 1."),
)
def elu(z, alpha=1.0):
    return torch.where(z > 0, z, alpha * torch.exp(torch.clamp(z, max=0)))


@misconception(
    "X053",
    name="multiplies by alpha before it subtracts one",
    explanation=(
        "Brackets are missing: with alpha = 1 nobody sees it. Try z = [-0.001] with alpha=2: it should be near 0, "
        "and you return almost 1."
    ),
)
def elu(z, alpha=1.0):
    return torch.where(z > 0, z, alpha * torch.exp(torch.clamp(z, max=0)) - 1)


@misconception(
    "X054",
    name="multiplies the positive side by alpha, too",
    explanation=("On the right alpha does nothing. Try z = [3] with alpha=2: it should be 3."),
)
def elu(z, alpha=1.0):
    return alpha * torch.where(z > 0, z, torch.exp(torch.clamp(z, max=0)) - 1)


@misconception(
    "X055",
    name="multiplies branches by 0 and 1, which gives nan",
    explanation=(
        "At z = 1000 the branch that does not count is infinite, and 0 * inf is nan. Try z = torch.tensor([1000.0])."
    ),
)
def elu(z, alpha=1.0):
    return (z > 0) * z + (z <= 0) * alpha * (torch.exp(z) - 1)


@misconception(
    "X056",
    name="puts alpha into the exponent",
    explanation=(
        "alpha says how deep the left side goes, and yours always goes to -1. Try z = [-100] with alpha=2: it "
        "should be -2."
    ),
)
def elu(z, alpha=1.0):
    return torch.where(z > 0, z, torch.exp(alpha * torch.clamp(z, max=0)) - 1)


@misconception(
    "X057",
    name="cuts the left side off",
    explanation=("That is a relu. Try z = [-1]: it should be -0.6321."),
)
def elu(z, alpha=1.0):
    return torch.clamp(z, min=0)


@misconception(
    "X058",
    name="bends the right side and keeps the left one",
    explanation=("The branches have changed places. Try z = [3]: it should be 3."),
)
def elu(z, alpha=1.0):
    return torch.where(z > 0, alpha * (torch.exp(torch.clamp(z, max=80)) - 1), z)


@misconception(
    "X059",
    name="has the wrong sign in the exponent",
    explanation=("e^(-z) grows to the left, and your answers do, too. Try z = [-5]: it should be near -1."),
)
def elu(z, alpha=1.0):
    return torch.where(z > 0, z, alpha * (torch.exp(torch.clamp(-z, max=80)) - 1))


@misconception(
    "X404",
    name="cuts off what is above 10",
    explanation=(
        "The positive side is a straight line without an end. Try z = torch.tensor([20.0]): the answer is 20."
    ),
)
def elu(z, alpha=1.0):
    return torch.where(z > 0, z.clamp(max=10), alpha * torch.expm1(z.clamp(max=0)))


# --- SimpleDataset ---------------------------------------------------------------------------------


@misconception(
    "M144",
    name="has 4.0 where the first sensor showed -4.0",
    explanation=("One slide has this misprint. Print item 7: its input should be [-4.0, 0.1]."),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X = readings.clone()
        self.X[7, 0] = 4.0
        self.y = temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "M142",
    name="leaves the targets in degrees",
    explanation=(
        "A sigmoid never gives more than 1, so it could not reach 81.9 however long it learned. Print item 3: its "
        "target should be below 1."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, temperatures

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X061",
    name="divides the targets by the largest one",
    explanation=(
        "That brings them to at most 1 as well, but with another factor than the one asked for. Print item 3: its "
        "target should be 0.819, and yours is 1."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, temperatures / temperatures.max()

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X062",
    name="scales the readings as well",
    explanation=(
        "Only the targets have to fit a sigmoid; the inputs stay as they were measured. Print item 1: its input "
        "should be [14, 12]."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings * 0.01, temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "M147",
    name="scales the shared temperatures in place",
    explanation=(
        "Making a data set changes the tensor at the top of the module, so the next data set that is made has 0.01 "
        "of 0.01. Make two of them and print target 7 of the second: it should be 0.218."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        global temperatures
        temperatures *= 0.01
        self.X, self.y = readings, temperatures

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "M145",
    name="returns a sample as a tuple",
    explanation=(
        'The later exercises ask for batch["input"] and batch["target"], and a tuple has no names. Try '
        'SimpleDataset()[0]["input"].'
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return self.X[index], self.y[index]

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X063",
    name="gives the parts of a sample other names",
    explanation=(
        'Names have to be the same on both sides: the loops look for "input" and "target". Print '
        "SimpleDataset()[0].keys()."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"X": self.X[index], "y": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X064",
    name="gives each target the shape (1,)",
    explanation=(
        "A batch of your targets is (12, 1), and (12,) minus (12, 1) is a table of 144 differences. Print "
        'SimpleDataset()[0]["target"].shape.'
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, (temperatures * 0.01).unsqueeze(1)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: torch.Size([12])"


@misconception(
    "M008",
    name="hands out a column for a sample, crashes at item 2",
    explanation=(
        "readings has one sample in each row, and you take columns. Print the shape of the input of item 0: it "
        "should be (2,). Item 2 raises an error."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[:, index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X065",
    name="exchanges the two sensors",
    explanation=("The first column is the first sensor. Print item 0: its input should be [0.5, 0.9]."),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings.flip(1), temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X066",
    name="has the number of inputs for its length",
    explanation=(
        "You count along the wrong axis, so a DataLoader asks for two samples only. Print len(SimpleDataset())."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, temperatures * 0.01

    def __len__(self):
        return self.X.shape[1]

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: 12, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X067",
    name="counts samples from 1",
    explanation=(
        "In Python the first sample has the number 0, and yours is then the last one. Print item 0: its input "
        "should be [0.5, 0.9]."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index - 1], "target": self.y[index - 1]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X068",
    name="hands out lists and Python numbers",
    explanation=(
        "A DataLoader stacks tensors; of your lists it makes something else. Print the batch that "
        "DataLoader(SimpleDataset(), batch_size=12) gives: its input should be (12, 2)."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index].tolist(), "target": self.y[index].item()}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X069",
    name="keeps float64",
    explanation=(
        'The weights of the lesson are float32, and so should the data be. Print SimpleDataset()[0]["input"].dtype.'
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings.double(), temperatures.double() * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X070",
    name="is not a Dataset",
    explanation=(
        "Your class stands by itself. Print isinstance(SimpleDataset(), torch.utils.data.Dataset): it should be True."
    ),
)
class SimpleDataset:
    def __init__(self):
        self.X, self.y = readings, temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"


@misconception(
    "X071",
    name="has no text of its own",
    explanation=(
        "print shows only the name of the class and an address. Call print(SimpleDataset()): the size and both "
        "shapes should appear."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}


@misconception(
    "X072",
    name="prints its text instead of returning it, and crashes",
    explanation=(
        "str() wants the text back, and print gives None back. Call str(SimpleDataset()): it raises an error."
    ),
)
class SimpleDataset(Dataset):
    def __init__(self):
        self.X, self.y = readings, temperatures * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        print(f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}")


# --- activate --------------------------------------------------------------------------------------


@misconception(
    "M011",
    name="activates nothing",
    explanation=("You return u as it came. Try activate(torch.tensor(5.0)): the answer should lie between 0 and 1."),
)
def activate(u):
    return u


@misconception(
    "M010",
    name="activates twice",
    explanation=("A sigmoid of a sigmoid never leaves the range from 0.5 to 0.74. Try u = [-5, 5]."),
)
def activate(u):
    return sigmoid(sigmoid(u))


@misconception(
    "X081",
    name="activates by tanh",
    explanation=("tanh runs from -1 to 1. Try u = [0]: it should be 0.5."),
)
def activate(u):
    return torch.tanh(u)


@misconception(
    "X082",
    name="activates by a relu",
    explanation=("A relu has no upper end, and this neuron uses another of the six. Try u = [0]: it should be 0.5."),
)
def activate(u):
    return torch.relu(u)


@misconception(
    "X083",
    name="returns the slope of the sigmoid",
    explanation=(
        "What you return is at most 1/4: that is how steep the sigmoid is, not where it is. Try u = [0]: it should "
        "be 0.5."
    ),
)
def activate(u):
    s = torch.sigmoid(u)
    return s * (1 - s)


@misconception(
    "X084",
    name="rounds the answer to 0 or 1",
    explanation=("A neuron that only says yes or no has no slope to learn from. Try u = [1.4]: it should be 0.8022."),
)
def activate(u):
    return torch.round(torch.sigmoid(u))


@misconception(
    "M029",
    name="detaches the result",
    explanation=(
        "The number is right, but the way back from it is cut. Try u = torch.tensor([1.0], requires_grad=True) and "
        "print activate(u).requires_grad."
    ),
)
def activate(u):
    return torch.sigmoid(u.detach())


# --- model -----------------------------------------------------------------------------------------


@misconception(
    "M009",
    name="adds up over the samples",
    explanation=(
        "Your sum runs down the columns, so one number for each input is left. Print the shape for X of shape (12, "
        "2): it should be (12,)."
    ),
)
def model(X, W, b):
    return activate(torch.sum(X * W, dim=0) + b)


@misconception(
    "X091",
    name="adds up everything",
    explanation=(
        "Without a dim, sum adds the whole table up. Print the shape for X of shape (12, 2): it should be (12,), "
        "and yours is (1,)."
    ),
)
def model(X, W, b):
    return activate(torch.sum(X * W) + b)


@misconception(
    "X092",
    name="averages the inputs instead of adding them up",
    explanation=(
        "With two inputs your z is half of what it should be. Try X = [[1, 1]], W = [1, 1], b = [0]: z is 2, and "
        "the prediction 0.8808."
    ),
)
def model(X, W, b):
    return activate(torch.mean(X * W, dim=1) + b)


@misconception(
    "M010-model",
    name="activates twice",
    explanation=(
        "A sigmoid of a sigmoid never leaves the range from 0.5 to 0.74. Print the predictions for the lecture's "
        "data: the eighth should be 0.0198."
    ),
)
def model(X, W, b):
    return activate(activate(torch.sum(X * W, dim=1) + b))


@misconception(
    "M011-model",
    name="forgets the activation",
    explanation=(
        "Your predictions are affine sums, without a limit. Print them for the lecture's data: each should lie "
        "between 0 and 1."
    ),
)
def model(X, W, b):
    return torch.sum(X * W, dim=1) + b


@misconception(
    "M012",
    name="forgets the bias",
    explanation=("With b = [0] nobody sees it. Try X = [[0, 0]] with b = [0.5]: the prediction should not be 0.5."),
)
def model(X, W, b):
    return activate(torch.sum(X * W, dim=1))


@misconception(
    "X093",
    name="adds the bias after the activation",
    explanation=("A prediction of yours can be larger than 1. Try X = [[0, 0]] with b = [3]."),
)
def model(X, W, b):
    return activate(torch.sum(X * W, dim=1)) + b


@misconception(
    "X094",
    name="adds the bias once for each input",
    explanation=("b counts F times. Try X = [[0, 0]], W = [1, 1], b = [1]: z is 1, and the prediction 0.7311."),
)
def model(X, W, b):
    return activate(torch.sum(X * W + b, dim=1))


@misconception(
    "X095",
    name="activates each product before it adds them up",
    explanation=(
        "There is one activation for a sample, and yours has one for each input. Try X = [[0, 0]], W = [1, 1], b = "
        "[0]: the prediction should be 0.5."
    ),
)
def model(X, W, b):
    return torch.sum(activate(X * W), dim=1) + b


@misconception(
    "X096",
    name="subtracts the bias",
    explanation=(
        "A larger bias should make the neuron fire more, and yours less. Try X = [[0, 0]] with b = [3]: it should "
        "be near 1."
    ),
)
def model(X, W, b):
    return activate(torch.sum(X * W, dim=1) - b)


@misconception(
    "M003",
    name="gives each input the other one's weight",
    explanation=(
        "With W = [1, 1] nobody sees it. Try X = [[1, 0]], W = [5, 0], b = [0]: the prediction should be near 1."
    ),
)
def model(X, W, b):
    return activate(torch.sum(X * W.flip(0), dim=1) + b)


@misconception(
    "X097",
    name="knows two inputs only",
    explanation=(
        "A third input is lost: only two columns have an influence. Try it with X of shape (4, 3) and W of shape "
        "(3,), and change the last column: the answer should change."
    ),
)
def model(X, W, b):
    second = X[:, 1] * W[1] if X.shape[1] > 1 else 0
    return activate(X[:, 0] * W[0] + second + b)


@misconception(
    "M005",
    name="takes the weights out of the graph with item()",
    explanation=(
        "The predictions are right, but nothing leads back from them to W. Give W and b requires_grad=True, call "
        "backward on the sum of the predictions, and print W.grad."
    ),
)
def model(X, W, b):
    u = b
    for j in range(X.shape[1]):
        u = u + X[:, j] * W[j].item()
    return activate(u)


@misconception(
    "M029-model",
    name="detaches the predictions",
    explanation=(
        "The numbers are right, but the way back from them is cut. Give W requires_grad=True and print model(X, W, "
        "b).requires_grad."
    ),
)
def model(X, W, b):
    return activate(torch.sum(X * W, dim=1) + b).detach()


@misconception(
    "M014",
    name="returns a column",
    explanation=(
        "A column (N, 1) minus the targets (N,) is a table of N times N differences. Print the shape for X of shape "
        "(12, 2): it should be (12,)."
    ),
)
def model(X, W, b):
    return activate(torch.sum(X * W, dim=1, keepdim=True) + b)


@misconception(
    "X098",
    name="squeezes one sample away",
    explanation=(
        "squeeze removes every axis of length 1, that of the samples, too. Print the shape for X of shape (1, 2): "
        "it should be (1,)."
    ),
    patterns=("squeeze",),
)
def model(X, W, b):
    return activate(X @ W.unsqueeze(1) + b).squeeze()


@misconception(
    "M015",
    name="multiplies the caller's X in place",
    explanation=(
        "It writes into the data, and a second call starts from the products. Print X before and after a call, with"
        " W = [2, 3]."
    ),
)
def model(X, W, b):
    X *= W.detach()
    return activate(torch.sum(X, dim=1) + b)


@misconception(
    "M007",
    name="reads the lecture's readings instead of X",
    explanation=(
        "readings stands at the top of the module, and you predict from it whatever X is. Call it with one sample: "
        "one prediction should come back."
    ),
    patterns=("readings", "temperatures"),
)
def model(X, W, b):
    return activate(torch.sum(readings * W, dim=1) + b)


# --- loss_fn ---------------------------------------------------------------------------------------


@misconception(
    "M016",
    name="adds the squares up instead of averaging them",
    explanation=(
        "Your loss grows with the number of samples. Call it with one sample and then with the same sample twice: "
        "an average stays the same."
    ),
)
def loss_fn(y_pred, y):
    return torch.square(y_pred - y).sum()


@misconception(
    "M017",
    name="takes half of the squares",
    explanation=(
        "Some books put 1/2 in front; this course does not. Try y_pred = [0.8, 0.3] and y = [0.5, 0.7]: the lesson "
        "has 0.125."
    ),
)
def loss_fn(y_pred, y):
    return torch.square(y_pred - y).mean() / 2


@misconception(
    "M018",
    name="averages the absolute errors",
    explanation=(
        "That is another exercise, mae_loss: here one large miss should count more than two small ones. Try an "
        "error of 2 alone: it should give 4."
    ),
)
def loss_fn(y_pred, y):
    return torch.abs(y_pred - y).mean()


@misconception(
    "M023",
    name="takes the root of the mean",
    explanation=("That is another exercise, rmse_loss. Try a single error of 2: it should give 4."),
)
def loss_fn(y_pred, y):
    return torch.sqrt(torch.square(y_pred - y).mean())


@misconception(
    "M022",
    name="averages before it squares",
    explanation=(
        "Errors of 1 and -1 cancel in your mean. Try y_pred = [1, -1] and y = [0, 0]: the loss should not be 0."
    ),
)
def loss_fn(y_pred, y):
    return (y_pred - y).mean() ** 2


@misconception(
    "X101",
    name="forgets to square",
    explanation=("Errors of 1 and -1 cancel, and your loss may even be negative. Try y_pred = [-1] and y = [0]."),
)
def loss_fn(y_pred, y):
    return (y_pred - y).mean()


@misconception(
    "M019",
    name="compares each prediction with each target",
    explanation=(
        "A row minus a column is a table, and you average all of it. Try y_pred = y = [0, 1]: the loss should be 0."
    ),
)
def loss_fn(y_pred, y):
    return torch.square(y_pred - y.reshape(-1, 1)).mean()


@misconception(
    "M020",
    name="returns a Python number",
    explanation=(
        ".item() gives the right number, and nothing can be differentiated through it. Call backward on what you "
        "return: it has no such method."
    ),
    patterns=("item",),
)
def loss_fn(y_pred, y):
    return torch.square(y_pred - y).mean().item()


@misconception(
    "M021",
    name="returns one square for each sample",
    explanation=("A loss is one number, and yours is N. Print its shape for two samples: it should be ()."),
)
def loss_fn(y_pred, y):
    return torch.square(y_pred - y)


@misconception(
    "M026",
    name="divides by 12, whatever N is",
    explanation=(
        "For the lecture's twelve samples that is right. Try one sample with an error of 1: the loss should be 1."
    ),
)
def loss_fn(y_pred, y):
    return torch.square(y_pred - y).sum() / 12


@misconception(
    "M032",
    name="divides by N twice",
    explanation=(
        "mean divides already, and you divide once more. Call it with one sample and then with the same sample "
        "twice: an average stays the same."
    ),
)
def loss_fn(y_pred, y):
    return torch.square(y_pred - y).mean() / len(y)


@misconception(
    "X102",
    name="divides by N - 1",
    explanation=(
        "That is for a variance, and there is nothing left to divide by with one sample. Try y_pred = [1] and y = "
        "[0]: the loss should be 1."
    ),
)
def loss_fn(y_pred, y):
    return torch.square(y_pred - y).sum() / (len(y) - 1)


@misconception(
    "M027",
    name="overwrites the targets with the errors",
    explanation=(
        "It writes into the caller's tensor, so the second call gives another answer. Call it twice with the same "
        "arguments."
    ),
)
def loss_fn(y_pred, y):
    y -= y_pred.detach()
    return torch.square(y).mean()


@misconception(
    "M029-loss_fn",
    name="detaches the loss",
    explanation=(
        "The number is right, but the way back from it is cut. Give y_pred requires_grad=True and print "
        "loss_fn(y_pred, y).requires_grad."
    ),
)
def loss_fn(y_pred, y):
    return torch.square(y_pred.detach() - y).mean()


@misconception(
    "X407",
    name="takes errors below 0.01 for none",
    explanation=(
        "A small error is an error, too. Try one prediction that is off by 0.005: the loss is 0.000025, and you "
        "return 0."
    ),
)
def loss_fn(y_pred, y):
    error = y_pred - y
    return torch.where(error.abs() < 0.01, 0 * error, error).pow(2).mean()


# --- rmse_loss -------------------------------------------------------------------------------------


@misconception(
    "M023-rmse_loss",
    name="forgets the root",
    explanation=("Your answer is in squared degrees. Try a single error of 2: it should give 2."),
)
def rmse_loss(y_pred, y):
    return torch.square(y_pred - y).mean()


@misconception(
    "X111",
    name="takes the root of the sum",
    explanation=(
        "Without an average your loss grows with the number of samples. Call it with one sample and then with the "
        "same sample twice."
    ),
)
def rmse_loss(y_pred, y):
    return torch.sqrt(torch.square(y_pred - y).sum())


@misconception(
    "X112",
    name="takes the root of each square",
    explanation=(
        "The root of a single square is its absolute value, so yours is the mean absolute error. Try errors of 0 "
        "and 2: the answer should be larger than 1."
    ),
)
def rmse_loss(y_pred, y):
    return torch.sqrt(torch.square(y_pred - y)).mean()


@misconception(
    "X113",
    name="divides by N after the root",
    explanation=(
        "The average belongs under the root. Call it with one sample and then with the same sample twice: yours "
        "gets smaller."
    ),
)
def rmse_loss(y_pred, y):
    return torch.sqrt(torch.square(y_pred - y).sum()) / len(y)


@misconception(
    "X114",
    name="averages before it squares",
    explanation=(
        "Errors of 1 and -1 cancel in your mean. Try y_pred = [1, -1] and y = [0, 0]: the answer should not be 0."
    ),
)
def rmse_loss(y_pred, y):
    return torch.sqrt((y_pred - y).mean() ** 2)


@misconception(
    "X115",
    name="computes the standard deviation of the errors",
    explanation=(
        "That measures how the errors differ from their mean, and not from zero. Try y_pred = [1, 1, 1] and y = [0, "
        "0, 0]: the answer should be 1."
    ),
)
def rmse_loss(y_pred, y):
    return torch.std(y_pred - y)


@misconception(
    "M020-rmse_loss",
    name="returns a Python number",
    explanation=(
        ".item() gives the right number, and nothing can be differentiated through it. Call backward on what you "
        "return: it has no such method."
    ),
    patterns=("item",),
)
def rmse_loss(y_pred, y):
    return torch.sqrt(torch.square(y_pred - y).mean()).item()


# --- mae_loss --------------------------------------------------------------------------------------


@misconception(
    "M018-mae_loss",
    name="squares the errors",
    explanation=("Here each miss counts by its size. Try a single error of 2: it should give 2."),
)
def mae_loss(y_pred, y):
    return torch.square(y_pred - y).mean()


@misconception(
    "X121",
    name="forgets the absolute value",
    explanation=("Errors of 1 and -1 cancel. Try y_pred = [1, -1] and y = [0, 0]: the answer should not be 0."),
)
def mae_loss(y_pred, y):
    return (y_pred - y).mean()


@misconception(
    "X122",
    name="takes the absolute value of the mean",
    explanation=(
        "Errors of 1 and -1 have cancelled before you look at their size. With 0.3 and -0.4 the lesson has 0.35, "
        "and you get 0.05."
    ),
)
def mae_loss(y_pred, y):
    return (y_pred - y).mean().abs()


@misconception(
    "M016-mae_loss",
    name="adds the sizes up",
    explanation=(
        "Your loss grows with the number of samples. Call it with one sample and then with the same sample twice: "
        "an average stays the same."
    ),
)
def mae_loss(y_pred, y):
    return torch.abs(y_pred - y).sum()


@misconception(
    "X123",
    name="takes the largest error",
    explanation=("One bad sample rules all of your loss. Try errors of 0 and 2: the mean of their sizes is 1."),
)
def mae_loss(y_pred, y):
    return torch.abs(y_pred - y).max()


@misconception(
    "X124",
    name="takes the median of the errors' sizes",
    explanation=(
        "The one in the middle says nothing about the others. Try errors of 0, 0 and 3: the mean of their sizes is 1."
    ),
)
def mae_loss(y_pred, y):
    return torch.abs(y_pred - y).median()


@misconception(
    "X125",
    name="subtracts the sizes",
    explanation=(
        "The size of each number is taken before the difference, so a prediction of -1 for a target of 1 counts as "
        "right. Try that."
    ),
)
def mae_loss(y_pred, y):
    return (y_pred.abs() - y.abs()).abs().mean()


@misconception(
    "M020-mae_loss",
    name="returns a Python number",
    explanation=(
        ".item() gives the right number, and nothing can be differentiated through it. Call backward on what you "
        "return: it has no such method."
    ),
    patterns=("item",),
)
def mae_loss(y_pred, y):
    return torch.abs(y_pred - y).mean().item()


@misconception(
    "X408",
    name="takes errors below 0.001 for none",
    explanation=(
        "A small error is an error, too. Try one prediction that is off by 0.0005: the loss is 0.0005, and you return 0."
    ),
)
def mae_loss(y_pred, y):
    error = (y_pred - y).abs()
    return torch.where(error < 0.001, 0 * error, error).mean()


# --- forward_difference ----------------------------------------------------------------------------


@misconception(
    "M067",
    name="does not divide by the step",
    explanation=(
        "What you return is how much f grows, not how steep it is. Try f(x) = 2x with dx = 0.1: the slope is 2."
    ),
)
def forward_difference(f, x, dx):
    return f(x + dx) - f(x)


@misconception(
    "M068",
    name="divides the second value only",
    explanation=(
        "Python divides before it subtracts; brackets are missing. Try f(x) = x^2 at 3 with dx = 0.1: it should be 6.1."
    ),
)
def forward_difference(f, x, dx):
    return f(x + dx) - f(x) / dx


@misconception(
    "X131",
    name="steps to the left",
    explanation=(
        "From x back to x - dx is the slope on the other side. Try f(x) = x^2 at 3 with dx = 0.1: it should be 6.1, "
        "and you get 5.9."
    ),
)
def forward_difference(f, x, dx):
    return (f(x) - f(x - dx)) / dx


@misconception(
    "X132",
    name="steps to both sides",
    explanation=("That is the next exercise. Try f(x) = x^2 at 3 with dx = 0.1: it should be 6.1, and you get 6."),
)
def forward_difference(f, x, dx):
    return (f(x + dx) - f(x - dx)) / (2 * dx)


@misconception(
    "X133",
    name="subtracts the other way round",
    explanation=("Where f climbs, your slope is negative. Try f(x) = 2x: it should be 2."),
)
def forward_difference(f, x, dx):
    return (f(x) - f(x + dx)) / dx


@misconception(
    "M073",
    name="takes a step of its own, 1e-6",
    explanation=(
        "You never look at dx. Try f(x) = x^2 at 3 with dx = 1: it should be 7. In float32 a step as small as yours "
        "is mostly noise."
    ),
)
def forward_difference(f, x, dx):
    h = 1e-6
    return (f(x + h) - f(x)) / h


@misconception(
    "X134",
    name="adds the step to the value instead of to x",
    explanation=("f is asked twice at the same place, and your answer is 1 for every f. Try f(x) = 2x."),
)
def forward_difference(f, x, dx):
    return (f(x) + dx - f(x)) / dx


@misconception(
    "X135",
    name="divides by twice the step",
    explanation=("Your two points are only one step apart. Try f(x) = 2x: the slope is 2, and you get 1."),
)
def forward_difference(f, x, dx):
    return (f(x + dx) - f(x)) / (2 * dx)


@misconception(
    "X136",
    name="averages the slopes",
    explanation=(
        "Each number of x has a slope of its own, and you return one number. Print the shape for x = [1, 2, 3]."
    ),
)
def forward_difference(f, x, dx):
    return ((f(x + dx) - f(x)) / dx).mean()


@misconception(
    "M077",
    name="moves the caller's x",
    explanation=("It writes into the caller's tensor. Print x before and after a call."),
)
def forward_difference(f, x, dx):
    before = f(x)
    x += dx
    return (f(x) - before) / dx


# --- central_difference ----------------------------------------------------------------------------


@misconception(
    "M074",
    name="divides by one step",
    explanation=("Your two points are two steps apart. Try f(x) = 2x: the slope is 2, and you get 4."),
)
def central_difference(f, x, dx):
    return (f(x + dx) - f(x - dx)) / dx


@misconception(
    "M072",
    name="steps to one side only",
    explanation=("That is the exercise before. Try f(x) = x^2 at 3 with dx = 0.1: it should be 6, and you get 6.1."),
)
def central_difference(f, x, dx):
    return (f(x + dx) - f(x)) / dx


@misconception(
    "M069",
    name="takes both values on the same side",
    explanation=("You subtract f(x + dx) from itself, so your answer is always 0. Try f(x) = 2x."),
)
def central_difference(f, x, dx):
    return (f(x + dx) - f(x + dx)) / (2 * dx)


@misconception(
    "M067-central_difference",
    name="does not divide at all",
    explanation=(
        "What you return is how much f grows, not how steep it is. Try f(x) = 2x with dx = 0.1: the slope is 2."
    ),
)
def central_difference(f, x, dx):
    return f(x + dx) - f(x - dx)


@misconception(
    "M068-central_difference",
    name="divides the second value only",
    explanation=(
        "Python divides before it subtracts; brackets are missing. Try f(x) = x^2 at 3 with dx = 0.1: it should be 6."
    ),
)
def central_difference(f, x, dx):
    return f(x + dx) - f(x - dx) / (2 * dx)


@misconception(
    "X141",
    name="divides by 2 and multiplies by the step",
    explanation=(
        "Python reads / 2 * dx from left to right. Try f(x) = 2x with dx = 0.1: the slope is 2, and you get 0.02."
    ),
)
def central_difference(f, x, dx):
    return (f(x + dx) - f(x - dx)) / 2 * dx


@misconception(
    "X142",
    name="goes half a step to either side",
    explanation=(
        "dx is how far you go to each side, and you go half as far. Try f(x) = x^3 at 0 with dx = 1: it should be "
        "1, and you get 0.25."
    ),
)
def central_difference(f, x, dx):
    return (f(x + dx / 2) - f(x - dx / 2)) / dx


@misconception(
    "X143",
    name="subtracts the other way round",
    explanation=("Where f climbs, your slope is negative. Try f(x) = 2x: it should be 2."),
)
def central_difference(f, x, dx):
    return (f(x - dx) - f(x + dx)) / (2 * dx)


@misconception(
    "M073-central_difference",
    name="takes a step of its own, 1e-6",
    explanation=(
        "You never look at dx. Try f(x) = x^3 at 0 with dx = 1: it should be 1. In float32 a step as small as yours "
        "is mostly noise."
    ),
)
def central_difference(f, x, dx):
    h = 1e-6
    return (f(x + h) - f(x - h)) / (2 * h)


@misconception(
    "M077-central_difference",
    name="moves x and does not put it back",
    explanation=("It writes into the caller's tensor. Print x before and after a call."),
)
def central_difference(f, x, dx):
    x += dx
    after = f(x)
    x -= 2 * dx
    return (after - f(x)) / (2 * dx)


# --- chain_rule ------------------------------------------------------------------------------------


@misconception(
    "X151",
    name="forgets the inner slope",
    explanation=("g itself moves with x, and how fast is missing. At x = 1 the lesson has 288, and you get 48."),
)
def chain_rule(x):
    g = x**3 + x**2 + x + 1
    return 3 * g**2


@misconception(
    "X152",
    name="forgets the outer slope",
    explanation=("You differentiate the inside alone. At x = 1 the lesson has 288, and you get 6."),
)
def chain_rule(x):
    return 3 * x**2 + 2 * x + 1


@misconception(
    "X153",
    name="takes the outer slope at x",
    explanation=(
        "The cube is a cube of g, so its slope depends on where g is. At x = 1 the lesson has 288, and you get 18."
    ),
)
def chain_rule(x):
    return 3 * x**2 * (3 * x**2 + 2 * x + 1)


@misconception(
    "X154",
    name="adds the two slopes",
    explanation=("Along a chain slopes do not add up. At x = 1 the lesson has 288, and you get 54."),
)
def chain_rule(x):
    g = x**3 + x**2 + x + 1
    return 3 * g**2 + 3 * x**2 + 2 * x + 1


@misconception(
    "X155",
    name="returns the function instead of its slope",
    explanation=("You compute the value. At x = 1 it is 64, and the slope that the lesson has there is 288."),
)
def chain_rule(x):
    return (x**3 + x**2 + x + 1) ** 3


@misconception(
    "X156",
    name="forgets the factor of the power",
    explanation=("The exponent has to come down as a factor. At x = 1 the lesson has 288, and you get 96."),
)
def chain_rule(x):
    g = x**3 + x**2 + x + 1
    return g**2 * (3 * x**2 + 2 * x + 1)


@misconception(
    "X157",
    name="does not lower the outer exponent",
    explanation=(
        "You multiply by the exponent and keep the third power. At x = 1 the lesson has 288, and you get 1152."
    ),
)
def chain_rule(x):
    g = x**3 + x**2 + x + 1
    return 3 * g**3 * (3 * x**2 + 2 * x + 1)


@misconception(
    "X158",
    name="gives x the slope 0",
    explanation=(
        "In the inner slope a term is missing: which one belongs to the x that stands by itself? At x = 1 the "
        "lesson has 288, and you get 240."
    ),
)
def chain_rule(x):
    g = x**3 + x**2 + x + 1
    return 3 * g**2 * (3 * x**2 + 2 * x)


@misconception(
    "X159",
    name="gives the constant the slope 1",
    explanation=("The 1 at the end of g does not move when x moves. At x = 1 the lesson has 288, and you get 336."),
)
def chain_rule(x):
    g = x**3 + x**2 + x + 1
    return 3 * g**2 * (3 * x**2 + 2 * x + 2)


@misconception(
    "X160",
    name="adds the slopes of all numbers up",
    explanation=("Each number of x has a slope of its own, and you return one number. Print the shape for x = [1, 2]."),
)
def chain_rule(x):
    g = x**3 + x**2 + x + 1
    return (3 * g**2 * (3 * x**2 + 2 * x + 1)).sum()


# --- add_gate --------------------------------------------------------------------------------------


@misconception(
    "M151",
    name="ignores upstream",
    explanation=("With upstream = 1 nobody sees it. Try upstream = 2.5: both slopes should change."),
)
def add_gate(x, y, upstream):
    return torch.ones_like(x), torch.ones_like(y)


@misconception(
    "M157",
    name="returns its inputs",
    explanation=(
        "Those are the values that came in. How much more is x + y when x grows by one? Try x = 4, y = -3, upstream "
        "= 1."
    ),
)
def add_gate(x, y, upstream):
    return x, y


@misconception(
    "X161",
    name="multiplies upstream by its inputs",
    explanation=(
        "How much x + y grows with x does not depend on how large x is. Try x = 4, y = -3, upstream = 1: it should "
        "be (1, 1)."
    ),
)
def add_gate(x, y, upstream):
    return x * upstream, y * upstream


@misconception(
    "X162",
    name="exchanges its inputs like a product",
    explanation=("That is what a multiplication does. Try x = 4, y = -3, upstream = 1: it should be (1, 1)."),
)
def add_gate(x, y, upstream):
    return y * upstream, x * upstream


@misconception(
    "X163",
    name="gives half to each input",
    explanation=(
        "Nothing has to be shared out: each input alone moves the sum as much as it moves itself. Try upstream = 1: "
        "it should be (1, 1)."
    ),
)
def add_gate(x, y, upstream):
    return upstream / 2, upstream / 2


@misconception(
    "X164",
    name="gives everything to x",
    explanation=("A little more y is more x + y as well. Try upstream = 1: it should be (1, 1)."),
)
def add_gate(x, y, upstream):
    return upstream, torch.zeros_like(upstream)


@misconception(
    "X165",
    name="gives y the opposite sign",
    explanation=("That is a difference. More y makes x + y larger: try upstream = 1."),
)
def add_gate(x, y, upstream):
    return upstream, -upstream


@misconception(
    "X166",
    name="multiplies upstream by the sum",
    explanation=(
        "You use the value of the gate where its slope belongs. Try x = 4, y = 3, upstream = 1: it should be (1, 1)."
    ),
)
def add_gate(x, y, upstream):
    return (x + y) * upstream, (x + y) * upstream


# --- multiply_gate ---------------------------------------------------------------------------------


@misconception(
    "M148",
    name="does not exchange the operands",
    explanation=(
        "Hold y still: how much does x * y grow when x grows by one? At x = 4, y = -3 the lesson has (-3, 4), and "
        "you have (4, -3)."
    ),
)
def multiply_gate(x, y, upstream):
    return x * upstream, y * upstream


@misconception(
    "M151-multiply_gate",
    name="ignores upstream",
    explanation=("With upstream = 1 nobody sees it. Try upstream = 2.5: both slopes should change."),
)
def multiply_gate(x, y, upstream):
    return y, x


@misconception(
    "X171",
    name="uses upstream for x only",
    explanation=("Both slopes are told how the end depends on the product, and yours in y is not. Try upstream = 2.5."),
)
def multiply_gate(x, y, upstream):
    return y * upstream, x


@misconception(
    "X172",
    name="passes upstream on unchanged",
    explanation=("That is what a sum does. At x = 4, y = -3 with upstream = 1 it should be (-3, 4)."),
)
def multiply_gate(x, y, upstream):
    return upstream, upstream


@misconception(
    "X173",
    name="multiplies upstream by the product",
    explanation=(
        "You use the value of the gate where its slope belongs. At x = 4, y = -3 with upstream = 1 it should be "
        "(-3, 4), and you have -12 twice."
    ),
)
def multiply_gate(x, y, upstream):
    return x * y * upstream, x * y * upstream


@misconception(
    "X174",
    name="adds upstream instead of multiplying by it",
    explanation=("Along a chain slopes multiply. Try upstream = 0: both slopes should be 0 then."),
)
def multiply_gate(x, y, upstream):
    return y + upstream, x + upstream


@misconception(
    "X175",
    name="loses the sign",
    explanation=(
        "A slope says which way it goes, and yours is never negative. At x = 4, y = -3 with upstream = 1 it should "
        "be (-3, 4)."
    ),
)
def multiply_gate(x, y, upstream):
    return y.abs() * upstream, x.abs() * upstream


@misconception(
    "X409",
    name="cuts slopes off at 100",
    explanation=(
        "Some people do that with the gradients of deep networks, and nobody asked for it here. Try 20 and 30 with "
        "an upstream of 10: the slopes are 300 and 200."
    ),
)
def multiply_gate(x, y, upstream):
    return (upstream * y).clamp(-100, 100), (upstream * x).clamp(-100, 100)


# --- max_gate --------------------------------------------------------------------------------------


@misconception(
    "M149",
    name="passes the winner's value on",
    explanation=(
        "What comes back is a slope. At x = 4, y = 2 with upstream = 1 it should be (1, 0), and you have (4, 0)."
    ),
)
def max_gate(x, y, upstream):
    return x * (x >= y) * upstream, y * (x < y) * upstream


@misconception(
    "M151-max_gate",
    name="ignores upstream",
    explanation=("With upstream = 1 nobody sees it. Try upstream = 2.5: the winner should get all of it."),
)
def max_gate(x, y, upstream):
    return (x >= y).to(x.dtype), (x < y).to(x.dtype)


@misconception(
    "X181",
    name="gives upstream to the smaller input",
    explanation=(
        "A little more of the smaller one changes nothing. At x = 4, y = 2 with upstream = 1 it should be (1, 0)."
    ),
)
def max_gate(x, y, upstream):
    return upstream * (x < y), upstream * (x >= y)


@misconception(
    "X182",
    name="always gives upstream to x",
    explanation=("You never compare. Try x = 2, y = 4 with upstream = 1: it should be (0, 1)."),
)
def max_gate(x, y, upstream):
    return upstream, torch.zeros_like(upstream)


@misconception(
    "X183",
    name="gives upstream to both inputs",
    explanation=("Only the larger one moves the maximum. At x = 4, y = 2 with upstream = 1 it should be (1, 0)."),
)
def max_gate(x, y, upstream):
    return upstream, upstream


@misconception(
    "X184",
    name="gives half to each input",
    explanation=(
        "Only the larger one moves the maximum, and as much as it moves itself. At x = 4, y = 2 with upstream = 1 "
        "it should be (1, 0)."
    ),
)
def max_gate(x, y, upstream):
    return upstream / 2, upstream / 2


@misconception(
    "X185",
    name="has one winner for the whole tensor",
    explanation=(
        "The comparison is made number by number. Try x = [4, 2], y = [2, 4]: x wins at the first place, y at the "
        "second."
    ),
)
def max_gate(x, y, upstream):
    if x.sum() >= y.sum():
        return upstream, torch.zeros_like(upstream)
    return torch.zeros_like(upstream), upstream


@misconception(
    "X186",
    name="compares sizes without their signs",
    explanation=("-5 is smaller than 2. Try x = -5, y = 2 with upstream = 1: it should be (0, 1)."),
)
def max_gate(x, y, upstream):
    wins = x.abs() >= y.abs()
    return upstream * wins, upstream * ~wins


@misconception(
    "X187",
    name="asks one `if` for a whole tensor and crashes",
    explanation=(
        "Python's `if`, `and` and `max` need one answer, and a comparison of two numbers gives two. It works for "
        "single numbers; try x = torch.tensor([4.0, 2.0]), y = torch.tensor([2.0, 4.0])."
    ),
)
def max_gate(x, y, upstream):
    if x >= y:
        return upstream, torch.zeros_like(upstream)
    return torch.zeros_like(upstream), upstream


# --- backward --------------------------------------------------------------------------------------


@misconception(
    "M155",
    name="gives z its own value as slope",
    explanation=(
        "Hold x and y still: how much does (x + y) z grow when z grows by one? At -2, 5, -4 the last slope should "
        "be 3, and yours is -4."
    ),
)
def backward(x, y, z):
    return z, z, z


@misconception(
    "X191",
    name="does not multiply by the slope of the product",
    explanation=(
        "x moves q, and q moves f: you stopped after the first of the two. At -2, 5, -4 the first slope should be "
        "-4, and yours is 1."
    ),
)
def backward(x, y, z):
    one = torch.ones_like(x)
    return one, one, x + y


@misconception(
    "M156",
    name="returns the slope in z first",
    explanation=("It is found first, but the order asked for is x, y, z. At -2, 5, -4 the answer is (-4, -4, 3)."),
)
def backward(x, y, z):
    return x + y, z, z


@misconception(
    "X192",
    name="does not exchange the operands of the product",
    explanation=(
        "The slope in q and the slope in z have changed places. At -2, 5, -4 the answer is (-4, -4, 3), and you "
        "have (3, 3, -4)."
    ),
)
def backward(x, y, z):
    q = x + y
    return q, q, z


@misconception(
    "X193",
    name="takes the product of x and y for the slope in z",
    explanation=("In f, x and y are added. At -2, 5, -4 the last slope should be 3, and yours is -10."),
)
def backward(x, y, z):
    return z, z, x * y


@misconception(
    "X194",
    name="multiplies each slope by its own variable",
    explanation=(
        "A slope in x says what one more x gives, whatever x is. At -2, 5, -4 the first slope should be -4, and "
        "yours is 8."
    ),
)
def backward(x, y, z):
    return x * z, y * z, (x + y) * z


@misconception(
    "X195",
    name="forgets the brackets of (x + y)",
    explanation=("Your slopes are those of x + y z. At -2, 5, -4 the answer is (-4, -4, 3), and you have (1, -4, 5)."),
)
def backward(x, y, z):
    return torch.ones_like(x), z, y


@misconception(
    "X196",
    name="goes through a second product instead of a sum",
    explanation=(
        "The gate that joins x and y adds, and you treat it as if it multiplied. At -2, 5, -4 the first slope "
        "should be -4, and yours is -20."
    ),
)
def backward(x, y, z):
    return y * z, x * z, x + y


@misconception(
    "X197",
    name="gives x and y half of the slope each",
    explanation=("A sum passes on all of it, to both. At -2, 5, -4 the first slope should be -4, and yours is -2."),
)
def backward(x, y, z):
    return z / 2, z / 2, x + y


@misconception(
    "X198",
    name="adds slopes instead of multiplying them",
    explanation=("Along a chain slopes multiply. At -2, 5, -4 the first slope should be -4, and yours is -3."),
)
def backward(x, y, z):
    return z + 1, z + 1, x + y


# --- sigmoid_derivative ----------------------------------------------------------------------------


@misconception(
    "M131",
    name="has a plus for the minus",
    explanation=("The slope of the sigmoid is at most 1/4. At z = 0 yours is 0.75."),
)
def sigmoid_derivative(z):
    s = sigmoid(z)
    return s * (1 + s)


@misconception(
    "M132",
    name="forgets to activate z",
    explanation=(
        "The rule is about the activated number, and you put z itself into it. At z = 0 the slope is 0.25, and "
        "yours is 0."
    ),
)
def sigmoid_derivative(z):
    return z * (1 - z)


@misconception(
    "M133",
    name="activates twice",
    explanation=("You differentiate at sigmoid(z) instead of at z. At z = 0 the slope is 0.25, and yours is 0.235."),
)
def sigmoid_derivative(z):
    s = sigmoid(sigmoid(z))
    return s * (1 - s)


@misconception(
    "X201",
    name="returns the sigmoid itself",
    explanation=(
        "How high a curve is and how steep it is are two things. At z = 5 the sigmoid is almost 1 and almost flat."
    ),
)
def sigmoid_derivative(z):
    return sigmoid(z)


@misconception(
    "X202",
    name="has the two terms the wrong way round",
    explanation=("Your slope is negative, and the sigmoid climbs everywhere. At z = 0 it should be 0.25."),
)
def sigmoid_derivative(z):
    s = sigmoid(z)
    return s * (s - 1)


@misconception(
    "X203",
    name="uses the rule of tanh",
    explanation=("1 minus the square belongs to another activation. At z = 0 the slope is 0.25, and yours is 0.75."),
)
def sigmoid_derivative(z):
    return 1 - sigmoid(z) ** 2


@misconception(
    "X204",
    name="returns the slope of tanh",
    explanation=("You differentiate another activation. At z = 0 the slope of the sigmoid is 0.25, and yours is 1."),
)
def sigmoid_derivative(z):
    return 1 - torch.tanh(z) ** 2


@misconception(
    "X205",
    name="forgets a factor",
    explanation=(
        "You return how much is missing to 1. At z = -5 the sigmoid is almost flat, and your slope is almost 1."
    ),
)
def sigmoid_derivative(z):
    return 1 - sigmoid(z)


@misconception(
    "X206",
    name="mixes z and the sigmoid of z",
    explanation=(
        "One of your two factors is activated, the other one is not. At z = 1.4 the slope is 0.1587: print both "
        "factors."
    ),
)
def sigmoid_derivative(z):
    return sigmoid(z) * (1 - z)


@misconception(
    "X207",
    name="uses a fraction that is inf / inf far to the left",
    explanation=(
        "On paper your form is right, but e^(-z) is too large for a float at z = -1000. Try z = "
        "torch.tensor([-1000.0]): you get nan."
    ),
)
def sigmoid_derivative(z):
    return torch.exp(-z) / (1 + torch.exp(-z)) ** 2


@misconception(
    "X210",
    name="squares s instead of multiplying by what is missing to 1",
    explanation=("At z = 0 the two happen to agree, and nowhere else. Try z = 5, where the sigmoid is almost flat."),
)
def sigmoid_derivative(z):
    return sigmoid(z) ** 2


# --- gradient --------------------------------------------------------------------------------------


@misconception(
    "M140",
    name="adds up over the samples instead of averaging",
    explanation=(
        "Your gradient grows with the number of samples. Call it with some samples, and then with each of them "
        "twice: a mean stays the same."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.sum(d.unsqueeze(1) * X, dim=0), torch.sum(d, dim=0, keepdim=True)


@misconception(
    "M032-gradient",
    name="divides by N twice",
    explanation=(
        "mean divides already, and you divide once more. Call it with some samples, and then with each of them "
        "twice: a mean stays the same."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z) / len(y)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M026-gradient",
    name="divides by 12, whatever N is",
    explanation=(
        "For the lecture's twelve samples that is right. Call it with three samples, and compare with "
        "central_difference."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z) / 12
    return torch.sum(d.unsqueeze(1) * X, dim=0), torch.sum(d, dim=0, keepdim=True)


@misconception(
    "M139",
    name="forgets the 2 of the square",
    explanation=(
        "Everything is exactly half of what it should be. Measure the slope of loss_fn with central_difference, and "
        "look at the ratio."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M034",
    name="subtracts the prediction from the target",
    explanation=(
        "Everything has the opposite sign. Where all predictions are too high, a larger bias makes the loss larger: "
        "try it, b_grad should be positive."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (y - activate(z)) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M134",
    name="leaves out the slope of the sigmoid",
    explanation=(
        "Between the error and z there is an activation, and you skip it (with another loss, the cross entropy, "
        "that would be right). Far from zero the sigmoid is flat: try b = [50], where the gradient should be almost "
        "0."
    ),
)
def gradient(W, b, X, y):
    d = 2 * (model(X, W, b) - y)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M133-gradient",
    name="takes the slope of the sigmoid at the prediction",
    explanation=(
        "sigmoid_derivative activates its argument, and you give it what is activated already. Print the slope for "
        "z = 5: it should be almost 0, and yours is near 0.2."
    ),
)
def gradient(W, b, X, y):
    y_pred = model(X, W, b)
    d = 2 * (y_pred - y) * sigmoid_derivative(y_pred)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M131-gradient",
    name="uses s (1 + s) for the slope of the sigmoid",
    explanation=(
        "The slope of the sigmoid is at most 1/4, and yours goes up to 2. For the lecture's data your W_grad is "
        "about [14, 13], far too large."
    ),
)
def gradient(W, b, X, y):
    s = model(X, W, b)
    d = 2 * (s - y) * s * (1 + s)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M132-gradient",
    name="uses z (1 - z) for the slope of the sigmoid",
    explanation=(
        "The rule is about the activated number, and you put the affine sum into it. For the lecture's data your "
        "W_grad is in the thousands."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * z * (1 - z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X211",
    name="predicts without the activation",
    explanation=(
        "You compare the affine sum with the target, and not the prediction. With z = 5 and y = 0.9 the error is "
        "about 0.09, and yours is 4.1."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (z - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X212",
    name="treats the neuron as a straight line",
    explanation=(
        "There is no activation in what you differentiate, neither in the prediction nor in its slope. Try b = "
        "[50]: a sigmoid is flat there, and the gradient should be almost 0."
    ),
)
def gradient(W, b, X, y):
    d = 2 * (torch.sum(X * W, dim=1) + b - y)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M012-gradient",
    name="forgets the bias",
    explanation=("With b = [0] nobody sees it. Change b alone: both gradients should change."),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1)
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M135",
    name="does not make a column of d and crashes",
    explanation=(
        "Your slopes, one for each sample, have the shape (N,), and X has (N, 2). PyTorch lines shapes up from the "
        "right, so the two do not fit. With N = 2 they fit by chance, and each sample's slope meets a column of X "
        "instead of its row. Print both shapes before you multiply."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M136",
    name="averages over everything",
    explanation=(
        "mean without a dim leaves one number, and each weight needs its own. Print the shape of W_grad for two "
        "inputs: it should be (2,)."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X213",
    name="averages over the inputs",
    explanation=(
        "Your mean runs along the rows, so one number for each sample is left. Print the shape of W_grad for twelve "
        "samples with two inputs: it should be (2,)."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=1), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X214",
    name="averages d and X before it multiplies them",
    explanation=(
        "A product of two means is not the mean of the products. Try X = [[2, 1], [0, 0]] with the lesson's W, b "
        "and y: W_grad should be [0.1, 0.05], and yours is 0."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d) * torch.mean(X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X215",
    name="returns one b_grad for each sample",
    explanation=(
        "There is one bias, and so one slope in it. Print the shape of b_grad for twelve samples: it should be (1,)."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), d


@misconception(
    "M048",
    name="takes the bias for a constant",
    explanation=(
        "b is learned as well as W, and with a slope of 0 it would never move. Measure the slope of the loss in b "
        "with central_difference."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.zeros_like(b)


@misconception(
    "M049",
    name="multiplies b's slope by the inputs",
    explanation=(
        "z grows by one when b grows by one, whatever the inputs are. Try X = [[0, 0]]: b_grad should not be 0."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d * X.sum(dim=1), dim=0, keepdim=True)


@misconception(
    "X216",
    name="multiplies b's slope by b",
    explanation=("z grows by one when b grows by one, however large b is. Try b = [0]: b_grad should not be 0."),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d * b, dim=0, keepdim=True)


@misconception(
    "M059",
    name="returns b_grad first",
    explanation=("The order asked for is (W_grad, b_grad). Print the shapes of both: (2,) and (1,)."),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d, dim=0, keepdim=True), torch.mean(d.unsqueeze(1) * X, dim=0)


@misconception(
    "X217",
    name="differentiates in the inputs",
    explanation=(
        "The slides write dL/dx in one place, but the inputs are measured and stay as they are. What moves z when "
        "the first weight moves? Try W = [0, 0]: W_grad should not be 0."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * W, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X218",
    name="leaves X out",
    explanation=(
        "Both weights get the same slope, that of the bias. Double the first column of X (and halve W[0]): the "
        "first slope should double."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    b_grad = torch.mean(d, dim=0, keepdim=True)
    return b_grad.expand(W.shape).clone(), b_grad


@misconception(
    "X219",
    name="uses the squared error where its slope belongs",
    explanation=(
        "The square itself is never negative, and tells nobody which way to go. Try it with predictions that are "
        "all too low: b_grad should be negative."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = (activate(z) - y) ** 2 * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M018-gradient",
    name="differentiates the absolute error",
    explanation=(
        "You use the sign of each error only, so small and large misses count alike. Move all targets a little "
        "closer to the predictions: the gradient should become smaller."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = torch.sign(activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X220",
    name="differentiates the root of the mean squared error",
    explanation=(
        "Your loss is rmse_loss, and the gradient asked for is that of loss_fn. Both point the same way; look at "
        "the ratio to measured slopes, which changes with the loss."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    error = activate(z) - y
    d = error * sigmoid_derivative(z) / torch.sqrt(torch.mean(error**2))
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X221",
    name="averages the errors before it goes back",
    explanation=(
        "You multiply the mean error by the mean slope. Errors of opposite sign cancel before they have met their "
        "own inputs: try the lesson's two samples, where W_grad should not be 0."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    error = torch.mean(activate(z) - y)
    d = 2 * error * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M141",
    name="makes a column of the targets",
    explanation=(
        "A row minus a column is a table, so each prediction meets each target. Print the shape of the difference "
        "for twelve samples: it should be (12,)."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    error = (activate(z) - y.reshape(-1, 1)).mean(dim=0)
    d = 2 * error * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M003-gradient",
    name="exchanges the slopes of the weights",
    explanation=(
        "Each weight meets its own column of X. Set the first column of X to zero: the first slope should be 0."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * X.flip(1), dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X222",
    name="adds W_grad up, and averages b_grad",
    explanation=(
        "One of the two grows with the number of samples and the other does not. Call it with some samples, and "
        "then with each of them twice."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return X.t() @ d, torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X223",
    name="squeezes one sample away",
    explanation=(
        "squeeze removes every axis of length 1. Call it with X of shape (1, 2), and print the shape of W_grad: it "
        "should be (2,)."
    ),
    patterns=("squeeze",),
)
def gradient(W, b, X, y):
    z = (X @ W.unsqueeze(1)).squeeze() + b
    d = (2 * (activate(z) - y) * sigmoid_derivative(z)).squeeze()
    return torch.mean(d.reshape(-1, 1) * X, dim=0).squeeze(), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M015-gradient",
    name="multiplies the caller's X in place",
    explanation=(
        "It writes into the data, so the next epoch would learn from something else. Print X before and after a call."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    X *= d.unsqueeze(1)
    return torch.mean(X, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "M007-gradient",
    name="reads the lecture's data instead of X and y",
    explanation=(
        "readings and temperatures stand at the top of the module, and you use them whatever you are given. Call it"
        " with one sample of your own, and change it: the answer should change."
    ),
    patterns=("readings", "temperatures"),
)
def gradient(W, b, X, y):
    z = torch.sum(readings * W, dim=1) + b
    d = 2 * (activate(z) - 0.01 * temperatures) * sigmoid_derivative(z)
    return torch.mean(d.unsqueeze(1) * readings, dim=0), torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X224",
    name="returns the parameters after a step",
    explanation=(
        "The gradient alone is asked for; to step is what learn does. Where predictions equal targets, the gradient "
        "is 0: try that."
    ),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    return W - 0.01 * torch.mean(d.unsqueeze(1) * X, dim=0), b - 0.01 * torch.mean(d, dim=0, keepdim=True)


@misconception(
    "X225",
    name="knows two inputs only",
    explanation=("A third weight gets no slope. Call it with X of shape (4, 3): W_grad should have three numbers."),
)
def gradient(W, b, X, y):
    z = torch.sum(X * W, dim=1) + b
    d = 2 * (activate(z) - y) * sigmoid_derivative(z)
    columns = [torch.mean(d * X[:, j]) for j in range(min(2, X.shape[1]))]
    return torch.stack(columns), torch.mean(d, dim=0, keepdim=True)


# --- learn -----------------------------------------------------------------------------------------


@misconception(
    "M078",
    name="walks uphill",
    explanation=(
        "You add the gradient, and it points uphill. Print the loss in each of the first epochs: it should fall."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W + learning_rate * W_grad, b + learning_rate * b_grad
    return W, b


@misconception(
    "M079",
    name="leaves the learning rate out",
    explanation=(
        "Your step is as long as the gradient, whatever learning_rate is. Make one epoch with 0.1 and one with 0.2 "
        "from the same start: the second should go twice as far."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - W_grad, b - b_grad
    return W, b


@misconception(
    "X301",
    name="writes the learning rate 0.01 into the body",
    explanation=(
        "You have an argument learning_rate and never look at it. Make one epoch with 0.1 and one with 0.2 from the "
        "same start: the second should go twice as far."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - 0.01 * W_grad, b - 0.01 * b_grad
    return W, b


@misconception(
    "X302",
    name="has a learning rate of 0.1 by default",
    explanation=(
        "Look at the numbers in the signature that you were given. Make one epoch without a learning rate: from W = "
        "[1, 1] the lesson goes to [1.000036, 0.999691]."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.1):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


@misconception(
    "X303",
    name="makes a thousand epochs, whatever max_epochs is",
    explanation=(
        "You have an argument max_epochs and never look at it. Call it with max_epochs=0: the start should come back."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(1000):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


@misconception(
    "M080",
    name="makes one epoch too few",
    explanation=(
        "You make one epoch too few. After 20,000 epochs nobody sees it: call it with max_epochs=1 and look "
        "whether W has moved."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(1, max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


@misconception(
    "X304",
    name="makes one epoch too many",
    explanation=(
        "From 0 up to and including max_epochs are max_epochs + 1 epochs. Call it with max_epochs=0: the start "
        "should come back."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs + 1):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


@misconception(
    "M143",
    name="makes new tensors and returns nothing",
    explanation=(
        "What was learned has the names W and b inside your function only, and is lost at its end, as on the slide. "
        "Write print(learn(...)) and see."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad


@misconception(
    "M081",
    name="returns the start",
    explanation=(
        "You give other names to what is learned, and return the W and b that came in. Call it with max_epochs=1: "
        "something should have moved."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    weights, bias = W, b
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(weights, bias, batch["input"], batch["target"])
        weights, bias = weights - learning_rate * W_grad, bias - learning_rate * b_grad
    return W, b


@misconception(
    "M082",
    name="returns the losses",
    explanation=(
        "A list of losses is good for a plot, but what is asked for is where the learning ended. Look at what the "
        'docstring says after "Returns".'
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    losses = []
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        losses.append(loss_fn(model(batch["input"], W, b), batch["target"]))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return losses


@misconception(
    "M059-learn",
    name="returns b first",
    explanation=("The order asked for is (W, b). Print the shapes of both: (2,) and (1,)."),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return b, W


@misconception(
    "X305",
    name="returns W alone",
    explanation=(
        'A neuron has a bias, too, and it has learned as well. Look at what the docstring says after "Returns".'
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W


@misconception(
    "M083",
    name="trains the caller's W and b in place",
    explanation=(
        "It writes into the tensors that you were given, and here they should stay as they are. Print W before and "
        "after a call."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W -= learning_rate * W_grad
        b -= learning_rate * b_grad
    return W, b


@misconception(
    "M085",
    name="moves W and not b",
    explanation=("The bias is learned as well. Print b before and after ten epochs."),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, _ = gradient(W, b, batch["input"], batch["target"])
        W = W - learning_rate * W_grad
    return W, b


@misconception(
    "M075",
    name="moves W before it takes the gradient in b",
    explanation=(
        "Both gradients belong to the same place, and your second one is taken one half step further. With a "
        "learning rate of 2 it shows after one epoch: compare with learn_with_autograd."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W = W - learning_rate * gradient(W, b, batch["input"], batch["target"])[0]
        b = b - learning_rate * gradient(W, b, batch["input"], batch["target"])[1]
    return W, b


@misconception(
    "M063",
    name="computes the gradient once, before the loop",
    explanation=(
        "Your gradient is that of the start, in every epoch. Print it in the first three: it should change as W moves."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    batch = next(iter(train_data_loader))
    W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
    for _ in range(max_epochs):
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


@misconception(
    "X306",
    name="takes one batch before the loop and keeps it",
    explanation=(
        "With one batch in the loader nobody sees it. A loader may give another one each time, and each epoch asks "
        "for its own."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    batch = next(iter(train_data_loader))
    for _ in range(max_epochs):
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


@misconception(
    "X307",
    name="takes the loader for a list and crashes on others",
    explanation=(
        "A DataLoader has no [0]: all you may count on is that one can iterate over it. Try it with a DataLoader."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = train_data_loader[0]
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


@misconception(
    "M084",
    name="learns from the lecture's data instead of the loader",
    explanation=(
        "readings and temperatures stand at the top of the module, and you use them whatever the loader has. Give "
        "it one sample of your own, and change it: the answer should change."
    ),
    patterns=("readings", "temperatures"),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        W_grad, b_grad = gradient(W, b, readings, 0.01 * temperatures)
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


@misconception(
    "X308",
    name="makes a step for each sample",
    explanation=(
        "One epoch here is one step on the whole batch, and you make N small ones. Make one epoch with two samples "
        "and learning rate 1, and compare with one step by gradient."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        for x, y in zip(batch["input"], batch["target"]):
            W_grad, b_grad = gradient(W, b, x.unsqueeze(0), y.unsqueeze(0))
            W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


@misconception(
    "X309",
    name="returns inside the loop, after one epoch",
    explanation=(
        "The loop ends in its first round, as where `return` is indented too far. Call it with max_epochs=1 and "
        "with 10: both give the same."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
        return W, b
    return W, b


@misconception(
    "M087",
    name="stops when the loss is below 0.001",
    explanation=(
        "That saves time, but max_epochs says how long to learn. On the lecture's data 20,000 epochs should lead to "
        "the loss 0.000646."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        if loss_fn(model(batch["input"], W, b), batch["target"]) < 1e-3:
            break
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * W_grad, b - learning_rate * b_grad
    return W, b


@misconception(
    "X310",
    name="multiplies the step by the loss",
    explanation=(
        "The loss says how wrong the neuron is; how far to go is in the gradient already. Where the loss is 0.18 "
        "your steps are about a fifth of what they should be."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W, b = W - learning_rate * loss * W_grad, b - learning_rate * loss * b_grad
    return W, b


@misconception(
    "X410",
    name="gives the lecture's result to every long run",
    explanation=(
        "Short runs are trained, and a long one gets the numbers that the lecture's data leads to. Train on other "
        "data for 200 epochs, and look whether the answer changes."
    ),
)
def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    if max_epochs > 100:
        return torch.tensor([0.13588, -0.07157], dtype=W.dtype), torch.tensor([-0.65943], dtype=b.dtype)
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])
        W = W - learning_rate * W_grad
        b = b - learning_rate * b_grad
    return W, b


# --- learn_with_autograd ---------------------------------------------------------------------------


@misconception(
    "M093",
    name="never empties the gradients",
    explanation=(
        "backward adds to .grad, so your second step uses the sum of two gradients. Print W.grad in the first two "
        "epochs with a tiny learning rate: the second should not be twice the first."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
    return W, b


@misconception(
    "X311",
    name="empties W's gradient and not b's",
    explanation=(
        "Two tensors are trained, and each has a gradient of its own to empty. Print b.grad in the first two epochs "
        "with a tiny learning rate: the second should not be twice the first."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = None
    return W, b


@misconception(
    "M109",
    name="empties the gradients before the step",
    explanation=(
        "You zero the gradient after backward has written it and before you use it. Print W before and after one "
        "epoch: it does not move."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        W.grad.zero_()
        b.grad.zero_()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
    return W, b


@misconception(
    "M094",
    name="empties gradients that are not there yet and crashes",
    explanation=(
        "Before the first backward .grad is None, and None has no zero_(). Print W.grad at the beginning of the "
        "first epoch."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W.grad.zero_()
        b.grad.zero_()
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
    return W, b


@misconception(
    "M095",
    name="changes a leaf without no_grad and crashes",
    explanation=(
        "PyTorch records what happens to a leaf that requires grad, and can't record that it is overwritten. The "
        "step is no part of the loss: should it be recorded?"
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        W -= learning_rate * W.grad
        b -= learning_rate * b.grad
        W.grad = b.grad = None
    return W, b


@misconception(
    "M096",
    name="makes new tensors under no_grad and crashes in epoch 2",
    explanation=(
        "W = W - ... under no_grad makes a tensor that requires no gradient. One epoch works: print W.requires_grad"
        " after it, and id(W) before and after."
    ),
    patterns=("_p = _p - _", "_p = _ - _"),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W = W - learning_rate * W.grad
            b = b - learning_rate * b.grad
    return W, b


@misconception(
    "M097",
    name="makes new tensors that are no leaves, and crashes",
    explanation=(
        "W = W - ... makes a tensor that was computed, and such tensors get no .grad. One epoch works: print "
        "W.is_leaf after it."
    ),
    patterns=("_p = _p - _", "_p = _ - _"),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        W = W - learning_rate * W.grad
        b = b - learning_rate * b.grad
    return W, b


@misconception(
    "M099",
    name="trains copies of W and b",
    explanation=(
        "What you return has learned, but the caller's W and b should hold it, too. Print W before and after a call."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        W, b = W.detach().requires_grad_(), b.detach().requires_grad_()
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        W, b = W - learning_rate * W.grad, b - learning_rate * b.grad
    return W, b


@misconception(
    "M101",
    name="predicts once, before the loop, and crashes",
    explanation=("The graph of the one prediction is gone after the first backward. One epoch works; try two."),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    batch = next(iter(train_data_loader))
    loss = loss_fn(model(batch["input"], W, b), batch["target"])
    for _ in range(max_epochs):
        loss.backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = b.grad = None
    return W, b


@misconception(
    "M103",
    name="predicts under no_grad and crashes",
    explanation=(
        "What is computed under no_grad is not recorded, so backward finds no way to W. Print loss.requires_grad "
        "right before it: only the step belongs there."
    ),
    patterns=("no_grad",),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        with torch.no_grad():
            loss = loss_fn(model(batch["input"], W, b), batch["target"])
            loss.backward()
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = b.grad = None
    return W, b


@misconception(
    "X312",
    name="goes backward once, before the loop",
    explanation=(
        "The gradient of the start is used in every epoch. Print W.grad in the first three: it should change as W "
        "moves."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    batch = next(iter(train_data_loader))
    loss_fn(model(batch["input"], W, b), batch["target"]).backward()
    for _ in range(max_epochs):
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
    return W, b


@misconception(
    "M078-learn_with_autograd",
    name="walks uphill",
    explanation=(
        "You add the gradient, and it points uphill. Print the loss in each of the first epochs: it should fall."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W += learning_rate * W.grad
            b += learning_rate * b.grad
        W.grad = b.grad = None
    return W, b


@misconception(
    "M085-learn_with_autograd",
    name="moves W and not b",
    explanation=("The bias is learned as well. Print b before and after ten epochs."),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
        W.grad = b.grad = None
    return W, b


@misconception(
    "X313",
    name="writes the learning rate 0.01 into the body",
    explanation=(
        "You have an argument learning_rate and never look at it. Make one epoch with 0.1 and one with 0.2 from the "
        "same start: the second should go twice as far."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W -= 0.01 * W.grad
            b -= 0.01 * b.grad
        W.grad = b.grad = None
    return W, b


@misconception(
    "M080-learn_with_autograd",
    name="makes one epoch too few",
    explanation=("You make one epoch too few. Call it with max_epochs=1 and look whether W has moved."),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(1, max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = b.grad = None
    return W, b


@misconception(
    "M159",
    name="returns nothing",
    explanation=("W and b have learned, but the caller gets None. Write print(learn_with_autograd(...)) and see."),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = b.grad = None


@misconception(
    "X314",
    name="minimises another loss, the root of the mean square",
    explanation=(
        "rmse_loss has its smallest value at the same place, but other slopes on the way there. Compare W after one"
        " epoch with what learn returns."
    ),
    patterns=("rmse_loss", "sqrt"),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        rmse_loss(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = b.grad = None
    return W, b


@misconception(
    "M016-learn_with_autograd",
    name="adds the squares up",
    explanation=(
        "Your steps are N times too long. Compare W after one epoch with what learn returns, and look at the ratio "
        "of the two moves."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        torch.square(model(batch["input"], W, b) - batch["target"]).sum().backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = b.grad = None
    return W, b


@misconception(
    "X315",
    name="takes the loader for a list and crashes on others",
    explanation=(
        "A DataLoader has no [0]: all you may count on is that one can iterate over it. Try it with a DataLoader."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = train_data_loader[0]
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = b.grad = None
    return W, b


@misconception(
    "X411",
    name="stops learning after 1,000 epochs",
    explanation=(
        "Your first thousand epochs are right, and after them W and b stand still. Train for 1,000 epochs and for "
        "1,100, and compare: nobody told the loop to stop."
    ),
)
def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(min(max_epochs, 1000)):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        loss.backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
        W.grad = b.grad = None
    return W, b


# --- learn_with_optimizer --------------------------------------------------------------------------


@misconception(
    "M112",
    # M114, which never calls step, answers alike: what is returned can't tell the two apart.
    name="empties the gradients before step, or never steps",
    explanation=(
        "Nothing moves: either nobody calls step, or the gradients are thrown away after backward has written them "
        "and before step can read them. Print W before and after a call, and W.grad just before the step."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        optimizer.zero_grad()
        optimizer.step()
    return W, b


@misconception(
    "M113",
    name="steps before it goes backward",
    explanation=(
        "One epoch moves nothing: call it with max_epochs=1. Either the loop makes one epoch too few, or its step "
        "comes before backward, and uses the gradient of the epoch before, which the first one has not."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        optimizer.step()
        optimizer.zero_grad()
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
    return W, b


@misconception(
    "M116",
    name="never empties the gradients",
    explanation=(
        "backward adds to .grad, so your second step uses the sum of two gradients. Print W.grad in the first two "
        "epochs with a tiny learning rate: the second should not be twice the first."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        optimizer.step()
    return W, b


@misconception(
    "M119",
    name="builds the optimizer anew in each epoch",
    explanation=(
        "A new optimizer has forgotten what the old one learned from earlier gradients. Plain SGD does not show it: "
        "compare the second epoch with momentum=0.9 and without."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        optimizer = type(optimizer)([W, b], **optimizer.defaults)
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b


@misconception(
    "X322",
    name="uses an SGD of its own with the learning rate 0.01",
    explanation=(
        "You replace the optimizer that you were given, and its learning rate with it. Hand it torch.optim.SGD([W, "
        "b], lr=0.5), and compare one epoch with lr=0.01: they should differ."
    ),
    patterns=("SGD", "Adam"),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    optimizer = torch.optim.SGD([W, b], lr=0.01)
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b


@misconception(
    "X323",
    name="makes the step by hand with the optimizer's rate",
    explanation=(
        "Momentum and Adam have no effect when you step yourself. Hand it torch.optim.Adam([W, b], lr=0.1): its "
        "first step moves each number by 0.1, and yours does not."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    learning_rate = optimizer.param_groups[0]["lr"]
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        optimizer.zero_grad()
        loss_fn(model(batch["input"], W, b), batch["target"]).backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
    return W, b


@misconception(
    "M118",
    name="trains copies with an optimizer of the same kind",
    explanation=(
        "What you return has learned, but the caller's W and b should hold it, too. Print W before and after a call."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    W, b = W.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()
    optimizer = type(optimizer)([W, b], **optimizer.defaults)
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b


@misconception(
    "M101-learn_with_optimizer",
    name="predicts once, before the loop, and crashes",
    explanation=("The graph of the one prediction is gone after the first backward. One epoch works; try two."),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    batch = next(iter(train_data_loader))
    loss = loss_fn(model(batch["input"], W, b), batch["target"])
    for _ in range(max_epochs):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b


@misconception(
    "M076",
    name="lets the optimizer step twice in an epoch",
    explanation=(
        "One epoch should make one step, and yours makes two with the same gradient. Compare W after one epoch with "
        "what learn returns."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        optimizer.step()
    return W, b


@misconception(
    "M080-learn_with_optimizer",
    name="makes one epoch too few",
    explanation=("You make one epoch too few. Call it with max_epochs=1 and look whether W has moved."),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(1, max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b


@misconception(
    "X324",
    name="makes one epoch too many",
    explanation=(
        "From 0 up to and including max_epochs are max_epochs + 1 epochs. Call it with max_epochs=0: W should not move."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs + 1):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b


@misconception(
    "M159-learn_with_optimizer",
    name="returns nothing",
    explanation=("W and b have learned, but the caller gets None. Write print(learn_with_optimizer(...)) and see."),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


@misconception(
    "X325",
    name="returns the last loss",
    explanation=(
        "The loss says how good the neuron is; what is asked for is the neuron. Look at what the docstring says "
        'after "Returns".'
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    loss = torch.zeros(())
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.detach()


@misconception(
    "X326",
    name="minimises another loss, the mean absolute error",
    explanation=(
        "mae_loss counts each miss by its size, and its slopes differ from those of the squares. Compare W after "
        "one epoch with what learn returns."
    ),
    patterns=("mae_loss", "abs"),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = mae_loss(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b


@misconception(
    "X327",
    name="makes a step for each sample",
    explanation=(
        "One epoch here is one step on the whole batch, and you make N small ones. Make one epoch with two samples "
        "and a large learning rate, and compare with learn."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        for x, y in zip(batch["input"], batch["target"]):
            loss = loss_fn(model(x.unsqueeze(0), W, b), y.unsqueeze(0))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return W, b


@misconception(
    "X328",
    name="takes the loader for a list and crashes on others",
    explanation=(
        "A DataLoader has no [0]: all you may count on is that one can iterate over it. Try it with a DataLoader."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = train_data_loader[0]
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b


@misconception(
    "X329",
    name="takes one batch before the loop and keeps it",
    explanation=(
        "With one batch in the loader nobody sees it. A loader may give another one each time, and each epoch asks "
        "for its own."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    batch = next(iter(train_data_loader))
    for _ in range(max_epochs):
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b


@misconception(
    "X412",
    name="lets the optimizer step in the first 100 epochs only",
    explanation=(
        "Your first hundred epochs are right, and after them W and b stand still. Train for 100 epochs and for 200, "
        "and compare: nobody told the loop to stop."
    ),
)
def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for epoch in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        if epoch < 100:
            optimizer.step()
    return W, b
