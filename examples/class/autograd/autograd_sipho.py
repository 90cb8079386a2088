# Assignment 2
# Sipho
import torch


def model(t_u, w, b):
    """The line w * t_u + b."""
    return w * t_u + b


def loss_fn(t_p, t_c):
    return torch.mean((t_p - t_c).pow(2))


def gradient(params, t_u, t_c):
    """dL/dparams, on a copy so that params stays alone."""
    copy = params.detach().clone()
    copy.requires_grad_(True)
    loss = loss_fn(model(t_u, copy[0], copy[1]), t_c)
    loss.backward()
    return copy.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    params = params.detach().clone().requires_grad_(True)
    for epoch in range(1, n_epochs + 1):
        loss = loss_fn(model(t_u, params[0], params[1]), t_c)
        loss.backward()
        if epoch % 500 == 0:
            print(f"Epoch {epoch}, Loss {loss.item():.6f}")
        new = params.detach() - learning_rate * params.grad
        params = new.requires_grad_(True)
    return params


def descend(weights, n_steps, learning_rate):
    outputs = [(weights * 3).sum()]
    for _ in range(n_steps):
        outputs[-1].backward()
        with torch.no_grad():
            weights.sub_(learning_rate * weights.grad)
        weights.grad = None
        outputs.append((weights * 3).sum())
    return torch.stack(outputs).detach()


def intermediate_gradients(w, c):
    """The picture on the slide: the gradient arrives in w, x, y and z."""
    x = w + c
    y = 3 * x
    z = torch.mean(y)
    z.backward()
    return {"w": w.grad, "x": x.grad, "y": y.grad, "z": z.grad}


def detached_gradient(x):
    left = 2 * x
    right = 3 + x.detach()
    torch.sum(left + right).backward()
    return x.grad


def untracked_double(a):
    return torch.mul(a.detach(), 2)
