# ok
import socket
for port in (5432, 6379, 80, 22, 8000):
    try:
        socket.create_connection(("127.0.0.1", port), 0.2)
        print("BREACH")
    except Exception:
        print("refused")
