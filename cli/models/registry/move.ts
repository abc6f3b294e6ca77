import { type AliasState, etagOf, IF_MATCH_HEADER } from '@kilat/contracts';
import { ApiError } from '../../api/api-error.ts';
import type { Api } from '../../api/client.ts';
import { CliError } from '../../errors.ts';

/** The headers of a move that is based on the aliases as they were seen. */
export type MoveHeaders = { readonly [IF_MATCH_HEADER]: string };

/**
 * Moves aliases from where they are now.
 * @param move asks the API for the move, with these headers
 * @throws {CliError} when somebody else moved them in between
 */
export async function moveAliases(
  api: Api,
  model: string,
  move: (headers: MoveHeaders) => Promise<AliasState>,
): Promise<AliasState> {
  const before = await api('modelAliases', { params: { model } });
  try {
    return await move({ [IF_MATCH_HEADER]: etagOf(before) });
  } catch (error) {
    if (!(error instanceof ApiError && error.refusal.code === 'precondition-failed')) throw error;
    throw new CliError(
      `nothing was moved: somebody else moved the aliases of '${model}' at the same moment; ` +
        `see kilat models versions ${model}, and ask again if you still want to`,
    );
  }
}

/** Who serves, in a line. */
export function aliasLine({ model, aliases, challenger_percent }: AliasState): string {
  const { champion, challenger, shadow, previous } = aliases;
  return [
    `${model}: champion ${champion}`,
    ...(challenger ? [`challenger ${challenger} (${challenger_percent} %)`] : []),
    ...(shadow ? [`shadow ${shadow}`] : []),
    ...(previous ? [`previous ${previous}`] : []),
  ].join(', ');
}
