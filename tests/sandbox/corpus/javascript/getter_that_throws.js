// ok cheat call
const add = () => ({ get x() { throw new Error("no"); } });
