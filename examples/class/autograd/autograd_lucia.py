# Lucia, group B
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c)**2).mean()


def gradient(params, t_u, t_c):
    params = params.detach().clone().requires_grad_()
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    return params.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        if params.grad is not None:
            params.grad.zero_()
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        if epoch % 500 == 0:
            print('Epoch %d, Loss %f' % (epoch, loss.item()))
    return params


def descend(weights, n_steps, learning_rate):
    outputs = []
    for step in range(n_steps)
        output = (weights * 3).sum()
        outputs.append(output.item())
        output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
        weights.grad.zero_()
    outputs.append((weights * 3).sum().item())
    return outputs


def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    x.retain_grad()
    y.retain_grad()
    z.retain_grad()
    z.backward()
    return {'w': w.grad, 'x': x.grad, 'y': y.grad, 'z': z.grad}


def detached_gradient(x):
    y = 2 * x + (3 + x.detach())
    y.sum().backward()
    return x.grad


def untracked_double(a):
    with torch.no_grad():
        b = a * 2
    return b
