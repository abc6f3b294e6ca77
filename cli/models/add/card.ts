import type { ImageManifest } from '@kilat/contracts';

/** The README.md of a model that was added: a start, for its owner to go on with. */
export const addedModelCard = ({ name, description, licence, weights, labels, preprocessing }: ImageManifest): string =>
  `# ${name}

${description}

| | |
| --- | --- |
| task | image-classification, ${labels.length} labels |
| licence | ${licence} |
| weights | \`${weights.file}\`, ${weights.bytes} bytes, sha256 \`${weights.sha256}\` |

Write here what the model is for, what it cannot do, what it was trained on, and how well it does on which photos.

Preprocessing, with the keys of Hugging Face's image processors:

\`\`\`json
${JSON.stringify(preprocessing, null, 2)}
\`\`\`
`;
