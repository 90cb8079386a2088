"""Faults of others' kinds, written before anybody looked at what the grader says of them: none is of the catalogue.

They are from kinds of error that other courses, forums and course staff tell of: half losses, N - 1, stale or mixed
updates, decay and clipping, corrections that are kept, wrong axes, caches, conditions that hold too late; those that
were written later stand in `foreign_more.py` and `foreign_held.py`. Each is in the reference alone, and what is said of
it is read by people:

    PYTHONPATH=.:tests python -m proof.foreign [assignment ...] [--held] [--only FAULT ...]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.authoring.transplants import grade, transplanted
from grader.course.lesson import reference_source
from grader.course.reading import find_course, load_assignment
from grader.outcomes import Status
from proof.foreign_forms import adam, auto, batches, descend, loop, measured, one, sgd
from proof.foreign_held import HELD
from proof.foreign_more import MORE

__all__ = ["FAULTS"]

FAULTS: dict[str, dict[str, tuple[str, str]]] = {
    "gradient_descent": {
        "model_square": ("model", one("model(t_u, w, b)", "w * t_u ** 2 + b")),
        "model_minus_b": ("model", one("model(t_u, w, b)", "w * t_u - b")),
        "model_abs_w": ("model", one("model(t_u, w, b)", "w.abs() * t_u + b")),
        "model_scaled": ("model", one("model(t_u, w, b)", "w * 0.1 * t_u + b")),
        "loss_n_minus_1": ("loss_fn", one("loss_fn(t_p, t_c)", "((t_p - t_c) ** 2).sum() / (len(t_p) - 1)")),
        "loss_half": ("loss_fn", one("loss_fn(t_p, t_c)", "((t_p - t_c) ** 2).mean() / 2")),
        "loss_root": ("loss_fn", one("loss_fn(t_p, t_c)", "((t_p - t_c) ** 2).mean().sqrt()")),
        "loss_median": ("loss_fn", one("loss_fn(t_p, t_c)", "((t_p - t_c) ** 2).median()")),
        "loss_relative": ("loss_fn", one("loss_fn(t_p, t_c)", "(((t_p - t_c) / t_c) ** 2).mean()")),
        "loss_variance": ("loss_fn", one("loss_fn(t_p, t_c)", "(t_p - t_c).var(unbiased=False)")),
        "slope_no_two": (
            "loss_rate_of_change",
            measured("(at(w + delta, b) - at(w - delta, b)) / delta", "(at(w, b + delta) - at(w, b - delta)) / delta"),
        ),
        "slope_fixed_delta": (
            "loss_rate_of_change",
            measured(
                "(at(w + 0.1, b) - at(w - 0.1, b)) / (2 * delta)", "(at(w, b + 0.1) - at(w, b - 0.1)) / (2 * delta)"
            ),
        ),
        "slope_both_move": (
            "loss_rate_of_change",
            measured(
                "(at(w + delta, b + delta) - at(w - delta, b - delta)) / (2 * delta)",
                "(at(w, b + delta) - at(w, b - delta)) / (2 * delta)",
            ),
        ),
        "slope_one_sided_b": (
            "loss_rate_of_change",
            measured("(at(w + delta, b) - at(w - delta, b)) / (2 * delta)", "(at(w, b + delta) - at(w, b)) / delta"),
        ),
        "dloss_abs": ("dloss_fn", one("dloss_fn(t_p, t_c)", "2 * (t_p - t_c).abs() / len(t_p)")),
        "dloss_square": ("dloss_fn", one("dloss_fn(t_p, t_c)", "(t_p - t_c) ** 2 / len(t_p)")),
        "dloss_reduced": ("dloss_fn", one("dloss_fn(t_p, t_c)", "2 * (t_p - t_c).mean()")),
        "dloss_n_minus_1": ("dloss_fn", one("dloss_fn(t_p, t_c)", "2 * (t_p - t_c) / (len(t_p) - 1)")),
        "dw_mean": ("dmodel_dw", one("dmodel_dw(t_u, w, b)", "t_u.mean()")),
        "dw_w": ("dmodel_dw", one("dmodel_dw(t_u, w, b)", "w * torch.ones_like(t_u)")),
        "db_zero": ("dmodel_db", one("dmodel_db(t_u, w, b)", "torch.zeros_like(t_u)")),
        "db_int": ("dmodel_db", one("dmodel_db(t_u, w, b)", "b / b")),
        "grad_means": (
            "grad_fn",
            (
                "def grad_fn(t_u, t_c, t_p, w, b):\n    d = dloss_fn(t_p, t_c)\n"
                "    return torch.stack([d.sum() * t_u.mean(), d.sum()])\n"
            ),
        ),
        "grad_b_mean": (
            "grad_fn",
            (
                "def grad_fn(t_u, t_c, t_p, w, b):\n    d = dloss_fn(t_p, t_c)\n"
                "    return torch.stack([(d * t_u).sum(), d.mean()])\n"
            ),
        ),
        "grad_no_chain": (
            "grad_fn",
            (
                "def grad_fn(t_u, t_c, t_p, w, b):\n"
                "    return torch.stack([dmodel_dw(t_u, w, b).sum(), dmodel_db(t_u, w, b).sum()])\n"
            ),
        ),
        "grad_normalised": (
            "grad_fn",
            (
                "def grad_fn(t_u, t_c, t_p, w, b):\n    d = dloss_fn(t_p, t_c)\n"
                "    g = torch.stack([(d * t_u).sum(), d.sum()])\n    return g / g.norm()\n"
            ),
        ),
        "loop_decay": ("training_loop", loop("params = params - learning_rate / epoch * g")),
        "loop_clipped": ("training_loop", loop("params = params - learning_rate * g.clamp(-1, 1)")),
        "loop_half_rate": ("training_loop", loop("params = params - learning_rate * g / 2")),
        "loop_weight_decay": ("training_loop", loop("params = params - learning_rate * (g + 0.01 * params)")),
        "loop_every_third": ("training_loop", loop("params = params - learning_rate * g * (epoch % 3 == 0)")),
        "loop_loss_times": ("training_loop", loop("params = params - learning_rate * g * loss")),
        "loop_b_lags": (
            "training_loop",
            loop("params = torch.stack([w - learning_rate * g[0], b + learning_rate * g[1]])"),
        ),
        "loop_skips_first": ("training_loop", loop("params = params - learning_rate * g if epoch > 1 else params")),
        "loop_no_rate_b": ("training_loop", loop("params = torch.stack([w - learning_rate * g[0], b - g[1]])")),
        "loop_stops_at_three": (
            "training_loop",
            loop("params = params - learning_rate * g if epoch <= 3 else params"),
        ),
    },
    "autograd": {
        "grad_of_half": (
            "gradient",
            (
                "def gradient(params, t_u, t_c):\n    p = params.detach().clone().requires_grad_()\n"
                "    (loss_fn(model(t_u, *p), t_c) / 2).backward()\n    return p.grad\n"
            ),
        ),
        "grad_flipped": (
            "gradient",
            (
                "def gradient(params, t_u, t_c):\n    p = params.detach().clone().requires_grad_()\n"
                "    loss_fn(t_c, model(t_u, *p)).backward()\n    return -p.grad\n"
            ),
        ),
        "grad_root": (
            "gradient",
            (
                "def gradient(params, t_u, t_c):\n    p = params.detach().clone().requires_grad_()\n"
                "    loss_fn(model(t_u, *p), t_c).sqrt().backward()\n    return p.grad\n"
            ),
        ),
        "grad_w_only": (
            "gradient",
            (
                "def gradient(params, t_u, t_c):\n    p = params.detach().clone().requires_grad_()\n"
                "    loss_fn(model(t_u, p[0], p[1].detach()), t_c).backward()\n    return p.grad\n"
            ),
        ),
        "loop_pass": ("training_loop", auto(step="pass")),
        "loop_grad_kept": ("training_loop", auto(empty="pass")),
        "loop_half_empty": ("training_loop", auto(empty="params.grad *= 0.5")),
        "loop_emptied_every_second": (
            "training_loop",
            auto(empty="params.grad = None if epoch % 2 == 0 else params.grad"),
        ),
        "loop_plus": ("training_loop", auto(step="params += learning_rate * params.grad")),
        "loop_sign": ("training_loop", auto(step="params -= learning_rate * params.grad.sign()")),
        "loop_decay": ("training_loop", auto(step="params -= learning_rate / epoch ** 0.5 * params.grad")),
        "loop_clip": ("training_loop", auto(step="params -= learning_rate * params.grad.clamp(-5, 5)")),
        "descend_twice": ("descend", descend("w = w - learning_rate * 6")),
        "descend_no_three": ("descend", descend("w = w - learning_rate")),
        "descend_mean_out": ("descend", descend("w = w - learning_rate * 3", "(3 * w).mean()", "(3 * w).mean()")),
        "descend_first_only": ("descend", descend("w = w - learning_rate * 3 * (i == 0)")),
        "descend_proportional": ("descend", descend("w = w - learning_rate * 3 * w")),
        "inter_sum": (
            "intermediate_gradients",
            (
                "def intermediate_gradients(w, c):\n    w = w.detach().clone().requires_grad_()\n    x = w + c\n"
                "    y = 3 * x\n"
                "    z = y.sum()\n    for t in (x, y, z): t.retain_grad()\n    z.backward()\n"
                "    return {'w': w.grad, 'x': x.grad, 'y': y.grad, 'z': z.grad}\n"
            ),
        ),
        "detached_both": (
            "detached_gradient",
            (
                "def detached_gradient(x):\n    x = x.detach().clone().requires_grad_()\n"
                "    (2 * x + (3 + x)).sum().backward()\n    return x.grad\n"
            ),
        ),
        "double_square": ("untracked_double", "def untracked_double(a):\n    return (a * a).detach()\n"),
    },
    "optimizers": {
        "step_no_zero_half": (
            "optimizer_step",
            (
                "def optimizer_step(optimizer, params, t_u, t_c):\n    loss = loss_fn(model(t_u, *params), t_c)\n"
                "    optimizer.zero_grad()\n    (loss / 2).backward()\n    optimizer.step()\n    return loss.detach()\n"
            ),
        ),
        "step_twice": (
            "optimizer_step",
            (
                "def optimizer_step(optimizer, params, t_u, t_c):\n    loss = loss_fn(model(t_u, *params), t_c)\n"
                "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n    optimizer.step()\n"
                "    return loss.detach()\n"
            ),
        ),
        "step_loss_after": (
            "optimizer_step",
            (
                "def optimizer_step(optimizer, params, t_u, t_c):\n    loss = loss_fn(model(t_u, *params), t_c)\n"
                "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n"
                "    return loss_fn(model(t_u, *params), t_c).detach()\n"
            ),
        ),
        "step_clip": (
            "optimizer_step",
            (
                "def optimizer_step(optimizer, params, t_u, t_c):\n    loss = loss_fn(model(t_u, *params), t_c)\n"
                "    optimizer.zero_grad()\n    loss.backward()\n    torch.nn.utils.clip_grad_norm_([params], 1.0)\n"
                "    optimizer.step()\n    return loss.detach()\n"
            ),
        ),
        "loop_one_less": (
            "training_loop",
            (
                "def training_loop(n_epochs, optimizer, params, t_u, t_c):\n    for epoch in range(1, n_epochs):\n"
                "        loss = optimizer_step(optimizer, params, t_u, t_c)\n        if epoch % 500 == 0:\n"
                "            print('Epoch %d, Loss %f' % (epoch, float(loss)))\n    return params\n"
            ),
        ),
        "sgd_average": ("SGD", sgd(velocity="self.v[i] = self.momentum * self.v[i] + (1 - self.momentum) * g")),
        "sgd_nesterov": ("SGD", sgd(move="p -= self.lr * (g + self.momentum * self.v[i])")),
        "sgd_lookback": ("SGD", sgd(move="p -= self.lr * (g + self.v[i])")),
        "sgd_decay": ("SGD", sgd(move="p -= self.lr / self.t * self.v[i]")),
        "sgd_weight_decay": ("SGD", sgd(velocity="self.v[i] = self.momentum * self.v[i] + g + 0.1 * p")),
        "sgd_velocity_minus": ("SGD", sgd(velocity="self.v[i] = g - self.momentum * self.v[i]")),
        "sgd_empties": ("SGD", sgd(move="p -= self.lr * self.v[i]; self.v[i] = self.v[i] * 0")),
        "sgd_zero_grad_pass": ("SGD", sgd(empty="pass")),
        "adam_no_correction": ("Adam", adam(m="self.m[i]", s="self.s[i]")),
        "adam_only_m": ("Adam", adam(s="self.s[i]")),
        "adam_only_s": ("Adam", adam(m="self.m[i]")),
        "adam_kept_hats": ("Adam", adam(keep="self.m[i], self.s[i] = m, s")),
        "adam_no_root": ("Adam", adam(move="self.lr * m / (s + self.eps)")),
        "adam_eps_inside": ("Adam", adam(move="self.lr * m / (s + self.eps).sqrt()")),
        "adam_abs": ("Adam", adam(square="g.abs()")),
        "adam_t_from_zero": ("Adam", adam(m="self.m[i] / (1 - b1 ** (t + 1))", s="self.s[i] / (1 - b2 ** (t + 1))")),
        "adam_gradient": ("Adam", adam(move="self.lr * g / (s.sqrt() + self.eps)")),
        "adam_weight_decay": ("Adam", adam(move="self.lr * (m / (s.sqrt() + self.eps) + 0.1 * p)")),
        "batches_sorted": ("minibatch_training_loop", batches(order="order = order.sort().values")),
        "batches_drop_last": (
            "minibatch_training_loop",
            batches(split="[b for b in order.split(batch_size) if len(b) == batch_size]"),
        ),
        "batches_same_order": (
            "minibatch_training_loop",
            batches("fixed = torch.randperm(len(t_u), generator=generator)", "order = fixed"),
        ),
        "batches_reversed": ("minibatch_training_loop", batches(order="order = order.flip(0)")),
        "batches_one_more": ("minibatch_training_loop", batches(split="order.split(batch_size + 1)")),
    },
    "neuron": {
        "step_strict": ("binary_step", one("binary_step(z, threshold=0.0)", "(z > threshold).to(z.dtype)")),
        "step_sign": ("binary_step", one("binary_step(z, threshold=0.0)", "torch.sign(z - threshold)")),
        "sigmoid_plus": ("sigmoid", one("sigmoid(z)", "1 / (1 + torch.exp(z))")),
        "sigmoid_two": ("sigmoid", one("sigmoid(z)", "1 / (1 + 2 ** (-z))")),
        "tanh_half": ("tanh", one("tanh(z)", "2 * sigmoid(z) - 1")),
        "relu_abs": ("relu", one("relu(z)", "z.abs()")),
        "relu_six": ("relu", one("relu(z)", "z.clamp(0, 6)")),
        "leaky_everywhere": ("leaky_relu", one("leaky_relu(z, negative_slope=0.01)", "negative_slope * z")),
        "elu_no_minus": ("elu", one("elu(z, alpha=1.0)", "torch.where(z > 0, z, alpha * torch.exp(z.clamp(max=0)))")),
        "model_dim0": ("model", one("model(X, W, b)", "activate((X * W).mean(dim=1) + b)")),
        "model_no_b": ("model", one("model(X, W, b)", "activate(X @ W)")),
        "loss_half": ("loss_fn", one("loss_fn(y_pred, y)", "0.5 * ((y_pred - y) ** 2).mean()")),
        "loss_entropy": (
            "loss_fn",
            one("loss_fn(y_pred, y)", "-(y * y_pred.log() + (1 - y) * (1 - y_pred).log()).mean()"),
        ),
        "rmse_mean_of_roots": ("rmse_loss", one("rmse_loss(y_pred, y)", "((y_pred - y) ** 2).sum().sqrt()")),
        "mae_max": ("mae_loss", one("mae_loss(y_pred, y)", "(y_pred - y).abs().max()")),
        "forward_backward": ("forward_difference", one("forward_difference(f, x, dx)", "(f(x) - f(x - dx)) / dx")),
        "central_dx": ("central_difference", one("central_difference(f, x, dx)", "(f(x + dx) - f(x - dx)) / dx")),
        "chain_outer": ("chain_rule", "def chain_rule(x):\n    g = x ** 3 + x ** 2 + x + 1\n    return 3 * g ** 2\n"),
        "multiply_swapped": ("multiply_gate", one("multiply_gate(x, y, upstream)", "(x * upstream, y * upstream)")),
        "max_both": ("max_gate", one("max_gate(x, y, upstream)", "(upstream * (x >= y), upstream * (y >= x))")),
        "backward_q": ("backward", one("backward(x, y, z)", "(z, z, z)")),
        "sprime_squared": ("sigmoid_derivative", one("sigmoid_derivative(z)", "(1 - sigmoid(z)) ** 2")),
        "gradient_no_slope": (
            "gradient",
            (
                "def gradient(W, b, X, y):\n    d = 2 * (model(X, W, b) - y)\n"
                "    return (d.unsqueeze(1) * X).mean(0), d.mean(0, keepdim=True)\n"
            ),
        ),
        "gradient_sum": (
            "gradient",
            (
                "def gradient(W, b, X, y):\n    z = X @ W + b\n    d = 2 * (activate(z) - y) * sigmoid_derivative(z)\n"
                "    return (d.unsqueeze(1) * X).sum(0), d.mean(0, keepdim=True)\n"
            ),
        ),
    },
}


def main() -> None:
    """Grade each fault in the reference; print what is said of it, the small call, and the words of its picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignments", nargs="*", default=list(HELD))
    parser.add_argument("--held", action="store_true", help="the faults of foreign_held.py only")
    parser.add_argument("--only", nargs="+", metavar="FAULT", help="the faults of these names only")
    options = parser.parse_args()
    course = find_course(Path(__file__).parents[2])
    for name in options.assignments:
        assignment = load_assignment(course, name)
        reference = reference_source(assignment)
        known = HELD[name] if options.held else FAULTS.get(name, {}) | MORE.get(name, {}) | HELD[name]
        faults = {key: fault for key, fault in known.items() if key in (options.only or [key])}
        sources = {key: transplanted(reference, of, source, reference) for key, (of, source) in faults.items()}
        for key, report in grade(course, name, sources).items():
            item = next(item for item in report.exercises if item.exercise == faults[key][0])
            said = "; ".join(f"[{found.misconception}] {found.text}" for found in item.diagnosis)
            status = "" if item.status in (Status.FAILED, Status.CRASHED) else f"({item.status.value}) "
            print(name, key, item.exercise, f"{item.score}/{item.max_score}", f"{status}{said or '-'}", sep="\t")
            if call := item.counterexample:
                print(f"\t{call.call}\n\t  {call.how.value}: {call.returned}\n\t  expected: {call.expected}")
            if item.picture:
                print(f"\t{item.picture.case}: {' '.join(item.picture.said)}", flush=True)


if __name__ == "__main__":
    main()
