import { plural, t } from "@lingui/core/macro";
import { Link } from "react-router";
import { patientUrl, type PatientDetail } from "../../api/patients";
import { dicomDate, personName, sexWord } from "../../format/dicom";
import { Icon } from "../../parts/Icon";

/** What the exams say differently about who this is: somebody has to look whether it is one person. */
export function Identities({ detail: { identities, namesakes } }: { detail: PatientDetail }) {
  if (identities.length < 2 && namesakes.length === 0) return null;
  return (
    <div className="notice notice-warn patient-doubt" role="note">
      <Icon name="conflict" />
      <div>
        {identities.length > 1 && (
          <>
            <strong>{t`The exams under this ID do not agree on who it is.`}</strong>
            <ul>
              {identities.map((one) => (
                <li key={one.studyInstanceUids[0]} className="num">
                  {said(one.patientName, one.patientBirthDate, one.patientSex)}:{" "}
                  <Link to={`/exams/${one.studyInstanceUids[0] ?? ""}`}>
                    {plural(one.studyInstanceUids.length, { one: "# exam", other: "# exams" })}
                  </Link>
                </li>
              ))}
            </ul>
          </>
        )}
        {namesakes.length > 0 && (
          <>
            <strong>{t`Another issuer gave the same ID:`}</strong>
            <ul>
              {namesakes.map((one) => (
                <li key={one.key} className="num">
                  <Link to={patientUrl(one.key)}>{personName(one.patientName) || t`No name`}</Link>,{" "}
                  {one.issuer === "" ? t`no issuer` : one.issuer},{" "}
                  {plural(one.examCount, { one: "# exam", other: "# exams" })}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}

function said(name: string, birth: string | null | undefined, sex: string): string {
  const born = birth === null || birth === undefined ? t`no birth date` : t`born ${dicomDate(birth)}`;
  return [personName(name) || t`no name`, born, sexWord(sex)].filter((part) => part !== "").join(", ");
}
