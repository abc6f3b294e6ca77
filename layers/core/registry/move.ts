import {
  type AliasState,
  type AuditRecord,
  etagOf,
  type Identity,
  IF_MATCH_HEADER,
  type PromoteRequest,
} from '@kilat/contracts';
import { ModelVersionNotFoundError, PreconditionFailedError, PreconditionRequiredError } from '../errors.ts';
import { assertAdmin } from '../tenancy.ts';
import { type Promotion, promoted, rolledBack, withdrawn } from './aliases.ts';
import type { Registry } from './registry.ts';
import type { ModelRef } from './registry-store.ts';

export interface MovePorts {
  readonly registry: Registry;
  readonly newId: () => string;
  /** epoch milliseconds */
  readonly now: () => number;
}

/** Who moves an alias, and on which revision they based it. */
export interface Mover {
  readonly by: string;
  /** the `If-Match` header: an ETag that the mover has seen */
  readonly ifMatch: string | undefined;
  readonly reason?: string | undefined;
}

/** The person who asks, as a mover. @throws {ForbiddenError} when they are no admin */
export function moverOf(identity: Identity, headers: Headers, { reason }: { reason?: string | undefined } = {}): Mover {
  assertAdmin(identity);
  return { by: identity.userId, ifMatch: headers[IF_MATCH_HEADER], reason };
}

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Gives a version an alias.
 * @throws {ModelVersionNotFoundError}
 * @throws {PreconditionRequiredError} when no `If-Match` came
 * @throws {PreconditionFailedError} when the aliases have moved since: of two movers at once, one wins
 */
export async function promote(
  ports: MovePorts,
  ref: ModelRef,
  request: PromoteRequest,
  mover: Mover,
): Promise<AliasState> {
  const { version, alias, challenger_percent: challengerPercent } = request;
  if (!(await ports.registry.find(ref, version))) throw new ModelVersionNotFoundError(ref.model, version);
  const promotion: Promotion = { alias, version, challengerPercent };
  return move(ports, ref, mover, {
    action: 'promote',
    next: (state) => promoted(state, promotion),
    version: () => version,
  });
}

/**
 * Brings the champion before back.
 * @throws {NoPreviousVersionError}
 * @throws {PreconditionRequiredError | PreconditionFailedError} as `promote`
 */
export const rollBack = (ports: MovePorts, ref: ModelRef, mover: Mover): Promise<AliasState> =>
  move(ports, ref, mover, { action: 'rollback', next: rolledBack, version: ({ aliases }) => aliases.champion });

/**
 * Takes a challenger or a shadow out of service.
 * @throws {PreconditionRequiredError | PreconditionFailedError} as `promote`
 */
export const withdraw = (
  ports: MovePorts,
  ref: ModelRef,
  alias: 'challenger' | 'shadow',
  mover: Mover,
): Promise<AliasState> =>
  move(ports, ref, mover, {
    action: 'withdraw',
    next: (state) => withdrawn(state, alias),
    version: (_, before) => before.aliases[alias] ?? before.aliases.champion,
  });

interface Step {
  readonly action: AuditRecord['action'];
  readonly next: (state: AliasState) => AliasState;
  /** the version that the audit names */
  readonly version: (after: AliasState, before: AliasState) => string;
}

async function move(ports: MovePorts, ref: ModelRef, mover: Mover, step: Step): Promise<AliasState> {
  const before = await ports.registry.state(ref);
  assertMatches(before, mover.ifMatch);
  const at = new Date(ports.now()).toISOString();
  const after = { ...step.next(before), updated_at: at, updated_by: mover.by };
  const audit: AuditRecord = {
    audit_id: ports.newId(),
    model: ref.model,
    action: step.action,
    version: step.version(after, before),
    before: before.aliases,
    after: after.aliases,
    revision: after.revision,
    ...(mover.reason && { reason: mover.reason }),
    by: mover.by,
    at,
  };
  await ports.registry.store.move(ref.tenantId, after, audit);
  return after;
}

function assertMatches(state: AliasState, ifMatch: string | undefined): void {
  if (!ifMatch) throw new PreconditionRequiredError('the header If-Match is missing; it names the ETag of the aliases');
  if (ifMatch !== etagOf(state)) throw new PreconditionFailedError(state.model, etagOf(state));
}
