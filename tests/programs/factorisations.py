"""Linear algebra by hand, as people write it."""

# ruff: noqa

import math

import numpy as np


def gauss_lists(a, b):
    n = len(a)
    m = [row[:] + [b[i]] for i, row in enumerate(a)]
    for col in range(n):
        pivot = max(range(col, n), key=lambda r: abs(m[r][col]))
        m[col], m[pivot] = m[pivot], m[col]
        for r in range(col + 1, n):
            f = m[r][col] / m[col][col]
            for c in range(col, n + 1):
                m[r][c] -= f * m[col][c]
    x = [0.0] * n
    for i in range(n - 1, -1, -1):
        s = m[i][n]
        for j in range(i + 1, n):
            s -= m[i][j] * x[j]
        x[i] = s / m[i][i]
    return x


def gauss_in_place(A, b):
    n = len(b)
    A = A.copy()
    b = b.copy()
    for k in range(n):
        p = k + int(np.argmax(np.abs(A[k:, k])))
        if p != k:
            A[[k, p]] = A[[p, k]]
            b[[k, p]] = b[[p, k]]
        for i in range(k + 1, n):
            factor = A[i, k] / A[k, k]
            A[i, k:] -= factor * A[k, k:]
            b[i] -= factor * b[k]
    x = np.zeros(n)
    for i in reversed(range(n)):
        x[i] = (b[i] - A[i, i + 1 :] @ x[i + 1 :]) / A[i, i]
    return x


def gauss_jordan_rows(a):
    n = len(a)
    aug = [list(a[i]) + [1.0 if i == j else 0.0 for j in range(n)] for i in range(n)]
    for i in range(n):
        p = aug[i][i]
        aug[i] = [v / p for v in aug[i]]
        for j in range(n):
            if j != i:
                factor = aug[j][i]
                aug[j] = [vj - factor * vi for vj, vi in zip(aug[j], aug[i])]
    return [row[n:] for row in aug]


def lu_doolittle(A):
    n = A.shape[0]
    L = np.eye(n)
    U = np.zeros((n, n))
    for i in range(n):
        for j in range(i, n):
            U[i, j] = A[i, j] - sum(L[i, k] * U[k, j] for k in range(i))
        for j in range(i + 1, n):
            L[j, i] = (A[j, i] - sum(L[j, k] * U[k, i] for k in range(i))) / U[i, i]
    return np.sum(L) + np.prod(np.diag(U))


def lu_lists(a):
    n = len(a)
    lower = [[0.0] * n for _ in range(n)]
    upper = [[0.0] * n for _ in range(n)]
    for i in range(n):
        lower[i][i] = 1.0
        for k in range(i, n):
            upper[i][k] = a[i][k] - sum(lower[i][j] * upper[j][k] for j in range(i))
        for k in range(i + 1, n):
            lower[k][i] = (a[k][i] - sum(lower[k][j] * upper[j][i] for j in range(i))) / upper[i][i]
    det = 1.0
    for i in range(n):
        det *= upper[i][i]
    return det


def cholesky_loops(A):
    n = A.shape[0]
    L = np.zeros_like(A)
    for i in range(n):
        for j in range(i + 1):
            s = 0.0
            for k in range(j):
                s += L[i, k] * L[j, k]
            if i == j:
                L[i, j] = math.sqrt(A[i, i] - s)
            else:
                L[i, j] = (A[i, j] - s) / L[j, j]
    return L


def log_det_cholesky(a):
    n = len(a)
    l = [[0.0] * n for _ in range(n)]
    for j in range(n):
        d = a[j][j]
        for k in range(j):
            d -= l[j][k] ** 2
        l[j][j] = math.sqrt(d)
        for i in range(j + 1, n):
            v = a[i][j]
            for k in range(j):
                v -= l[i][k] * l[j][k]
            l[i][j] = v / l[j][j]
    return 2 * sum(math.log(l[i][i]) for i in range(n))


def qr_modified(A):
    m, n = A.shape
    Q = A.astype(float).copy()
    R = np.zeros((n, n))
    for k in range(n):
        R[k, k] = np.linalg.norm(Q[:, k])
        Q[:, k] = Q[:, k] / R[k, k]
        for j in range(k + 1, n):
            R[k, j] = Q[:, k] @ Q[:, j]
            Q[:, j] = Q[:, j] - R[k, j] * Q[:, k]
    return Q, R


def qr_vectors(vectors):
    basis = []
    for v in vectors:
        w = v
        for b in basis:
            w = w - np.dot(w, b) * b
        basis.append(w / np.sqrt(np.dot(w, w)))
    return sum(np.sum(b**3) for b in basis)


