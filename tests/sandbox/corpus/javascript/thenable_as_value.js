// ok|runtime_error cheat call
const add = () => ({ then(done) { done(8); } });
