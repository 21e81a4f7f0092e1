// Runs before the first paint, so that a dark page never flashes light. A file of its own because
// the content policy forbids inline scripts.
(() => {
  let choice = "system";
  try {
    choice = localStorage.getItem("langflow-theme") || "system";
  } catch {
    // Storage may be forbidden; the system's choice holds then.
  }
  const dark = choice === "dark" || (choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
