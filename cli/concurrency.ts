/**
 * Works on several items at a time and hands the outcomes on in the order of the items.
 * @param work must not reject for what concerns one item alone: a rejection ends all
 */
export async function* inOrder<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, index: number) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let next = 0;
  const start = (): void => {
    if (next >= items.length) return;
    const promise = work(items[next]!, next++);
    promise.catch(() => {}); // whoever waits for it hears of it, however late
    running.push(promise);
  };
  for (let i = 0; i < concurrency; i++) start();
  while (running.length > 0) {
    yield await running.shift()!;
    start();
  }
}
