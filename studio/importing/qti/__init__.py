"""Questions of QTI, 1.2 and newer."""
