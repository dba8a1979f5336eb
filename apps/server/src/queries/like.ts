/** A LIKE pattern for what begins with `text`, whatever signs are in it. */
export const likePrefix = (text: string): string => `${text.replace(/[\\%_]/g, '\\$&')}%`
