import { type ClassValue, clsx } from "clsx";

/** Joins class names; later ones are written to win by order in the sheet. */
export function cn(...values: ClassValue[]): string {
  return clsx(values);
}
