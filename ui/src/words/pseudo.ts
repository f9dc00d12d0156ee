/**
 * Pseudo-languages, made of English: they show what is not in the catalogue, what has no room for
 * longer words, and what is not mirrored where one writes from right to left.
 */

const FROM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const TO = "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ";
const ACCENTS = new Map(Array.from(FROM, (letter, index) => [letter, Array.from(TO)[index]]));

/** Accented letters, with vowels doubled: about a third longer. */
export function accented(text: string): string {
  return Array.from(text, (letter) => {
    const other = ACCENTS.get(letter) ?? letter;
    return "aeo".includes(letter) ? other + other : other;
  }).join("");
}

/** From right to left: each word between marks that turn it round. */
export function mirrored(text: string): string {
  return text.replace(/[\p{L}\p{N}]+/gu, (word) => `\u202e${word}\u202c`);
}
