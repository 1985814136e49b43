# ok
import socket
try:
    print("BREACH", socket.gethostbyname("example.com"))
except Exception:
    print("refused")
