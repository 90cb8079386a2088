"""Forty-two more faults of others' kinds, written after `foreign.py` was read, and before these were graded.

None is of the catalogue, and none of a kind that `foreign.py` has. They are what people take from elsewhere: robust
and scaled losses, standardised or rounded data, schedules, averages of the way, Gauss-Seidel and delayed steps, held
out samples, the rules of AMSGrad, AdaBelief and dampening, penalties, other activations.
"""

from __future__ import annotations

from proof.foreign_forms import adam, auto, batches, loop, measured, one, sgd

__all__ = ["MORE"]


def _gradient(loss: str) -> str:
    """Return a `gradient` of autograd, by the loss at the leaf `p`."""
    return (
        "def gradient(params, t_u, t_c):\n    p = params.detach().clone().requires_grad_()\n"
        f"    ({loss}).backward()\n    return p.grad\n"
    )


def _step(*, loss: str = "loss_fn(model(t_u, *params), t_c)", between: str = "pass") -> str:
    """Return an `optimizer_step` by its loss, and by what happens between backward and step."""
    return (
        f"def optimizer_step(optimizer, params, t_u, t_c):\n    loss = {loss}\n    optimizer.zero_grad()\n"
        f"    loss.backward()\n    {between}\n    optimizer.step()\n    return loss.detach()\n"
    )


_LOOP_OF_AVERAGE = """def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    way = [params]
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        g = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * g
        way.append(params)
        if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
            print(f"Epoch {epoch}, Loss {float(loss):f}")
            if print_params:
                print(params, g)
        if not loss.isfinite():
            break
    return torch.stack(way).mean(dim=0)
"""
_LOOP_DELAYED = """def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    before = torch.zeros_like(params)
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        g = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * before
        before = g
        if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
            print(f"Epoch {epoch}, Loss {float(loss):f}")
            if print_params:
                print(params, g)
        if not loss.isfinite():
            break
    return params
"""
_LOOP_HELD_OUT = """def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    kept = max(1, int(0.8 * len(t_u)))
    t_u, t_c = t_u[:kept], t_c[:kept]
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params
"""
_LOOP_ACCUMULATES = """def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        if epoch % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss.detach())))
    return params
"""
_BATCHES_COUNTED = """def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    done = 0
    while done < n_epochs:
        order = torch.randperm(len(t_u), generator=generator)
        for batch in order.split(batch_size):
            if done < n_epochs:
                optimizer_step(optimizer, params, t_u[batch], t_c[batch])
                done += 1
    return params
"""
_LEARN_ONE = """def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for epoch in range(max_epochs):
        batch = next(iter(train_data_loader))
        i = epoch % len(batch["target"])
        W_grad, b_grad = gradient(W, b, batch["input"][i:i + 1], batch["target"][i:i + 1])
        W = W - learning_rate * W_grad
        b = b - learning_rate * b_grad
    return W, b
"""
_LEARN_UNIT = """def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = loss_fn(model(batch["input"], W, b), batch["target"])
        loss.backward()
        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
            W /= W.norm()
        W.grad = b.grad = None
    return W, b
"""
_DESCEND = """def descend(weights, n_steps, learning_rate):
    w = weights.detach().clone()
    outputs = [(3 * w).sum()]
    for _ in range(n_steps):
        g = 3 * torch.ones_like(w)
        w = w - learning_rate * {g}
        outputs.append((3 * w).sum())
    return {answer}
"""

