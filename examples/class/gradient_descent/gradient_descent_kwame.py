"""
Kwame - thermometer calibration
"""
import torch


def model(t_u, w, b):
	return w * t_u + b


def loss_fn(t_p, t_c):
	d = t_p - t_c
	return (d ** 2).sum() / d.numel()


def loss_rate_of_change(t_u, t_c, w, b, delta=0.1):
	f = lambda ww, bb: loss_fn(model(t_u, ww, bb), t_c)
	in_w = (f(w + delta, b) - f(w - delta, b)) / (2 * delta)
	in_b = (f(w, b + delta) - f(w, b - delta)) / (2 * delta)
	return torch.stack([in_w, in_b])


def dloss_fn(t_p, t_c):
	return (t_p - t_c) * 2 / t_p.numel()


def dmodel_dw(t_u, w, b):
	return t_u


def dmodel_db(t_u, w, b):
	return torch.ones_like(t_u)


def grad_fn(t_u, t_c, t_p, w, b):
	g = dloss_fn(t_p, t_c)
	both = torch.stack([g * dmodel_dw(t_u, w, b), g * dmodel_db(t_u, w, b)])
	return both.sum(dim=1)


def training_loop(n_epochs, learning_rate, params, t_u, t_c, print_params=True):
	for epoch in range(1, n_epochs):
		w, b = params
		t_p = model(t_u, w, b)
		loss = loss_fn(t_p, t_c)
		grad = grad_fn(t_u, t_c, t_p, w, b)
		params = params - learning_rate * grad
		if epoch in (1, 2, 3, 10, 11, 99, 100, 4000, 5000):
			print("Epoch %d, Loss %f" % (epoch, loss))
			if print_params:
				print("\tparams", params)
				print("\tgrad  ", grad)
		if not torch.isfinite(loss):
			print("diverged")
			break
	return params
