# Dmitri
import torch


def model(t_u, w, b): return w * t_u + b
def loss_fn(t_p, t_c): return ((t_p - t_c)**2).mean()


def optimizer_step(optimizer, params, t_u, t_c):
    optimizer.zero_grad()
    loss = loss_fn(model(t_u, *params), t_c)
    loss.backward()
    optimizer.step()
    return loss.item()


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0: print('Epoch %d, Loss %f' % (epoch, loss))
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params = params
        self.lr = lr
        self.momentum = momentum
        self.v = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params: p.grad = None

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.v):
            if p.grad is None: continue
            v.mul_(self.momentum).add_(p.grad)
            p.add_(v, alpha=-self.lr)


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params = params
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params: p.grad = None

    @torch.no_grad()
    def step(self):
        b1, b2 = self.betas
        for p, m, v in zip(self.params, self.m, self.v):
            if p.grad is None: continue
            m.mul_(b1).add_(p.grad, alpha=1 - b1)
            v.mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
            p.addcdiv_(m, v.sqrt() + self.eps, value=-self.lr)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for _ in range(n_epochs):
        for batch in torch.randperm(len(t_u), generator=generator).split(batch_size):
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params
