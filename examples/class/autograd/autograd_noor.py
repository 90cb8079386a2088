import torch

t_c = torch.tensor([0.5, 14., 15., 28., 11., 8., 3., -4., 6., 13., 21.])
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    squares = (t_p - t_c) ** 2
    return squares.mean()


def gradient(params, t_u, t_c):
    params = torch.clone(params.data).requires_grad_()
    loss_fn(model(t_u, *params), t_c).backward()
    return params.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, *params), t_c)
        loss.backward()
        params.data -= learning_rate * params.grad
        params.grad.zero_()
        if epoch % 500 == 0:
            print('Epoch %d, Loss %f' % (epoch, loss.item()))
    return params


def descend(weights, n_steps, learning_rate):
    outputs = []
    while True:
        out = (weights * 3).sum()
        outputs.append(out.data)
        if len(outputs) > n_steps:
            return outputs
        out.backward()
        weights.data -= learning_rate * weights.grad
        weights.grad.zero_()


def intermediate_gradients(w, c):
    # d z / d y = 1 / N, the others follow by the chain rule
    n = w.numel()
    dz = torch.ones((), dtype=w.dtype)
    dy = dz * torch.ones_like(w) / n
    dx = 3 * dy
    dw = 1 * dx
    return {"w": dw.detach(), "x": dx.detach(), "y": dy.detach(), "z": dz}


def detached_gradient(x):
    y = 2 * x + (3 + x.data)
    y.sum().backward()
    return x.grad


def untracked_double(a):
    # way 1 of the slide "how to stop the history"
    a.requires_grad_(False)
    return 2 * a
