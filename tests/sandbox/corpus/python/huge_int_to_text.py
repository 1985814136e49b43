# runtime_error
print(10 ** 10000)
