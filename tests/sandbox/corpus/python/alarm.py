# runtime_error|ok|time_limit
import signal
signal.alarm(1)
