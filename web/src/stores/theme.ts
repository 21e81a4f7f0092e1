import { create } from "zustand";

export type Theme = "light" | "dark" | "system";
const KEY = "langflow-theme";

function read(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

const prefersDark = () => typeof matchMedia === "function" && matchMedia("(prefers-color-scheme: dark)").matches;

function isDark(theme: Theme): boolean {
  return theme === "dark" || (theme === "system" && prefersDark());
}

export const useTheme = create<{ theme: Theme; dark: boolean; set: (theme: Theme) => void }>((set) => ({
  theme: read(),
  dark: isDark(read()),
  set: (theme) => {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // The choice then lasts as long as the page.
    }
    document.documentElement.dataset.theme = isDark(theme) ? "dark" : "light";
    set({ theme, dark: isDark(theme) });
  },
}));

if (typeof matchMedia === "function") {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    const { theme, set } = useTheme.getState();
    if (theme === "system") set("system");
  });
}
