"""Kwame, exercise sheet 3"""
import torch


def model(t_u, w, b):
	return w * t_u + b


def loss_fn(t_p, t_c):
	diff = t_p - t_c
	return (diff * diff).mean()


def optimizer_step(optimizer, params, t_u, t_c):
	optimizer.zero_grad()
	loss = loss_fn(model(t_u, *params), t_c)
	loss.backward()
	optimizer.step()
	return loss


def training_loop(n_epochs, optimizer, params, t_u, t_c):
	for epoch in range(1, n_epochs + 1):
		loss = loss_fn(model(t_u, *params), t_c)
		optimizer.step()
		optimizer.zero_grad()
		loss.backward()
		if epoch % 500 == 0:
			print("Epoch %d, Loss %f" % (epoch, loss.item()))
	return params


class SGD:
	def __init__(self, params, lr, momentum=0.0):
		self.params = params
		self.lr = lr
		self.momentum = momentum
		self.v = [0] * len(params)

	def zero_grad(self):
		for p in self.params:
			p.grad = None

	def step(self):
		for i in range(len(self.params)):
			g = self.params[i].grad
			if g is None:
				continue
			self.v[i] = self.momentum * self.v[i] + g
			with torch.no_grad():
				self.params[i] -= self.lr * self.v[i]


class Adam:
	def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
		self.params = params
		self.lr = lr
		self.b1 = betas[0]
		self.b2 = betas[1]
		self.eps = eps
		self.m = [0] * len(params)
		self.v = [0] * len(params)
		self.t = [0] * len(params)

	def zero_grad(self):
		for p in self.params:
			p.grad = None

	def step(self):
		for i in range(len(self.params)):
			g = self.params[i].grad
			if g is None:
				continue
			self.t[i] += 1
			self.m[i] = self.b1 * self.m[i] + (1 - self.b1) * g
			self.v[i] = self.b2 * self.v[i] + (1 - self.b2) * g * g
			mhat = self.m[i] / (1 - self.b1 ** self.t[i])
			vhat = self.v[i] / (1 - self.b2 ** self.t[i])
			with torch.no_grad():
				self.params[i] -= self.lr * mhat / (vhat.sqrt() + self.eps)


def minibatch_training_loop(n_epochs, optimizer, params, t_u, t_c, batch_size, generator):
	for epoch in range(n_epochs):
		p = torch.randperm(len(t_u), generator=generator)
		for batch in torch.split(p, batch_size):
			loss = loss_fn(model(t_u[batch], *params), t_c[batch])
			optimizer.zero_grad()
			loss.backward()
			optimizer.step()
	return params
