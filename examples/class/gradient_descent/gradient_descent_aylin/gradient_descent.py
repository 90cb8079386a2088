import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return torch.square(t_p - t_c).mean()


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    t_p_w1 = model(t_u, w + delta, b)
    t_p_w0 = model(t_u, w - delta, b)
    t_p_b1 = model(t_u, w, b + delta)
    t_p_b0 = model(t_u, w, b - delta)
    slope_w = (loss_fn(t_p_w1, t_c) - loss_fn(t_p_w0, t_c)) / (2 * delta)
    slope_b = (loss_fn(t_p_b1, t_c) - loss_fn(t_p_b0, t_c)) / (2 * delta)
    return torch.stack([slope_w, slope_b])


def dloss_fn(t_p, t_c):
    # ∂L/∂t_p = 2/N · (t_p − t_c)
    return 2 / t_p.size(0) * (t_p - t_c)


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return torch.tensor(1.0, dtype=t_u.dtype)


def grad_fn(t_u, t_c, t_p, w, b):
    # ∂L/∂w = Σ ∂L/∂t_p · ∂t_p/∂w, the same with b
    dL = dloss_fn(t_p, t_c)
    return torch.stack([
        torch.sum(dL * dmodel_dw(t_u, w, b)),
        torch.sum(dL * dmodel_db(t_u, w, b)),
    ])


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    for epoch in range(1, n_epochs + 1):
        w, b = params[0], params[1]
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p, w, b)

        params -= learning_rate * grad

        if epoch in {1, 2, 3, 10, 11, 99, 100, 4000, 5000}:
            print(f'Epoch {epoch}, Loss {loss.item():f}')
            if print_params:
                print(f'    Params: {params}')
                print(f'    Grad:   {grad}')
        if not bool(torch.isfinite(loss)):
            break
    return params
