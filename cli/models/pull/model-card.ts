import type { CatalogueEntry } from '../../catalogue/index.ts';

/** The README.md of a pulled model: what it is, whose it is, and how images reach it. */
export function modelCard({ manifest, mirrors, notes }: CatalogueEntry): string {
  const { name, description, licence, source, weights, labels } = manifest;
  return `# ${name}

<!-- Written by \`kilat models pull ${name}\`. -->

${[description, ...notes].join('\n\n')}

| | |
| --- | --- |
| task | ${manifest.task}, ${labels.length} labels |
| licence | ${licence} |
| publisher | ${source.publisher}, ${source.page} |
| weights | \`${weights.file}\`, ${weights.bytes} bytes, not committed: pulled again from its mirrors |
| sha256 | \`${weights.sha256}\` |
| accuracy | ${published(manifest.metrics)} |

## Input and output

${signature(manifest)}

Preprocessing, with the keys of Hugging Face's image processors; the picture is turned upright by its EXIF orientation first:

\`\`\`json
${JSON.stringify(manifest.preprocessing, null, 2)}
\`\`\`

## Mirrors

Tried in this order; only a file with the hash above is taken.

${mirrors.map(({ url, isVerified }) => `- ${url}${isVerified ? '' : ' (address not yet verified)'}`).join('\n')}
`;
}

function published(metrics: CatalogueEntry['manifest']['metrics']): string {
  const { top_1, top_5 } = metrics.published_accuracy_percent as { top_1: number; top_5: number };
  return `top-1 ${top_1} %, top-5 ${top_5} % as published, on ${metrics.dataset}`;
}

const signature = ({ signature, postprocessing }: CatalogueEntry['manifest']): string =>
  [
    ...signature.inputs.map(({ name, datatype, shape }) => `- input \`${name}\`: ${datatype} [${shape.join(', ')}]`),
    ...signature.outputs.map(({ name, datatype, shape }) => `- output \`${name}\`: ${datatype} [${shape.join(', ')}]`),
    `- confidences: ${postprocessing.function_to_apply} of \`${postprocessing.output}\``,
  ].join('\n');
