# runtime_error call
def add(a, b):
    x = []
    x.append(x)
    return x
