import { catalogue, type Part } from "@/i18n/catalogue";

export const t = catalogue("util", {
  somethingWentWrong: "Something went wrong.",
  never: "never",
  justNow: "just now",
  milliseconds: (count: Part) => `${count} ms`,
  seconds: (count: Part) => `${count} s`,
  minutes: (minutes: Part, seconds: Part) => `${minutes} min ${seconds} s`,
});
