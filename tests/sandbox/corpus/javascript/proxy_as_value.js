// ok|runtime_error cheat call
const add = () => new Proxy([], { get: () => 7, ownKeys: () => ["length"], getPrototypeOf: () => Number.prototype });
