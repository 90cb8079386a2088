import torch
from torch import optim

t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
t_un = 0.1 * t_u


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def optimizer_step(optimizer, params, t_u, t_c):
    loss = loss_fn(model(t_u, params[0], params[1]), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    losses = []
    for epoch in range(n_epochs):
        loss = loss_fn(model(t_u, params[0], params[1]), t_c)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if len(losses) % 500 == 0:
            print(f"Epoch {len(losses)}, Loss {losses[-1]:.6f}")
    return params


class SGD:
    # exponential moving average of the gradient, like in the book
    def __init__(self, params, lr, momentum=0.0):
        self.params = params
        self.lr = lr
        self.momentum = momentum
        self.avg = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for k, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.avg[k] = self.momentum * self.avg[k] + (1 - self.momentum) * p.grad
            p -= self.lr * self.avg[k]


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params = params
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.avg = [torch.zeros_like(p) for p in params]
        self.avg_sq = [torch.zeros_like(p) for p in params]
        self.count = [0] * len(params)

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for k, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.count[k] += 1
            self.avg[k] = beta1 * self.avg[k] + (1 - beta1) * p.grad
            self.avg_sq[k] = beta2 * self.avg_sq[k] + (1 - beta2) * p.grad.square()
            avg = self.avg[k] / (1 - beta1 ** self.count[k])
            avg_sq = self.avg_sq[k] / (1 - beta2 ** self.count[k])
            p -= self.lr * avg / (avg_sq.sqrt() + self.eps)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    N = len(t_u)
    for epoch in range(n_epochs):
        order = torch.randperm(N, generator=generator)
        first = 0
        while first < N:
            some = order[first:first + batch_size]
            optimizer_step(optimizer, params, t_u[some], t_c[some])
            first += batch_size
    return params


if __name__ == "__main__":
    for momentum in (0.0, 0.5, 0.9):
        mine = torch.tensor([1.0, 0.0], requires_grad=True)
        theirs = torch.tensor([1.0, 0.0], requires_grad=True)
        training_loop(5000, SGD([mine], lr=1e-2, momentum=momentum), mine, t_un, t_c)
        training_loop(5000, optim.SGD([theirs], lr=1e-2, momentum=momentum), theirs, t_un, t_c)
        print(momentum, mine, theirs)  # the same in the end :)
