import torch

def model(t_u, w, b):
    return w*t_u + b

def loss_fn(t_p, t_c):
    err = t_c - t_p
    return (err*err).mean()

def gradient(params, t_u, t_c):
    p = params.detach().clone().requires_grad_()
    b, w = p          # unpack
    loss = loss_fn(model(t_u, w, b), t_c)
    loss.backward()
    return p.grad

def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for e in range(n_epochs):
        epoch = e + 1
        if epoch % 500 == 0:
            with torch.no_grad():
                loss = loss_fn(model(t_u, params[0], params[1]), t_c)
            print('Epoch %d, Loss %f' % (epoch, loss.item()))
        # gradient() from above does the backward
        g = gradient(params, t_u, t_c)
        with torch.no_grad():
            params -= learning_rate*g
    return params

def descend(weights, n_steps, learning_rate):
    out = []
    for k in range(n_steps + 1):
        f = (weights*3).sum()
        out.append(f.detach())
        f.backward()
        with torch.no_grad():
            weights -= learning_rate*weights.grad
            weights.grad.zero_()
    return torch.stack(out)

def intermediate_gradients(w, c):
    x = w + c
    y = 3*x
    z = y.mean()
    for t in [x, y, z]:
        t.retain_grad()
    z.backward()
    return dict(w=w.grad, x=x.grad, y=y.grad, z=z.grad)

def detached_gradient(x):
    f = (2*x + (3 + x.detach())).sum()
    f.backward()
    return x.grad

def untracked_double(a):
    return 2*a.detach()
