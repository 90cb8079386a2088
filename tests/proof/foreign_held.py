"""Sixty more faults of others' kinds, ten for each assignment, held out: written before anybody graded them.

None is of its assignment's catalogue, nor of `foreign.py` and `foreign_more.py`. They are what people bring from
elsewhere: from numpy, Keras, MATLAB and R, from other courses' formulas, from threads on forums (where a fault was
found in one, it is named beside it). Each is one mistake, wrong by value on ordinary inputs.
"""

from __future__ import annotations

from proof.foreign_forms import adam, auto, batches, descend, loop, measured, one, sgd

__all__ = ["HELD"]


def _gradient(loss: str, at: str = "t_u, t_c") -> str:
    """Return a `gradient` of autograd that goes backward from `loss` for each pair of readings and truths in `at`."""
    return (
        "def gradient(params, t_u, t_c):\n    p = params.detach().clone().requires_grad_()\n"
        f"    for u, c in {at}:\n        p.grad = None\n        {loss}.backward()\n    return p.grad\n"
    )


_FIT = """def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    on_training, on_validation = [], []
    for _ in range(n_epochs):
        t_p = model(t_u[training], *params)
        errors = model(t_u[validation], *params) - t_c[validation]
        on_training.append(loss_fn(t_p, t_c[training]).item())
        on_validation.append({validated}.item())
        params = params - learning_rate * grad_fn(t_u[training], t_c[training], t_p, *params)
    return {answer}, on_training, on_validation
"""


def _fit(validated: str = "(errors**2).mean()", answer: str = "params") -> str:
    """Return a `fit` by the validation loss that it notes, and the parameters that it returns."""
    return _FIT.format(validated=validated, answer=answer)


_STEP = """def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, *params), t_c)
    optimizer.zero_grad()
    loss.backward()
    {between}
    optimizer.step()
    return {answer}
"""


def _step(between: str = "pass", answer: str = "loss.detach()") -> str:
    """Return an `optimizer_step` by what happens between backward and step, and by its answer."""
    return _STEP.format(between=between, answer=answer)


_TRAINING = """def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        with torch.no_grad():
            {after}
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
    return params
"""
_BACKWARD = """def backward(X, y, W1, b1, W2, b2):
    z1 = affine(X, W1, b1)
    hidden = torch.tanh(z1)
    z2 = affine(hidden, W2, b2)
    d_pred = 2 * (torch.sigmoid(z2) - y.unsqueeze(1)) / len(y)
    d_z2 = sigmoid_backward(z2, d_pred)
    _, dW2, db2 = affine_backward(hidden, W2, b2, {output})
    d_hidden, _, _ = affine_backward(hidden, W2, b2, {hidden})
    _, dW1, db1 = affine_backward(X, W1, b1, tanh_backward(z1, d_hidden))
    return dW1, db1, dW2, db2
"""

_GRAD_OVER_ROWS = """def grad_fn(t_u, t_c, t_p, w, b):
    X = torch.stack([t_u, torch.ones_like(t_u)])
    return 2 * X @ (t_p - t_c) / len(X)
"""
_GRAD_TIMES_TRUTH = """def grad_fn(t_u, t_c, t_p, w, b):
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d * t_c).sum(), d.sum()])
"""
_ADAGRAD = """total = g**2 if epoch == 1 else total + g**2
        params = params - learning_rate * g / (total.sqrt() + 1e-8)"""

_GRAD_SCALED_COLUMNS = """def grad_fn(t_u, t_c, t_p, w2, w1, b):
    columns = torch.stack([t_u**2, t_u, torch.ones_like(t_u)])
    columns = columns / columns.abs().amax(dim=1, keepdim=True)
    return columns @ dloss_fn(t_p, t_c)
"""
_POLYFIT = """def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    columns = torch.stack([t_u**2, t_u, torch.ones_like(t_u)], dim=1)
    params = torch.linalg.pinv(columns) @ t_c
    for epoch in range(500, n_epochs + 1, 500):
        print("Epoch %d, Loss %f" % (epoch, float(loss_fn(model(t_u, *params), t_c))))
    return params
"""
_SPLIT = """def split(n, validation_share, generator):
    order = torch.randperm(n, generator=generator)
    kept = {kept}
    return order[:{end}], order[n - kept:]
"""

