// ok honest
setTimeout(() => console.log(7), 500);
const i = setInterval(() => clearInterval(i), 10);
