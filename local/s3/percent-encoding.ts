/** Percent-encoding as signatures want it (RFC 3986): everything but letters, digits and `-._~`. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** As in a path: slashes stay. */
export const uriEncodePath = (path: string): string => path.split('/').map(uriEncode).join('/');

/** As in a form: slashes stay and a space is a `+`. Events and listings write keys so. */
export const formEncode = (text: string): string => uriEncodePath(text).replaceAll('%20', '+');
