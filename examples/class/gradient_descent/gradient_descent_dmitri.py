import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return torch.mean((t_p - t_c) ** 2)


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
    rates = []
    for dw, db in ((delta, 0.0), (0.0, delta)):
        up = loss_fn(model(t_u, w + dw, b + db), t_c)
        down = loss_fn(model(t_u, w - dw, b - db), t_c)
        rates.append((up - down) / (2 * delta))
    return torch.stack(rates)


def dloss_fn(t_p, t_c):
    n = t_p.shape[0]
    return 2 * (t_p - t_c) / n


def dmodel_dw(t_u, w, b):
    return t_u


def dmodel_db(t_u, w, b):
    return 1.0


def grad_fn(t_u, t_c, t_p, w, b):
    dloss_dtp = dloss_fn(t_p, t_c)
    dloss_dw = dloss_dtp * dmodel_dw(t_u, w, b)
    dloss_db = dloss_dtp * dmodel_db(t_u, w, b)
    # average over the samples
    return torch.stack([dloss_dw.mean(), dloss_db.mean()])


def training_loop(n_epochs, learning_rate, params, t_u, t_c,
                  print_params=True):
    epochs_to_print = [1, 2, 3, 10, 11, 99, 100, 4000, 5000]

    for epoch in range(1, n_epochs + 1):
        w = params[0]
        b = params[1]

        # forward
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)

        # backward
        grad = grad_fn(t_u, t_c, t_p, w, b)

        # step
        params = params - learning_rate * grad

        if epoch in epochs_to_print:
            print("Epoch %d, Loss %f" % (epoch, float(loss)))
            if print_params:
                print("    Params:", params)
                print("    Grad:  ", grad)

        if not torch.isfinite(loss).all():
            break

    return params


if __name__ == "__main__":
    t_c = torch.tensor([0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0])
    t_u = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
    print(training_loop(5000, 1e-2, torch.tensor([1.0, 0.0]), 0.1 * t_u, t_c))