_BATCHES_OF_FOUR = """def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        for u, c in zip(t_u.split(4), t_c.split(4)):
            loss_fn(model(u, *params), c).backward()
            with torch.no_grad():
                params -= learning_rate * params.grad
            params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params
"""
_W_THEN_B = """def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        for i in (0, 1):
            loss_fn(model(t_u, *params), t_c).backward()
            with torch.no_grad():
                params[i] -= learning_rate * params.grad[i]
            params.grad = None
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params
"""
_RATE_GROWS = """if epoch > 1:
                learning_rate *= 0.7 if loss > last else 1.05
            last = loss.item()
            params -= learning_rate * params.grad"""
_DESCEND_MOMENTUM = """v = 0.9 * v + 3 if i else torch.full_like(w, 3.0)
        w = w - learning_rate * v"""
_TUTORIAL = """def intermediate_gradients(w, c):
    w = w.detach().clone().requires_grad_()
    x = w + c
    y = 3 * x * x
    z = y.mean()
    for t in (x, y, z): t.retain_grad()
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}
"""
_DETACHED_SQUARE = """def detached_gradient(x):
    x = x.detach().clone().requires_grad_()
    (x**2 + (3 + x.detach())).sum().backward()
    return x.grad
"""
_MAXIMUM = (
    "self.u = getattr(self, 'u', {}); s = self.u[i] = torch.maximum(b2 * self.u.get(i, torch.zeros_like(p)), g.abs())"
)

_DATASET = """class SimpleDataset(Dataset):
    def __init__(self):
        self.X = (readings - readings.mean(dim=0)) / readings.std(dim=0)
        self.y = 0.01 * temperatures

    def __len__(self):
        return len(self.X)

    def __getitem__(self, index):
        return {"input": self.X[index], "target": self.y[index]}

    def __str__(self):
        return f"Data Size: {len(self)}, Input Shape: {self.X.shape}, Target Shape: {self.y.shape}"
"""
_BACKWARD_FROM_VALUE = """def backward(x, y, z):
    q = x + y
    f = q * z
    return f * z, f * z, f * q
"""
_GRADIENT_B_WITHOUT_SLOPE = """def gradient(W, b, X, y):
    z = X @ W + b
    d = 2 * (activate(z) - y)
    return ((d * sigmoid_derivative(z)).unsqueeze(1) * X).mean(dim=0), d.mean(dim=0, keepdim=True)
"""
_LEARN_DELTA_RULE = """def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        error = batch["target"] - model(batch["input"], W, b)
        W = W + learning_rate * error @ batch["input"]
        b = b + learning_rate * error.sum()
    return W, b
"""
_LEARN_ENTROPY = """def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for _ in range(max_epochs):
        batch = next(iter(train_data_loader))
        loss = torch.nn.functional.binary_cross_entropy(model(batch["input"], W, b), batch["target"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W, b
"""

_AFFINE_BACKWARD_RELU = """def affine_backward(X, W, b, upstream):
    return upstream @ W.T * (X > 0), X.T @ upstream, upstream.sum(dim=0)
"""
_INVERSE = """def sigmoid_backward(z, upstream):
    s = torch.sigmoid(z)
    return upstream / (s * (1 - s))
"""
_FORWARD_RELU = """def forward(X, W1, b1, W2, b2):
    hidden = torch.relu(affine(X, W1, b1))
    return torch.sigmoid(affine(hidden, W2, b2)).squeeze(1)
"""
_RELATIVE_STEP = """def numerical_gradient(f, x, dx=1e-3):
    slopes = torch.zeros_like(x)
    for k in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[k] = dx * x.abs().max()
        slopes.view(-1)[k] = (f(x + step) - f(x - step)) / (2 * dx)
    return slopes
"""
_LABELS_OF_SIGNS = """def train(parameters, X, y, n_epochs, learning_rate):
    y = 2 * y - 1
    losses = []
    for _ in range(n_epochs):
        losses.append(float(loss_fn(forward(X, *parameters), y)))
        slopes = backward(X, y, *parameters)
        parameters = tuple(p - learning_rate * slope for p, slope in zip(parameters, slopes))
    return parameters, losses
"""

