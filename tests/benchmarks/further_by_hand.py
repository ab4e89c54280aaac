"""The gradients of the further functions as a careful human writes them."""

from math import erf, exp, log, pi, sqrt

import numpy as np

from .further import force


def softmax_regression(w, b, x, y):
    z = x @ w + b
    z = z - np.max(z, axis=1, keepdims=True)
    e = np.exp(z)
    p = e / np.sum(e, axis=1, keepdims=True)
    z_bar = (p * np.sum(y, axis=1, keepdims=True) - y) / x.shape[0]
    return x.T @ z_bar + 0.01 * w, np.sum(z_bar, axis=0)


def rnn(wx, wh, b, xs, target):
    h = np.zeros(wh.shape[0])
    tape = []
    for t in range(xs.shape[0]):
        tape.append(h)
        h = np.tanh(wx @ xs[t] + wh @ h + b)
    wx_bar = np.zeros_like(wx)
    wh_bar = np.zeros_like(wh)
    b_bar = np.zeros_like(b)
    h_bar = np.zeros_like(h)
    for t in range(xs.shape[0] - 1, -1, -1):
        h_bar = h_bar + (h - target[t])
        a_bar = (1 - h * h) * h_bar
        h = tape.pop()
        b_bar += a_bar
        wh_bar += np.outer(a_bar, h)
        wx_bar += np.outer(a_bar, xs[t])
        h_bar = wh.T @ a_bar
    return wx_bar, wh_bar, b_bar


def kernel(x, alpha, length):
    sq = np.sum(x * x, axis=1)
    d2 = sq[:, None] + sq[None, :] - 2.0 * x @ x.T
    k = np.exp(-0.5 * d2 / length**2)
    ka = k @ alpha
    k_bar = np.outer(alpha, alpha)
    t = k_bar * k
    length_bar = np.sum(t * d2) / length**3
    d2_bar = (-0.5 / length**2) * t
    sq_bar = np.sum(d2_bar, axis=1) + np.sum(d2_bar, axis=0)
    x_bar = 2 * x * sq_bar[:, None] - 2.0 * (d2_bar @ x + d2_bar.T @ x)
    return x_bar, 2 * ka, length_bar


def kalman(q, r, a, ys):
    m = 0.0
    p = 1.0
    tape = []
    for i in range(len(ys)):
        mp = a * m
        pp = a * a * p + q
        v = ys[i] - mp
        s = pp + r
        k = pp / s
        tape.append((m, p, pp, v, s, k))
        m = mp + k * v
        p = (1.0 - k) * pp
    q_bar = r_bar = a_bar = m_bar = p_bar = 0.0
    for _ in range(len(ys)):
        m, p, pp, v, s, k = tape.pop()
        v_bar = -v / s
        s_bar = 0.5 * (v * v / s - 1.0) / s
        k_bar = v * m_bar - pp * p_bar
        pp_bar = (1.0 - k) * p_bar + k_bar / s
        v_bar += k * m_bar
        s_bar -= k / s * k_bar
        pp_bar += s_bar
        r_bar += s_bar
        mp_bar = m_bar - v_bar
        a_bar += 2 * a * p * pp_bar + m * mp_bar
        q_bar += pp_bar
        p_bar = a * a * pp_bar
        m_bar = a * mp_bar
    return q_bar, r_bar, a_bar


def heat(u0, kappa, target):
    u = u0.copy()
    tape = []
    for _ in range(200):
        tape.append(u[1:-1].copy())
        u[1:-1] = u[1:-1] + kappa * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    u_bar = 2 * (u - target)
    kappa_bar = 0.0
    for _ in range(200):
        u[1:-1] = tape.pop()
        t = u_bar[1:-1].copy()
        kappa_bar += np.sum(t * (u[2:] - 2.0 * u[1:-1] + u[:-2]))
        t *= kappa
        u_bar[1:-1] -= 2.0 * t
        u_bar[2:] += t
        u_bar[:-2] += t
    return u_bar, kappa_bar


def logistic(w, b, x, y, lam):
    z = x @ w + b
    e = np.exp(-z)
    p = 1.0 / (1.0 + e)
    p_bar = (y / p - (1.0 - y) / (1.0 - p)) * (-1.0 / p.size)
    z_bar = p_bar * p * p * e
    return x.T @ z_bar + 2 * lam * w, np.sum(z_bar)


