/** A text in the code, and its line. */
export interface FoundText {
  line: number;
  text: string;
}
export function findTexts(path: string, code: string): FoundText[];
export function filesToCheck(folder: string): string[];
