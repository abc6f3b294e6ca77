import * as z from 'zod';
import { limits } from './limits.ts';

/** The formats that are read, told by their first bytes. */
export const imageMediaTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'] as const;
export type ImageMediaType = (typeof imageMediaTypes)[number];

/** base64 writes 3 bytes as 4 characters; what is longer cannot be an image within the limit. */
const maxBase64Length = Math.ceil(limits.maxImageBytes / 3) * 4;

const imageBase64 = z
  .object({ image_base64: z.string().meta({ description: `standard base64, at most ${maxBase64Length} characters` }) })
  .strict();

const imageUrl = z
  .object({
    image_url: z
      .string()
      .max(limits.imageUrl.maxLength)
      .meta({
        format: 'uri',
        description: 'http or https, at a public address',
        examples: ['https://example.com/three.jpg'],
      }),
  })
  .strict();

/** The JSON body of a prediction: the image itself, or where it is. */
export const imageReferenceSchema = z
  .union([imageBase64, imageUrl], { error: 'expected either "image_base64" or "image_url", each a string' })
  .meta({ id: 'ImageReference' });
export type ImageReference = z.infer<typeof imageReferenceSchema>;

/** The name of the form's file field. */
export const IMAGE_FORM_FIELD = 'image';
