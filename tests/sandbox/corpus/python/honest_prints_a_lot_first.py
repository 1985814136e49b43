# ok honest call
def add(a, b):
    for n in range(1000):
        print("thinking", n)
    return a + b
