# compile_error
print(“7”)
