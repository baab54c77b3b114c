/** How each door is told to people. */
export const DOORS: Record<string, string> = {
  "c-store": "Sent by DICOM (C-STORE)",
  stow: "Sent over the web (STOW-RS)",
  import: "Imported from a folder",
  upload: "Uploaded in the browser",
  fetch: "Fetched from another archive",
  made: "Made for the demonstration",
};
