# Lucia, group B
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c)**2).mean()


def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c) / t_p.size(0)


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return 1.0


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    rate_w = (loss_fn(model(t_u, w + delta, b), t_c) -
              loss_fn(model(t_u, w - delta, b), t_c) / (2.0 * delta)
    rate_b = (loss_fn(model(t_u, w, b + delta), t_c) -
              loss_fn(model(t_u, w, b - delta), t_c)) / (2.0 * delta)
    return torch.stack([rate_w, rate_b])


def grad_fn(t_u, t_c, t_p, w, b):
    d = dloss_fn(t_p, t_c)
    grad_w = (d * dmodel_dw(t_u, w, b)).sum()
    grad_b = (d * dmodel_db(t_u, w, b)).sum()
    return torch.stack([grad_w, grad_b])


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print('Epoch %d, Loss %f' % (epoch, float(loss)))
            if print_params:
                print('    Params:', params)
                print('    Grad:  ', grad)
        if not torch.isfinite(loss).all():
            break
    return params
