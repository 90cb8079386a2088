import torch

learning_rate = 1e-2


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    squared_diffs = (t_p - t_c)**2
    return squared_diffs.mean()


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    # same two cells as on the slides, first w, then b
    rate_w = (loss_fn(model(t_u, w + delta, b), t_c)
              - loss_fn(model(t_u, w - delta, b), t_c)) / (2.0 * delta)
    w = w - learning_rate * rate_w

    rate_b = (loss_fn(model(t_u, w, b + delta), t_c)
              - loss_fn(model(t_u, w, b - delta), t_c)) / (2.0 * delta)
    b = b - learning_rate * rate_b

    return torch.stack([rate_w, rate_b])


def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c) / t_p.size(0)


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return 1.0


def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    dloss_dw = dloss_dtp * dmodel_dw(t_u, w, b)
    dloss_db = dloss_dtp * dmodel_db(t_u, w, b)
    return torch.stack([dloss_dw.sum(), dloss_db.sum()])


def print_epoch(epoch, loss, params, grad, print_params):
    if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
        print('Epoch %d, Loss %f' % (epoch, float(loss)))
        if print_params:
            print('    Params:', params)
            print('    Grad:  ', grad)


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        print_epoch(epoch, loss, params, grad, print_params)
        if not torch.isfinite(loss).all():
            break
    return params
