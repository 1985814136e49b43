# runtime_error call
import sys

def add(a, b):
    sys.exit(0)
