// time_limit|memory_limit
const again = () => Promise.resolve().then(again);
again();
