import torch



def model(t_u, w2, w1, b):
    a = w2 * torch.pow(t_u, 2)
    c = w1 * t_u
    return a + c + b


def dmodel_dw2(t_u, w2, w1, b):
    return t_u ** 2


def dmodel_dw1(t_u, w2, w1, b):
    return t_u


def dmodel_db(t_u, w2, w1, b):
    return 1.0


def grad_fn(t_u, t_c, t_p, w2, w1, b):
    dtp = dloss_fn(t_p, t_c)
    return torch.stack([
        (dtp * dmodel_dw2(t_u, w2, w1, b)).mean(),
        (dtp * dmodel_dw1(t_u, w2, w1, b)).mean(),
        (dtp * dmodel_db(t_u, w2, w1, b)).mean(),
    ])


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
    train_t_u, train_t_c = t_u[training], t_c[training]
    val_t_u, val_t_c = t_u[validation], t_c[validation]
    train_losses, val_losses = [], []
    for epoch in range(1, n_epochs + 1):
        train_t_p = model(train_t_u, *params)
        train_losses.append(loss_fn(train_t_p, train_t_c))
        val_losses.append(loss_fn(model(val_t_u, *params), val_t_c))
        params = params - learning_rate * grad_fn(train_t_u, train_t_c, train_t_p, *params)
    return params, train_losses, val_losses
