# runtime_error call
def add(a, b):
    return list(range(1_000_000))
