import type { Architecture } from '../architecture.ts';

export interface BuildRequest {
  readonly architecture: Architecture;
  /** holds the Dockerfile and all that it copies */
  readonly contextDir: string;
  readonly say: (step: string) => void;
}

/** How a container is started from an image. */
export interface ImageConfig {
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
}

/** An image's files, at hand until they are let go of. */
export interface OpenImage {
  readonly folder: string;
  close(): Promise<void>;
}

/** What makes an image of a Dockerfile and keeps it. */
export interface ImageBuilder {
  readonly name: string;
  /** What this machine lacks, each with what to do about it; empty when it can build. */
  missing(): Promise<readonly string[]>;
  /** @returns the image's name */
  build(request: BuildRequest): Promise<string>;
  config(reference: string): Promise<ImageConfig>;
  open(reference: string): Promise<OpenImage>;
}
