// ok honest
const add = new Function("a", "b", "return a + b");
console.log(eval("add(3, 4)"));
