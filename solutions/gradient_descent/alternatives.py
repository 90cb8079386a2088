# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Right submissions to gradient_descent, each in another style: all keep every point."""

ALTERNATIVES: dict[str, str] = {
    "numpy_inside": """
import numpy as np
import torch


def _array(x):
    return x.detach().cpu().numpy()


def model(t_u, w, b):
    return torch.from_numpy(np.add(np.multiply(_array(t_u), _array(w)), _array(b)))


def loss_fn(t_p, t_c):
    # a numpy loss could not be differentiated
    return torch.mean(torch.square(torch.sub(t_p, t_c)))


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    u, c, w, b = (_array(x).astype(np.float64) for x in (t_u, t_c, w, b))

    def loss(w, b):
        return np.mean((w * u + b - c) ** 2)

    slopes = np.array([loss(w + delta, b) - loss(w - delta, b), loss(w, b + delta) - loss(w, b - delta)])
    return torch.from_numpy(slopes / (2 * delta)).to(t_u.dtype)


def dloss_fn(t_p, t_c):
    p, c = _array(t_p), _array(t_c)
    return torch.from_numpy(np.asarray(2.0 * (p - c) / p.size, dtype=p.dtype))


def dmodel_dw(t_u, w, b):
    return torch.from_numpy(_array(t_u).copy())


def dmodel_db(t_u, w, b):
    return torch.from_numpy(np.ones_like(_array(t_u)))


def grad_fn(t_u, t_c, t_p, w, b):
    back = _array(dloss_fn(t_p, t_c))
    jacobian = np.stack([_array(dmodel_dw(t_u, w, b)), _array(dmodel_db(t_u, w, b))])
    return torch.from_numpy(jacobian @ back)


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    current = _array(params).copy()
    for epoch in range(1, n_epochs + 1):
        w, b = torch.from_numpy(current)
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c).item()
        grad = _array(grad_fn(t_u, t_c, t_p, w, b))
        current = (current - learning_rate * grad).astype(current.dtype)
        if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
            print("Epoch %d, Loss %f" % (epoch, loss))
            if print_params:
                print("params", current.tolist(), "gradient", grad.tolist())
        if not np.isfinite(loss):
            break
    return torch.from_numpy(current)
""",
    "loops_over_samples": """
import torch


def model(t_u, w, b):
    predictions = []
    for i in range(t_u.shape[0]):
        predictions.append(w * t_u[i] + b)
    return torch.stack(predictions)


def loss_fn(t_p, t_c):
    total = 0
    for i in range(len(t_p)):
        error = t_p[i] - t_c[i]
        total = total + error * error
    return total / len(t_p)


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    slopes = []
    for dw, db in ((delta, 0), (0, delta)):
        ahead = loss_fn(model(t_u, w + dw, b + db), t_c)
        behind = loss_fn(model(t_u, w - dw, b - db), t_c)
        slopes.append((ahead - behind) / (2 * delta))
    return torch.stack(slopes)


def dloss_fn(t_p, t_c):
    out = torch.zeros_like(t_p)
    n = len(t_p)
    for i in range(n):
        out[i] = 2 * (t_p[i] - t_c[i]) / n
    return out


def dmodel_dw(t_u, w, b):
    out = torch.empty(len(t_u), dtype=t_u.dtype)
    for i in range(len(t_u)):
        out[i] = t_u[i]
    return out


def dmodel_db(t_u, w, b):
    out = []
    for _ in t_u:
        out.append(1.0)
    return torch.tensor(out, dtype=t_u.dtype)


def grad_fn(t_u, t_c, t_p, w, b):
    from_loss, from_w, from_b = dloss_fn(t_p, t_c), dmodel_dw(t_u, w, b), dmodel_db(t_u, w, b)
    gradient = torch.zeros(2, dtype=t_u.dtype)
    for i in range(len(t_u)):
        gradient[0] += from_loss[i] * from_w[i]
        gradient[1] += from_loss[i] * from_b[i]
    return gradient


PRINTED = [1, 2, 3, 10, 11, 99, 100, 4000, 5000]


def fast_prediction(t_u, w, b):
    return t_u.mul(w).add(b)  # 5000 epochs of loops over samples take too long


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    result = params.clone()
    n = t_u.shape[0]
    for epoch in range(n_epochs):
        difference = fast_prediction(t_u, result[0], result[1]) - t_c
        loss = difference.pow(2).sum() / n
        gradient = torch.zeros_like(result)
        gradient[0] = 2 * (difference * t_u).sum() / n
        gradient[1] = 2 * difference.sum() / n
        for k in range(2):
            result[k] = result[k] - learning_rate * gradient[k]
        if epoch + 1 in PRINTED:
            print(f"Epoch {epoch + 1}, Loss {loss.item():f}")
            if print_params:
                print(f"    w {result[0].item():.6f} b {result[1].item():.6f}")
                print(f"    in w {gradient[0].item():.6f} in b {gradient[1].item():.6f}")
        if torch.isfinite(loss).item() is False:
            return result
    return result
""",
    "closed_forms": '''
import math
import torch


def model(t_u, w, b):
    return b + t_u * w


def loss_fn(t_p, t_c):
    # E[(p - c)^2] = var(p - c) + (E[p - c])^2
    d = t_p - t_c
    centre = d.mean()
    return (d - centre).square().mean() + centre.square()


def moments(t_u, t_c):
    u, c = t_u.double(), t_c.double()
    return (u * u).mean(), u.mean(), (u * c).mean(), c.mean()


def slopes(t_u, t_c, w, b):
    uu, u, uc, c = moments(t_u, t_c)
    return torch.stack([2 * (uu * w.double() + u * b.double() - uc), 2 * (u * w.double() + b.double() - c)])


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    # the loss is a parabola in w and in b, so its central difference is its derivative, for every delta
    return slopes(t_u, t_c, w, b).to(t_u.dtype)


def dloss_fn(t_p, t_c):
    return (t_p - t_c).mul(2.0 / t_p.numel())


def dmodel_dw(t_u, w, b):
    return t_u.clone()


def dmodel_db(t_u, w, b):
    return 1


def grad_fn(t_u, t_c, t_p, w, b):
    return slopes(t_u, t_c, w, b).to(t_u.dtype)


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    """Every step is affine: p' = p - lr * (H p - g)."""
    uu, u, uc, c = (float(m) for m in moments(t_u, t_c))
    w, b = (float(p) for p in params)
    cc = float((t_c.double() ** 2).mean())
    largest = torch.finfo(t_u.dtype).max
    for epoch in range(1, n_epochs + 1):
        loss = w * w * uu + 2 * w * b * u + b * b - 2 * w * uc - 2 * b * c + cc
        in_w, in_b = 2 * (uu * w + u * b - uc), 2 * (u * w + b - c)
        w, b = w - learning_rate * in_w, b - learning_rate * in_b
        if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
            print("Epoch %d, Loss %f" % (epoch, loss))
            if print_params:
                print("params %f %f gradient %f %f" % (w, b, in_w, in_b))
        if not math.isfinite(loss) or loss > largest:
            break
    return torch.tensor([w, b], dtype=params.dtype)
''',
    "design_matrix": """
import torch

torch.set_printoptions(precision=6)


def design(t_u):
    return torch.stack((t_u, torch.ones_like(t_u)), dim=1)


def model(t_u, w, b):
    return design(t_u) @ torch.stack((w, b)).to(t_u.dtype)


def loss_fn(t_p, t_c):
    residual = t_p - t_c
    return torch.einsum("i,i->", residual, residual) / residual.shape[0]


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    centre = torch.stack((w, b))
    steps = delta * torch.eye(2, dtype=centre.dtype)
    A = design(t_u)
    up = A @ (centre + steps).T - t_c[:, None]
    down = A @ (centre - steps).T - t_c[:, None]
    return (torch.einsum("ij,ij->j", up, up) - torch.einsum("ij,ij->j", down, down)) / len(t_u) / (2 * delta)


def dloss_fn(t_p, t_c):
    return torch.einsum("i,->i", t_p - t_c, torch.tensor(2.0 / len(t_p), dtype=t_p.dtype))


def dmodel_dw(t_u, w, b):
    return design(t_u)[:, 0]


def dmodel_db(t_u, w, b):
    return design(t_u)[:, 1]


def grad_fn(t_u, t_c, t_p, w, b):
    return torch.einsum("ij,i->j", design(t_u), dloss_fn(t_p, t_c))


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    A = design(t_u)
    theta = params
    for epoch in range(1, 1 + n_epochs):
        residual = A.mv(theta) - t_c
        loss = residual.dot(residual) / len(residual)
        slope = A.T.mv(residual) * (2 / len(residual))
        theta = torch.sub(theta, slope, alpha=learning_rate)
        if epoch in frozenset((1, 2, 3, 10, 11, 99, 100, 4000, 5000)):
            print("Epoch %d, Loss %f" % (epoch, loss))
            if print_params:
                print(theta, slope)
        if loss.isinf() or loss.isnan():
            break
    return theta
""",
    "in_place_on_copies": """
import torch


def model(t_u, w, b):
    t_p = t_u.clone()
    t_p *= w
    t_p += b
    return t_p


def loss_fn(t_p, t_c):
    errors = t_p - t_c
    return errors.pow_(2).mean() if not errors.requires_grad else errors.pow(2).mean()


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    slopes = torch.empty(2, dtype=t_u.dtype)
    for index, moving in enumerate(("w", "b")):
        here = {"w": w.clone(), "b": b.clone()}
        here[moving] += delta
        high = loss_fn(model(t_u, **here), t_c)
        here[moving] -= delta
        here[moving] -= delta
        low = loss_fn(model(t_u, **here), t_c)
        slopes[index] = high.sub_(low).div_(2 * delta)
    return slopes


def dloss_fn(t_p, t_c):
    out = t_p.clone()
    out.sub_(t_c).mul_(2).div_(out.numel())
    return out


def dmodel_dw(t_u, w, b):
    out = torch.zeros_like(t_u)
    out += t_u
    return out


def dmodel_db(t_u, w, b):
    out = torch.empty_like(t_u)
    out.fill_(1)
    return out


def grad_fn(t_u, t_c, t_p, w, b):
    out = torch.zeros(2, dtype=t_u.dtype)
    chain = dloss_fn(t_p, t_c)
    out[1] += chain.sum()
    chain *= dmodel_dw(t_u, w, b)
    out[0] += chain.sum()
    return out


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    params = params.clone()
    epoch = 0
    while epoch < n_epochs:
        epoch += 1
        t_p = model(t_u, params[0], params[1])
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, params[0], params[1])
        params.sub_(grad, alpha=learning_rate)
        if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
            print("Epoch", epoch, ", Loss", float(loss))
            if print_params:
                print("Params:", params)
                print("Grad:  ", grad)
        if not torch.isfinite(loss):
            break
    return params
""",
    "functional": """
import functools
import itertools
import operator

import torch


def model(t_u, w, b):
    return functools.reduce(operator.add, (operator.mul(t_u, w), b))


def compose(*functions):
    return functools.reduce(lambda f, g: lambda *args: g(f(*args)), functions)


loss_fn_of = compose(operator.sub, torch.square, torch.mean)


def loss_fn(t_p, t_c):
    return loss_fn_of(t_p, t_c)


def loss_at(t_u, t_c, w, b):
    return loss_fn(model(t_u, w, b), t_c)


def central(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    at = functools.partial(loss_at, t_u, t_c)
    return torch.stack([central(lambda w: at(w, b), w, delta), central(functools.partial(at, w), b, delta)])


def dloss_fn(t_p, t_c):
    return torch.mul(torch.sub(t_p, t_c), operator.truediv(2, t_p.numel()))


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return t_u.new_ones(t_u.shape)


def grad_fn(t_u, t_c, t_p, w, b):
    outer = dloss_fn(t_p, t_c)
    inner = (derivative(t_u, w, b) for derivative in (dmodel_dw, dmodel_db))
    return torch.stack(list(map(torch.sum, map(functools.partial(torch.mul, outer), inner))))


def report(epoch, loss, params, gradient, print_params):
    if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
        print("Epoch %d, Loss %f" % (epoch, float(loss)))
        print(*((params, gradient) if print_params else ()))


def one_epoch(learning_rate, t_u, t_c, params):
    t_p = model(t_u, *params)
    gradient = grad_fn(t_u, t_c, t_p, *params)
    return loss_fn(t_p, t_c), gradient, params - learning_rate * gradient


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    advance = functools.partial(one_epoch, learning_rate, t_u, t_c)
    for epoch in itertools.islice(itertools.count(1), n_epochs):
        loss, gradient, params = advance(params)
        report(epoch, loss, params, gradient, print_params)
        if not loss.isfinite():
            break
    return params
""",
    "classes": """
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Line:
    w: torch.Tensor
    b: torch.Tensor

    def __call__(self, readings):
        return readings * self.w + self.b

    def moved(self, w=0.0, b=0.0):
        return Line(self.w + w, self.b + b)

    def slopes(self, readings):
        return readings, torch.ones_like(readings)


class SquaredError:
    def __init__(self, truth):
        self.truth = truth

    def value(self, predicted):
        return torch.mean((predicted - self.truth) ** 2)

    def slope(self, predicted):
        return (predicted - self.truth) * 2 / predicted.numel()


class Descent:
    shown = (1, 2, 3, 10, 11, 99, 100, 4000, 5000)

    def __init__(self, line, rate, talkative):
        self.line, self.rate, self.talkative = line, rate, talkative

    def step(self, epoch, readings, criterion):
        predicted = self.line(readings)
        loss = criterion.value(predicted)
        slope = criterion.slope(predicted)
        in_w, in_b = ((slope * inner).sum() for inner in self.line.slopes(readings))
        self.line = self.line.moved(-self.rate * in_w, -self.rate * in_b)
        if epoch in self.shown:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if self.talkative:
                print("   ", self.line)
                print("    in w:", in_w, "in b:", in_b)
        return bool(torch.isfinite(loss))


def model(t_u, w, b):
    return Line(w, b)(t_u)


def loss_fn(t_p, t_c):
    return SquaredError(t_c).value(t_p)


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    line, criterion = Line(w, b), SquaredError(t_c)

    def rise(**move):
        (name, size), = move.items()
        return criterion.value(line.moved(**{name: size})(t_u)) - criterion.value(line.moved(**{name: -size})(t_u))

    return rise(w=delta) / (2 * delta), rise(b=delta) / (2 * delta)


def dloss_fn(t_p, t_c):
    return SquaredError(t_c).slope(t_p)


def dmodel_dw(t_u, w, b):
    return Line(w, b).slopes(t_u)[0]


def dmodel_db(t_u, w, b):
    return Line(w, b).slopes(t_u)[1]


def grad_fn(t_u, t_c, t_p, w, b):
    slope = SquaredError(t_c).slope(t_p)
    return torch.stack([(slope * inner).sum() for inner in Line(w, b).slopes(t_u)])


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    descent = Descent(Line(params[0].clone(), params[1].clone()), learning_rate, print_params)
    criterion = SquaredError(t_c)
    for epoch in range(1, n_epochs + 1):
        if not descent.step(epoch, t_u, criterion):
            break
    return torch.stack([descent.line.w, descent.line.b])
""",
    "lambdas": """
import torch

model = lambda t_u, w, b: w * t_u + b
loss_fn = lambda t_p, t_c: (lambda e: (e @ e) / e.numel())(t_p - t_c)
loss_rate_of_change = lambda t_u, t_c, w, b, delta=0.1: torch.stack(
    [
        (loss_fn(model(t_u, w + p, b + q), t_c) - loss_fn(model(t_u, w - p, b - q), t_c)) / (2 * delta)
        for p, q in ((delta, 0.0), (0.0, delta))
    ]
)
dloss_fn = lambda t_p, t_c: (t_p - t_c) / (0.5 * t_p.numel())
dmodel_dw = lambda t_u, w, b: +t_u
dmodel_db = lambda t_u, w, b: t_u**0
grad_fn = lambda t_u, t_c, t_p, w, b: (
    lambda d: torch.stack([(d * dmodel_dw(t_u, w, b)).sum(), (d * dmodel_db(t_u, w, b)).sum()])
)(dloss_fn(t_p, t_c))
show = lambda epoch, loss, params, grad, chatty: (
    epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000)
    and print("Epoch %d, Loss %f" % (epoch, float(loss)), *(["\\n  ", params, grad] if chatty else []))
)


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    update = lambda p, g: p - learning_rate * g
    epoch = 0
    going = True
    while going and epoch < n_epochs:
        epoch += 1
        prediction = model(t_u, *params)
        loss = loss_fn(prediction, t_c)
        grad = grad_fn(t_u, t_c, prediction, *params)
        params = update(params, grad)
        show(epoch, loss, params, grad, print_params)
        going = bool(loss.isfinite())
    return params
""",
    "star_arguments": '''
import torch


def named(names, args, kwargs, **defaults):
    """Bind what came by position and by keyword."""
    found = dict(defaults)
    found.update(zip(names, args))
    found.update(kwargs)
    return tuple(found[name] for name in names)


def model(*args, **kwargs):
    t_u, w, b = named(("t_u", "w", "b"), args, kwargs)
    return torch.addcmul(b.expand_as(t_u), w.expand_as(t_u), t_u)


def loss_fn(*args, **kwargs):
    t_p, t_c = named(("t_p", "t_c"), args, kwargs)
    return torch.dist(t_p, t_c).square() / len(t_p)


def loss_rate_of_change(*args, **kwargs):
    t_u, t_c, w, b, delta = named(("t_u", "t_c", "w", "b", "delta"), args, kwargs, delta=0.1)
    f = lambda *wb: ((wb[0] * t_u + wb[1] - t_c) ** 2).mean()
    span = delta + delta
    return [(f(w + delta, b) - f(w - delta, b)) / span, (f(w, b + delta) - f(w, b - delta)) / span]


def dloss_fn(*args, **kwargs):
    t_p, t_c = named(("t_p", "t_c"), args, kwargs)
    return torch.sub(t_p, t_c) * 2.0 / t_p.size(0)


def dmodel_dw(t_u, *_, **__):
    return t_u


def dmodel_db(t_u, *_, **__):
    return torch.tensor(1.0, dtype=t_u.dtype)


def grad_fn(*args, **kwargs):
    t_u, t_c, t_p, *wb = named(("t_u", "t_c", "t_p", "w", "b"), args, kwargs)
    return torch.stack([torch.sum(dloss_fn(t_p, t_c) * slope(t_u, *wb)) for slope in (dmodel_dw, dmodel_db)])


def training_loop(*args, **kwargs):
    names = ("n_epochs", "learning_rate", "params", "t_u", "t_c", "print_params")
    n_epochs, learning_rate, params, t_u, t_c, print_params = named(names, args, kwargs, print_params=True)
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, *params)
        loss = loss_fn(t_p=t_p, t_c=t_c)
        before, grad = params, grad_fn(t_u, t_c, t_p, *params)
        params = before - grad * learning_rate
        if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
            print("Epoch {}, Loss {:.6f}".format(epoch, float(loss)))
            if print_params:
                print(*before.tolist(), *grad.tolist(), sep="  ")
        if not torch.isfinite(loss):
            break
    return params
''',
    "tuples_and_floats": """
import math

import torch


def model(t_u, w, b):
    return t_u * w.item() + b.item()


def loss_fn(t_p, t_c):
    return sum((p - c) ** 2 for p, c in zip(t_p, t_c)) / len(t_p)


def numbers(*tensors):
    return [tensor.tolist() for tensor in tensors]


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    us, cs, w, b = numbers(t_u, t_c, w, b)

    def loss(w, b):
        return math.fsum((w * u + b - c) ** 2 for u, c in zip(us, cs)) / len(us)

    rises = (loss(w + delta, b) - loss(w - delta, b), loss(w, b + delta) - loss(w, b - delta))
    return tuple(rise / (2 * delta) for rise in rises)


def dloss_fn(t_p, t_c):
    ps, cs = numbers(t_p, t_c)
    return torch.tensor([2 * (p - c) / len(ps) for p, c in zip(ps, cs)], dtype=t_p.dtype)


def dmodel_dw(t_u, w, b):
    return torch.tensor(t_u.tolist(), dtype=t_u.dtype)


def dmodel_db(t_u, w, b):
    return 1.0


def grad_fn(t_u, t_c, t_p, w, b):
    chain, us = numbers(dloss_fn(t_p, t_c), t_u)
    return (math.fsum(d * u for d, u in zip(chain, us)), math.fsum(chain))


def squares_fit(loss, dtype):
    return math.isfinite(loss) and loss <= torch.finfo(dtype).max


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    us, cs, (w, b) = numbers(t_u, t_c, params)
    n = len(us)
    for epoch in range(1, n_epochs + 1):
        errors = [w * u + b - c for u, c in zip(us, cs)]
        loss = sum(e * e for e in errors) / n
        grad = (2 * sum(e * u for e, u in zip(errors, us)) / n, 2 * sum(errors) / n)
        w, b = w - learning_rate * grad[0], b - learning_rate * grad[1]
        if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
            print("Epoch %d, Loss %f" % (epoch, loss))
            if print_params:
                print("  params (%r, %r) grad %r" % (w, b, grad))
        if not squares_fit(loss, t_u.dtype):
            break
    return (torch.tensor(w, dtype=params.dtype), torch.tensor(b, dtype=params.dtype))
""",
    "means_with_matching_factors": """
import torch


def model(t_u, w, b):
    ones = torch.ones_like(t_u)
    return torch.stack([w * t_u, b * ones]).sum(dim=0)


def loss_fn(t_p, t_c):
    n = t_p.shape[0]
    return ((t_p - t_c) ** 2).sum() / n


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    # the mean of the samples' own slopes
    def each(w, b):
        return (model(t_u, w, b) - t_c) ** 2

    in_w = (each(w + delta, b) - each(w - delta, b)).mean() / (2 * delta)
    in_b = (each(w, b + delta) - each(w, b - delta)).mean() / (2 * delta)
    return torch.stack([in_w, in_b])


def dloss_fn(t_p, t_c):
    n = t_p.shape[0]
    errors = t_p - t_c
    return (errors + errors) / n


def dmodel_dw(t_u, w, b):
    return t_u * 1.0


def dmodel_db(t_u, w, b):
    return torch.ones(t_u.shape, dtype=t_u.dtype, device=t_u.device)


def grad_fn(t_u, t_c, t_p, w, b):
    n = t_u.shape[0]
    per_sample = n * dloss_fn(t_p, t_c)
    in_w = torch.mean(per_sample * dmodel_dw(t_u, w, b))
    in_b = torch.mean(per_sample * dmodel_db(t_u, w, b))
    return torch.cat([in_w.unsqueeze(0), in_b.unsqueeze(0)])


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    half_rate = learning_rate / 2
    w, b = params[0].clone(), params[1].clone()
    for epoch in range(1, n_epochs + 1):
        twice = 2 * (model(t_u, w, b) - t_c)
        loss = (twice * twice).mean() / 4
        gradient = torch.stack([(twice * t_u).mean(), twice.mean()])
        w, b = w - half_rate * gradient[0] * 2, b - half_rate * gradient[1] * 2
        if epoch <= 3 or epoch in (10, 11, 99, 100) or epoch in (4000, 5000):
            print(f"Epoch {epoch}, Loss {float(loss):.6f}")
            if print_params:
                print(f"w={float(w):.5f}, b={float(b):.5f}, dw={float(gradient[0]):.5f}, db={float(gradient[1]):.5f}")
        if not torch.isfinite(loss):
            break
    return torch.stack([w, b])
""",
    "typed_and_guarded": """
from __future__ import annotations

from typing import Final, NamedTuple

import torch
from torch import Tensor

REPORTED: Final[frozenset[int]] = frozenset({1, 2, 3, 10, 11, 99, 100, 4000, 5000})


class Gradient(NamedTuple):
    in_w: Tensor
    in_b: Tensor

    def as_tensor(self) -> Tensor:
        return torch.stack(tuple(self))


def _vector(tensor: Tensor, name: str) -> Tensor:
    if tensor.dim() != 1:
        raise ValueError(f"{name} must be one-dimensional, not {tuple(tensor.shape)}")
    return tensor


def model(t_u: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.add(torch.mul(_vector(t_u, "t_u"), w), b)


def loss_fn(t_p: Tensor, t_c: Tensor) -> Tensor:
    assert t_p.shape == t_c.shape, (t_p.shape, t_c.shape)
    squared: Tensor = (t_p - t_c).pow(2)
    return squared.mean(dim=0)


def loss_rate_of_change(t_u: Tensor, t_c: Tensor, w: Tensor, b: Tensor, delta: float = 0.1) -> Tensor:
    if not delta:
        raise ValueError("delta must not be 0")
    distance: float = 2.0 * delta

    def loss_at(*, in_w: float = 0.0, in_b: float = 0.0) -> Tensor:
        return loss_fn(t_p=model(t_u=t_u, w=w + in_w, b=b + in_b), t_c=t_c)

    return Gradient(
        in_w=(loss_at(in_w=delta) - loss_at(in_w=-delta)) / distance,
        in_b=(loss_at(in_b=delta) - loss_at(in_b=-delta)) / distance,
    ).as_tensor()


def dloss_fn(t_p: Tensor, t_c: Tensor) -> Tensor:
    samples: int = _vector(t_p, "t_p").numel()
    return 2 / samples * (t_p - _vector(t_c, "t_c"))


def dmodel_dw(t_u: Tensor, w: Tensor, b: Tensor) -> Tensor:
    del w, b
    return t_u


def dmodel_db(t_u: Tensor, w: Tensor, b: Tensor) -> Tensor:
    del w, b
    return torch.full_like(t_u, 1.0)


def grad_fn(t_u: Tensor, t_c: Tensor, t_p: Tensor, w: Tensor, b: Tensor) -> Gradient:
    outer: Tensor = dloss_fn(t_p, t_c)
    return Gradient(in_w=outer.dot(dmodel_dw(t_u, w, b)), in_b=outer.dot(dmodel_db(t_u, w, b)))


def training_loop(
    n_epochs: int,
    learning_rate: float,
    params: Tensor,
    t_u: Tensor,
    t_c: Tensor,
    print_params: bool = True,
) -> Tensor:
    assert params.shape == (2,), "params is [w, b]"
    state: Tensor = params.clone()
    for epoch in range(1, n_epochs + 1):
        w, b = state.unbind()
        t_p: Tensor = model(t_u, w, b)
        loss: Tensor = loss_fn(t_p, t_c)
        gradient: Gradient = grad_fn(t_u, t_c, t_p, w, b)
        state = state - learning_rate * gradient.as_tensor()
        if epoch in REPORTED:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
            if print_params:
                print(f"  params={state} gradient={gradient}")
        if not bool(torch.isfinite(loss)):
            break
    return state
""",
    "where_stack_and_cat": '''
import torch


def model(t_u, w, b):
    row = torch.cat([t_u.unsqueeze(0) * w, b.expand(1, t_u.shape[0])], dim=0)
    return row.sum(0)


def loss_fn(t_p, t_c):
    """One number, of shape (1,)."""
    gap = torch.where(t_p > t_c, t_p - t_c, t_c - t_p)
    return (gap * gap).mean(dim=0, keepdim=True)


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    # all four points at once: rows are w + delta, w - delta, b + delta, b - delta
    sign_w = torch.tensor([1.0, -1.0, 0.0, 0.0], dtype=t_u.dtype)
    sign_b = sign_w.roll(2)
    table = (w + delta * sign_w)[:, None] * t_u + (b + delta * sign_b)[:, None]
    losses = ((table - t_c) ** 2).mean(dim=1)
    return (losses[0::2] - losses[1::2]) / (2 * delta)


def dloss_fn(t_p, t_c):
    gap = t_p - t_c
    size = 2 * gap.abs() / gap.numel()
    return torch.where(gap < 0, -size, size)


def dmodel_dw(t_u, w, b):
    return torch.cat([t_u[:1], t_u[1:]])


def dmodel_db(t_u, w, b):
    return torch.where(t_u == t_u, 1.0, 0.0).to(t_u.dtype)


def grad_fn(t_u, t_c, t_p, w, b):
    inner = torch.stack([dmodel_dw(t_u, w, b), dmodel_db(t_u, w, b)])
    return (inner * dloss_fn(t_p, t_c)).sum(dim=1)


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    where = torch.stack([params, params])[0]
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, where[0], where[1])
        loss = loss_fn(t_p, t_c)
        gradient = grad_fn(t_u, t_c, t_p, where[0], where[1])
        where = torch.cat([where[:1] - learning_rate * gradient[:1], where[1:] - learning_rate * gradient[1:]])
        if epoch in [1, 2, 3, 10, 11, 99, 100, 4000, 5000]:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
            if print_params:
                print(torch.stack([where, gradient]))
        if not torch.isfinite(loss).all():
            break
    return where
''',
    "library_functions": """
import torch
import torch.nn.functional as F


def model(t_u, w, b):
    return F.linear(t_u.unsqueeze(-1), w.reshape(1, 1), b.reshape(1)).squeeze(-1)


def loss_fn(t_p, t_c):
    return F.mse_loss(t_p, t_c)


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    out = []
    for shift in torch.eye(2, dtype=t_u.dtype).mul(delta):
        plus = F.mse_loss(model(t_u, *(torch.stack([w, b]) + shift)), t_c)
        minus = F.mse_loss(model(t_u, *(torch.stack([w, b]) - shift)), t_c)
        out.append(plus.sub(minus).div(2 * delta))
    return torch.hstack(out)


def dloss_fn(t_p, t_c):
    return torch.lerp(-t_c, t_p, 0.5).mul(4 / t_p.numel())  # halfway from -c to p is (p - c) / 2


def dmodel_dw(t_u, w, b):
    return torch.ones_like(t_u).mul(t_u)


def dmodel_db(t_u, w, b):
    return torch.ones((), dtype=t_u.dtype)


def grad_fn(t_u, t_c, t_p, w, b):
    chain = dloss_fn(t_p, t_c)
    return torch.hstack([torch.dot(chain, dmodel_dw(t_u, w, b)), torch.inner(chain, dmodel_db(t_u, w, b)).sum()])


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    weights = params.clone()
    for epoch in torch.arange(1, n_epochs + 1).tolist():
        guess = torch.addcmul(weights[1].expand_as(t_u), t_u, weights[0].expand_as(t_u))
        loss = F.mse_loss(guess, t_c)
        slope = grad_fn(t_u, t_c, guess, weights[0], weights[1])
        weights = torch.add(weights, slope, alpha=-learning_rate)
        if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
            print("Epoch %d, Loss %f" % (epoch, loss))
            if print_params:
                print("Params: [%.6f, %.6f]" % tuple(weights))
                print("Grad: [%.6f, %.6f]" % tuple(slope))
        if loss.isnan() or loss.isinf():
            break
    return weights
""",
    "generator_of_states": '''
import torch

SHOWN = {1, 2, 3, 10, 11, 99, 100, 4000, 5000}


def model(t_u, w, b):
    return (t_u + b / w) * w if float(w) != 0 and torch.isfinite(b / w) else w * t_u + b


def loss_fn(t_p, t_c):
    return torch.linalg.vector_norm(t_p - t_c).pow(2).div(t_p.numel())


def losses_around(t_u, t_c, w, b, delta):
    for to_w, to_b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        yield ((w + to_w * delta) * t_u + (b + to_b * delta) - t_c).square().mean()


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    right, left, above, below = losses_around(t_u, t_c, w, b, delta)
    return torch.stack([right - left, above - below]) / (2 * delta)


def dloss_fn(t_p, t_c):
    return (t_p / t_p.numel() - t_c / t_c.numel()) * 2


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return (0 * t_u).exp()


def grad_fn(t_u, t_c, t_p, w, b):
    def pieces():
        d = dloss_fn(t_p, t_c)
        yield (dmodel_dw(t_u, w, b) * d).sum()
        yield (dmodel_db(t_u, w, b) * d).sum()

    return torch.stack(tuple(pieces()))


def states(learning_rate, params, t_u, t_c):
    """Yield (loss, gradient, params after the step) for ever, or until the loss is not finite."""
    finite = True
    while finite:
        w, b = params
        t_p = w * t_u + b
        loss = ((t_p - t_c) ** 2).mean()
        gradient = grad_fn(t_u, t_c, t_p, w, b)
        params = params - gradient * learning_rate
        finite = bool(torch.isfinite(loss))
        yield loss, gradient, params


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    found = params
    for epoch, (loss, gradient, found) in zip(range(1, n_epochs + 1), states(learning_rate, params, t_u, t_c)):
        if epoch in SHOWN:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("Params:", found)
                print("Grad:  ", gradient)
    return found
''',
    "double_precision_inside": """
import torch


def back(x, like):
    return x.to(like.dtype)


def model(t_u, w, b):
    return back(w.double() * t_u.double() + b.double(), t_u)


def loss_fn(t_p, t_c):
    return back(((t_p.double() - t_c.double()) ** 2).mean(), t_p)


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    u, c, w, b = t_u.double(), t_c.double(), w.double(), b.double()
    loss = lambda w, b: ((w * u + b - c) ** 2).mean()
    slopes = torch.stack([loss(w + delta, b) - loss(w - delta, b), loss(w, b + delta) - loss(w, b - delta)])
    return back(slopes / (2 * delta), t_u)


def dloss_fn(t_p, t_c):
    return back(2 * (t_p.double() - t_c.double()) / len(t_p), t_p)


def dmodel_dw(t_u, w, b):
    return back(t_u.double(), t_u)


def dmodel_db(t_u, w, b):
    return back(torch.ones(t_u.numel(), dtype=torch.float64), t_u)


def grad_fn(t_u, t_c, t_p, w, b):
    u, e = t_u.double(), t_p.double() - t_c.double()
    return back(torch.stack([2 * (e * u).mean(), 2 * e.mean()]), t_u)


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    exact = params.double()
    for epoch in range(1, n_epochs + 1):
        e = exact[0] * t_u.double() + exact[1] - t_c.double()
        loss = back((e * e).mean(), t_u)  # infinite where it no longer fits into the dtype of the data
        grad = torch.stack([2 * (e * t_u.double()).mean(), 2 * e.mean()])
        exact = exact - learning_rate * grad
        if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
            if print_params:
                print("Params:", back(exact, params))
                print("Grad:  ", back(grad, params))
        if not torch.isfinite(loss):
            break
    return back(exact, params)
""",
    "odd_formatting": '''
import torch;   import math
def model ( t_u,w,b ) : return(w*t_u)+b
def loss_fn(t_p
            ,t_c
            ):
        squares=[]; squares += [(t_p-t_c)*(t_p-t_c)];
        return squares[0].mean (    )
if True:
    def loss_rate_of_change(t_u,t_c,w,b,delta=.1):
     L=lambda W,B:loss_fn(model(t_u,W,B),t_c); D=delta+delta
     return torch.stack([(L(w+delta,b)-L(w-delta,b))/D,\\
        (L(w,b+delta)-L(w,b-delta))/D])
def dloss_fn(t_p,t_c):
    """ d """; zwei=2; return zwei*(t_p-t_c)/t_p.numel(); pass
def dmodel_dw(t_u,w,b):
    if 1:
        if 1: return t_u
def dmodel_db(t_u,w,b):return t_u/t_u
def grad_fn(t_u,t_c,t_p,w,b):
    d=dloss_fn(t_p,t_c);g=torch.zeros(2,dtype=t_u.dtype)
    g[0]=(d*dmodel_dw(t_u,w,b)).sum();g[1]=(d*dmodel_db(t_u,w,b)).sum();return g
try:
    def training_loop(n_epochs,learning_rate,params,t_u,t_c,print_params=True):
        for epoch in range(1,n_epochs+1):
            (w,b),=[params];t_p=model(t_u,w,b);loss=loss_fn(t_p,t_c);grad=grad_fn(t_u,t_c,t_p,w,b)
            if (epoch in[1,2,3,10,11,99,100,4000,5000]):
                print("EPOCH %d, LOSS %f"%(epoch,loss)); (print(params,grad)) if print_params else None
            params=params-learning_rate*grad
            if not(math.isfinite(loss)):
                break
        else: 0
        return params
finally: ...
''',
    "data_and_detach": """
import copy

import torch


def model(t_u, w, b):
    return t_u.detach().mul(w.detach()).add(b.detach())


def loss_fn(t_p, t_c):
    return torch.nn.MSELoss(reduction="sum")(t_p, t_c.detach()) / t_p.numel()


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    start = torch.stack([w.data, b.data])
    result = torch.zeros_like(start)
    for k in (0, 1):
        high, low = start.clone(), start.clone()
        high.data[k] += delta
        low.data[k] -= delta
        result.data[k] = (loss_fn(model(t_u, *high), t_c) - loss_fn(model(t_u, *low), t_c)) / (2 * delta)
    return result


def dloss_fn(t_p, t_c):
    n = torch.tensor(t_p.numel(), dtype=t_p.dtype)
    return 2 / n * (t_p.data - t_c.data)


def dmodel_dw(t_u, w, b):
    return t_u.data


def dmodel_db(t_u, w, b):
    return torch.tensor([1.0], dtype=t_u.dtype)


def grad_fn(t_u, t_c, t_p, w, b):
    chain = dloss_fn(t_p, t_c)
    in_w = chain.data @ dmodel_dw(t_u, w, b).data
    in_b = (chain.data * dmodel_db(t_u, w, b).data).sum()
    return torch.stack((in_w, in_b)).detach()


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    own = copy.deepcopy(params)
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, own[0], own[1])
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, own[0], own[1])
        # further epochs are printed as well
        if epoch <= 100 or epoch % 1000 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
            if print_params:
                print("Params:", own.tolist())
                print("Grad:", grad.tolist())
        own.data = own.data - learning_rate * grad.data
        if loss.isfinite().logical_not():
            break
    return own
""",
    "measured_everything": '''
import torch


def model(t_u, w, b):
    return torch.stack([w * reading + b for reading in t_u.unbind()])


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def quadratic_slope(f, at, step):
    """The central difference of a parabola is exact, so the step may be large."""
    return (f(at + step) - f(at - step)) / (2 * step)


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    u, c, w, b = t_u.double(), t_c.double(), w.double(), b.double()
    in_w = quadratic_slope(lambda w: loss_fn(w * u + b, c), w, delta)
    in_b = quadratic_slope(lambda b: loss_fn(w * u + b, c), b, delta)
    return torch.stack([in_w, in_b]).to(t_u.dtype)


def dloss_fn(t_p, t_c):
    p, c = t_p.double(), t_c.double()
    nudges = torch.eye(p.numel(), dtype=torch.float64)
    high = ((p + nudges - c) ** 2).mean(dim=1)
    low = ((p - nudges - c) ** 2).mean(dim=1)
    return ((high - low) / 2).to(t_p.dtype)


def dmodel_dw(t_u, w, b):
    zero = torch.zeros_like(w)
    return model(t_u, zero + 1, zero) - model(t_u, zero, zero)


def dmodel_db(t_u, w, b):
    zero = torch.zeros_like(b)
    return model(t_u, zero, zero + 1) - model(t_u, zero, zero)


def grad_fn(t_u, t_c, t_p, w, b):
    return loss_rate_of_change(t_u, t_c, w, b, delta=1.0)


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    u, c = t_u.double(), t_c.double()
    limit = torch.finfo(t_u.dtype).max
    p = params.double()
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(p[0] * u + p[1], c)
        grad = 2 * torch.stack([((p[0] * u + p[1] - c) * u).mean(), (p[0] * u + p[1] - c).mean()])
        p = p - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print(p, grad)
        if not loss <= limit:
            break
    return p.to(params.dtype)
''',
    "walrus_and_comprehension": """
import torch

(printed := [1, 2, 3]).extend([10, 11, 99, 100, 4000, 5000])


def model(t_u, w, b):
    return torch.stack([w * u + b for u in t_u])


def loss_fn(t_p, t_c):
    return torch.stack([(error := p - c) * error for p, c in zip(t_p, t_c)]).mean()


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    at = {
        (i, j): torch.mean((residual := (w + i * delta) * t_u + (b + j * delta) - t_c) * residual)
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        if abs(i) + abs(j) == 1
    }
    return torch.stack([(at[p] - at[-p[0], -p[1]]) / (2 * delta) for p in ((1, 0), (0, 1))])


def dloss_fn(t_p, t_c):
    return torch.stack([2 * (p - c) / n for p, c in zip(t_p, t_c)]) if (n := len(t_p)) else t_p


def dmodel_dw(t_u, w, b):
    return torch.stack([u for u in t_u])


def dmodel_db(t_u, w, b):
    return torch.stack([torch.ones_like(u) for u in t_u])


def grad_fn(t_u, t_c, t_p, w, b):
    return torch.stack([((d := dloss_fn(t_p, t_c)) * dmodel_dw(t_u, w, b)).sum(), (d * dmodel_db(t_u, w, b)).sum()])


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    n, epoch, finite = len(t_u), 0, True
    while finite and (epoch := epoch + 1) <= n_epochs:
        loss = ((e := params[0] * t_u + params[1] - t_c) ** 2).mean()
        params = params - learning_rate * (grad := torch.stack([(e * t_u).sum() * 2 / n, e.sum() * 2 / n]))
        if epoch in printed:
            print(f"Epoch {epoch}, Loss {loss:f}", f"{params=} {grad=}" if print_params else "")
        finite = bool(torch.isfinite(loss))
    return params
""",
    "names_of_its_own": """import torch


t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])


t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])


t_un = 0.1 * t_u


def model(readings, slope, offset):
    return slope * readings + offset


def loss_fn(predicted, actual):
    errors = predicted - actual
    return (errors**2).mean()


def loss_rate_of_change(readings, actual, slope, offset, distance=0.1):

    def loss_at(slope, offset):
        return loss_fn(model(readings, slope, offset), actual)

    in_w = (loss_at(slope + distance, offset) - loss_at(slope - distance, offset)) / (2 * distance)
    in_b = (loss_at(slope, offset + distance) - loss_at(slope, offset - distance)) / (2 * distance)
    return torch.stack([in_w, in_b])


def dloss_fn(predicted, actual):
    return 2 * (predicted - actual) / predicted.numel()


def dmodel_dw(readings, slope, offset):
    return readings


def dmodel_db(readings, slope, offset):
    return torch.ones_like(readings)


def grad_fn(readings, actual, predicted, slope, offset):
    in_predictions = dloss_fn(actual=actual, predicted=predicted)
    in_w = (in_predictions * dmodel_dw(readings, slope, offset)).sum()
    in_b = (in_predictions * dmodel_db(readings, offset=offset, slope=slope)).sum()
    return torch.stack([in_w, in_b])


def training_loop(epochs, rate, parameters, readings, actual, verbose=True):
    for epoch in range(1, epochs + 1):
        w, b = parameters
        t_p = model(readings, w, b)
        loss = loss_fn(actual=actual, predicted=t_p)
        gradient = grad_fn(readings, actual, predicted=t_p, slope=w, offset=b)
        parameters = parameters - rate * gradient
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if verbose:
                print("    Params:", parameters)
                print("    Grad:  ", gradient)
        if not torch.isfinite(loss):
            break
    return parameters
""",
}