def qr_lists(vectors):
    def dot(u, v):
        return sum(a * b for a, b in zip(u, v))

    def sub(u, v, c):
        return [a - c * b for a, b in zip(u, v)]

    ortho = []
    for v in vectors:
        w = v
        for u in ortho:
            w = sub(w, u, dot(v, u) / dot(u, u))
        ortho.append(w)
    return sum(dot(u, u) for u in ortho)


def power_method(A, iters: int = 8):
    v = np.ones(A.shape[0])
    lam = 0.0
    for _ in range(iters):
        w = A @ v
        lam = np.linalg.norm(w)
        v = w / lam
    return lam


def power_method_lists(a, iters: int = 8):
    n = len(a)
    v = [1.0 / math.sqrt(n)] * n
    for _ in range(iters):
        w = [sum(a[i][j] * v[j] for j in range(n)) for i in range(n)]
        norm = math.sqrt(sum(x**2 for x in w))
        v = [x / norm for x in w]
    return sum(v[i] * a[i][j] * v[j] for i in range(n) for j in range(n))


def jacobi_solver(A, b, iters: int = 6):
    n = len(b)
    x = np.zeros(n)
    for it in range(iters):
        x_new = np.zeros(n)
        for i in range(n):
            s = 0.0
            for j in range(n):
                if j != i:
                    s += A[i, j] * x[j]
            x_new[i] = (b[i] - s) / A[i, i]
        if np.max(np.abs(x_new - x)) < 1e-14:
            return x_new
        x = x_new
    return x


def gauss_seidel_lists(a, b, sweeps: int = 5):
    n = len(b)
    x = [0.0 for _ in b]
    for _ in range(sweeps):
        for i in range(n):
            s = sum(a[i][j] * x[j] for j in range(n) if j != i)
            x[i] = (b[i] - s) / a[i][i]
    return x[0] + 2 * x[-1]


def cg_lists(a, b):
    def matvec(m, v):
        return [sum(r * e for r, e in zip(row, v)) for row in m]

    def dot(u, v):
        return sum(p * q for p, q in zip(u, v))

    x = [0.0] * len(b)
    r = b[:]
    p = r[:]
    rr = dot(r, r)
    for _ in range(2):
        ap = matvec(a, p)
        alpha = rr / dot(p, ap)
        x = [xi + alpha * pi for xi, pi in zip(x, p)]
        r = [ri - alpha * ai for ri, ai in zip(r, ap)]
        new = dot(r, r)
        p = [ri + new / rr * pi for ri, pi in zip(r, p)]
        rr = new
    return x


def cg_tolerance(A, b, tol: float = 1e-12, maxiter: int = 2):
    x = np.zeros_like(b)
    r = b - A @ x
    p = r.copy()
    k = 0
    while np.sqrt(r @ r) > tol and k < maxiter:
        Ap = A @ p
        alpha = (r @ r) / (p @ Ap)
        x += alpha * p
        r_new = r - alpha * Ap
        beta = (r_new @ r_new) / (r @ r)
        p = r_new + beta * p
        r = r_new
        k += 1
    return x


