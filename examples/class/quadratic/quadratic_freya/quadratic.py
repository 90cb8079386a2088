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
    p = params.clone()
    for e in range(n_epochs):
        pred = model(t_u, *p)
        if (e + 1) % 500 == 0:
            print(f"Epoch {e + 1}, Loss {loss_fn(pred, t_c).item():.6f}")
        p -= learning_rate * grad_fn(t_u, t_c, pred, *p)
    return p


def split(n, validation_share, generator):
    n_val = int(n * validation_share)
    shuffled_indices = torch.randperm(n, generator=generator)
    train_indices = shuffled_indices[:n - n_val]
    val_indices = shuffled_indices[n - n_val:]
    return train_indices, val_indices


def fit(n_epochs, learning_rate, params, t_u, t_c, training, validation):
    history = []
    for _ in range(n_epochs):
        t_p = model(t_u, *params)
        history.append((
            loss_fn(t_p[training], t_c[training]).item(),
            loss_fn(t_p[validation], t_c[validation]).item(),
        ))
        params = params - learning_rate * grad_fn(t_u, t_c, t_p, *params)
    return params, [h[0] for h in history], [h[1] for h in history]
