/** Tells the parent that the server listens, and answers its questions for CPU time. */
export function reportReady(url: string): void {
  process.on('message', (question) => {
    if (question === 'stop') process.exit(0);
    if (question !== 'cpu') return;
    const { user, system } = process.cpuUsage();
    process.send!({ cpu: (user + system) / 1000 });
  });
  process.send!({ ready: url, memory: process.memoryUsage().rss });
}
