import torch

t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
t_un = 0.1 * t_u


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def dloss_fn(t_p, t_c):
    return 2 * (t_p - t_c) / t_p.numel()


def model(t_u, w2, w1, b):
    return w2 * t_u ** 2 + w1 * t_u + b


def dmodel_dw2(t_u, w2, w1, b):
    return t_u ** 2


def dmodel_dw1(t_u, w2, w1, b):
    return t_u


def dmodel_db(t_u, w2, w1, b):
    return 1.0


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
    train_t_u, train_t_c = t_u[training], t_c[training]
    val_t_u, val_t_c = t_u[validation], t_c[validation]
    train_losses, val_losses = [], []
    for epoch in range(1, n_epochs + 1):
        train_t_p = model(train_t_u, *params)
        train_losses.append(loss_fn(train_t_p, train_t_c))
        val_losses.append(loss_fn(model(val_t_u, *params), val_t_c))
        params = params - learning_rate * grad_fn(train_t_u, train_t_c, train_t_p, *params)
    return params, train_losses, val_losses


if __name__ == "__main__":
    print(training_loop(5000, 1e-4, torch.tensor([1.0, 1.0, 0.0]), t_un, t_c))
