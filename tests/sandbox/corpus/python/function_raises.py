# runtime_error call
def add(a, b):
    raise ValueError("no")
