# runtime_error call
def add(a, b):
    x = 7
    for _ in range(100_000):
        x = [x]
    return x
