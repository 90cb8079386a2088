import torch

# data from the lecture
t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
t_un = t_u * 0.1


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    """squared error between prediction and truth"""
    diff = t_p - t_c
    return torch.sum(diff ** 2)


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    w_plus = loss_fn(model(t_u, w + delta, b), t_c)
    w_minus = loss_fn(model(t_u, w - delta, b), t_c)
    b_plus = loss_fn(model(t_u, w, b + delta), t_c)
    b_minus = loss_fn(model(t_u, w, b - delta), t_c)
    return torch.stack([w_plus - w_minus, b_plus - b_minus]) / (2 * delta)


def dloss_fn(t_p, t_c):
    """derivative of the mean squared error for every prediction"""
    return 2 * (t_p - t_c) / len(t_p)


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return torch.ones_like(t_u)


def grad_fn(t_u, t_c, t_p, w, b):
    dloss = dloss_fn(t_p, t_c)
    dw = torch.sum(dloss * dmodel_dw(t_u, w, b))
    db = torch.sum(dloss * dmodel_db(t_u, w, b))
    return torch.stack([dw, db])


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    print_at = [1, 2, 3, 10, 11, 99, 100, 4000, 5000]
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)
        params = params - learning_rate * grad
        if epoch in print_at:
            print('Epoch %d, Loss %f' % (epoch, loss))
            if print_params:
                print('    params', params)
                print('    grad', grad)
        if not torch.isfinite(loss):
            break
    return params
