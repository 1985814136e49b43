# runtime_error|ok
try:
    import urllib.request
    urllib.request.urlopen("http://127.0.0.1:8000/", timeout=1)
    print("BREACH")
except Exception:
    print("refused")
