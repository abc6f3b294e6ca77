import { routes } from '@kilat/contracts';

export interface GreetingFacts {
  readonly apiUrl: string;
  /** Absent where the commands find the data folder by themselves. */
  readonly dataDir?: string | undefined;
  /** A photo that the default model knows, as the shell finds it. */
  readonly photo: string;
}

/** What to paste next: to sign in, to predict, to look back. */
export function greeting({ apiUrl, dataDir, photo }: GreetingFacts): string {
  const settings = dataDir === undefined ? '' : `KILAT_DATA=${shellWord(dataDir)} `;
  const curl = (path: string, options = '') => `  curl -s -H "Authorization: Bearer $TOKEN" ${options}${apiUrl}${path}`;
  return [
    `Kilat answers at ${apiUrl}. Sign in, in another terminal (as another: token --as admin, token --as other):`,
    '',
    `  TOKEN=$(${settings}npm run --silent kilat -- token)`,
    '',
    'and ask for a prediction, for what was predicted before, for the model:',
    '',
    curl(routes.predict.path, `-F image=@${shellWord(photo)} `),
    curl(routes.listHistory.path),
    curl(routes.currentModel.path),
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}

/** A word that the shell takes as it is, quoted only where it would not. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
