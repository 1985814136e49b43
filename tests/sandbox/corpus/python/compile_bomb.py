# compile_error|memory_limit|time_limit|runtime_error
x = ((1 << 40000) ** 40000) ** 4000000
