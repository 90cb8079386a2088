# Alba, assignment 4
import torch
from torch.utils.data import Dataset, DataLoader


def binary_step(z, threshold=0.0):
    return torch.where(z >= threshold, 1.0, 0.0).to(z.dtype)


def sigmoid(z):
    return 1.0 / (1.0 + torch.exp(-z))


def tanh(z):
    # same as (e^z - e^-z) / (e^z + e^-z), but no inf / inf
    return 2.0 / (1.0 + torch.exp(-2.0 * z)) - 1.0


def relu(z):
    return torch.clamp(z, min=0.0)


def leaky_relu(z, negative_slope=0.01):
    return torch.max(z, negative_slope * z)


def elu(z, alpha=1.0):
    return torch.where(z > 0, z, alpha * (torch.exp(z) - 1.0))


class SimpleDataset(Dataset):
    def __init__(self):
        X = [[0.5, 0.9], [14.0, 12.0], [15.0, 13.6],
             [28.0, 22.8], [11.0, 8.1], [8.0, 7.1],
             [3.0, 2.9], [-4.0, 0.1], [6.0, 5.3],
             [13.0, 12.0], [21.0, 19.9], [-1.0, 1.5]]

        y = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4, 29.1]

        self.X = torch.tensor(X, dtype=torch.float)
        self.y = torch.tensor(y, dtype=torch.float)
        self.y = self.y * 0.01

    def __len__(self):
        return len(self.X)

    def __getitem__(self, idx):
        return {'input': self.X[idx], 'target': self.y[idx]}

    def __str__(self):
        str = "Data Size: {0}, Input Shape: {1}, Target Shape: {2}".format(
            len(self.X), self.X.shape, self.y.shape
        )
        return str


def activate(u):
    return torch.sigmoid(u)


def model(X, W, b):
    u = torch.sum(X * W, dim=1) + b
    z = activate(u)
    return z


def loss_fn(y_pred, y):
    loss = torch.square(y_pred - y).mean()
    assert loss.shape == () or loss.shape == (1,)
    return loss


def rmse_loss(y_pred, y):
    return torch.sqrt(loss_fn(y_pred, y))


def mae_loss(y_pred, y):
    return torch.abs(y_pred - y).mean()


def forward_difference(f, x, dx):
    return (f(x + dx) - f(x)) / dx


def central_difference(f, x, dx):
    return (f(x + dx) - f(x - dx)) / (2 * dx)


def chain_rule(x):
    g = x**3 + x**2 + x + 1
    df_dg = 3 * g**2
    dg_dx = 3 * x**2 + 2 * x + 1
    return df_dg * dg_dx


def add_gate(x, y, upstream):
    return 1.0 * upstream, 1.0 * upstream


def multiply_gate(x, y, upstream):
    return y * upstream, x * upstream


def max_gate(x, y, upstream):
    return (x >= y) * upstream, (x < y) * upstream


def backward(x, y, z):
    q = x + y

    df_dq = z
    df_dz = q
    df_dx = df_dq * 1.0
    df_dy = df_dq * 1.0
    return df_dx, df_dy, df_dz


def sigmoid_derivative(z):
    return sigmoid(z) * (1.0 - sigmoid(z))


def gradient(W, b, X, y):
    y_pred = model(X, W, b)
    dl_dy = 2 * (y_pred - y)
    dl_dy = dl_dy.unsqueeze(dim=-1)  # (N, 1)

    z = torch.sum(X * W, dim=-1) + b  # (N,)
    ds_dz = sigmoid_derivative(z).unsqueeze(dim=-1)  # (N, 1)

    W_grad = torch.mean(dl_dy * ds_dz * X, dim=0)  # (F,)
    b_grad = torch.mean(dl_dy * ds_dz * 1.0, dim=0)  # (1,)
    return W_grad, b_grad


def learn(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for epoch in range(0, max_epochs):
        batch = next(iter(train_data_loader))
        W_grad, b_grad = gradient(W, b, batch["input"], batch["target"])

        if epoch % 1000 == 0:
            loss = loss_fn(model(batch["input"], W, b), batch["target"])
            print("[Epoch:{0:6,}] loss:{1:8.5f}, b:{2:6.3f}".format(epoch, loss.item(), b.item()))

        W = W - learning_rate * W_grad
        b = b - learning_rate * b_grad
    return W, b


def learn_with_autograd(W, b, train_data_loader, max_epochs=20_000, learning_rate=0.01):
    for epoch in range(0, max_epochs):
        batch = next(iter(train_data_loader))
        y_pred = model(batch["input"], W, b)
        loss = loss_fn(y_pred, batch["target"])

        loss.backward()

        with torch.no_grad():
            W -= learning_rate * W.grad
            b -= learning_rate * b.grad
            W.grad = None
            b.grad = None
    return W, b


def learn_with_optimizer(W, b, train_data_loader, optimizer, max_epochs=20_000):
    for epoch in range(0, max_epochs):
        batch = next(iter(train_data_loader))
        y_pred = model(batch["input"], W, b)
        loss = loss_fn(y_pred, batch["target"])

        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return W, b


def main():
    W = torch.ones((2,), requires_grad=True)
    b = torch.zeros((1,), requires_grad=True)

    simple_dataset = SimpleDataset()
    train_data_loader = DataLoader(dataset=simple_dataset, batch_size=len(simple_dataset))
    print(learn_with_autograd(W, b, train_data_loader))


if __name__ == "__main__":
    main()
