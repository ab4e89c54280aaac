"""Arguments on which the tests try the rules; lists stand for arrays."""

from __future__ import annotations

V3 = [0.7, -1.2, 2.1]
W3 = [1.4, 0.3, -0.8]
M23 = [[0.5, -1.1, 2.3], [1.7, 0.9, -0.4]]
M33 = [[0.5, -1.1, 2.3], [1.7, 0.9, -0.4], [-0.6, 1.3, 0.8]]
M34 = [[0.2, -0.5, 1.1, 0.7], [1.3, 0.6, -0.9, 0.4], [-0.3, 1.9, 0.8, -1.5]]
T234 = [[[0.1 * (i + 1) - 0.7 * j + 0.3 * k * k for k in range(4)] for j in range(3)] for i in range(2)]
T243 = [[[0.2 * (i + 1) + 0.4 * j - 0.3 * k * i for k in range(3)] for j in range(4)] for i in range(2)]
V4 = [0.3, 1.6, -0.9, 0.8]
M44 = [[0.2 * i * i - 0.5 * j + 0.3 * i * j for j in range(4)] for i in range(4)]
S33 = [[2.5, -0.3, 0.4], [-0.3, 1.7, 0.6], [0.4, 0.6, 3.1]]
T233 = [M33, [[1.1, 0.2, -0.3], [0.4, -1.5, 0.6], [0.2, 0.5, 2.2]]]
V5 = [0.3, 1.6, -0.9, 0.8, -1.4]
