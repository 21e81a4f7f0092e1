const tints = ["#4f46e5", "#0f766e", "#b45309", "#be185d", "#1d4ed8", "#7e22ce", "#15803d", "#b91c1c"];

/** A colour for whatever has no other: the same text gets the same. */
export function tintOf(text: string): string {
  let sum = 0;
  for (const letter of text) sum += letter.codePointAt(0) ?? 0;
  return tints[sum % tints.length] ?? "#4f46e5";
}
