// Runs before the viewer: tells it where it lives.
window.PUBLIC_URL = "/viewer/";
window.browserImportFunction = (name) => import(name);
// The viewer ends this measurement when its first page stands.
console.time("scriptToView");
