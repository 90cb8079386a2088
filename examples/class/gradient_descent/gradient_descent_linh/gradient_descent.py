import torch

def model(t_u, w, b):
    return w*t_u + b

def loss_fn(t_p, t_c):
    err = t_c - t_p
    return (err*err).mean()

def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    dw = loss_fn(model(t_u, w+delta, b), t_c) - loss_fn(model(t_u, w-delta, b), t_c)
    db = loss_fn(model(t_u, w, b+delta), t_c) - loss_fn(model(t_u, w, b-delta), t_c)
    return torch.stack([dw, db]) / (2*delta)

def dloss_fn(t_p, t_c):
    err = t_c - t_p
    return 2*err / err.size(0)      # shape like t_p

def dmodel_dw(t_u, w, b):
    return t_u

def dmodel_db(t_u, w, b):
    return torch.ones(t_u.shape, dtype=t_u.dtype)

def grad_fn(t_u, t_c, t_p, w, b):
    # chain rule: dL/dw = sum dL/dt_p * dt_p/dw
    d = dloss_fn(t_p, t_c)
    return torch.stack([(d*dmodel_dw(t_u, w, b)).sum(),
                        (d*dmodel_db(t_u, w, b)).sum()])

def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
    p = params.clone()
    for e in range(n_epochs):
        epoch = e + 1
        t_p = model(t_u, p[0], p[1])
        loss = loss_fn(t_p, t_c)
        g = grad_fn(t_u, t_c, t_p, p[0], p[1])
        p = p - learning_rate*g
        if epoch <= 3 or epoch in (10, 11, 99, 100, 4000, 5000):
            print('Epoch %d, Loss %f' % (epoch, loss.item()))
            if print_params:
                print('  params:', p)
                print('  grad:  ', g)
        if not torch.isfinite(loss):
            break
    return p
