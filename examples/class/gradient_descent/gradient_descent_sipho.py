# Assignment 1
# Sipho
import torch

SHOW = {1, 2, 3, 10, 11, 99, 100, 4000, 5000}


def model(t_u, w, b):
    """The line w * t_u + b."""
    return w * t_u + b


def loss_fn(t_p, t_c):
    return torch.mean((t_p - t_c).pow(2))


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    def loss(w, b):
        return loss_fn(model(t_u, w, b), t_c)

    rate_w = (loss(w + delta, b) - loss(w - delta, b)) / (2 * delta)
    rate_b = (loss(w, b + delta) - loss(w, b - delta)) / (2 * delta)
    return torch.stack([rate_w, rate_b])


def dloss_fn(t_p, t_c):
    N = t_p.numel()
    return 2.0 / N * (t_p - t_c)


def dmodel_dw(t_u, w, b):
    return w


def dmodel_db(t_u, w, b):
    return 1.0


def grad_fn(t_u, t_c, t_p, w, b):
    """Both sums over the samples written as dot products."""
    d = dloss_fn(t_p, t_c)
    return torch.stack([d @ t_u, d.sum()])


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in SHOW:
            print(f"Epoch {epoch}, Loss {loss:f}")
            if print_params:
                print(f"    Params: {params}")
                print(f"    Grad:   {grad}")
        if loss.isinf() or loss.isnan():
            break
    return params
