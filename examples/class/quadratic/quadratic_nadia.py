import torch



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
    w2, w1, b = params
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, w2, w1, b), t_c)
        w2 = w2 - learning_rate * grad_fn(t_u, t_c, model(t_u, w2, w1, b), w2, w1, b)[0]
        w1 = w1 - learning_rate * grad_fn(t_u, t_c, model(t_u, w2, w1, b), w2, w1, b)[1]
        b = b - learning_rate * grad_fn(t_u, t_c, model(t_u, w2, w1, b), w2, w1, b)[2]
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss))
    return torch.stack([w2, w1, b])


def split(n, validation_share, generator):
    order = list(torch.randperm(n, generator=generator))
    validation = [order.pop() for _ in range(int(n * validation_share))]
    return torch.tensor(order), torch.tensor(validation)


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
