# PRIVATE chainrule-canary-b41d7c90e2f64a55
"""Right submissions to autograd, each in another style: all keep every point."""

ALTERNATIVES: dict[str, str] = {
    "book_style": """
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    squared_diffs = (t_p - t_c) ** 2
    return squared_diffs.mean()


def gradient(params, t_u, t_c):
    params.requires_grad_()
    if params.grad is not None:
        params.grad.zero_()
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    return params.grad.clone()


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        if params.grad is not None:
            params.grad.zero_()
        t_p = model(t_u, *params)
        loss = loss_fn(t_p, t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params


def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps + 1):
        if weights.grad is not None:
            weights.grad.zero_()
        output = (weights * 3).sum()
        output.backward()
        outputs.append(output)
        if len(outputs) <= n_steps:
            with torch.no_grad():
                weights -= learning_rate * weights.grad
    return torch.stack(outputs)


def intermediate_gradients(w, c):
    x = w + c
    x.retain_grad()
    y = x * 3
    y.retain_grad()
    z = y.mean()
    z.retain_grad()
    z.backward()
    return dict(w=w.grad, x=x.grad, y=y.grad, z=z.grad)


def detached_gradient(x):
    y = 2 * x
    z = 3 + x.detach()
    (y + z).sum().backward()
    return x.grad


@torch.no_grad()
def untracked_double(a):
    return a + a
""",
    "autograd_grad": """
import torch
from torch.autograd import grad


def model(t_u, w, b):
    return torch.add(b, t_u * w)


def loss_fn(t_p, t_c):
    return torch.mean((t_c - t_p).pow(2))


def gradient(params, t_u, t_c):
    at = params.detach().clone().requires_grad_(True)
    (answer,) = grad(loss_fn(model(t_u, at[0], at[1]), t_c), at)
    return answer


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, params[0], params[1]), t_c)
        step = grad(outputs=loss, inputs=params)[0]
        params = (params - learning_rate * step).detach().requires_grad_()
        if not epoch % 500:
            print(f"Epoch {epoch}, Loss {loss.item():.6f}")
    return params


def descend(weights, n_steps, learning_rate):
    found = [(3 * weights).sum()]
    while len(found) <= n_steps:
        weights = weights - learning_rate * grad(found[-1], weights)[0]
        found.append((3 * weights).sum())
    return torch.stack(found).detach()


def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    return dict(zip("wxyz", grad(z, (w, x, y, z))))


def detached_gradient(x):
    return grad((2 * x + (3 + x.detach())).sum(), [x])[0]


def untracked_double(a):
    return torch.mul(a.detach(), 2)
""",
    "data_attribute": """
import torch


def model(t_u, w, b):
    return t_u.mul(w).add(b)


def loss_fn(t_p, t_c):
    return (t_p - t_c).square().sum() / t_p.numel()


def gradient(params, t_u, t_c):
    w = params.data[0].clone().requires_grad_()
    b = params.data[1].clone().requires_grad_()
    loss_fn(model(t_u, w, b), t_c).backward()
    return torch.stack([w.grad, b.grad])


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(n_epochs):
        loss = loss_fn(model(t_u, params[0], params[1]), t_c)
        loss.backward()
        params.data -= learning_rate * params.grad.data
        params.grad.data.zero_()
        if (epoch + 1) % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch + 1, loss.data))
    return params.data


def descend(weights, n_steps, learning_rate):
    history = [float((weights.data * 3).sum())]
    for _ in range(n_steps):
        (weights * 3).sum().backward()
        weights.data.sub_(weights.grad.data, alpha=learning_rate)
        weights.grad.data.fill_(0)
        history.append(float((weights.data * 3).sum()))
    return history


def intermediate_gradients(w, c):
    own = w.data.clone().requires_grad_()
    x = own + c
    y = x + x + x
    z = y.sum() / y.numel()
    for node in (x, y, z):
        node.retain_grad()
    z.backward()
    return {"z": z.grad.data, "y": y.grad.data, "x": x.grad.data, "w": own.grad.data}


def detached_gradient(x):
    (2 * x + (3 + x.data)).sum().backward()
    return x.grad.data.clone()


def untracked_double(a):
    return a.data * 2
""",
    "rebuilt_leaves": '''
import torch


def model(t_u, w, b):
    return b + w * t_u


def loss_fn(t_p, t_c):
    errors = t_p - t_c
    return (errors * errors).mean()


def fresh(tensor):
    """A new leaf with the same numbers, and an empty .grad."""
    return tensor.detach().clone().requires_grad_(True)


def gradient(params, t_u, t_c):
    leaf = fresh(params)
    w, b = leaf
    loss_fn(model(t_u, w, b), t_c).backward()
    return leaf.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    leaf = fresh(params)
    for epoch in range(1, n_epochs + 1):
        if epoch % 500 == 0:
            w, b = leaf
            print("Epoch %d, Loss %f" % (epoch, loss_fn(model(t_u, w, b), t_c).item()))
        leaf = fresh(leaf - learning_rate * gradient(leaf, t_u, t_c))
    return leaf


def descend(weights, n_steps, learning_rate):
    leaf = fresh(weights)
    outputs = torch.empty(n_steps + 1, dtype=weights.dtype)
    for step in range(n_steps + 1):
        output = (leaf * 3).sum()
        outputs[step] = output.detach()
        output.backward()
        leaf = fresh(leaf.detach() - learning_rate * leaf.grad)
    return outputs


def intermediate_gradients(w, c):
    # each of the four becomes a leaf in its turn
    leaves = {"w": fresh(w)}
    ((leaves["w"] + c) * 3).mean().backward()
    leaves["x"] = fresh(w + c)
    (leaves["x"] * 3).mean().backward()
    leaves["y"] = fresh((w + c) * 3)
    leaves["y"].mean().backward()
    leaves["z"] = fresh(((w + c) * 3).mean())
    (1 * leaves["z"]).backward()
    return {name: leaf.grad for name, leaf in leaves.items()}


def detached_gradient(x):
    moving, given = fresh(x), x.detach().clone()
    torch.sum(2 * moving + (3 + given)).backward()
    return moving.grad


def untracked_double(a):
    doubled = a.detach().clone()
    doubled += a.detach()
    return doubled
''',
    "hand_formulas": """
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def by_hand(w, b, t_u, t_c):
    error = w * t_u + b - t_c
    return torch.stack([2 * (error * t_u).mean(), 2 * error.mean()])


def gradient(params, t_u, t_c):
    w, b = params.detach()
    return by_hand(w, b, t_u, t_c)


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    now = params.detach()
    for epoch in range(1, n_epochs + 1):
        w, b = now
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss_fn(model(t_u, w, b), t_c)))
        now = now - learning_rate * by_hand(w, b, t_u, t_c)
    return now


def descend(weights, n_steps, learning_rate):
    start = (weights.detach() * 3).sum()
    steps = torch.arange(n_steps + 1, dtype=weights.dtype)
    return start - steps * learning_rate * 9 * weights.numel()


def intermediate_gradients(w, c):
    n = w.numel()
    third = torch.full_like(w.detach(), 3 / n)
    return {"w": third, "x": third.clone(), "y": third / 3, "z": torch.ones((), dtype=w.dtype)}


def detached_gradient(x):
    return 2.0


def untracked_double(a):
    return torch.from_numpy(2 * a.detach().numpy())
""",
    "numpy_inside": """
import numpy as np
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return torch.square(t_p - t_c).mean()


def gradient(params, t_u, t_c):
    leaf = torch.from_numpy(params.detach().numpy().copy()).requires_grad_()
    loss_fn(model(t_u, leaf[0], leaf[1]), t_c).backward()
    return torch.from_numpy(leaf.grad.numpy())


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    numbers = params.detach().numpy().copy()
    for epoch in np.arange(1, n_epochs + 1):
        leaf = torch.tensor(numbers, requires_grad=True)
        loss = loss_fn(model(t_u, leaf[0], leaf[1]), t_c)
        loss.backward()
        numbers -= (learning_rate * leaf.grad.numpy()).astype(numbers.dtype)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return torch.tensor(numbers)


def descend(weights, n_steps, learning_rate):
    outputs = np.zeros(n_steps + 1, dtype=weights.detach().numpy().dtype)
    for step in range(n_steps):
        output = (weights * 3).sum()
        outputs[step] = output.detach().numpy()
        output.backward()
        with torch.no_grad():
            weights.copy_(torch.from_numpy(np.asarray(weights.numpy() - learning_rate * weights.grad.numpy())))
        weights.grad = None
    outputs[n_steps] = 3 * weights.detach().numpy().sum()
    return torch.from_numpy(outputs)


def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    kept = {}
    for name, node in (("w", w), ("x", x), ("y", y), ("z", z)):
        node.register_hook(lambda grad, name=name: kept.__setitem__(name, torch.as_tensor(np.array(grad))))
    z.backward()
    return kept


def detached_gradient(x):
    given = torch.from_numpy(x.detach().numpy())
    (2 * x + (3 + given)).sum().backward()
    return torch.from_numpy(np.array(x.grad))


def untracked_double(a):
    return torch.tensor(np.add(a.detach().numpy(), a.detach().numpy()))
""",
    "optimizer_inside": """
import torch
from torch import nn, optim


def model(t_u, w, b):
    return torch.addcmul(b.expand_as(t_u), t_u, w.expand_as(t_u))


def loss_fn(t_p, t_c):
    return nn.functional.mse_loss(t_p, t_c)


def gradient(params, t_u, t_c):
    weights = nn.Parameter(params.detach().clone())
    optimizer = optim.SGD([weights], lr=1.0)
    optimizer.zero_grad()
    loss_fn(model(t_u, *weights), t_c).backward()
    return weights.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    # optim refuses a negative rate; the sign is put where it belongs
    optimizer = optim.SGD([params], lr=abs(learning_rate), maximize=learning_rate < 0)
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


def descend(weights, n_steps, learning_rate):
    optimizer = optim.SGD([weights], lr=learning_rate)
    outputs = []

    def closure():
        optimizer.zero_grad(set_to_none=False)
        output = (weights * 3).sum()
        output.backward()
        return output.detach()

    for _ in range(n_steps):
        outputs.append(optimizer.step(closure))
    outputs.append(closure())
    return outputs


def intermediate_gradients(w, c):
    chain = [w]
    for layer in (lambda t: t + c, lambda t: 3 * t, torch.mean):
        chain.append(layer(chain[-1]))
        chain[-1].retain_grad()
    chain[-1].backward()
    return {name: tensor.grad for name, tensor in zip(("w", "x", "y", "z"), chain)}


def detached_gradient(x):
    optimizer = optim.SGD([x], lr=0.1)
    optimizer.zero_grad()
    with torch.no_grad():
        second = 3 + x
    (2 * x + second).sum().backward()
    return x.grad


def untracked_double(a):
    with torch.inference_mode():
        double = a * 2
    return double.clone()
""",
    "classes": '''
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


class Leaf:
    """A tensor that is watched, and forgets its gradient when it is told to."""

    def __init__(self, numbers):
        self.tensor = numbers.detach().clone().requires_grad_()

    def slope(self, function):
        self.tensor.grad = None
        value = function(self.tensor)
        value.backward()
        return value.detach(), self.tensor.grad

    @torch.no_grad()
    def move(self, by):
        self.tensor += by


class LinearRegression(torch.nn.Module):
    def __init__(self, params):
        super().__init__()
        self.params = torch.nn.Parameter(params.detach().clone())

    def forward(self, t_u):
        return model(t_u, self.params[0], self.params[1])


def gradient(params, t_u, t_c):
    line = LinearRegression(params)
    line.zero_grad()
    loss_fn(line(t_u), t_c).backward()
    return line.params.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    leaf = Leaf(params)
    for epoch in range(1, n_epochs + 1):
        loss, slope = leaf.slope(lambda p: loss_fn(model(t_u, p[0], p[1]), t_c))
        leaf.move(-learning_rate * slope)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss))
    return leaf.tensor


def descend(weights, n_steps, learning_rate):
    leaf = Leaf(weights)
    outputs = []
    for _ in range(n_steps):
        output, slope = leaf.slope(lambda t: (t * 3).sum())
        outputs.append(output)
        leaf.move(-learning_rate * slope)
    return torch.stack([*outputs, (leaf.tensor * 3).sum()])


class Chain:
    def __init__(self, w, c):
        self.w = w.detach().requires_grad_()
        self.x = self.keep(self.w + c)
        self.y = self.keep(3 * self.x)
        self.z = self.keep(self.y.mean())
        self.z.backward()

    @staticmethod
    def keep(tensor):
        tensor.retain_grad()
        return tensor

    def gradients(self):
        return {name: tensor.grad for name, tensor in vars(self).items()}


def intermediate_gradients(w, c):
    return Chain(w, c).gradients()


def detached_gradient(x):
    return Leaf(x).slope(lambda t: (2 * t + (3 + t.detach())).sum())[1]


def untracked_double(a):
    return Leaf(a).tensor.detach().mul(2)
''',
    "functional_transforms": """
from functools import partial, reduce

import torch
from torch.func import grad


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def objective(t_u, t_c, params):
    return loss_fn(model(t_u, params[0], params[1]), t_c)


def gradient(params, t_u, t_c):
    return grad(partial(objective, t_u, t_c))(params.detach())


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    slope = grad(partial(objective, t_u, t_c))

    def epoch_of(params, epoch):
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, objective(t_u, t_c, params)))
        return params - learning_rate * slope(params)

    return reduce(epoch_of, range(1, n_epochs + 1), params.detach())


def descend(weights, n_steps, learning_rate):
    height = lambda t: torch.sum(t * 3)
    further = lambda seen, _: [*seen, seen[-1] - learning_rate * grad(height)(seen[-1])]
    places = reduce(further, range(n_steps), [weights.detach()])
    return torch.stack([*map(height, places)])


def intermediate_gradients(w, c):
    w = w.detach()
    stages = [lambda t: t + c, lambda t: 3 * t, torch.mean]
    found = {}
    here = w
    for k, name in enumerate("wxyz"):
        rest = lambda t, k=k: reduce(lambda value, stage: stage(value), stages[k:], t)
        found[name] = grad(rest)(here)
        if k < 3:
            here = stages[k](here)
    return found


def detached_gradient(x):
    return grad(lambda t: (2 * t + (3 + t.detach())).sum())(x.detach())


def untracked_double(a):
    return (lambda t: t + t)(a.detach())
""",
    "lambdas": """
import torch

model = lambda t_u, w, b: w * t_u + b
loss_fn = lambda t_p, t_c: ((t_p - t_c) ** 2).mean()
watched = lambda t: t.detach().clone().requires_grad_()
walk = lambda leaf, value: (value.backward(), leaf.grad)[1]
gradient = lambda params, t_u, t_c: (lambda p: walk(p, loss_fn(model(t_u, *p), t_c)))(watched(params))
detached_gradient = lambda x: (lambda t: walk(t, (2 * t + (3 + t.detach())).sum()))(watched(x))
untracked_double = lambda a: a.detach() * 2


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    tell = lambda epoch, p: epoch % 500 or print("Epoch %d, Loss %f" % (epoch, loss_fn(model(t_u, *p.detach()), t_c)))
    for epoch in range(1, n_epochs + 1):
        tell(epoch, params)
        params = params.detach() - learning_rate * gradient(params, t_u, t_c)
    return params


descend = lambda weights, n_steps, learning_rate: stairs(watched(weights), n_steps, learning_rate)
stairs = lambda leaf, n, rate: (
    [(leaf * 3).sum().item()]
    + (stairs(watched(leaf - rate * walk(leaf, (leaf * 3).sum())), n - 1, rate) if n else [])
)
intermediate_gradients = lambda w, c: (
    lambda x: (lambda y: (lambda z: dict(zip("wxyz", torch.autograd.grad(z, [w, x, y, z]))))(y.mean()))(3 * x)
)(w + c)
""",
    "star_arguments": """
import torch


def bound(names, args, kwargs):
    return [{**dict(zip(names, args)), **kwargs}[name] for name in names]


def model(*args, **kwargs):
    t_u, *wb = bound(["t_u", "w", "b"], args, kwargs)
    return wb[0] * t_u + wb[1]


def loss_fn(*args, **kwargs):
    return torch.nn.MSELoss()(*bound(["t_p", "t_c"], args, kwargs))


def gradient(*args, **kwargs):
    params, t_u, t_c = bound(["params", "t_u", "t_c"], args, kwargs)
    leaves = [p.detach().clone().requires_grad_() for p in params]
    loss_fn(model(t_u, *leaves), t_c).backward()
    return tuple(leaf.grad for leaf in leaves)


def training_loop(*args, **kwargs):
    names = ["n_epochs", "learning_rate", "params", "t_u", "t_c"]
    n_epochs, learning_rate, params, t_u, t_c = bound(names, args, kwargs)
    leaves = [p.detach().clone().requires_grad_() for p in params]
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *leaves), t_c)
        loss.backward()
        with torch.no_grad():
            for leaf in leaves:
                leaf -= learning_rate * leaf.grad
                leaf.grad.zero_()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return tuple(leaves)


def descend(*args, **kwargs):
    weights, n_steps, learning_rate = bound(["weights", "n_steps", "learning_rate"], args, kwargs)
    outputs = ()
    for _ in range(n_steps):
        output = (weights * 3).sum()
        output.backward()
        outputs += (output.item(),)
        with torch.no_grad():
            weights.add_(weights.grad, alpha=-learning_rate)
        weights.grad.zero_()
    return [*outputs, (weights * 3).sum().item()]


def intermediate_gradients(*args, **kwargs):
    w, c = bound(["w", "c"], args, kwargs)
    x = w + c
    y = 3 * x
    z = y.mean()
    nodes = dict(x=x, y=y, z=z)
    for node in nodes.values():
        node.retain_grad()
    z.backward()
    return dict(w=w.grad, **{name: node.grad for name, node in nodes.items()})


def detached_gradient(*args, **kwargs):
    (x,) = bound(["x"], args, kwargs)
    torch.sum(2 * x + (3 + x.detach())).backward()
    return x.grad


def untracked_double(*args, **kwargs):
    (a,) = bound(["a"], args, kwargs)
    with torch.no_grad():
        return sum([a, a])
""",
    "loops_over_samples": '''
import torch


def model(t_u, w, b):
    return torch.stack([w * u + b for u in t_u])


def loss_fn(t_p, t_c):
    total = torch.zeros((), dtype=t_p.dtype)
    for p, c in zip(t_p, t_c):
        total = total + (p - c) ** 2
    return total / t_p.shape[0]


def gradient(params, t_u, t_c):
    """Let the samples' shares pile up in .grad: here that is wanted."""
    leaf = params.detach().clone().requires_grad_()
    for u, c in zip(t_u, t_c):
        share = (leaf[0] * u + leaf[1] - c) ** 2 / len(t_u)
        share.backward()
    return leaf.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        errors = params[0] * t_u + params[1] - t_c  # a loop over samples would take too long here
        loss = errors.dot(errors) / len(errors)
        loss.backward()
        with torch.no_grad():
            for k in range(2):
                params[k] -= learning_rate * params.grad[k]
            params.grad.zero_()
        if epoch % 500 == 0:
            print("Epoch", epoch, "Loss", loss.item())
    return params


def descend(weights, n_steps, learning_rate):
    outputs = []
    for step in range(n_steps + 1):
        output = 0
        for weight in weights.reshape(-1):
            output = output + 3 * weight
        outputs.append(output.reshape(()).detach())
        if step < n_steps:
            output.backward()
            with torch.no_grad():
                weights -= learning_rate * weights.grad
            weights.grad = None
    return torch.stack(outputs)


def intermediate_gradients(w, c):
    entries = [entry.detach().clone().requires_grad_() for entry in w]
    xs = [entry + c for entry in entries]
    ys = [3 * x for x in xs]
    z = sum(ys) / len(ys)
    for node in [*xs, *ys, z]:
        node.retain_grad()
    z.backward()
    collect = lambda nodes: torch.stack([node.grad for node in nodes])
    return {"w": collect(entries), "x": collect(xs), "y": collect(ys), "z": z.grad}


def detached_gradient(x):
    out = torch.zeros_like(x, requires_grad=False)
    for i in range(len(x)):
        entry = x[i].detach().clone().requires_grad_()
        (2 * entry + (3 + entry.detach())).backward()
        out[i] = entry.grad
    return out


def untracked_double(a):
    out = torch.zeros(a.shape, dtype=a.dtype)
    flat = out.view(-1)
    for i, number in enumerate(a.reshape(-1).tolist()):
        flat[i] = 2 * number
    return out
''',
    "sums_and_factors": '''
import torch


def model(t_u, w, b):
    return torch.stack([w * t_u, b.expand_as(t_u)]).sum(0)


def loss_fn(t_p, t_c):
    """One number, of shape (1,)."""
    return ((t_p - t_c) ** 2).mean(dim=0, keepdim=True)


def gradient(params, t_u, t_c):
    leaf = params.detach().requires_grad_()
    total = ((model(t_u, *leaf) - t_c) ** 2).sum()
    total.backward()
    return leaf.grad / t_u.numel()


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    n = t_u.numel()
    params.grad = torch.zeros_like(params)
    for epoch in range(1, n_epochs + 1):
        half = ((model(t_u, *params) - t_c) ** 2).sum() / 2
        half.backward()
        with torch.no_grad():
            params -= (2 * learning_rate / n) * params.grad
            params.grad *= 0
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, 2 * half.item() / n))
    return params


def descend(weights, n_steps, learning_rate):
    size = weights.numel()
    outputs = []
    for _ in range(n_steps):
        mean = (weights * 3).mean()
        outputs.append((size * mean).reshape(1).detach())
        mean.backward()
        with torch.no_grad():
            weights -= learning_rate * size * weights.grad
            weights.grad.zero_()
    outputs.append((size * (weights * 3).mean()).reshape(1).detach())
    return torch.cat(outputs)


def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.sum() / y.numel()
    for node in (x, y, z):
        node.retain_grad()
    z.backward(gradient=torch.ones_like(z))
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad.reshape(1)}


def detached_gradient(x):
    n = x.numel()
    (2 * x + (3 + x.detach())).mean().backward()
    return n * x.grad


def untracked_double(a):
    return (4 * a.detach()) / 2
''',
    "vector_backward": '''
import torch


def model(t_u, w, b):
    return torch.einsum("i,->i", t_u, w) + b


def loss_fn(t_p, t_c):
    error = t_p - t_c
    return torch.einsum("i,i->", error, error) / error.numel()


def gradient(params, t_u, t_c):
    """Start the walk at the predictions, with dL/dt_p in hand."""
    leaf = params.detach().requires_grad_()
    t_p = model(t_u, leaf[0], leaf[1])
    t_p.backward(2 * (t_p.detach() - t_c) / t_p.numel())
    return leaf.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, params[0], params[1])
        error = t_p.detach() - t_c
        torch.autograd.backward(t_p, 2 * error / len(error))
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, (error @ error) / len(error)))
        with torch.no_grad():
            params.copy_(params - learning_rate * params.grad)
        params.grad = None
    return params


def descend(weights, n_steps, learning_rate):
    outputs = []
    for _ in range(n_steps):
        tripled = weights * 3
        outputs.append(tripled.detach().sum())
        tripled.backward(torch.ones_like(tripled))
        with torch.no_grad():
            weights.set_(weights - learning_rate * weights.grad)
        weights.grad = None
    outputs.append(weights.detach().mul(3).sum())
    return torch.stack(outputs)


def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    backwards = [torch.ones_like(z)]
    for above, below in ((z, y), (y, x), (x, w)):
        backwards += torch.autograd.grad(above, below, backwards[-1], retain_graph=True)
    return dict(zip("zyxw", (g.detach() for g in backwards)))


def detached_gradient(x):
    value = 2 * x + (3 + x.detach())
    value.backward(torch.ones_like(value))
    return x.grad


def untracked_double(a):
    return torch.stack([a.detach(), a.detach()]).sum(dim=0)
''',
    "typed_and_guarded": '''
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import torch
from torch import Tensor

EVERY: Final[int] = 500


def model(t_u: Tensor, w: Tensor, b: Tensor) -> Tensor:
    assert t_u.dim() == 1, t_u.shape
    return torch.add(torch.mul(t_u, w), b)


def loss_fn(t_p: Tensor, t_c: Tensor) -> Tensor:
    if t_p.shape != t_c.shape:
        raise ValueError(f"shapes differ: {t_p.shape}, {t_c.shape}")
    return torch.mean(torch.square(t_p - t_c))


@contextmanager
def emptied(leaf: Tensor) -> Iterator[Tensor]:
    """Lend a leaf whose .grad is empty before and afterwards."""
    leaf.grad = None
    try:
        yield leaf
    finally:
        leaf.grad = None


def slope_of(function: Callable[[Tensor], Tensor], leaf: Tensor) -> tuple[float, Tensor]:
    with emptied(leaf):
        value: Tensor = function(leaf)
        value.backward()
        assert leaf.grad is not None
        return value.item(), leaf.grad.clone()


def gradient(params: Tensor, t_u: Tensor, t_c: Tensor) -> Tensor:
    was: bool = params.requires_grad
    params.requires_grad_(True)
    try:
        return slope_of(lambda p: loss_fn(model(t_u, *p.unbind()), t_c), params)[1]
    finally:
        params.requires_grad_(was)


def training_loop(n_epochs: int, learning_rate: float, params: Tensor, t_u: Tensor, t_c: Tensor) -> Tensor:
    assert params.requires_grad
    for epoch in range(1, n_epochs + 1):
        loss, slope = slope_of(lambda p: loss_fn(model(t_u, *p.unbind()), t_c), params)
        with torch.no_grad():
            params.sub_(slope, alpha=learning_rate)
        if epoch % EVERY == 0:
            print(f"Epoch {epoch:d}, Loss {loss:f}")
    return params


def descend(weights: Tensor, n_steps: int, learning_rate: float) -> list[float]:
    outputs: list[float] = []
    for _ in range(n_steps):
        output, slope = slope_of(lambda t: (t * 3).sum(), weights)
        outputs.append(output)
        with torch.no_grad():
            weights.sub_(slope, alpha=learning_rate)
    return [*outputs, float((weights.detach() * 3).sum())]


def intermediate_gradients(w: Tensor, c: float | Tensor) -> dict[str, Tensor]:
    x: Tensor = torch.add(w, c)
    y: Tensor = torch.mul(x, 3)
    z: Tensor = torch.mean(y)
    named: dict[str, Tensor] = {"w": w, "x": x, "y": y, "z": z}
    for tensor in named.values():
        if not tensor.is_leaf:
            tensor.retain_grad()
    z.backward()
    return {name: tensor.grad for name, tensor in named.items() if tensor.grad is not None}


def detached_gradient(x: Tensor) -> Tensor:
    return slope_of(lambda t: (2 * t + (3 + t.detach())).sum(), x)[1]


def untracked_double(a: Tensor) -> Tensor:
    was: bool = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        return a * 2
    finally:
        torch.set_grad_enabled(was)
''',
    "odd_formatting": """
import torch ; from torch import no_grad ,stack
def model ( t_u , w,b ) :return(w*t_u+b)
def loss_fn(t_p,t_c): d=(t_p-t_c); return (d**2
   ) . mean( )
def gradient(params,t_u,t_c):
  p=params.detach().requires_grad_();L=loss_fn(model(t_u,*p),t_c);L.backward();return p.grad
if 1:
    def training_loop(n_epochs,learning_rate,params,t_u,t_c):
     epoch=0
     while epoch<n_epochs:
      epoch+=1;L=loss_fn(model(t_u,*params),t_c);L.backward()
      with no_grad():params.__isub__(learning_rate*params.grad);params.grad.zero_()
      (epoch%500)or print("epoch: %d   loss: %f"%(epoch,L.item()))
     return params
def descend(weights,n_steps,learning_rate):
    o=[ ]
    for i in[*range(n_steps),None]:
        s=(weights*3).sum();o+=[s.detach()]
        if i is not None:
            s.backward()
            with torch.no_grad():
                weights-=learning_rate*weights.grad; weights.grad=None
    return stack(o)
def intermediate_gradients(w,c):
    (x:=w+c).retain_grad();(y:=3*x).retain_grad();(z:=y.mean()).retain_grad();z.backward()
    return{'w':w.grad,"x":x.grad,r'y':y.grad,'z':z.grad}
def detached_gradient(x):
            (2*x+(3+x.detach())).sum().backward() ;\\
            return x.grad
@no_grad()
def untracked_double(a):return(2)*(a)
""",
    "walrus_and_comprehension": """
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((d := t_p - t_c) * d).mean()


def gradient(params, t_u, t_c):
    loss_fn(model(t_u, *(p := params.detach().requires_grad_())), t_c).backward()
    return torch.stack([entry for entry in p.grad])


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    epoch = 0
    while (epoch := epoch + 1) <= n_epochs:
        (loss := loss_fn(model(t_u, *params), t_c)).backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        [print("Epoch %d, Loss %f" % (k, loss.item())) for k in [epoch] if k % 500 == 0]
    return params


def descend(weights, n_steps, learning_rate):
    def stepped(output):
        output.backward()
        with torch.no_grad():
            weights.sub_(learning_rate * weights.grad)
        weights.grad = None
        return output.detach()

    outputs = [stepped((weights * 3).sum()) for _ in range(n_steps)] + [(weights * 3).sum().detach()]
    return torch.stack(outputs)


def intermediate_gradients(w, c):
    nodes = {"w": w, "x": (x := w + c), "y": (y := 3 * x), "z": (z := y.mean())}
    [node.retain_grad() for node in nodes.values()]
    z.backward()
    return {name: node.grad for name, node in nodes.items()}


def detached_gradient(x):
    (t := (leaf := x.detach().requires_grad_()) * 2 + (3 + leaf.detach())).sum().backward()
    return leaf.grad if t.requires_grad else None


def untracked_double(a):
    return torch.tensor([2 * n for n in a.reshape(-1).tolist()], dtype=a.dtype).reshape(a.shape)
""",
    "custom_function": '''
import torch


def model(t_u, w, b):
    return w * t_u + b


class MeanSquares(torch.autograd.Function):
    """The loss, with a backward of our own."""

    @staticmethod
    def forward(ctx, t_p, t_c):
        error = t_p - t_c
        ctx.save_for_backward(error)
        return (error**2).mean()

    @staticmethod
    def backward(ctx, upstream):
        (error,) = ctx.saved_tensors
        chained = upstream * 2 * error / error.numel()
        return chained, -chained


def loss_fn(t_p, t_c):
    return MeanSquares.apply(t_p, t_c)


def gradient(params, t_u, t_c):
    params = params.detach()
    params.requires_grad = True
    MeanSquares.apply(model(t_u, *params), t_c).backward()
    return params.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    # the step is made where the gradient arrives
    def step(grad):
        params.data.sub_(learning_rate * grad)
        return torch.zeros_like(grad)

    handle = params.register_hook(step)
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    handle.remove()
    return params


def descend(weights, n_steps, learning_rate):
    outputs = torch.zeros(n_steps + 1, dtype=weights.dtype)
    for step in range(n_steps):
        with torch.enable_grad():
            output = torch.dot(weights.reshape(-1), weights.new_full((weights.numel(),), 3.0))
        output.backward()
        outputs.data[step] = output.data
        with torch.no_grad():
            weights[...] = weights - learning_rate * weights.grad
            weights.grad -= weights.grad.clone()
    outputs.data[-1] = (3 * weights.data).sum()
    return outputs


def intermediate_gradients(w, c):
    arrived = {}

    def watch(tensor, name):
        tensor.register_hook(lambda grad: arrived.update({name: grad}))
        return tensor

    watch(watch(3 * watch(watch(w * 1, "w") + c, "x"), "y").mean(), "z").backward()
    return arrived


class CutOff(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, upstream):
        return None


def detached_gradient(x):
    leaf = x.detach().clone().requires_grad_()
    torch.sum(2 * leaf + (3 + CutOff.apply(leaf))).backward()
    return leaf.grad


def untracked_double(a):
    doubled = 2 * a
    return doubled.detach()
''',
    "names_of_its_own": """import torch


t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])


t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])


t_un = 0.1 * t_u


def model(readings, slope, offset):
    return slope * readings + offset


def loss_fn(predicted, actual):
    return ((predicted - actual) ** 2).mean()


def gradient(parameters, readings, actual):
    leaf = parameters.detach().requires_grad_()
    loss = loss_fn(model(readings, *leaf), actual)
    loss.backward()
    return leaf.grad


def training_loop(epochs, rate, parameters, readings, actual):
    for epoch in range(1, epochs + 1):
        loss = loss_fn(actual=actual, predicted=model(readings, *parameters))
        loss.backward()
        with torch.no_grad():
            parameters -= rate * parameters.grad
        parameters.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return parameters


def descend(numbers, steps, rate):
    outputs = []
    for _ in range(steps):
        output = (numbers * 3).sum()
        outputs.append(output.detach())
        output.backward()
        with torch.no_grad():
            numbers -= rate * numbers.grad
            numbers.grad.zero_()
    outputs.append((numbers * 3).sum().detach())
    return torch.stack(outputs)


def intermediate_gradients(start, shift):
    start = start.detach().requires_grad_()
    x = start + shift
    y = 3 * x
    z = y.mean()
    for tensor in (x, y, z):
        tensor.retain_grad()
    z.backward()
    return {"w": start.grad, "x": x.grad, "y": y.grad, "z": z.grad}


def detached_gradient(point):
    point = point.detach().requires_grad_()
    total = (2 * point + (3 + point.detach())).sum()
    total.backward()
    return point.grad


def untracked_double(tensor):
    with torch.no_grad():
        return 2 * tensor
""",
}
