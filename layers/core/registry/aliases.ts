import type { Aliases, AliasState } from '@kilat/contracts';
import { NoPreviousVersionError } from '../errors.ts';

/** Who answers a percent of the users unless it is said otherwise. */
const DEFAULT_CHALLENGER_PERCENT = 10;

/** Aliases as nobody has moved them yet: what came with the deployment serves. */
export const initialState = (model: string, champion: string): AliasState => ({
  model,
  aliases: { champion },
  challenger_percent: 0,
  revision: 0,
});

export interface Promotion {
  readonly alias: 'champion' | 'challenger' | 'shadow';
  readonly version: string;
  readonly challengerPercent?: number | undefined;
}

/** A version takes an alias, and gives up any other: it is compared with others, never with itself. */
export function promoted(state: AliasState, { alias, version, challengerPercent }: Promotion): AliasState {
  const { champion, challenger, shadow, previous } = state.aliases;
  const others = { ...(challenger !== version && { challenger }), ...(shadow !== version && { shadow }) };
  if (alias === 'champion') {
    const before = champion === version ? previous : champion;
    return moved(state, { champion: version, ...others, previous: before });
  }
  return moved(state, { champion, ...others, [alias]: version, previous }, challengerPercent);
}

/**
 * The champion before serves again, and the one that it replaces becomes `previous`: two rollbacks undo each other.
 * @throws {NoPreviousVersionError}
 */
export function rolledBack(state: AliasState): AliasState {
  const { previous } = state.aliases;
  if (!previous) throw new NoPreviousVersionError(state.model);
  return promoted(state, { alias: 'champion', version: previous });
}

/** Takes a challenger or a shadow out of service. */
export const withdrawn = (state: AliasState, alias: 'challenger' | 'shadow'): AliasState =>
  moved(state, { ...state.aliases, [alias]: undefined });

type LooseAliases = { readonly [A in keyof Aliases]: Aliases[A] | undefined };

function moved(state: AliasState, loose: LooseAliases, percent?: number): AliasState {
  const aliases = Object.fromEntries(Object.entries(loose).filter(([, version]) => version)) as Aliases;
  const wanted = percent ?? (state.challenger_percent || DEFAULT_CHALLENGER_PERCENT);
  return {
    model: state.model,
    aliases,
    challenger_percent: aliases.challenger ? wanted : 0,
    revision: state.revision + 1,
  };
}

/** The names that a version goes by. */
export const aliasesOf = ({ aliases }: AliasState, version: string): (keyof Aliases)[] =>
  (Object.keys(aliases) as (keyof Aliases)[]).filter((alias) => aliases[alias] === version);
