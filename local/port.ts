import { LocalCloudError } from './errors.ts';
import { listen } from './listen.ts';

/**
 * Makes sure that a port is free, before anything else is started.
 * @param port 0 picks one
 * @returns the port, which nobody listens on
 * @throws {LocalCloudError} when it is taken, or not for us to take
 */
export async function freePort(port: number): Promise<number> {
  try {
    const { url, close } = await listen((_, response) => response.end(), port);
    await close();
    return Number(new URL(url).port);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be listened on (${code})`;
    throw new LocalCloudError(`port ${port} ${reason}; choose another with --port, or 0 for any`, { cause });
  }
}