HELD: dict[str, dict[str, tuple[str, str]]] = {
    "gradient_descent": {
        "model_fahrenheit": ("model", one("model(t_u, w, b)", "w * (t_u - 32) * 5 / 9 + b")),  # converts the reading
        "loss_norm_over_n": ("loss_fn", one("loss_fn(t_p, t_c)", "(t_p - t_c).norm() / len(t_p)")),
        "slope_of_model": (  # measures the mean prediction in place of the loss
            "loss_rate_of_change",
            measured(
                "(at(w + delta, b) - at(w - delta, b)) / (2 * delta)",
                "(at(w, b + delta) - at(w, b - delta)) / (2 * delta)",
            ).replace("loss_fn(model(t_u, w, b), t_c)", "model(t_u, w, b).mean()"),
        ),
        "dloss_of_root": (  # the derivative of the root mean square
            "dloss_fn",
            one("dloss_fn(t_p, t_c)", "(t_p - t_c) / (len(t_p) * ((t_p - t_c) ** 2).mean().sqrt())"),
        ),
        "dw_of_residual": ("dmodel_dw", one("dmodel_dw(t_u, w, b)", "-t_u")),  # of t_c - (w t_u + b)
        "db_share": ("dmodel_db", one("dmodel_db(t_u, w, b)", "torch.ones_like(t_u) / len(t_u)")),
        "grad_over_parameters": ("grad_fn", _GRAD_OVER_ROWS),  # m and n mixed up: stackoverflow.com/q/17784587
        "grad_times_truth": ("grad_fn", _GRAD_TIMES_TRUTH),  # x and y mixed up
        "loop_theta": (  # [theta_0, theta_1], as in other courses: b comes first, and its slope with it
            "training_loop",
            loop("params = params - learning_rate * g.flip(0)").replace("w, b = params", "b, w = params"),
        ),
        "loop_adagrad": ("training_loop", loop(_ADAGRAD)),
    },
    "quadratic": {
        "model_half": ("model", one("model(t_u, w2, w1, b)", "w2 * t_u**2 / 2 + w1 * t_u + b")),  # a t^2 / 2
        "dw2_integrated": ("dmodel_dw2", one("dmodel_dw2(t_u, w2, w1, b)", "t_u**3 / 3")),
        "dw1_centred": ("dmodel_dw1", one("dmodel_dw1(t_u, w2, w1, b)", "t_u - t_u.mean()")),
        "db_of_residual": ("dmodel_db", one("dmodel_db(t_u, w2, w1, b)", "-torch.ones_like(t_u)")),
        "grad_scaled_columns": ("grad_fn", _GRAD_SCALED_COLUMNS),  # feature scaling, each column by its largest
        "loop_polyfit": ("training_loop", _POLYFIT),  # the least squares solution, whatever the epochs
        "split_percent": ("split", _SPLIT.format(kept="int(n * validation_share / 100)", end="n - kept")),
        "split_test_set": (  # keeps as many again for a test set
            "split",
            _SPLIT.format(kept="int(n * validation_share)", end="max(0, n - 2 * kept)"),
        ),
        "fit_over_all": (  # github.com/udacity/deep-learning-v2-pytorch/issues/129
            "fit",
            _fit(validated="((errors**2).sum() / len(t_u))"),
        ),
        "fit_again_on_all": ("fit", _fit(answer="training_loop(n_epochs, learning_rate, params, t_u, t_c)")),
    },
    "autograd": {
        "gradient_of_predictions": ("gradient", _gradient("model(u, *p).mean()", "[(t_u, t_c)]")),
        "gradient_last_sample": ("gradient", _gradient("loss_fn(model(u, *p), c)", "zip(t_u, t_c)")),
        "loop_batches_of_four": ("training_loop", _BATCHES_OF_FOUR),
        "loop_w_then_b": ("training_loop", _W_THEN_B),
        "loop_rate_grows": ("training_loop", auto(step=_RATE_GROWS)),  # MATLAB's traingda
        "descend_momentum": ("descend", descend(_DESCEND_MOMENTUM)),
        "descend_one_weight": ("descend", descend("w.view(-1)[0] -= learning_rate * 3")),
        "inter_tutorial": ("intermediate_gradients", _TUTORIAL),  # y = 3 x x, as in PyTorch's own tutorial
        "detached_square": ("detached_gradient", _DETACHED_SQUARE),
        "double_plus_two": ("untracked_double", one("untracked_double(a)", "a.detach() + 2")),
    },
    "optimizers": {
        "step_root_told": ("optimizer_step", _step(answer="loss.detach().sqrt()")),  # reports degrees
        "step_over_batch": (  # d2l.ai's sgd divides by the batch size, where the loss is a sum
            "optimizer_step",
            _step(between="params.grad /= len(t_u)"),
        ),
        "loop_clipped_weights": ("training_loop", _TRAINING.format(after="params.clamp_(-1, 1)")),
        "loop_scheduler": (
            "training_loop",
            _TRAINING.format(after="for group in optimizer.param_groups: group['lr'] *= 0.9"),
        ),
        "sgd_rate_in_velocity": (  # github.com/HIPS/autograd/issues/289
            "SGD",
            sgd(velocity="self.v[i] = self.lr * self.momentum * self.v[i] + g"),
        ),
        "sgd_corrected": (  # Adam's first mean
            "SGD",
            sgd(
                velocity="self.v[i] = self.momentum * self.v[i] + (1 - self.momentum) * g",
                move="p -= self.lr * self.v[i] / (1 - self.momentum ** self.t)",
            ),
        ),
        "adam_nesterov": ("Adam", adam(m="(b1 * self.m[i] + (1 - b1) * g) / (1 - b1 ** t)")),
        "adam_maximum": ("Adam", adam(keep=_MAXIMUM, move="self.lr * m / (s + self.eps)")),  # Adamax
        "adam_default_beta": ("Adam", adam().replace("(0.9, 0.999)", "(0.9, 0.99)")),  # fastai's default
        "batches_filled_up": (  # as DistributedSampler does: the first ones come once more
            "minibatch_training_loop",
            batches(order="order = torch.cat([order, order[: -len(order) % batch_size]])"),
        ),
    },
    "neuron": {
        "tanh_lecun": ("tanh", one("tanh(z)", "1.7159 * torch.tanh(2 * z / 3)")),
        "leaky_divides": (  # x / a, as Xu et al. (2015) write it
            "leaky_relu",
            one("leaky_relu(z, negative_slope=0.01)", "torch.where(z > 0, z, z / negative_slope)"),
        ),
        "dataset_standardised": ("SimpleDataset", _DATASET),
        "model_bias_in_weights": (  # datascience.stackexchange.com/q/68318
            "model",
            one("model(X, W, b)", "activate(X @ (W + b))"),
        ),
        "chain_term_by_term": ("chain_rule", one("chain_rule(x)", "9 * x**8 + 6 * x**5 + 3 * x**2")),
        "multiply_total": (  # x dy + y dx for both
            "multiply_gate",
            one("multiply_gate(x, y, upstream)", "((x + y) * upstream, (x + y) * upstream)"),
        ),
        "backward_from_value": ("backward", _BACKWARD_FROM_VALUE),  # begins with f where the slope of f in f is 1
        "gradient_b_without_slope": ("gradient", _GRADIENT_B_WITHOUT_SLOPE),
        "learn_delta_rule": ("learn", _LEARN_DELTA_RULE),  # the perceptron's rule
        "learn_entropy": ("learn_with_optimizer", _LEARN_ENTROPY),
    },
    "network": {
        "affine_scaled": ("affine", one("affine(X, W, b)", "X @ W / W.shape[0] ** 0.5 + b")),
        "affine_backward_relu": ("affine_backward", _AFFINE_BACKWARD_RELU),  # CS231n's affine_relu_backward
        "tanh_sech": ("tanh_backward", one("tanh_backward(z, upstream)", "upstream / torch.cosh(z)")),  # not squared
        "sigmoid_inverse": ("sigmoid_backward", _INVERSE),  # the slope of the logit
        "fan_out_brackets": ("fan_out_backward", one("fan_out_backward(x, y, z)", "(y + z, x, x)")),  # x y + z x
        "forward_relu": ("forward", _FORWARD_RELU),
        "backward_output_without_slope": (  # stackoverflow.com/q/59399842
            "backward",
            _BACKWARD.format(output="d_pred", hidden="d_z2"),
        ),
        "backward_hidden_without_slope": (  # discuss.educative.io/t/36924
            "backward",
            _BACKWARD.format(output="d_z2", hidden="d_pred"),
        ),
        "numerical_relative_step": (  # github.com/pasteurlabs/tesseract-core/issues/706
            "numerical_gradient",
            _RELATIVE_STEP,
        ),
        "train_labels_of_signs": ("train", _LABELS_OF_SIGNS),  # -1 and 1 for 0 and 1
    },
}
