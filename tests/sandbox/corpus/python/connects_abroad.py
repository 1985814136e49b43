# ok
import socket
for address in (("1.1.1.1", 53), ("169.254.169.254", 80)):
    try:
        s = socket.socket()
        s.settimeout(0.2)
        s.connect(address)
        print("BREACH")
    except Exception:
        print("refused")
