# ok honest call
def add(a, b):
    return a + b

if __name__ == "__main__":
    add(*map(int, input().split()))