def thomas(a, b, c, d):
    n = len(d)
    cp = [0.0] * n
    dp = [0.0] * n
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m if i < n - 1 else 0.0
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x = [0.0] * n
    x[-1] = dp[-1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return x


def thomas_in_place(a, b, c, d):
    c = c.copy()
    d = d.copy()
    n = len(d)
    c[0] /= b[0]
    d[0] /= b[0]
    for i in range(1, n):
        w = b[i] - a[i] * c[i - 1]
        c[i] /= w
        d[i] = (d[i] - a[i] * d[i - 1]) / w
    for i in range(n - 2, -1, -1):
        d[i] -= c[i] * d[i + 1]
    return d


def det_recursive_minor(m):
    if len(m) == 1:
        return m[0][0]
    if len(m) == 2:
        return m[0][0] * m[1][1] - m[0][1] * m[1][0]
    total = 0.0
    for j, v in enumerate(m[0]):
        minor = [row[:j] + row[j + 1 :] for row in m[1:]]
        total += (-1) ** j * v * det_recursive_minor(minor)
    return total


def det_by_elimination(m):
    m = [list(r) for r in m]
    n = len(m)
    det = 1.0
    for i in range(n):
        p = i
        while p < n and m[p][i] == 0:
            p += 1
        if p == n:
            return 0.0
        if p != i:
            m[i], m[p] = m[p], m[i]
            det = -det
        det *= m[i][i]
        for r in range(i + 1, n):
            k = m[r][i] / m[i][i]
            m[r] = [x - k * y for x, y in zip(m[r], m[i])]
    return det


def matmul_three_loops(a, b):
    n, p, q = len(a), len(b), len(b[0])
    out = [[0] * q for _ in range(n)]
    for i in range(n):
        for j in range(q):
            for k in range(p):
                out[i][j] += a[i][k] * b[k][j]
    return out


def transpose_zip(m):
    t = list(zip(*m))
    return sum(r[0] * r[-1] for r in t)


def givens_rotation(a, b):
    if b == 0:
        c, s = 1.0, 0.0
    elif abs(b) > abs(a):
        t = a / b
        s = 1 / math.sqrt(1 + t * t)
        c = s * t
    else:
        t = b / a
        c = 1 / math.sqrt(1 + t * t)
        s = c * t
    return c * a + s * b, c - s


def householder_vector(x):
    v = x.copy()
    alpha = -math.copysign(1.0, x[0]) * np.sqrt(np.sum(x**2))
    v[0] -= alpha
    v /= np.linalg.norm(v)
    H = np.eye(len(x)) - 2.0 * np.outer(v, v)
    return H @ x + v


def matrix_exp_taylor(A, terms: int = 8):
    n = A.shape[0]
    result = np.eye(n)
    term = np.eye(n)
    for k in range(1, terms):
        term = term @ A / k
        result = result + term
    return np.trace(result)


def newton_schulz(A, n: int = 5):
    X = A.T / (np.abs(A).sum(axis=0).max() * np.abs(A).sum(axis=1).max())
    I2 = 2 * np.eye(len(A))
    for _ in range(n):
        X = X @ (I2 - A @ X)
    return X.sum()


def vandermonde_fit(xs, ys):
    n = len(xs)
    V = np.zeros((n, n))
    for i, x in enumerate(xs):
        for j in range(n):
            V[i, j] = x**j
    return np.linalg.solve(V, ys)


def rayleigh_iterations(A, v, n: int = 2):
    for _ in range(n):
        mu = v @ A @ v / (v @ v)
        w = np.linalg.inv(A - mu * np.eye(len(v)) + 0.1 * np.eye(len(v))) @ v
        v = w / np.sqrt(np.sum(w**2))
    return v @ A @ v


SPD = [[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]]
NPD = np.array(SPD)
PIV = [[0.5, 1.0, 2.0], [3.0, 1.0, 0.2], [1.5, 4.2, 2.0]]
B = [1.0, 2.0, 0.5]


def determinant_of_a_singular_matrix(x: np.ndarray, y: np.ndarray):
    return np.linalg.det(np.outer(x, y)) + x * y


CASES = {
    "determinant_of_a_singular_matrix": [(np.array([0.5, -1.2, 2.0]), np.array([1.1, 0.4, -0.3]))],
    "gauss_lists": [(SPD, B), (PIV, B)],
    "gauss_in_place": [(NPD, np.array(B)), (np.array(PIV), np.array(B))],
    "gauss_jordan_rows": [(SPD,)],
    "lu_doolittle": [(NPD,)],
    "lu_lists": [(SPD,)],
    "cholesky_loops": [(NPD,)],
    "log_det_cholesky": [(SPD,)],
    "qr_modified": [(np.array(PIV),)],
    "qr_vectors": [([np.array([1.0, 2.0]), np.array([0.5, -1.0])],)],
    "qr_lists": [([[1.0, 2.0], [0.5, -1.0]],)],
    "power_method": [(NPD,)],
    "power_method_lists": [(SPD,)],
    "jacobi_solver": [(NPD, np.array(B))],
    "gauss_seidel_lists": [(SPD, B)],
    "cg_lists": [(SPD, B)],
    "cg_tolerance": [(NPD, np.array(B))],
    "thomas": [([0.0, 1.0, 0.5], [4.0, 3.0, 5.0], [0.3, 0.7, 0.0], B)],
    "thomas_in_place": [(np.array([0.0, 1.0, 0.5]), np.array([4.0, 3.0, 5.0]), np.array([0.3, 0.7, 0.0]), np.array(B))],
    "det_recursive_minor": [(PIV,)],
    "det_by_elimination": [(PIV,), ([[0.0, 1.0], [2.0, 3.0]],)],
    "matmul_three_loops": [([[1.0, 2.0], [3.0, 4.0]], [[0.5, 1.5], [2.5, 3.5]])],
    "transpose_zip": [([[1.0, 2.0], [3.0, 4.0]],)],
    "givens_rotation": [(1.0, 2.0), (2.0, 1.0)],
    "householder_vector": [(np.array([1.0, 2.0, 0.5]),)],
    "matrix_exp_taylor": [(NPD / 5,)],
    "newton_schulz": [(NPD,)],
    "vandermonde_fit": [(np.array([0.5, 1.0, 2.0]), np.array(B))],
    "rayleigh_iterations": {
        "args": [(NPD, np.array(B))],
        "tolerance": 1e-6,
        "oracles": ("complex_step", "differences"),
    },
}
