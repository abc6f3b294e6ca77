import { problemSchema, REQUEST_ID_HEADER } from '@kilat/contracts';
import * as z from 'zod';
import { CliError } from '../errors.ts';

/** As the contract's, but for codes that a newer API may have; a gateway of AWS answers with a `message` alone. */
const refusalSchema = problemSchema
  .pick({ title: true, detail: true })
  .extend({ code: z.string(), request_id: z.string(), message: z.string() })
  .partial();

/** What the API refused, as it said it. */
export interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly code?: string | undefined;
  readonly request_id?: string | undefined;
  /** seconds */
  readonly retry_after?: number | undefined;
}

export class ApiError extends CliError {
  override readonly name = 'ApiError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(sentence(refusal));
    this.refusal = refusal;
  }
}

function sentence({ title, detail, code, request_id, retry_after }: Refusal): string {
  const ids = [code, request_id].filter((id) => id !== undefined).join(', ');
  const facts = `${detail ? `: ${detail}` : ''}${ids ? ` (${ids})` : ''}`;
  return `${title}${facts}${retry_after ? `; try again in ${retry_after} s` : ''}`;
}

/** Reads a refusal from whatever answered: the API, its gateway, or a proxy between. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const said = refusalSchema.safeParse(parsed(await response.text())).data ?? {};
  return {
    status: response.status,
    title: said.title ?? said.message ?? `the API answered ${response.status}`,
    detail: said.detail,
    code: said.code,
    request_id: said.request_id ?? response.headers.get(REQUEST_ID_HEADER) ?? gatewayId(response),
    retry_after: secondsIn(response.headers.get('retry-after')),
  };
}

/** A date is as good to a program, and to a person less. */
const secondsIn = (retryAfter: string | null): number | undefined =>
  retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;

/** HTTP APIs tell theirs under a name of their own. */
const gatewayId = ({ headers }: Response): string | undefined => headers.get('apigw-requestid') ?? undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
