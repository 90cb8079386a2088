# Assignment 3
# Sipho
#
# The step as a closure: optimizer.step(closure) calls it and returns its loss.
import math

import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return torch.mean((t_p - t_c).pow(2))


def closure_for(optimizer, params, t_u, t_c):
    def closure():
        optimizer.zero_grad()
        loss = loss_fn(model(t_u, params[0], params[1]), t_c)
        loss.backward()
        return loss

    return closure


def optimizer_step(optimizer, params, t_u, t_c):
    closure = closure_for(optimizer, params, t_u, t_c)
    return optimizer.step(closure).item()


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    closure = closure_for(optimizer, params, t_u, t_c)
    epoch = 0
    while epoch < n_epochs:
        loss = optimizer.step(closure)
        epoch += 1
        if not epoch % 500:
            print('Epoch %d, Loss %f' % (epoch, loss.item()))
    return params


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    N = t_u.numel()
    n_batches = math.ceil(N / batch_size)
    for _ in range(n_epochs):
        order = torch.randperm(N, generator=generator).tolist()
        for k in range(n_batches):
            rows = order[k * batch_size:(k + 1) * batch_size]
            optimizer.step(closure_for(optimizer, params, t_u[rows], t_c[rows]))
    return params


# The memory is a dict, with an entry for each parameter that has moved at least once.

class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params, self.lr, self.momentum = list(params), lr, momentum
        self.v = {}

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        for p in self.params:
            if p.grad is not None:
                self.v[p] = p.grad + self.momentum * self.v.get(p, 0)
                p.data -= self.lr * self.v[p]


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = list(params), lr, betas, eps
        self.memory = {}

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        b1, b2 = self.betas
        for p in self.params:
            if p.grad is not None:
                t, m, v = self.memory.get(p, (0, 0, 0))
                t += 1
                m = b1 * m + (1 - b1) * p.grad
                v = b2 * v + (1 - b2) * p.grad ** 2
                self.memory[p] = t, m, v
                p.data -= self.lr * (m / (1 - b1 ** t)) / (torch.sqrt(v / (1 - b2 ** t)) + self.eps)
