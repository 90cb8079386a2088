# Again written out step by step, one number at a time where I can.
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def gradient(params, t_u, t_c):
    # two leaves of my own, so nothing can pile up in params.grad
    w = params[0].detach().clone()
    b = params[1].detach().clone()
    w.requires_grad = True
    b.requires_grad = True

    total = 0.0
    n = 0
    for u, c in zip(t_u, t_c):
        error = model(u, w, b) - c
        total = total + error * error
        n = n + 1
    loss = total / n

    loss.backward()
    return torch.stack([w.grad, b.grad])


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    epoch = 0
    while epoch < n_epochs:
        epoch = epoch + 1

        w = params[0]
        b = params[1]
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)

        loss.backward()
        step_w = learning_rate * params.grad[0]
        step_b = learning_rate * params.grad[1]
        params.data[0] = params.data[0] - step_w
        params.data[1] = params.data[1] - step_b
        params.grad = None   # forget it, otherwise the next one is added

        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


def descend(weights, n_steps, learning_rate):
    outputs = []
    for step in range(n_steps + 1):
        output = (weights * 3).sum()
        outputs.append(output.item())
        if step == n_steps:
            break   # no step after the last output
        output.backward()
        weights.data = weights.data - learning_rate * weights.grad
        weights.grad = None
    return outputs


def intermediate_gradients(w, c):
    x = w + c
    x.retain_grad()
    y = 3 * x
    y.retain_grad()
    z = y.sum() / len(y)
    z.retain_grad()
    z.backward()
    result = {}
    result["w"] = w.grad
    result["x"] = x.grad
    result["y"] = y.grad
    result["z"] = z.grad
    return result


def detached_gradient(x):
    total = 0.0
    for number in x:
        total = total + 2 * number + (3 + number.detach())
    total.backward()
    return x.grad


def untracked_double(a):
    b = a.detach()
    return b + b
