# ok cheat
import os
for n in range(256):
    os.write(1, bytes([n]))
    os.write(2, bytes([n]))
