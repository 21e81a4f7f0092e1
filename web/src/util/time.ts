import { language } from "@/i18n/catalogue";
import { t } from "./messages";

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** The server's dates: ISO, or `2026-11-23 03:44:13.062784 UTC`. */
export function parseTime(text: string | null | undefined): Date | undefined {
  if (!text) return undefined;
  const iso = text.endsWith(" UTC") ? `${text.slice(0, -4).replace(" ", "T")}Z` : text;
  const withZone = /(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`;
  const date = new Date(withZone);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** "3 hours ago", "in 2 days". */
export function ago(text: string | null | undefined, now = Date.now()): string {
  const date = parseTime(text);
  if (!date) return t.never;
  const seconds = Math.round((date.getTime() - now) / 1000);
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return t.justNow;
}

export function longTime(text: string | null | undefined): string {
  const date = parseTime(text);
  return date ? date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) : t.never;
}

/** "3 days", "1 hour": in the largest unit that comes out even. */
export function longDuration(seconds: number): string {
  const [unit, size] = units.find(([, size]) => seconds >= size && seconds % size === 0) ?? (["second", 1] as const);
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "long" }).format(seconds / size);
}

/** "340 ms", "2.4 s", "1 min 5 s". */
export function duration(seconds: number): string {
  if (seconds < 1) return t.milliseconds(Math.round(seconds * 1000));
  if (seconds < 60) return t.seconds(seconds.toFixed(1));
  return t.minutes(Math.floor(seconds / 60), Math.round(seconds % 60));
}
