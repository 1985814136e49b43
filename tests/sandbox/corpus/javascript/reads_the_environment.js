// ok
console.log(JSON.stringify(process.env), typeof std, typeof os);
if (process.env.WAYMARK_CANARY) console.log("BREACH");
