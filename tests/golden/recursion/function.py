def power(x: float, n: int) -> float:
    """x to the power n, by repeated squaring."""
    if n == 0:
        return 1.0
    half = power(x, n // 2)
    if n % 2 == 0:
        return half * half
    return x * half * half