def black_scholes(s, k, t, r, sigma):
    rt = sqrt(t)
    srt = sigma * rt
    drift = r + 0.5 * sigma * sigma
    d1 = (log(s / k) + drift * t) / srt
    d2 = d1 - srt
    c = sqrt(2.0)
    n1 = 0.5 * (1.0 + erf(d1 / c))
    n2 = 0.5 * (1.0 + erf(d2 / c))
    e = exp(-r * t)
    n1_bar = s
    n2_bar = -k * e
    s_bar = n1
    k_bar = -e * n2
    e_bar = -k * n2
    r_bar = -t * e * e_bar
    t_bar = -r * e * e_bar
    d2_bar = n2_bar * exp(-0.5 * d2 * d2) / sqrt(2.0 * pi)
    d1_bar = n1_bar * exp(-0.5 * d1 * d1) / sqrt(2.0 * pi) + d2_bar
    u_bar = d1_bar / srt
    srt_bar = -d2_bar - d1 * u_bar
    s_bar += u_bar / s
    k_bar -= u_bar / k
    t_bar += drift * u_bar
    drift_bar = t * u_bar
    r_bar += drift_bar
    sigma_bar = sigma * drift_bar + rt * srt_bar
    t_bar += sigma * srt_bar / (2 * rt)
    return s_bar, k_bar, t_bar, r_bar, sigma_bar


def ode(x, v, k, c):
    h = 0.01
    tape = []
    for _ in range(300):
        k1v = force(x, v, k, c)
        k2x = v + 0.5 * h * k1v
        xm = x + 0.5 * h * v
        k2v = force(xm, k2x, k, c)
        tape.append((x, v, xm, k2x))
        x = x + h * k2x
        v = v + h * k2v
    x_bar = 2 * x
    v_bar = 2 * v
    k_bar = c_bar = 0.0
    for _ in range(300):
        x, v, xm, vm = tape.pop()
        f_bar = h * v_bar
        k_bar -= xm * f_bar
        c_bar -= vm * vm * vm * f_bar
        xm_bar = -k * f_bar
        vm_bar = h * x_bar - 3 * c * vm * vm * f_bar
        k1v_bar = 0.5 * h * vm_bar
        k_bar -= x * k1v_bar
        c_bar -= v * v * v * k1v_bar
        v_bar = v_bar + vm_bar + 0.5 * h * xm_bar - 3 * c * v * v * k1v_bar
        x_bar = x_bar + xm_bar - k * k1v_bar
    return x_bar, v_bar, k_bar, c_bar


def k_means(centres, points):
    d = points[:, None, :] - centres[None, :, :]
    distances = np.sum(d * d, axis=2)
    nearest = np.argmin(distances, axis=1)
    distances_bar = np.zeros_like(distances)
    distances_bar[np.arange(len(points)), nearest] = 1 / len(points)
    return -2 * np.sum(d * distances_bar[:, :, None], axis=0)


def layer_norm(x, gain, bias, weights):
    centred = x - np.mean(x, axis=1, keepdims=True)
    spread = np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + 1e-5)
    z = centred / spread
    t = np.tanh(gain * z + bias)
    y_bar = (1 - t * t) * weights
    bias_bar = np.sum(y_bar, axis=0)
    gain_bar = np.sum(y_bar * z, axis=0)
    z_bar = gain * y_bar
    centred_bar = z_bar / spread - z * (np.mean(z_bar * z, axis=1, keepdims=True) / spread)
    return centred_bar - np.mean(centred_bar, axis=1, keepdims=True), gain_bar, bias_bar


def convolution(image, kernel, target):
    n, m = image.shape
    k = kernel.shape[0]
    image_bar = np.zeros_like(image)
    kernel_bar = np.zeros_like(kernel)
    for i in range(n - k + 1):
        for j in range(m - k + 1):
            s = 0.0
            for p in range(k):
                for q in range(k):
                    s = s + image[i + p, j + q] * kernel[p, q]
            s_bar = 2 * (s - target[i, j])
            for p in range(k):
                for q in range(k):
                    image_bar[i + p, j + q] += kernel[p, q] * s_bar
                    kernel_bar[p, q] += image[i + p, j + q] * s_bar
    return image_bar, kernel_bar


def attention(x, wq, wk, wv):
    q = x @ wq
    k = x @ wk
    v = x @ wv
    scale = 1 / np.sqrt(q.shape[1])
    scores = q @ k.T * scale
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    weights = e / np.sum(e, axis=1, keepdims=True)
    y_bar = 2 * (weights @ v)
    v_bar = weights.T @ y_bar
    weights_bar = y_bar @ v.T
    scores_bar = weights * (weights_bar - np.sum(weights_bar * weights, axis=1, keepdims=True)) * scale
    q_bar = scores_bar @ k
    k_bar = scores_bar.T @ q
    x_bar = q_bar @ wq.T + k_bar @ wk.T + v_bar @ wv.T
    return x_bar, x.T @ q_bar, x.T @ k_bar, x.T @ v_bar
