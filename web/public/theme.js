// Sets the chosen theme before the first paint, so that a dark room never sees a white flash.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be closed to us; the system's own preference then stands.
}
