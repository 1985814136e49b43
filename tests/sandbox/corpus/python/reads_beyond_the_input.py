# runtime_error
input()
input()
