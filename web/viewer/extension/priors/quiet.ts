// The viewer's own list of exams asks for the patient's other exams by their ID, which would stand in an address.
// Ours beside the images asks in a body; that list is given the exams that are open, which it was to show anyhow.
import type { Host } from "../host/ohif";
import { studiesShown } from "../session";

export function askForNoPatient({ extensionManager }: Host): void {
  const [source] = extensionManager.getActiveDataSource();
  if (source === undefined) return;
  const { studies } = source.query;
  const search = studies.search.bind(studies);
  studies.search = async (about) => {
    if (about.patientId === undefined) return search(about);
    const open = await Promise.all(studiesShown().map((studyInstanceUid) => search({ studyInstanceUid })));
    return open.flat();
  };
}
