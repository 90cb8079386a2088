import torch

# Linh, group A


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def optimizer_step(optimizer, params, t_u, t_c):
    """one update, used by both loops"""
    w, b = params
    loss = loss_fn(model(t_u, w, b), t_c)
    loss.backward()
    optimizer.step()
    return loss


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        loss = optimizer_step(optimizer, params, t_u, t_c)
        if epoch % 500 == 0:
            print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    for epoch in range(n_epochs):
        order = torch.randperm(len(t_u), generator=generator)
        for i in range(0, len(t_u), batch_size):
            idx = order[i:i + batch_size]
            optimizer_step(optimizer, params, t_u[idx], t_c[idx])
    return params


class SGD:
    def __init__(self, params, lr, momentum=0.0):
        self.params = params
        self.lr = lr
        self.momentum = momentum
        self.vs = [torch.zeros(p.shape, dtype=p.dtype) for p in params]

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        with torch.no_grad():
            for p, v in zip(self.params, self.vs):
                if p.grad is not None:
                    v *= self.momentum
                    v += p.grad
                    p -= self.lr * v


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params = params
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.ms = [torch.zeros(p.shape, dtype=p.dtype) for p in params]
        self.vs = [torch.zeros(p.shape, dtype=p.dtype) for p in params]
        self.ts = [0] * len(params)

    def zero_grad(self):
        for p in self.params:
            p.grad = None

    def step(self):
        beta1, beta2 = self.betas
        with torch.no_grad():
            for i, (p, m, v) in enumerate(zip(self.params, self.ms, self.vs)):
                if p.grad is not None:
                    self.ts[i] += 1
                    m *= beta1
                    m += (1 - beta1) * p.grad
                    v *= beta2
                    v += (1 - beta2) * p.grad * p.grad
                    m_hat = m / (1 - beta1 ** self.ts[i])
                    v_hat = v / (1 - beta2 ** self.ts[i])
                    p -= self.lr * m_hat / (torch.sqrt(v_hat) + self.eps)
