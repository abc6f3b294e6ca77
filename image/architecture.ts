/** The processors that an image may be built for, by the stage's name for them, and how others call them. */
export const architectures = {
  x86_64: { debian: 'amd64', npm: 'x64', qemu: 'qemu-x86_64-static' },
  arm64: { debian: 'arm64', npm: 'arm64', qemu: 'qemu-aarch64-static' },
} as const;

export type Architecture = keyof typeof architectures;
export const architectureNames = Object.keys(architectures) as readonly Architecture[];

/** What this machine runs without emulation. */
export const hostArchitecture: Architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/** As Docker names what an image is for; it calls processors what Debian calls them. */
export const platformOf = (architecture: Architecture): string => `linux/${architectures[architecture].debian}`;
