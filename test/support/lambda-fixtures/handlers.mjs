import { setTimeout as pause } from 'node:timers/promises';

let invocations = 0;
const startedBy = await Promise.resolve('top-level await'); // a handler module may await while it starts

export const echo = async (event) => event;
export const nothing = async () => {};
export const about = async (_event, context) => ({
  ...context,
  remainingMs: context.getRemainingTimeInMillis(),
  environment: process.env,
  folder: process.cwd(),
  startedBy,
});
export const count = async ({ ms = 0 } = {}) => {
  await pause(ms);
  return { invocations: ++invocations, pid: process.pid };
};
export const logs = async () => {
  console.log('from stdout');
  console.error('from stderr');
  process.stdout.write('täglich 1\ntäglich 2'); // no newline at the end
};
export const logsMuch = async () => console.log('x'.repeat(20_000));

export const throws = async () => {
  throw new RangeError('topK must be at most 5, was 7');
};
export const throwsText = async () => {
  throw 'just text';
};
export const exits = async () => process.exit(3);
export const exitsQuietly = async () => process.exit(0);
export const rejectsUnheard = async () => {
  Promise.reject(new Error('nobody heard'));
  await pause(1000);
};
export const hangs = () => new Promise(() => setInterval(() => {}, 1000));
export const spins = async () => {
  for (;;);
};
export const fillsHeap = async () => {
  const kept = [];
  for (;;) kept.push(new Array(100_000).fill(kept.length));
};
export const returnsBytes = async ({ bytes }) => 'x'.repeat(bytes - 2); // two quotes make up the JSON
export const returnsCycle = async () => {
  const cycle = {};
  cycle.self = cycle;
  return cycle;
};
