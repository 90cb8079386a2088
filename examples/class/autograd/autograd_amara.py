# Homework 2 -- autograd
# Amara

import torch

torch.set_printoptions(edgeitems=2)

t_c = [0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0]
t_u = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]
t_c = torch.tensor(t_c)
t_u = torch.tensor(t_u)
t_un = 0.1 * t_u


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    squared_diffs = (t_p - t_c)**2
    return squared_diffs.mean()


def gradient(params, t_u, t_c):
    params.requires_grad_()
    if params.grad is not None:
        params.grad.zero_()
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    return params.grad.clone()


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        if params.grad is not None:
            params.grad.zero_()

        t_p = model(t_u, *params)
        loss = loss_fn(t_p, t_c)
        loss.backward()

        with torch.no_grad():
            params -= learning_rate * params.grad

        if epoch % 500 == 0:
            print('Epoch %d, Loss %f' % (epoch, loss.item()))

    return params


def descend(weights, n_steps, learning_rate):
    outputs = []
    for step in range(n_steps):
        model_output = (weights * 3).sum()
        outputs.append(model_output.item())
        model_output.backward()
        with torch.no_grad():
            weights -= learning_rate * weights.grad
        weights.grad.zero_()
    # and where we end up
    outputs.append((weights * 3).sum().item())
    return outputs


def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    # not leaves, so they have to be told
    x.retain_grad()
    y.retain_grad()
    z.retain_grad()
    z.backward()
    return {'w': w.grad, 'x': x.grad, 'y': y.grad, 'z': z.grad}


def detached_gradient(x):
    y = 2 * x
    z = 3 + x.detach()
    r = (y + z).sum()
    r.backward()
    return x.grad


def untracked_double(a):
    with torch.no_grad():
        return a * 2


if __name__ == '__main__':
    print(gradient(torch.tensor([1.0, 0.0]), t_u, t_c))
    training_loop(5000, 1e-2, torch.tensor([1.0, 0.0], requires_grad=True), t_un, t_c)
    print(descend(torch.ones(4, requires_grad=True), 3, 0.1))
