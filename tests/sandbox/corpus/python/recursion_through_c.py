# runtime_error
import functools

@functools.lru_cache(None)
def f(n):
    return f(n + 1)

f(0)
