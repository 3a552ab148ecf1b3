import { heldMemory } from '../held-memory.js';

const ANSWERS: Readonly<Record<string, () => object>> = {
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return { cpu: (user + system) / 1000 };
  },
  memory: () => ({ memory: process.memoryUsage.rss() }),
  held: () => ({ held: heldMemory() }),
};

/** Tells the parent that the server listens, and answers its questions for CPU time and memory. */
export function reportReady(url: string): void {
  process.on('message', (question) => {
    if (question === 'stop') process.exit(0);
    const answer = ANSWERS[String(question)]?.();
    if (answer) process.send!(answer);
  });
  process.send!({ ready: url, memory: process.memoryUsage.rss() });
}
