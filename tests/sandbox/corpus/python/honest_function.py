# ok honest call
def add(a, b):
    return a + b
