import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export interface Post {
  /** of the handler, bundled */
  readonly module: string;
  readonly queueUrl: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Processes at their posts; whoever is killed is replaced. */
export class Crew {
  readonly #children = new Map<ChildProcess, Post>();
  #isOver = false;
  killed = 0;
  /** messages that workers were handed */
  deliveries = 0;

  constructor(posts: readonly Post[]) {
    for (const post of posts) this.#man(post);
  }

  killOne(): void {
    const children = [...this.#children.keys()];
    const victim = children[Math.floor(Math.random() * children.length)];
    if (victim?.kill('SIGKILL')) this.killed += 1;
  }

  async dismiss(): Promise<void> {
    this.#isOver = true;
    const gone = [...this.#children.keys()].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of this.#children.keys()) child.kill('SIGKILL');
    await Promise.all(gone);
  }

  #man(post: Post): void {
    const child = fork(join(import.meta.dirname, 'worker.ts'), [post.module, post.queueUrl], {
      env: { PATH: process.env.PATH, ...post.env },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#children.set(child, post);
    child.on('message', (count: number) => {
      this.deliveries += count;
    });
    child.once('exit', () => {
      this.#children.delete(child);
      if (!this.#isOver) this.#man(post);
    });
  }
}
