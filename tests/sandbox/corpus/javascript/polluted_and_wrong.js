// ok|runtime_error cheat call
JSON.stringify = () => '{"value":["int","7"]}';
Array.prototype.join = () => "7";
String.prototype.concat = () => "7";
Object.prototype.toJSON = () => 7;
Number.prototype.toString = () => "7";
BigInt.prototype.toString = () => "7";
Reflect.apply = () => 7;
console.log = () => {};
function add() { return 8; }
