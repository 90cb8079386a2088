# PRIVATE chainrule-canary-73b00d19f76f4b19
"""Right submissions to `quadratic`, each in another style: all keep every point."""

ALTERNATIVES: dict[str, str] = {
    "numpy_inside": """
import numpy as np
import torch


def _array(x):
    return x.detach().cpu().numpy()


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c) / t_p.numel()


def model(t_u, w2, w1, b):
    u = _array(t_u)
    return torch.from_numpy(np.asarray(np.polyval([float(w2), float(w1), float(b)], u), dtype=u.dtype))


def dmodel_dw2(t_u, w2, w1, b):
    return torch.from_numpy(np.square(_array(t_u)))


def dmodel_dw1(t_u, w2, w1, b):
    return torch.from_numpy(_array(t_u).copy())


def dmodel_db(t_u, w2, w1, b):
    return torch.from_numpy(np.ones_like(_array(t_u)))


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    back = _array(dloss_fn(t_p, t_c))
    jacobian = np.stack([_array(f(t_u, w2, w1, b)) for f in (dmodel_dw2, dmodel_dw1, dmodel_db)])
    return torch.from_numpy(jacobian @ back)


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    current = _array(params).copy()
    for epoch in range(1, n_epochs + 1):
        here = torch.from_numpy(current)
        t_p = model(t_u, *here)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss_fn(t_p, t_c).item()))
        gradient = _array(grad_fn(t_u, t_c, t_p, *here))
        current = (current - learning_rate * gradient).astype(current.dtype)
    return torch.from_numpy(current)


def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator).numpy()
    training, validation = np.split(order, [n - int(np.floor(n * validation_share))])
    return torch.from_numpy(training.copy()), torch.from_numpy(validation.copy())


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    losses = np.zeros((2, n_epochs))
    for epoch in range(n_epochs):
        for row, part in enumerate((training, validation)):
            losses[row, epoch] = loss_fn(model(t_u[part], *params), t_c[part]).item()
        t_p = model(t_u[training], *params)
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, *params)
    return params, losses[0].tolist(), losses[1].tolist()
""",
    "loops_over_samples": """
import torch


def loss_fn(t_p, t_c):
    total = 0
    for i in range(len(t_p)):
        total = total + (t_p[i] - t_c[i]) * (t_p[i] - t_c[i])
    return total / len(t_p)


def dloss_fn(t_p, t_c):
    out = torch.zeros_like(t_p)
    for i in range(len(t_p)):
        out[i] = 2 * (t_p[i] - t_c[i]) / len(t_p)
    return out


def model(t_u, w2, w1, b):
    predictions = []
    for i in range(t_u.shape[0]):
        predictions.append(w2 * t_u[i] * t_u[i] + w1 * t_u[i] + b)
    return torch.stack(predictions)


def dmodel_dw2(t_u, w2, w1, b):
    out = torch.empty(len(t_u), dtype=t_u.dtype)
    for i in range(len(t_u)):
        out[i] = t_u[i] * t_u[i]
    return out


def dmodel_dw1(t_u, w2, w1, b):
    out = torch.empty(len(t_u), dtype=t_u.dtype)
    for i in range(len(t_u)):
        out[i] = t_u[i]
    return out


def dmodel_db(t_u, w2, w1, b):
    return torch.tensor([1.0 for _ in t_u], dtype=t_u.dtype)


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    from_loss = dloss_fn(t_p, t_c)
    slopes = [dmodel_dw2(t_u, w2, w1, b), dmodel_dw1(t_u, w2, w1, b), dmodel_db(t_u, w2, w1, b)]
    gradient = torch.zeros(3, dtype=t_u.dtype)
    for place in range(3):
        for i in range(len(t_u)):
            gradient[place] += from_loss[i] * slopes[place][i]
    return gradient


def quick(t_u, params):
    return params[0] * t_u * t_u + params[1] * t_u + params[2]


def quick_gradient(t_u, t_c, params):
    errors = quick(t_u, params) - t_c
    return 2 * torch.stack([(errors * t_u * t_u).mean(), (errors * t_u).mean(), errors.mean()])


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    # sample by sample five thousand epochs would take minutes
    for epoch in range(1, n_epochs + 1):
        if epoch in range(500, n_epochs + 1, 500):
            print("Epoch " + str(epoch) + ", Loss " + str(float(((quick(t_u, params) - t_c) ** 2).mean())))
        params = params - learning_rate * quick_gradient(t_u, t_c, params)
    return params


def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    kept_back = int(n * validation_share)
    training, validation = [], []
    for place in range(n):
        if place < n - kept_back:
            training.append(order[place].item())
        else:
            validation.append(order[place].item())
    return torch.tensor(training, dtype=torch.int64), torch.tensor(validation, dtype=torch.int64)


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        for losses, part in ((on_training, training), (on_validation, validation)):
            losses.append(((quick(t_u[part], params) - t_c[part]) ** 2).mean())
        params = params - learning_rate * quick_gradient(t_u[training], t_c[training], params)
    return params, on_training, on_validation
""",
    "design_matrix": """
import torch


def design(t_u):
    return torch.vander(t_u, 3)


def loss_fn(t_p, t_c):
    residual = t_p - t_c
    return residual @ residual / residual.shape[0]


def dloss_fn(t_p, t_c):
    return (t_p - t_c) * (2 / len(t_p))


def model(t_u, w2, w1, b):
    return design(t_u) @ torch.stack((w2, w1, b)).to(t_u.dtype)


def dmodel_dw2(t_u, w2, w1, b):
    return design(t_u)[:, 0]


def dmodel_dw1(t_u, w2, w1, b):
    return design(t_u)[:, 1]


def dmodel_db(t_u, w2, w1, b):
    return design(t_u)[:, 2]


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    return torch.einsum("ij,i->j", design(t_u), dloss_fn(t_p, t_c))


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    A = design(t_u)
    theta = params
    for epoch in range(1, 1 + n_epochs):
        residual = A.mv(theta) - t_c
        if not epoch % 500:
            print("Epoch %d, Loss %f" % (epoch, residual.dot(residual) / len(residual)))
        theta = torch.sub(theta, A.T.mv(residual) * (2 / len(residual)), alpha=learning_rate)
    return theta


def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    n_validation = int(n * validation_share)
    return tuple(torch.split(order, [n - n_validation, n_validation]))


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    A, B = design(t_u[training]), design(t_u[validation])
    losses = torch.empty(n_epochs, 2, dtype=t_u.dtype)
    theta = params.clone()
    for row in losses:
        residual, held_out = A.mv(theta) - t_c[training], B.mv(theta) - t_c[validation]
        row[0], row[1] = residual.dot(residual) / len(residual), held_out.dot(held_out) / len(held_out)
        theta = torch.sub(theta, A.T.mv(residual) * (2 / len(residual)), alpha=learning_rate)
    return theta, losses[:, 0], losses[:, 1]
""",
    "one_loop_calls_the_other": """
import torch


def model(t_u, w2, w1, b):
    return b + t_u * (w1 + t_u * w2)


def dmodel_dw2(t_u, w2, w1, b):
    return torch.pow(t_u, 2)


def dmodel_dw1(t_u, w2, w1, b):
    return t_u.clone()


def dmodel_db(t_u, w2, w1, b):
    return 1.0


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    outer = dloss_fn(t_p, t_c)
    return [
        torch.dot(outer, dmodel_dw2(t_u, w2, w1, b)),
        torch.dot(outer, dmodel_dw1(t_u, w2, w1, b)),
        (outer * dmodel_db(t_u, w2, w1, b)).sum(),
    ]


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    w2, w1, b = params[0], params[1], params[2]
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, w2, w1, b)
        loss = loss_fn(t_p, t_c)
        g2, g1, g0 = grad_fn(t_u, t_c, t_p, w2, w1, b)
        w2, w1, b = w2 - learning_rate * g2, w1 - learning_rate * g1, b - learning_rate * g0
        if epoch % 500 == 0:
            print(f"Epoch {epoch}, Loss {loss:f}")
    return torch.stack([w2, w1, b])


def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    cut = len(order) - int(n * validation_share)
    return [order[:cut], order[cut:]]


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    u, c = t_u[training], t_c[training]
    of_training, of_validation = [], []
    for _ in range(n_epochs):
        of_training.append(loss_fn(model(u, *params), c))
        of_validation.append(loss_fn(model(t_u[validation], *params), t_c[validation]))
        params = training_loop(1, learning_rate, params, u, c)
    return params, of_training, of_validation
""",
    "path_first": '''
import torch


def model(t_u, w2, w1, b):
    return torch.addcmul(w1 * t_u + b, w2, torch.square(t_u))


def dmodel_dw2(t_u, w2, w1, b):
    return torch.square(t_u)


def dmodel_dw1(t_u, w2, w1, b):
    return t_u


def dmodel_db(t_u, w2, w1, b):
    return torch.ones(())


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    errors = t_p - t_c
    return 2 * torch.stack([torch.mean(errors * power) for power in (t_u * t_u, t_u, torch.ones_like(t_u))])


def path(n_epochs, learning_rate, params, t_u, t_c):
    """Yield the params with which each epoch begins, and those after the last."""
    yield params
    for _ in range(n_epochs):
        params = params - learning_rate * grad_fn(t_u, t_c, model(t_u, *params), *params)
        yield params


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for done, here in enumerate(path(n_epochs, learning_rate, params, t_u, t_c)):
        if (done + 1) % 500 == 0 and done < n_epochs:
            print("Epoch %d, Loss %f" % (done + 1, loss_fn(model(t_u, *here), t_c)))
    return here


def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    return order.tensor_split([n - int(n * validation_share)])


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    *before, last = path(n_epochs, learning_rate, params, t_u[training], t_c[training])
    both = (training, validation)
    losses = [[loss_fn(model(t_u[part], *here), t_c[part]).item() for here in before] for part in both]
    return (last, *losses)
''',
    "classes": """
import torch


class Parabola:
    def __init__(self, w2, w1, b):
        self.w2, self.w1, self.b = w2, w1, b

    def __call__(self, t_u):
        return self.w2 * t_u * t_u + self.w1 * t_u + self.b

    def slopes(self, t_u):
        return t_u * t_u, t_u, torch.ones_like(t_u)


class Trainer:
    def __init__(self, params, learning_rate):
        self.params, self.learning_rate, self.epoch = params, learning_rate, 0

    def loss(self, t_u, t_c):
        return loss_fn(model(t_u, *self.params), t_c)

    def step(self, t_u, t_c):
        self.epoch += 1
        t_p = model(t_u, *self.params)
        self.params = self.params - self.learning_rate * grad_fn(t_u, t_c, t_p, *self.params)


def model(t_u, w2, w1, b):
    return Parabola(w2, w1, b)(t_u)


def dmodel_dw2(t_u, w2, w1, b):
    return Parabola(w2, w1, b).slopes(t_u)[0]


def dmodel_dw1(t_u, w2, w1, b):
    return Parabola(w2, w1, b).slopes(t_u)[1]


def dmodel_db(t_u, w2, w1, b):
    return Parabola(w2, w1, b).slopes(t_u)[2]


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    outer = dloss_fn(t_p, t_c)
    return torch.stack([(outer * slope).sum() for slope in Parabola(w2, w1, b).slopes(t_u)])


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    trainer = Trainer(params, learning_rate)
    while trainer.epoch < n_epochs:
        if (trainer.epoch + 1) % 500 == 0:
            print("Epoch %d, Loss %f" % (trainer.epoch + 1, trainer.loss(t_u, t_c)))
        trainer.step(t_u, t_c)
    return trainer.params


class Split:
    def __init__(self, n, share, generator):
        self.order = torch.randperm(n, generator=generator)
        self.cut = n - int(n * share)

    @property
    def training(self):
        return self.order.narrow(0, 0, self.cut)

    @property
    def validation(self):
        return self.order.narrow(0, self.cut, len(self.order) - self.cut)


def split(n, validation_share, generator):
    found = Split(n, validation_share, generator)
    return found.training, found.validation


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    trainer = Trainer(params, learning_rate)
    history = {"training": [], "validation": []}
    for _ in range(n_epochs):
        for name, part in (("training", training), ("validation", validation)):
            history[name].append(trainer.loss(t_u[part], t_c[part]).item())
        trainer.step(t_u[training], t_c[training])
    return trainer.params, history["training"], history["validation"]
""",
    "in_place_on_copies": """
import torch


def model(t_u, w2, w1, b):
    t_p = t_u.clone()
    t_p *= w2
    t_p += w1
    t_p *= t_u
    t_p += b
    return t_p


def dmodel_dw2(t_u, w2, w1, b):
    out = t_u.clone()
    return out.mul_(t_u)


def dmodel_dw1(t_u, w2, w1, b):
    out = torch.zeros_like(t_u)
    out += t_u
    return out


def dmodel_db(t_u, w2, w1, b):
    return torch.empty_like(t_u).fill_(1)


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    out = torch.zeros(3, dtype=t_u.dtype)
    chain = dloss_fn(t_p, t_c).clone()
    for place in (2, 1, 0):
        out[place] += chain.sum()
        chain *= t_u
    return out


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    params = params.clone()
    epoch = 0
    while epoch < n_epochs:
        epoch += 1
        t_p = model(t_u, params[0], params[1], params[2])
        grad = grad_fn(t_u, t_c, t_p, params[0], params[1], params[2])
        params.sub_(grad, alpha=learning_rate)
        if epoch % 500 == 0:
            print("Epoch", epoch, ", Loss", float(loss_fn(t_p, t_c)))
    return params


def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator).tolist()
    validation = []
    for _ in range(int(n * validation_share)):
        validation.insert(0, order.pop())
    return order, validation


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    params = params.detach().clone()
    losses = torch.zeros(2, n_epochs, dtype=t_u.dtype)
    u, c = t_u[training].clone(), t_c[training].clone()
    for epoch in range(n_epochs):
        t_p = model(u, *params)
        losses[0, epoch] = loss_fn(t_p, c)
        losses[1, epoch] = loss_fn(model(t_u[validation], *params), t_c[validation])
        params -= learning_rate * grad_fn(u, c, t_p, *params)
    return params, losses[0], losses[1]
""",
    "functional": """
import functools
import itertools
import operator

import torch

powers = (2, 1, 0)


def model(t_u, w2, w1, b):
    terms = map(operator.mul, (w2, w1, b), map(functools.partial(torch.pow, t_u), powers))
    return functools.reduce(operator.add, terms)


def slope(power, t_u, *params):
    return torch.pow(t_u, power)


dmodel_dw2, dmodel_dw1, dmodel_db = (functools.partial(slope, power) for power in powers)


def grad_fn(t_u, t_c, t_p, *params):
    outer = dloss_fn(t_p, t_c)
    return torch.stack([torch.sum(outer * f(t_u, *params)) for f in (dmodel_dw2, dmodel_dw1, dmodel_db)])


def step(t_u, t_c, rate, params, _):
    return params - rate * grad_fn(t_u, t_c, model(t_u, *params), *params)


def states(n_epochs, rate, params, t_u, t_c):
    return itertools.accumulate(range(n_epochs), functools.partial(step, t_u, t_c, rate), initial=params)


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    last = params
    for epoch, last in enumerate(states(n_epochs, learning_rate, params, t_u, t_c), 1):
        if epoch % 500 == 0 and epoch <= n_epochs:
            print("Epoch %d, Loss %f" % (epoch, float(loss_fn(model(t_u, *last), t_c))))
    return last


def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    where = torch.arange(n) < n - int(n * validation_share)
    return order[where], order[~where]


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    found = list(states(n_epochs, learning_rate, params, t_u[training], t_c[training]))
    losses = lambda part: tuple(loss_fn(model(t_u[part], *here), t_c[part]) for here in found[:-1])
    return found[-1], losses(training), losses(validation)
""",
    "lambdas": """
import torch

model = lambda t_u, w2, w1, b: (w2 * t_u + w1) * t_u + b
dmodel_dw2 = lambda t_u, w2, w1, b: t_u * t_u
dmodel_dw1 = lambda t_u, w2, w1, b: +t_u
dmodel_db = lambda t_u, w2, w1, b: 1
grad_fn = lambda t_u, t_c, t_p, w2, w1, b: (
    lambda d: torch.stack([(d * f(t_u, w2, w1, b)).sum() for f in (dmodel_dw2, dmodel_dw1, dmodel_db)])
)(dloss_fn(t_p, t_c))
split = lambda n, validation_share, generator: (
    lambda order, cut: (order[:cut], order[cut:])
)(torch.randperm(n, generator=generator), n - int(n * validation_share))


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    say = lambda epoch, t_p: epoch % 500 or print("Epoch %d, Loss %f" % (epoch, loss_fn(t_p, t_c)))
    for epoch in range(n_epochs):
        say(epoch + 1, t_p := model(t_u, *params))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, *params)
    return params


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    of = lambda part, p: loss_fn(model(t_u[part], *p), t_c[part])
    both = []
    for _ in range(n_epochs):
        both.append((of(training, params), of(validation, params)))
        params = training_loop(1, learning_rate, params, t_u[training], t_c[training])
    return params, [first for first, _ in both], [second for _, second in both]
""",
    "double_precision_inside": """
import torch


def model(t_u, w2, w1, b):
    u = t_u.double()
    return (w2.double() * u**2 + w1.double() * u + b.double()).to(t_u.dtype)


def dmodel_dw2(t_u, w2, w1, b):
    return (t_u.double() ** 2).to(t_u.dtype)


def dmodel_dw1(t_u, w2, w1, b):
    return t_u


def dmodel_db(t_u, w2, w1, b):
    return torch.ones(1, dtype=t_u.dtype)


def _gradient(t_u, t_c, t_p):
    d = 2 * (t_p.double() - t_c.double()) / len(t_p)
    u = t_u.double()
    return torch.stack([(d * u**2).sum(), (d * u).sum(), d.sum()])


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    return _gradient(t_u, t_c, t_p).to(t_u.dtype)


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    exact, u, c = params.double(), t_u.double(), t_c.double()
    for epoch in range(1, n_epochs + 1):
        t_p = exact[0] * u**2 + exact[1] * u + exact[2]
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, ((t_p - c) ** 2).mean()))
        exact = exact - learning_rate * _gradient(u, c, t_p)
    return exact.to(params.dtype)


def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    n_validation = 0
    while n_validation + 1 <= n * validation_share:
        n_validation += 1
    return order[: n - n_validation], order[n - n_validation :]


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    exact, u, c = params.double(), t_u.double(), t_c.double()
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        t_p = exact[0] * u**2 + exact[1] * u + exact[2]
        squares = (t_p - c) ** 2
        on_training.append(float(squares[training].mean()))
        on_validation.append(float(squares[validation].mean()))
        exact = exact - learning_rate * _gradient(u[training], c[training], t_p[training])
    return exact.to(params.dtype), on_training, on_validation
""",
    "closed_forms": """
import torch


def model(t_u, w2, w1, b):
    return w2 * t_u.pow(2) + w1 * t_u + b


def dmodel_dw2(t_u, w2, w1, b):
    return t_u.pow(2)


def dmodel_dw1(t_u, w2, w1, b):
    return t_u


def dmodel_db(t_u, w2, w1, b):
    return torch.tensor(1.0, dtype=t_u.dtype)


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    mean = lambda x: x.sum() / len(x)
    errors = t_p - t_c
    return torch.stack([2 * mean(errors * t_u.pow(2)), 2 * mean(errors * t_u), 2 * mean(errors)])


def affine(t_u, t_c):
    '''Return H and g of the gradient H p - g, which is that of every p.'''
    A = torch.stack([t_u.pow(2), t_u, torch.ones_like(t_u)], dim=1).double()
    return 2 * A.T @ A / len(t_u), 2 * A.T @ t_c.double() / len(t_u)


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    H, g = affine(t_u, t_c)
    p = params.double()
    for epoch in range(1, n_epochs + 1):
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(0.5 * p @ H @ p - g @ p + t_c.double().square().mean())))
        p = p - learning_rate * (H @ p - g)
    return p.to(params.dtype)


def split(n, validation_share, generator):
    n_validation = int(validation_share * n)
    order = torch.randperm(n, generator=generator)
    return order[torch.arange(n - n_validation)], order[torch.arange(n - n_validation, n)]


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    H, g = affine(t_u[training], t_c[training])
    p, states = params.double(), []
    for _ in range(n_epochs):
        states.append(p)
        p = p - learning_rate * (H @ p - g)
    u, c, parts = t_u.double(), t_c.double(), (training, validation)
    losses = [[float(loss_fn(model(u[i], *s), c[i])) for s in states] for i in parts]
    return p.to(params.dtype), losses[0], losses[1]
""",
    "tuples_and_floats": """
import torch


def model(t_u, w2, w1, b):
    return float(w2) * t_u**2 + float(w1) * t_u + float(b)


def dmodel_dw2(t_u, w2, w1, b):
    return t_u**2


def dmodel_dw1(t_u, w2, w1, b):
    return 1 * t_u


def dmodel_db(t_u, w2, w1, b):
    return 1.0


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    d = dloss_fn(t_p, t_c)
    return (
        (d * dmodel_dw2(t_u, w2, w1, b)).sum(),
        (d * dmodel_dw1(t_u, w2, w1, b)).sum(),
        (d * dmodel_db(t_u, w2, w1, b)).sum(),
    )


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    w2, w1, b = (p.clone() for p in params)
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, w2, w1, b)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss_fn(t_p, t_c).item()))
        w2, w1, b = (p - learning_rate * g for p, g in zip((w2, w1, b), grad_fn(t_u, t_c, t_p, w2, w1, b)))
    return w2, w1, b


def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator).tolist()
    cut = n - int(n * validation_share)
    return order[:cut], order[cut:]


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    if n_epochs == 0:
        return params, (), ()
    now = tuple(loss_fn(model(t_u[part], *params), t_c[part]).item() for part in (training, validation))
    here = training_loop(1, learning_rate, params, t_u[training], t_c[training])
    on_training, on_validation = [now[0]], [now[1]]
    for _ in range(n_epochs - 1):
        on_training.append(loss_fn(model(t_u[training], *here), t_c[training]).item())
        on_validation.append(loss_fn(model(t_u[validation], *here), t_c[validation]).item())
        here = training_loop(1, learning_rate, torch.stack(here), t_u[training], t_c[training])
    return here, tuple(on_training), tuple(on_validation)
""",
    "names_of_its_own": """
import torch as th


def model(readings, a, m, c):
    return a * readings * readings + m * readings + c


def dmodel_dw2(readings, a, m, c):
    return readings * readings


def dmodel_dw1(readings, a, m, c):
    return readings


def dmodel_db(readings, a, m, c):
    return th.full_like(readings, 1)


def grad_fn(readings, truth, predicted, a, m, c):
    weights = dloss_fn(predicted, truth)
    table = th.stack([dmodel_dw2(readings, a, m, c), dmodel_dw1(readings, a, m, c), dmodel_db(readings, a, m, c)])
    return (table * weights).sum(dim=1)


def training_loop(epochs, eta, theta, readings, truth):
    if epochs == 0:
        return theta
    print("training for", epochs, "epochs")
    for k in range(1, epochs + 1):
        predicted = model(readings, *theta)
        if k % 100 == 0:
            print("Epoch %d, Loss %f" % (k, loss_fn(predicted, truth)))
        theta = theta - eta * grad_fn(readings, truth, predicted, *theta)
    return theta


def split(count, share, chance):
    shuffled = th.randperm(count, generator=chance)
    first_kept_back = count - int(count * share)
    return shuffled[0:first_kept_back], shuffled[first_kept_back:count]


def fit(epochs, eta, theta, readings, truth, learn_from, judge_by):
    x, y = readings.index_select(0, learn_from), truth.index_select(0, learn_from)
    p, q = th.take(readings, judge_by), th.take(truth, judge_by)
    curves = {"learn": [], "judge": []}
    for k in range(epochs):
        curves["learn"] += [loss_fn(model(x, *theta), y).item()]
        curves["judge"] += [loss_fn(model(p, *theta), q).item()]
        theta = theta - eta * grad_fn(x, y, model(x, *theta), *theta)
    return theta, curves["learn"], curves["judge"]
""",
}