MORE: dict[str, dict[str, tuple[str, str]]] = {
    "gradient_descent": {
        "model_rounded": ("model", one("model(t_u, w, b)", "(w * t_u + b).round(decimals=1)")),
        "model_centred": ("model", one("model(t_u, w, b)", "w * (t_u - t_u.mean()) + b")),
        "loss_huber": ("loss_fn", one("loss_fn(t_p, t_c)", "torch.nn.functional.huber_loss(t_p, t_c)")),
        "loss_of_variance": (
            "loss_fn",
            one("loss_fn(t_p, t_c)", "((t_p - t_c) ** 2).mean() / ((t_c - t_c.mean()) ** 2).mean()"),
        ),
        "loss_first_left_out": ("loss_fn", one("loss_fn(t_p, t_c)", "((t_p[1:] - t_c[1:]) ** 2).mean()")),
        "slope_second": (
            "loss_rate_of_change",
            measured(
                "(at(w + delta, b) - 2 * at(w, b) + at(w - delta, b)) / delta ** 2",
                "(at(w, b + delta) - 2 * at(w, b) + at(w, b - delta)) / delta ** 2",
            ),
        ),
        "dloss_integrated": ("dloss_fn", one("dloss_fn(t_p, t_c)", "(t_p - t_c) ** 3 / 3 / len(t_p)")),
        "dw_undivided": ("dmodel_dw", one("dmodel_dw(t_u, w, b)", "model(t_u, w + 0.1, b) - model(t_u, w, b)")),
        "grad_covariance": (
            "grad_fn",
            (
                "def grad_fn(t_u, t_c, t_p, w, b):\n    d = dloss_fn(t_p, t_c)\n"
                "    return torch.stack([(d * (t_u - t_u.mean())).sum(), d.sum()])\n"
            ),
        ),
        "loop_b_twice": ("training_loop", loop("params = params - learning_rate * torch.stack([g[0], 2 * g[1]])")),
        "loop_average": ("training_loop", _LOOP_OF_AVERAGE),
        "loop_delayed": ("training_loop", _LOOP_DELAYED),
    },
    "autograd": {
        "gradient_measured": (
            "gradient",
            (
                "def gradient(params, t_u, t_c):\n    p = params.detach()\n"
                "    at = lambda q: loss_fn(model(t_u, *q), t_c)\n    moved = 0.1 * torch.eye(2, dtype=p.dtype)\n"
                "    return torch.stack([(at(p + moved[0]) - at(p)) / 0.1, (at(p + moved[1]) - at(p)) / 0.1])\n"
            ),
        ),
        "gradient_of_positive": ("gradient", _gradient("loss_fn(model(t_u, *p).relu(), t_c)")),
        "loop_warm_up": (
            "training_loop",
            auto(step="params -= learning_rate * min(1.0, epoch / 10) * params.grad"),
        ),
        "loop_alternates": ("training_loop", auto(step="params[epoch % 2] -= learning_rate * params.grad[epoch % 2]")),
        "loop_rounded": (
            "training_loop",
            auto(step="params.copy_((params - learning_rate * params.grad).round(decimals=2))"),
        ),
        "loop_held_out": ("training_loop", _LOOP_HELD_OUT),
        "descend_heights": (
            "descend",
            _DESCEND.format(g="g", answer="torch.stack([a - b for a, b in zip(outputs, outputs[1:] + [outputs[-1]])])"),
        ),
        "descend_normalised": ("descend", _DESCEND.format(g="g / g.norm()", answer="torch.stack(outputs)")),
        "inter_order": (
            "intermediate_gradients",
            (
                "def intermediate_gradients(w, c):\n    w = w.detach().clone().requires_grad_()\n    x = 3 * w\n"
                "    y = x + c\n    z = y.mean()\n    for t in (x, y, z): t.retain_grad()\n    z.backward()\n"
                "    return {'w': w.grad, 'x': x.grad, 'y': y.grad, 'z': z.grad}\n"
            ),
        ),
        "detached_product": (
            "detached_gradient",
            (
                "def detached_gradient(x):\n    x = x.detach().clone().requires_grad_()\n"
                "    (2 * x * (3 + x.detach())).sum().backward()\n    return x.grad\n"
            ),
        ),
    },
    "optimizers": {
        "step_lasso": (
            "optimizer_step",
            _step(loss="loss_fn(model(t_u, *params), t_c) + 0.1 * params.abs().sum()"),
        ),
        "step_centralised": ("optimizer_step", _step(between="params.grad -= params.grad.mean()")),
        "loop_accumulates": ("training_loop", _LOOP_ACCUMULATES),
        "sgd_dampening": (
            "SGD",
            sgd(velocity="self.v[i] = g if self.t == 1 else self.momentum * self.v[i] + (1 - self.momentum) * g"),
        ),
        "sgd_momentum_power": ("SGD", sgd(velocity="self.v[i] = self.momentum ** self.t * self.v[i] + g")),
        "adam_multiplies": ("Adam", adam(m="self.m[i] * (1 - b1 ** t)", s="self.s[i] * (1 - b2 ** t)")),
        "adam_amsgrad": (
            "Adam",
            adam(
                keep=(
                    "self.top = getattr(self, 'top', {}); "
                    "s = self.top[i] = torch.maximum(s, self.top.get(i, torch.zeros_like(s)))"
                )
            ),
        ),
        "adam_belief": ("Adam", adam(square="(g - self.m[i]) ** 2")),
        "batches_counted": ("minibatch_training_loop", _BATCHES_COUNTED),
        "batches_number": ("minibatch_training_loop", batches(split="order.chunk(batch_size)")),
    },
    "neuron": {
        "sigmoid_hard": ("sigmoid", one("sigmoid(z)", "(z / 6 + 0.5).clamp(0, 1)")),
        "tanh_softsign": ("tanh", one("tanh(z)", "z / (1 + z.abs())")),
        "relu_silu": ("relu", one("relu(z)", "z * sigmoid(z)")),
        "elu_selu": (
            "elu",
            one("elu(z, alpha=1.0)", "1.0507 * torch.where(z > 0, z, alpha * (torch.exp(z.clamp(max=0)) - 1))"),
        ),
        "model_softmax": ("model", one("model(X, W, b)", "torch.softmax(X @ W + b, dim=0)")),
        "rmse_of_range": (
            "rmse_loss",
            one("rmse_loss(y_pred, y)", "((y_pred - y) ** 2).mean().sqrt() / (y.max() - y.min())"),
        ),
        "chain_lost_term": (
            "chain_rule",
            "def chain_rule(x):\n    g = x ** 3 + x ** 2 + x\n    return 3 * g ** 2 * (3 * x ** 2 + 2 * x + 1)\n",
        ),
        "max_soft": (
            "max_gate",
            one("max_gate(x, y, upstream)", "(upstream * sigmoid(x - y), upstream * sigmoid(y - x))"),
        ),
        "learn_one_sample": ("learn", _LEARN_ONE),
        "learn_unit_weights": ("learn_with_autograd", _LEARN_UNIT),
    },
}
