# runtime_error call
import numpy

def add(a, b):
    return a + b
