import type { Route } from './definition.ts';

export interface RouteMatch {
  readonly route: Route;
  /** Decoded; absent when the route has no variables. */
  readonly pathParameters?: Record<string, string> | undefined;
}

interface Candidate {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly string[];
}

const DEFAULT_ROUTE = '$default';

/**
 * Selects the route of a request: the path that says most, segment by segment (literal, variable, greedy variable),
 * then the method before ANY, then `$default`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export class RouteTable {
  readonly #candidates: Candidate[];
  readonly #fallback: Route | undefined;

  constructor(routes: readonly Route[]) {
    this.#candidates = routes
      .filter(({ routeKey }) => routeKey !== DEFAULT_ROUTE)
      .map(candidate)
      .sort(bySpecificity);
    this.#fallback = routes.find(({ routeKey }) => routeKey === DEFAULT_ROUTE);
  }

  /** @throws {URIError} when a path variable is not well encoded */
  select(method: string, rawPath: string): RouteMatch | undefined {
    const path = segmentsOf(rawPath);
    for (const candidate of this.#candidates) {
      if (candidate.method !== method && candidate.method !== 'ANY') continue;
      const variables = match(candidate.segments, path);
      if (!variables) continue;
      const pathParameters = Object.keys(variables).length > 0 ? variables : undefined;
      return { route: candidate.route, pathParameters };
    }
    return this.#fallback && { route: this.#fallback };
  }
}

const segmentsOf = (path: string) => path.split('/').slice(1);
const isGreedy = (segment: string) => /^\{.+\+\}$/.test(segment);
const isVariable = (segment: string) => /^\{.+\}$/.test(segment);
const nameOf = (segment: string) => segment.replace(/^\{|\+?\}$/g, '');

function candidate(route: Route): Candidate {
  const [method = '', path = ''] = route.routeKey.split(' ');
  return { route, method, segments: segmentsOf(path) };
}

/** How little a segment says; a path that has ended says nothing, so it comes last. */
function vagueness(segment: string | undefined): number {
  if (segment === undefined) return 3;
  if (isGreedy(segment)) return 2;
  return isVariable(segment) ? 1 : 0;
}

function bySpecificity(one: Candidate, other: Candidate): number {
  const length = Math.max(one.segments.length, other.segments.length);
  for (let index = 0; index < length; index += 1) {
    const difference = vagueness(one.segments[index]) - vagueness(other.segments[index]);
    if (difference !== 0) return difference;
  }
  return Number(one.method === 'ANY') - Number(other.method === 'ANY');
}

/** The variables of a path that fits the pattern. */
function match(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const variables: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const value = isGreedy(segment) ? path.slice(index).join('/') : path[index];
    if (value === undefined || (value === '' && segment !== '')) return undefined;
    if (isVariable(segment)) variables[nameOf(segment)] = decodeURIComponent(value);
    else if (value !== segment) return undefined;
    if (isGreedy(segment)) return variables;
  }
  return pattern.length === path.length ? variables : undefined;
}
