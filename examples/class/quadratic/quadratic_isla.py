import torch



def model(t_u, w2, w1, b):
    return w2 * t_u ** 2 + w1 * t_u + b


def dmodel_dw2(t_u, w2, w1, b):
    return t_u ** 2


def dmodel_dw1(t_u, w2, w1, b):
    return t_u


def dmodel_db(t_u, w2, w1, b):
    return torch.ones(len(t_u), dtype=t_u.dtype)


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    dloss_dw2 = dloss_dtp * dmodel_dw2(t_u, w2, w1, b)
    dloss_dw1 = dloss_dtp * dmodel_dw1(t_u, w2, w1, b)
    dloss_db = dloss_dtp * dmodel_db(t_u, w2, w1, b)
    return torch.stack([dloss_dw2.sum(), dloss_dw1.sum(), dloss_db.sum()])


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w2, w1, b = params
        t_p = model(t_u, w2, w1, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w2, w1, b)
        params = params - learning_rate * grad
        if epoch % 500 == 0:
            print('Epoch %d, Loss %f' % (epoch, float(loss)))
    return params


def split(n, validation_share, generator):
    n_val = int(n * validation_share)
    shuffled_indices = torch.randperm(n, generator=generator)
    train_indices = shuffled_indices[:n - n_val]
    val_indices = shuffled_indices[n - n_val:]
    return train_indices, val_indices


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    training_losses = torch.zeros(n_epochs, dtype=t_u.dtype)
    validation_losses = torch.zeros(n_epochs, dtype=t_u.dtype)
    x, y = t_u[training], t_c[training]
    for k in range(n_epochs):
        t_p = model(x, *params)
        training_losses[k] = loss_fn(t_p, y)
        validation_losses[k] = loss_fn(t_p, y)
        params = params - learning_rate * grad_fn(x, y, t_p, *params)
    return params, training_losses, validation_losses
