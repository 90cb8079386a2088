import sys

import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return torch.mean((t_p - t_c)**2)


def gradient(params, t_u, t_c):
    p = params.clone().detach().requires_grad_()
    loss_fn(model(t_u, p[0], p[1]), t_c).backward()
    return p.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    epoch = 0
    while epoch < n_epochs:
        epoch += 1
        loss = loss_fn(model(t_u, params[0], params[1]), t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
            params.grad.zero_()
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


def descend(weights, n_steps, learning_rate):
    outputs = []
    step = 0
    while step < n_steps:
        output = (weights * 3).sum()
        outputs.append(output.item())
        output.backward()
        print(step, weights, weights.grad)
        sys.exit()      # stop here, look at the gradient first
        with torch.no_grad():
            weights -= learning_rate * weights.grad
            weights.grad.zero_()
        step += 1
    outputs.append((weights * 3).sum().item())
    return outputs


def intermediate_gradients(w, c):
    x = w + c
    y = 3 * x
    z = y.mean()
    gw, gx, gy, gz = torch.autograd.grad(z, [w, x, y, z])
    return {"w": gw, "x": gx, "y": gy, "z": gz}


def detached_gradient(x):
    return torch.autograd.grad((2 * x + (3 + x.detach())).sum(), x)[0]


def untracked_double(a):
    return (2 * a).detach()
