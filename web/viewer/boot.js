// Runs before the viewer: tells it where it lives, and shows the exam at once while the viewer is still coming.
window.PUBLIC_URL = "/viewer/";
window.browserImportFunction = (name) => import(name);
// The viewer ends this measurement when its first page stands.
console.time("scriptToView");

const asked = new URLSearchParams(window.location.search);
const [study] = asked.get("StudyInstanceUIDs")?.split(",") ?? [];
// Guests (ADR 45) have a token, which a picture's address can't carry; the session is not theirs.
const own = window.location.pathname.startsWith("/viewer/");
// In a project the exam is known to the project's own service alone.
const project = asked.get("project");
const root = project === null ? "/dicom-web" : `/${encodeURIComponent(project)}/dicomweb`;
if (own && study !== undefined && /^[0-9.]{1,64}$/.test(study)) preview();

/** The picture by which the exam is known in lists, until the viewer has drawn one. */
function preview() {
  const picture = new Image();
  picture.className = "iso-preview";
  picture.alt = "";
  picture.onerror = () => picture.remove();
  picture.src = `${root}/studies/${study}/thumbnail?viewport=512,512`;
  // The body comes with the viewer's scripts, megabytes later.
  document.documentElement.append(picture);
  const seen = setInterval(() => {
    if (document.querySelector("[data-viewport-uid] canvas, canvas.cornerstone-canvas") === null) return;
    clearInterval(seen);
    picture.remove();
  }, 50);
  // Whatever happened to the viewer: it says so itself, and nothing may hide it.
  setTimeout(() => picture.remove(), 60_000);
}
