"""A helper that writes and may raise half way, and one statement that Python itself may refuse."""

import math

import numpy as np
from jaxtyping import Float


def spend(account: Float[np.ndarray, "n"], amount: float):
    account[0] -= amount
    if account[0] < 0.0:
        raise ValueError("overdrawn")
    account[1] += amount


def balance(x: Float[np.ndarray, "n"], amount: float):
    account = x.copy()
    try:
        spend(account, amount)
        account[2] = math.log(account[0])
    except ValueError:
        account[2] = amount * amount
    return account[0] * account[1] * account[2]
