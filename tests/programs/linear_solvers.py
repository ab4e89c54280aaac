"""Systems of linear equations and decompositions, by loops over lists and arrays."""

# ruff: noqa

import math

import numpy as np


def solve_pivot_lists(A, b):
    n = len(A)
    M = [row[:] for row in A]
    x = b[:]
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(M[i][k]) > abs(M[p][k]):
                p = i
        if p != k:
            M[k], M[p] = M[p], M[k]
            x[k], x[p] = x[p], x[k]
        for i in range(k + 1, n):
            factor = M[i][k] / M[k][k]
            for j in range(k, n):
                M[i][j] -= factor * M[k][j]
            x[i] -= factor * x[k]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            x[i] -= M[i][j] * x[j]
        x[i] /= M[i][i]
    return x


def solve_pivot_numpy(A, b):
    A = A.copy()
    b = b.copy()
    n = len(b)
    for k in range(n - 1):
        p = k + np.argmax(np.abs(A[k:, k]))
        if p != k:
            A[[k, p]] = A[[p, k]]
            b[[k, p]] = b[[p, k]]
        for i in range(k + 1, n):
            m = A[i, k] / A[k, k]
            A[i, k:] -= m * A[k, k:]
            b[i] -= m * b[k]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - A[i, i + 1 :] @ x[i + 1 :]) / A[i, i]
    return x


def solve_swap_row_copies(A, b):
    A = np.array(A, dtype=float)
    b = np.array(b, dtype=float)
    n = A.shape[0]
    for i in range(n):
        p = i + int(np.argmax(abs(A[i:, i])))
        A[i], A[p] = A[p].copy(), A[i].copy()
        b[i], b[p] = b[p], b[i]
        A[i + 1 :] -= np.outer(A[i + 1 :, i] / A[i, i], A[i])
        for r in range(i + 1, n):
            pass
    return np.prod(np.diag(A)) + b.sum()


def det_lu(A):
    A = A.copy()
    n = A.shape[0]
    det = 1.0
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(A[i, k]) > abs(A[p, k]):
                p = i
        if p != k:
            tmp = A[k].copy()
            A[k] = A[p]
            A[p] = tmp
            det = -det
        det *= A[k, k]
        for i in range(k + 1, n):
            A[i] = A[i] - A[k] * (A[i, k] / A[k, k])
    return det


def lu_decompose(A):
    n = len(A)
    L = [[0.0] * n for _ in range(n)]
    U = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for k in range(i, n):
            s = 0.0
            for j in range(i):
                s += L[i][j] * U[j][k]
            U[i][k] = A[i][k] - s
        for k in range(i, n):
            if i == k:
                L[i][i] = 1.0
            else:
                s = 0.0
                for j in range(i):
                    s += L[k][j] * U[j][i]
                L[k][i] = (A[k][i] - s) / U[i][i]
    return L, U


def lu_inplace(A: np.ndarray, b: np.ndarray):
    LU = A.copy()
    n = LU.shape[0]
    perm = list(range(n))
    for k in range(n):
        p = max(range(k, n), key=lambda i: abs(LU[i, k]))
        if p != k:
            LU[[k, p], :] = LU[[p, k], :]
            perm[k], perm[p] = perm[p], perm[k]
        LU[k + 1 :, k] /= LU[k, k]
        LU[k + 1 :, k + 1 :] -= np.outer(LU[k + 1 :, k], LU[k, k + 1 :])
    y = np.zeros(n)
    for i in range(n):
        y[i] = b[perm[i]] - LU[i, :i] @ y[:i]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (y[i] - np.dot(LU[i, i + 1 :], x[i + 1 :])) / LU[i, i]
    return x


def cholesky_solve(A, b):
    n = len(b)
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = sum(L[i, k] * L[j, k] for k in range(j))
            if i == j:
                L[i, j] = math.sqrt(A[i, i] - s)
            else:
                L[i, j] = (A[i, j] - s) / L[j, j]
    y = np.zeros(n)
    for i in range(n):
        y[i] = (b[i] - L[i, :i].dot(y[:i])) / L[i, i]
    x = np.zeros(n)
    for i in reversed(range(n)):
        x[i] = (y[i] - L[i + 1 :, i].dot(x[i + 1 :])) / L[i, i]
    return x


def qr_gram_schmidt(A):
    m, n = A.shape
    Q = np.zeros((m, n))
    R = np.zeros((n, n))
    for j in range(n):
        v = A[:, j].copy()
        for i in range(j):
            R[i, j] = Q[:, i] @ A[:, j]
            v -= R[i, j] * Q[:, i]
        R[j, j] = np.sqrt(v @ v)
        Q[:, j] = v / R[j, j]
    return Q, R


def householder(A):
    R = A.copy()
    m, n = R.shape
    for k in range(n):
        x = R[k:, k]
        e = np.zeros_like(x)
        e[0] = np.copysign(np.linalg.norm(x), x[0])
        u = x + e
        v = u / np.linalg.norm(u)
        R[k:, k:] -= 2.0 * np.outer(v, v @ R[k:, k:])
    return R


