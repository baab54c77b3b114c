// The viewer for one project: its images come de-identified, by the project's own DICOMweb service. The archive is
// not asked for anything, and what is drawn stays in the window.
import type { ViewerModule } from "./modules";

const named = new URLSearchParams(window.location.search).get("project");

/** The project whose images are shown, if the address names one. */
export const project: string | undefined =
  named !== null && /^[a-z][a-z0-9-]{1,31}$/.test(named) ? named : undefined;

/** Where images come from. */
export const DICOMWEB = project === undefined ? "/dicom-web" : `/${project}/dicomweb`;

/** The viewer's address for exams of the place that is shown. */
export const addressOf = (studies: string[]): string =>
  `/viewer/viewer?StudyInstanceUIDs=${studies.join(",")}${project === undefined ? "" : `&project=${project}`}`;

/** Says whose images these are and that nothing drawn is kept. */
export const projectStatus: ViewerModule = {
  name: "project",
  Status: () => (
    <span className="iso-status iso-status-quiet" role="status">
      {`Project ${project ?? ""}, de-identified: nothing drawn here is kept`}
    </span>
  ),
};
