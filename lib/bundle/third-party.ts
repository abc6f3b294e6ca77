import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from './folder.ts';

/** A package of npm's whose code became part of a module of ours, where nobody would find it any more. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as the package states it */
  readonly licence: string;
}

export const BUNDLED_PACKAGES = 'bundled-packages.json';
export const THIRD_PARTY_LICENCES = 'THIRD-PARTY-LICENCES.txt';

const LICENCE_FILE = /^(licen[cs]e|copying|notice|copyright)([.-].*)?$/i;

export class MissingLicenceError extends Error {
  override readonly name = 'MissingLicenceError';
  readonly packageName: string;

  constructor(packageName: string) {
    super(`package '${packageName}' states no licence, and would be part of a bundle`);
    this.packageName = packageName;
  }
}

/**
 * What the bundler leaves out: which packages the modules hold, and the licences that ask to travel with them.
 * @param sources files that modules were made of, from the repository's root
 * @throws {MissingLicenceError}
 */
export function thirdPartyFiles(root: string, sources: readonly string[]): Files {
  const folders = [...new Set(sources.flatMap((source) => packageFolderOf(source) ?? []))].sort();
  const packages = folders.map((folder) => readPackage(join(root, folder)));
  const licensed = packages.map((bundled, index) => ({
    title: `${bundled.name} ${bundled.version}: ${bundled.licence}`,
    texts: licenceTexts(join(root, folders[index]!)),
  }));
  return new Map([
    [`third-party/${BUNDLED_PACKAGES}`, Buffer.from(`${JSON.stringify(packages, undefined, 2)}\n`)],
    [`third-party/${THIRD_PARTY_LICENCES}`, Buffer.from(licenceList(licensed))],
  ]);
}

/** `a/node_modules/@b/c/d.js` lies in the package `a/node_modules/@b/c`; a source of ours in none. */
const packageFolderOf = (source: string): string | undefined =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(source)?.[0];

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new MissingLicenceError(name);
  return { name, version, licence: license };
}

export interface Licensed {
  readonly title: string;
  readonly texts: readonly string[];
}

const RULE = '='.repeat(80);

/** A text that many packages carry is printed once, below the titles of them all. */
export const licenceList = (licensed: readonly Licensed[]): string =>
  [...Map.groupBy(licensed, ({ texts }) => texts.join(`\n\n${'-'.repeat(80)}\n\n`))]
    .map(([text, group]) => `${group.map(({ title }) => title).join('\n')}\n${text && `\n${text}\n`}`)
    .join(`\n${RULE}\n`);

/** The texts that a package carries; some state their licence in package.json alone. */
export function licenceTexts(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trimEnd());
}
