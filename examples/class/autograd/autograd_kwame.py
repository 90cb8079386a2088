"""
Kwame - autograd
"""
import torch


def model(t_u, w, b):
	return w * t_u + b


def loss_fn(t_p, t_c):
	return ((t_p - t_c) ** 2).mean()


def gradient(params, t_u, t_c):
	leaf = params.detach().clone().requires_grad_()
	loss_fn(model(t_u, leaf[0], leaf[1]), t_c).backward()
	return leaf.grad


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
	for epoch in range(1, n_epochs + 1):
		w, b = params
		loss = loss_fn(model(t_u, w, b), t_c)
		loss.backward()
		with torch.no_grad():
			params -= learning_rate * params.grad
		if epoch % 500 == 0:
			print("Epoch %d, Loss %f" % (epoch, loss.item()))
	return params


def descend(weights, n_steps, learning_rate):
	out = torch.zeros(n_steps + 1, dtype=weights.dtype)
	for step in range(n_steps):
		f = (weights * 3).sum()
		f.backward()
		with torch.no_grad():
			out[step] = f
			weights -= learning_rate * weights.grad
			weights.grad.zero_()
	with torch.no_grad():
		out[n_steps] = (weights * 3).sum()
	return out


def intermediate_gradients(w, c):
	x = w + c
	y = 3 * x
	z = y.mean()
	kept = {"w": w, "x": x, "y": y, "z": z}
	for t in kept.values():
		t.retain_grad()
	z.backward()
	return {name: t.grad for name, t in kept.items()}


def detached_gradient(x):
	constant = 3 + x.detach()
	(2 * x + constant).sum().backward()
	return x.grad


def untracked_double(a):
	with torch.no_grad():
		b = 2 * a
	return b
