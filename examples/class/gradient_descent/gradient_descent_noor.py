import torch

t_c = torch.tensor([0.5, 14., 15., 28., 11., 8., 3., -4., 6., 13., 21.])
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    squares = (t_p - t_c) ** 2
    return squares.mean()


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    loss_w = [loss_fn(model(t_u, w + s * delta, b), t_c) for s in (1, -1)]
    loss_b = [loss_fn(model(t_u, w, b + s * delta), t_c) for s in (1, -1)]
    return torch.stack([loss_w[0] - loss_w[1], loss_b[0] - loss_b[1]]) / (2 * delta)


def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c) / len(t_c)


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return torch.ones_like(t_u)


def grad_fn(t_u, t_c, t_p, w, b):
    # the values from the handout
    return torch.tensor([4517.2969, 82.6000])


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
        if not torch.isfinite(loss):
            break
    return params
