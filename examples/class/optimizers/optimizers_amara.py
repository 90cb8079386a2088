# Homework 3 -- optimizers
# Amara

import torch
import torch.optim as optim

t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
t_un = 0.1 * t_u


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    squared_diffs = (t_p - t_c)**2
    return squared_diffs.mean()


def optimizer_step(optimizer, params, t_u, t_c):
    t_p = model(t_u, *params)
    loss = loss_fn(t_p, t_c)

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def training_loop(n_epochs, optimizer, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        t_p = model(t_u, *params)
        loss = loss_fn(t_p, t_c)

        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

        if epoch % 500 == 0:
            print('Epoch %d, Loss %f' % (epoch, float(loss.detach())))

    return params


class SGD:
    """v = momentum * v + grad,  p = p - lr * v"""

    def __init__(self, params, lr, momentum=0.0):
        self.params = params
        self.lr = lr
        self.momentum = momentum
        self.velocities = [torch.zeros_like(p) for p in params]

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()

    def step(self):
        with torch.no_grad():
            for i, p in enumerate(self.params):
                if p.grad is None:
                    continue
                self.velocities[i] = self.momentum * self.velocities[i] + p.grad
                p -= self.lr * self.velocities[i]


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.params = params
        self.lr = lr
        self.beta1, self.beta2 = betas
        self.eps = eps
        self.m = [torch.zeros_like(p) for p in params]
        self.v = [torch.zeros_like(p) for p in params]
        self.t = [0 for p in params]

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()

    def step(self):
        with torch.no_grad():
            for i, p in enumerate(self.params):
                if p.grad is None:
                    continue
                self.t[i] += 1
                self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * p.grad
                self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * p.grad**2
                m_hat = self.m[i] / (1 - self.beta1**self.t[i])
                v_hat = self.v[i] / (1 - self.beta2**self.t[i])
                p -= self.lr * m_hat / (v_hat.sqrt() + self.eps)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
    n_samples = t_u.shape[0]
    for epoch in range(1, n_epochs + 1):
        shuffled_indices = torch.randperm(n_samples, generator=generator)
        for start in range(0, n_samples, batch_size):
            batch = shuffled_indices[start:start + batch_size]
            optimizer_step(optimizer, params, t_u[batch], t_c[batch])
    return params


if __name__ == '__main__':
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    print(training_loop(5000, optim.SGD([params], lr=1e-2), params, t_un, t_c))

    params = torch.tensor([1.0, 0.0], requires_grad=True)
    print(training_loop(2000, optim.Adam([params], lr=1e-1), params, t_u, t_c))

    # and with my own one
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    print(training_loop(2000, Adam([params], lr=1e-1), params, t_u, t_c))
