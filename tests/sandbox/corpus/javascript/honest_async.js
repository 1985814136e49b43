// ok honest call
async function add(a, b) {
  await new Promise((done) => setTimeout(done, 1000));
  return a + b;
}
