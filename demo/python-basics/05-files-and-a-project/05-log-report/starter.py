import sys

# for line in sys.stdin: goes through all lines of the input.
