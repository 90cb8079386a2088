# I wrote everything with loops first, so I can follow it sample by sample.
import torch


def model(t_u, w, b):
    w = float(w)
    b = float(b)
    predictions = []
    for u in t_u.tolist():
        predictions.append(w * u + b)
    return torch.tensor(predictions, dtype=t_u.dtype)


def loss_fn(t_p, t_c):
    # no .tolist() here, otherwise it can not be differentiated later
    total = 0.0
    n = 0
    for p, c in zip(t_p, t_c):
        total = total + (p - c) * (p - c)
        n = n + 1
    return total / n


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    points = [
        ((w + delta, b), (w - delta, b)),   # step in w
        ((w, b + delta), (w, b - delta)),   # step in b
    ]
    rates = []
    for right, left in points:
        loss_right = loss_fn(model(t_u, right[0], right[1]), t_c)
        loss_left = loss_fn(model(t_u, left[0], left[1]), t_c)
        rates.append(float(loss_right - loss_left) / (2 * delta))
    return torch.tensor(rates, dtype=t_u.dtype)


def dloss_fn(t_p, t_c):
    n = len(t_p)
    result = []
    for p, c in zip(t_p.tolist(), t_c.tolist()):
        result.append(2 * (p - c) / n)
    return torch.tensor(result, dtype=t_p.dtype)


def dmodel_dw(t_u, w, b):
    return torch.tensor([u for u in t_u.tolist()], dtype=t_u.dtype)


def dmodel_db(t_u, w, b):
    return torch.tensor([1.0 for u in t_u], dtype=t_u.dtype)


def grad_fn(t_u, t_c, t_p, w, b):
    outer = dloss_fn(t_p, t_c).tolist()
    inner_w = dmodel_dw(t_u, w, b).tolist()
    inner_b = dmodel_db(t_u, w, b).tolist()
    dw = 0.0
    db = 0.0
    for i in range(len(outer)):
        dw += outer[i] * inner_w[i]
        db += outer[i] * inner_b[i]
    return torch.tensor([dw, db], dtype=t_u.dtype)


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    w, b = params.tolist()
    epoch = 0
    while epoch < n_epochs:
        epoch += 1
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c).item()
        gw, gb = grad_fn(t_u, t_c, t_p, w, b).tolist()
        if epoch in [1, 2, 3, 10, 11, 99, 100, 4000, 5000]:
            print("Epoch %d, Loss %f" % (epoch, loss))
            if print_params:
                print("   params", w, b)
                print("   grad  ", gw, gb)
        w = w - learning_rate * gw
        b = b - learning_rate * gb
        if loss != loss or loss == float("inf"):
            # exploded (nan or inf), no point in going on
            break
    return torch.tensor([w, b], dtype=params.dtype)
