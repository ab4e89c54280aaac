"""Networks written out in NumPy."""

# ruff: noqa

import numpy as np


def relu(x):
    return np.maximum(x, 0.0)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def two_layers(x, w1, b1, w2, b2):
    hidden = np.tanh(x @ w1 + b1)
    return hidden @ w2 + b2


def mlp_loss(weights, biases, x, y):
    h = x
    for w, b in zip(weights[:-1], biases[:-1]):
        h = relu(h @ w + b)
    out = h @ weights[-1] + biases[-1]
    return np.mean((out - y) ** 2)


def mlp_dict(params, x):
    h = sigmoid(x @ params["w1"] + params["b1"])
    h = h + relu(h)
    return (h @ params["w2"]).sum()


def softmax_cross_entropy(w, x, one_hot):
    logits = x @ w
    logits -= logits.max(axis=1, keepdims=True)
    log_probs = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    return -np.sum(log_probs * one_hot) / len(x)


def lstm_cell(x, h, c, w, u, b):
    gates = w @ x + u @ h + b
    n = h.shape[0]
    i = sigmoid(gates[:n])
    f = sigmoid(gates[n : 2 * n])
    g = np.tanh(gates[2 * n : 3 * n])
    o = sigmoid(gates[3 * n :])
    c_new = f * c + i * g
    return o * np.tanh(c_new), c_new


def layer_norm(x, gain, bias, eps=1e-5):
    mu = x.mean(axis=-1, keepdims=True)
    var = np.mean((x - mu) ** 2, axis=-1, keepdims=True)
    return gain * (x - mu) / np.sqrt(var + eps) + bias


def attention(q, k, v):
    scores = q @ k.T / np.sqrt(k.shape[1])
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)) @ v


def conv1d_loops(x, kernel, bias):
    n, k = len(x), len(kernel)
    out = np.zeros(n - k + 1)
    for i in range(n - k + 1):
        s = bias
        for j in range(k):
            s += x[i + j] * kernel[j]
        out[i] = s if s > 0 else 0.1 * s
    return out


def conv2d(image, kernel):
    kh, kw = kernel.shape
    oh, ow = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((oh, ow))
    for i in range(kh):
        for j in range(kw):
            out += kernel[i, j] * image[i : i + oh, j : j + ow]
    return out


def max_pool(x):
    n = x.shape[0] // 2
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            out[i, j] = np.max(x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2])
    return out


def embedding_lookup(table, tokens, w):
    h = table[tokens]
    return np.sum(np.tanh(h @ w))


def rnn_loss(params, xs, target):
    w, u, b = params
    h = np.zeros(b.shape)
    for x in xs:
        h = np.tanh(w @ h + u * x + b)
    return np.sum((h - target) ** 2)


def activation(x, kind="tanh"):
    if kind == "tanh":
        return np.tanh(x)
    if kind == "relu":
        return relu(x)
    raise ValueError(kind)


def activation_by_name(x, w):
    return np.sum(activation(w @ x) * activation(x[:2], kind="relu"))


def batch_norm_train(x, gamma, beta, momentum=0.9):
    mean = x.mean(axis=0)
    var = ((x - mean) ** 2).mean(axis=0)
    hat = (x - mean) / np.sqrt(var + 1e-5)
    running = momentum * np.ones(x.shape[1]) + (1 - momentum) * mean
    return hat * gamma + beta, running


def dropout_mask(x, mask, rate=0.5):
    return x * mask / (1.0 - rate)


def residual_stack(x, ws):
    for w in ws:
        x = x + 0.5 * relu(w @ x)
    return x


M23 = np.array([[0.3, -1.2, 2.0], [0.7, 0.4, -0.5]])
M33 = np.array([[2.0, -1.2, 2.1], [0.7, 0.4, -0.5], [1.1, 0.9, -0.3]])
B2, B3 = np.array([0.1, 0.3]), np.array([0.2, -0.1, 0.4])
IMAGE = np.sin(np.arange(16.0).reshape(4, 4))
CASES = {
    "relu": [(B3,), (0.4,)],
    "sigmoid": [(B3,), (0.4,)],
    "two_layers": [(M23, M33, B3, M33[:, :2], B2)],
    "mlp_loss": {"args": [([M33, M23.T], [B3, B2], M23, M23[:, :2])], "wrt": (0, 1)},
    "mlp_dict": [({"w1": M33, "b1": B3, "w2": M33[:, :1]}, M23)],
    "softmax_cross_entropy": {"args": [(M33, M23, np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]))], "wrt": "w"},
    "lstm_cell": [
        (B3, B2, B2 * 2, np.sin(np.arange(24.0).reshape(8, 3)), np.cos(np.arange(16.0).reshape(8, 2)), np.ones(8) * 0.1)
    ],
    "layer_norm": [(M23, B3, B3 + 1)],
    "attention": [(M23, M33, M33[:, :2])],
    "conv1d_loops": [(np.array([1.0, 0.2, -0.4, 2.0]), np.array([0.5, -0.25]), 0.1)],
    "conv2d": [(IMAGE, M23[:, :2])],
    "max_pool": [(IMAGE,)],
    "embedding_lookup": {"args": [(M33, np.array([0, 2, 0]), M33[:, :2])], "wrt": (0, 2)},
    "rnn_loss": [((M33 * 0.3, B3, B3 * 2), [0.5, -0.4], B3), ((M33 * 0.3, B3, B3 * 2), np.array([0.5, -0.4]), B3)],
    "activation": [(B3,), (B3, "relu")],
    "activation_by_name": [(B3, M23)],
    "batch_norm_train": [(M33, B3, B3 + 1)],
    "dropout_mask": {"args": [(B3, np.array([1.0, 0.0, 1.0]))], "wrt": "x"},
    "residual_stack": [(B3, [M33 * 0.2, M33.T * 0.3])],
}
