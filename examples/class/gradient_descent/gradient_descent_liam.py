"""Gradient descent, week 2"""
import torch

PRINT_EPOCHS = (1, 2, 3, 10, 11, 99, 100, 4000, 5000)


def model(t_u, w, b):
    return t_u * w + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def dloss_fn(t_p, t_c):
    # power rule: d(x^2)/dx = 2x
    return 2 * (t_p - t_c)


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return 1


def grad_fn(t_u, t_c, t_p, w, b):
    upstream = dloss_fn(t_p, t_c)
    dw = (upstream * dmodel_dw(t_u, w, b)).sum()
    db = (upstream * dmodel_db(t_u, w, b)).sum()
    return torch.stack((dw, db))


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    L = lambda w, b: loss_fn(model(t_u, w, b), t_c)
    return torch.stack((
        (L(w + delta, b) - L(w - delta, b)) / (2 * delta),
        (L(w, b + delta) - L(w, b - delta)) / (2 * delta),
    ))


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params[0], params[1]
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)

        if epoch in PRINT_EPOCHS:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)

        params = params - learning_rate * grad
        if not torch.isfinite(loss):
            break
    return params
