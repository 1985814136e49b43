# ok|runtime_error
import sys
sys.stdout.close()
