import { flushCompileCache } from 'node:module';
import type { InvokeMessage, LambdaError, RuntimeMessage, RuntimeSettings } from '../messages.ts';
import { lambdaError, unhandledRejection } from './errors.ts';
import { loadHandler } from './handler.ts';
import { answer, logError } from './invocation.ts';
import { resolveFrom } from './resolution.ts';

// The process behind one execution environment: it loads the function, then answers one event after the other.

delete process.env.NODE_COMPILE_CACHE; // ours, not the function's
process.on('disconnect', () => process.exit()); // the parent is gone, however it went
process.on('SIGINT', () => {}); // Ctrl-C reaches the whole process group; the parent decides when a function ends
process.on('uncaughtException', (error) => fail('Uncaught Exception', lambdaError(error)));
process.on('unhandledRejection', (reason) => fail('Unhandled Promise Rejection', unhandledRejection(reason)));

const tell = (message: RuntimeMessage, then: () => void = () => {}) => process.send?.(message, undefined, {}, then);

function fail(title: string, error: LambdaError): void {
  logError(title, error);
  tell({ type: 'failed', error }, () => process.exit(129));
}

const settings = JSON.parse(process.argv[2] ?? '') as RuntimeSettings;
if (settings.resolveFrom) resolveFrom(settings.resolveFrom);
try {
  const handler = await loadHandler(settings.directory, settings.handler);
  process.on('message', async (message: InvokeMessage) => tell(await answer(handler, message, settings.context)));
  tell({ type: 'ready' }, () => flushCompileCache()); // now: an environment mostly ends by SIGKILL, and would write nothing
} catch (error) {
  fail('Init Error', lambdaError(error));
}
