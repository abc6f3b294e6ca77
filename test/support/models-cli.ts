import { modelsCommand } from '../../cli/models/index.ts';

/** `kilat models` as a process of its own: exit codes, signals and streams are what the tests of it look at. */
await modelsCommand().parseAsync();
