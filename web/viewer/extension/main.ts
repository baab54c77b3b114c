// Runs before the viewer: its settings, our extension and our mode.
import "./settings";
