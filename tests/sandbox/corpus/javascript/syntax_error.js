// compile_error
function add(a, b { return a + b; }
