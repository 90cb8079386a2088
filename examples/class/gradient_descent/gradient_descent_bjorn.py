import torch

REPORT = [1, 2, 3, 10, 11, 99, 100, 4000, 5000]


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return torch.mean((t_p - t_c)**2)


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    def loss_at(w, b):
        return loss_fn(model(t_u, w, b), t_c)

    return torch.stack([
        (loss_at(w + delta, b) - loss_at(w - delta, b)) / (2 * delta),
        (loss_at(w, b + delta) - loss_at(w, b - delta)) / (2 * delta),
    ])


def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c) / t_p.numel()


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return torch.ones_like(t_u)


def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    return torch.stack([
        (dloss_dtp * dmodel_dw(t_u, w, b)).sum(),
        (dloss_dtp * dmodel_db(t_u, w, b)).sum(),
    ])


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    if n_epochs == 0:
        return params
    epoch = 0
    while True:
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        epoch + 1
        if epoch in REPORT:
            print("Epoch %d, Loss %f" % (epoch, loss))
            if print_params:
                print("   ", params, grad)
        if epoch == n_epochs:
            break
    return params
