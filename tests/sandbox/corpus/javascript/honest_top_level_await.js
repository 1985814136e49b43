// ok honest
const x = await Promise.resolve(7);
console.log(x);