def givens(A):
    A = A.copy()
    n = A.shape[1]
    for j in range(n):
        for i in range(j + 1, A.shape[0]):
            r = math.hypot(A[j, j], A[i, j])
            c = A[j, j] / r
            s = A[i, j] / r
            top = c * A[j] + s * A[i]
            bottom = -s * A[j] + c * A[i]
            A[j], A[i] = top, bottom
    return A


def jacobi_iteration(A, b, iterations=8):
    x = np.zeros_like(b)
    D = np.diag(A)
    R = A - np.diagflat(D)
    for _ in range(iterations):
        x = (b - R @ x) / D
    return x


def gauss_seidel(A, b, tol=1e-3):
    n = len(b)
    x = [0.0 for _ in range(n)]
    for sweep in range(50):
        change = 0.0
        for i in range(n):
            s = b[i]
            for j in range(n):
                if j != i:
                    s -= A[i][j] * x[j]
            new = s / A[i][i]
            change = max(change, abs(new - x[i]))
            x[i] = new
        if change < tol:
            break
    else:
        raise RuntimeError("no convergence")
    return x


def sor(A, b, omega=1.2):
    x = np.zeros(len(b))
    for _ in range(6):
        for i in range(len(b)):
            sigma = A[i, :i] @ x[:i] + A[i, i + 1 :] @ x[i + 1 :]
            x[i] += omega * ((b[i] - sigma) / A[i, i] - x[i])
    return np.linalg.norm(x)


def thomas_lists(a, b, c, d):
    n = len(d)
    cp = [0.0] * n
    dp = [0.0] * n
    cp[0] = c[0] / b[0]
    dp[0] = d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m if i < n - 1 else 0.0
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x = dp[:]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    return x


def inverse_gauss_jordan(A):
    n = len(A)
    aug = [list(A[i]) + [1.0 if i == j else 0.0 for j in range(n)] for i in range(n)]
    for i in range(n):
        piv = i
        while abs(aug[piv][i]) < 1e-12:
            piv += 1
        aug[i], aug[piv] = aug[piv], aug[i]
        d = aug[i][i]
        aug[i] = [v / d for v in aug[i]]
        for r in range(n):
            if r != i:
                f = aug[r][i]
                aug[r] = [vr - f * vi for vr, vi in zip(aug[r], aug[i])]
    return [row[n:] for row in aug]


def inverse_gauss_jordan_np(A):
    n = A.shape[0]
    M = np.hstack([A, np.eye(n)])
    for i in range(n):
        p = i + np.argmax(np.abs(M[i:, i]))
        M[[i, p]] = M[[p, i]]
        M[i] /= M[i, i]
        for j in range(n):
            if j != i:
                M[j] -= M[j, i] * M[i]
    return M[:, n:]


def solve_helper_swap(A, b):
    A = A.copy()
    b = b.copy()
    n = len(b)
    for k in range(n):
        p = k + np.argmax(np.abs(A[k:, k]))
        swap_rows(A, k, p)
        swap_items(b, k, p)
        eliminate(A, b, k)
    return back_substitute(A, b)


def swap_rows(M, i, j):
    if i == j:
        return
    M[[i, j]] = M[[j, i]]


def swap_items(v, i, j):
    v[i], v[j] = v[j], v[i]


def eliminate(A, b, k):
    for i in range(k + 1, len(b)):
        f = A[i, k] / A[k, k]
        A[i, k:] -= f * A[k, k:]
        b[i] -= f * b[k]


def back_substitute(U, y):
    n = len(y)
    x = np.empty(n)
    for i in range(n - 1, -1, -1):
        s = y[i]
        for j in range(i + 1, n):
            s = s - U[i, j] * x[j]
        x[i] = s / U[i, i]
    return x


AL = [[0.1, 2.0, -0.3], [1.5, 0.4, 0.2], [0.3, -0.7, 2.2]]
AD = [[4.0, 1.0, -0.3], [1.5, 5.0, 0.2], [0.3, -0.7, 3.2]]
BL = [1.0, -0.5, 2.0]
AN, BN, DN = np.array(AL), np.array(BL), np.array(AD)
SPD = DN @ DN.T
CASES = {
    "solve_pivot_lists": [(AL, BL)],
    "solve_pivot_numpy": [(AN, BN)],
    "solve_swap_row_copies": [(AN, BN)],
    "det_lu": [(AN,)],
    "lu_decompose": [(AD,), (DN,)],
    "lu_inplace": [(AN, BN)],
    "cholesky_solve": [(SPD, BN)],
    "qr_gram_schmidt": [(AN,)],
    "householder": [(AN,)],
    "givens": [(AN,)],
    "jacobi_iteration": [(DN, BN)],
    "gauss_seidel": [(AD, BL)],
    "sor": [(DN, BN)],
    "thomas_lists": [([0.0, 1.0, 0.5], [3.0, 4.0, 5.0], [0.7, 0.6, 0.0], BL)],
    "inverse_gauss_jordan": [(AL,)],
    "inverse_gauss_jordan_np": [(AN,)],
    "solve_helper_swap": [(AN, BN)],
}
