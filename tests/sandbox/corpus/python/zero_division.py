# runtime_error
print(1 / 0)
