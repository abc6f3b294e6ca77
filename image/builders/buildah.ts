import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Architecture, architectures, hostArchitecture, platformOf } from '../architecture.ts';
import { DEBIAN_KEYRING } from '../base/debian.ts';
import { type BaseBuild, isStaleBase, prepareBases } from '../base/index.ts';
import { isInstalled, run } from '../program.ts';
import type { BuildRequest, ImageBuilder, ImageConfig, OpenImage } from './builder.ts';

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Builds without Docker and without its registries, as root: the base images are made here, and kept in `folder`. */
export function buildahBuilder(folder: string): ImageBuilder {
  const store = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];
  const buildah = (command: string, ...args: string[]) => run('buildah', [...store, command, ...args]);

  const bud = async (build: BaseBuild, ...more: string[]): Promise<void> => {
    const args = Object.entries(build.args ?? {}).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    const target = ['--platform', platformOf(build.architecture), '--tag', build.reference];
    // Every layer is a whole copy with this storage driver: one is made, at the end.
    const plain = ['--isolation', 'chroot', '--pull-never', '--format', 'docker', '--layers=false'];
    await buildah('build', ...plain, ...target, ...args, ...more, '--file', build.dockerfile, build.folder);
  };

  const has = async (reference: string): Promise<boolean> =>
    (await buildah('images', '--format', '{{.Name}}:{{.Tag}}')).split('\n').includes(reference);

  /** What was replaced: images without a name, and bases that are made differently now. */
  const removeStale = async (): Promise<void> => {
    const lines = (await buildah('images', '--all', '--format', '{{.ID}} {{.Name}}:{{.Tag}}')).trim().split('\n');
    for (const [id, reference] of lines.map((line) => line.split(/\s+/) as [string, string])) {
      if (!reference.startsWith('<none>') && !isStaleBase(reference)) continue;
      await buildah('rmi', id).catch(() => {}); // another build uses it, and removes it the next time
    }
  };

  return {
    name: 'buildah',

    missing: async () => missing(),

    async build({ architecture, contextDir, say }: BuildRequest): Promise<string> {
      const scratchDir = join(folder, 'scratch');
      const bases = await prepareBases({ store: { has, build: bud }, scratchDir, architecture, say });
      const reference = referenceOf(architecture);
      say(`image for ${architecture}: buildah`);
      const args = {
        BUILD_IMAGE: bases.build,
        RUNTIME_IMAGE: bases.runtime,
        BUILDPLATFORM: platformOf(hostArchitecture),
        TARGETPLATFORM: platformOf(architecture),
        TARGETARCH: architectures[architecture].debian,
      };
      const dockerfile = join(contextDir, 'Dockerfile');
      const volumes = (await fetchingMounts()).flatMap((mount) => ['--volume', mount]);
      await bud({ reference, dockerfile, folder: contextDir, architecture, args }, ...volumes);
      await removeStale();
      return reference;
    },

    async config(reference): Promise<ImageConfig> {
      const { Docker } = JSON.parse(await buildah('inspect', '--type', 'image', reference)) as Inspection;
      const { Env = [], Entrypoint = [], Cmd = [], WorkingDir = '/' } = Docker.config;
      return { env: Env, entrypoint: Entrypoint, cmd: Cmd, workingDir: WorkingDir };
    },

    async open(reference): Promise<OpenImage> {
      const container = (await buildah('from', '--pull-never', reference)).trim();
      const mounted = (await buildah('mount', container)).trim();
      return { folder: mounted, close: async () => void (await buildah('rm', container)) };
    },
  };
}

interface Inspection {
  readonly Docker: {
    readonly config: {
      readonly Env?: readonly string[];
      readonly Entrypoint?: readonly string[];
      readonly Cmd?: readonly string[];
      readonly WorkingDir?: string;
    };
  };
}

const referenceOf = (architecture: Architecture): string => `localhost/kilat-inference:${architecture}`;

function missing(): string[] {
  if (process.platform !== 'linux') return [`buildah runs on Linux, and this is ${process.platform}: use Docker`];
  const programs = { buildah: 'buildah', debootstrap: 'debootstrap', 'dpkg-deb': 'dpkg' };
  const packages = Object.entries(programs).flatMap(([program, name]) => (isInstalled(program) ? [] : name));
  if (!existsSync(DEBIAN_KEYRING)) packages.push('debian-archive-keyring');
  return [
    ...(process.getuid?.() === 0 ? [] : ['base images are made by root: start it with sudo']),
    ...packages.map((name) => `${name} is not installed: apt-get install ${name}`),
  ];
}

/** The packages' stage fetches as this machine does: with its certificates, and npm's settings and cache. None stays. */
async function fetchingMounts(): Promise<string[]> {
  const cache = (await run('npm', ['config', 'get', 'cache'])).trim();
  const mounts = [
    [CERTIFICATES, `${CERTIFICATES}:ro`],
    [join(homedir(), '.npmrc'), '/root/.npmrc:ro'],
    [cache, '/root/.npm:rw'],
  ] as const;
  return mounts.filter(([source]) => existsSync(source)).map(([source, target]) => `${source}:${target}`);
}
