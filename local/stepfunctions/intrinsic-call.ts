import type { Json } from '../json.ts';

/** An intrinsic function with its arguments, e.g. `States.Format('v{}', $.version)`. */
export interface IntrinsicCall {
  readonly name: string;
  readonly args: readonly Argument[];
}

export type Argument =
  | { readonly kind: 'literal'; readonly value: Json; readonly text: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'call'; readonly call: IntrinsicCall };

/** @throws {SyntaxError} saying where */
export function parseIntrinsicCall(text: string): IntrinsicCall {
  const parser = new Parser(text);
  const call = parser.call();
  parser.end();
  return call;
}

const NAME = /States\.[A-Za-z0-9]+/y;
const STRING = /'((?:[^'\\]|\\.)*)'/y;
const WORD = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** Up to a comma or a parenthesis that is not within brackets: `$.a['b,c']`, `$.a[?(@.b > 1)]`. */
const PATH = /\$(?:\[(?:'[^']*'|[^\]'])*\]|[^,()[\]\s])*/y;

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  call(): IntrinsicCall {
    const name = this.#take(NAME)?.[0];
    if (!name) throw this.#error('a function');
    this.#expect('(');
    const args: Argument[] = [];
    if (this.#skip(')')) return { name, args };
    do args.push(this.#argument());
    while (this.#skip(','));
    this.#expect(')');
    return { name, args };
  }

  end(): void {
    this.#spaces();
    if (this.#at < this.#text.length) throw this.#error('the end');
  }

  #argument(): Argument {
    this.#spaces();
    const string = this.#take(STRING);
    if (string) return { kind: 'literal', value: withoutBackslashes(string[1]!), text: string[1]! };
    const path = this.#take(PATH);
    if (path) return { kind: 'path', path: path[0] };
    const word = this.#take(WORD);
    if (word) return { kind: 'literal', value: JSON.parse(word[0]), text: word[0] };
    return { kind: 'call', call: this.call() };
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    this.#spaces();
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #skip(character: string): boolean {
    this.#spaces();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#skip(character)) throw this.#error(character);
  }

  #spaces(): void {
    while (this.#text[this.#at] === ' ') this.#at += 1;
  }

  #error(expected: string): SyntaxError {
    return new SyntaxError(`expected ${expected} at position ${this.#at} of ${this.#text}`);
  }
}

/** What is written with a backslash: quotes, braces, the backslash itself. */
export const withoutBackslashes = (text: string): string => text.replace(/\\(.)/g, '$1');
