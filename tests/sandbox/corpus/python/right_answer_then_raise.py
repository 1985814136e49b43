# runtime_error cheat
print(7)
raise RuntimeError("done")
