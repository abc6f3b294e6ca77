import { runFolderKey, type TrainingInput } from '@kilat/contracts';
import type { TrainingPorts } from './ports.ts';

/** The files of a run that one step leaves for the next, in its folder. */
export const runFile = {
  candidate: (index: number) => `candidates/${index}.json`,
  /** the trained model: its manifest, golden cases and what is told of it */
  trained: 'trained.json',
  evaluation: 'evaluation.json',
  model: (name: string) => `model/${name}`,
} as const;

const keyOf = ({ tenant_id, model, run_id }: TrainingInput, name: string): string =>
  runFolderKey(tenant_id, model, run_id) + name;

type Files = Pick<TrainingPorts, 'files'>;

export const writeRunFile = ({ files }: Files, run: TrainingInput, name: string, content: unknown): Promise<void> =>
  files.write(keyOf(run, name), JSON.stringify(content), 'application/json');

export const writeRunBytes = (
  { files }: Files,
  run: TrainingInput,
  { name, bytes, mediaType }: { readonly name: string; readonly bytes: Uint8Array; readonly mediaType: string },
): Promise<void> => files.writeBytes(keyOf(run, name), bytes, mediaType);

/** @throws {Error} when the step before left no such file */
export async function readRunBytes({ files }: Files, run: TrainingInput, name: string): Promise<Uint8Array> {
  const bytes = await files.read(keyOf(run, name));
  if (!bytes) throw new Error(`the run has no file '${name}'`);
  return bytes;
}

/** A file that this program wrote; its shape is that of what was written. */
export async function readRunFile<Content>(ports: Files, run: TrainingInput, name: string): Promise<Content> {
  return JSON.parse(new TextDecoder().decode(await readRunBytes(ports, run, name))) as Content;
}
