import { t } from "@lingui/core/macro";
import type { DownloadWish, Form, Part } from "../../api/downloads";

type Level = NonNullable<DownloadWish["level"]>;

/** What a person has chosen of a package. */
export interface Choice {
  form: Form;
  /** Of a table: what a row is. */
  level: Level;
  /** Of a table: keywords and tags as typed; empty: a sensible set. */
  columns: string;
  /** Of a table: every attribute there is, whatever was typed. */
  every: boolean;
}

export const NO_CHOICE: Choice = { form: "dicom", level: "instance", columns: "", every: false };

/** What is asked of the server. Spreadsheets read UTF-8 only with a byte order mark; programs skip it. */
export function wishOf({ form, level, columns, every }: Choice, parts: Part[]): DownloadWish {
  if (form !== "csv") return { form, parts };
  const typed = columns.split(/[\s,;]+/).filter((word) => word !== "");
  return { form, parts, level, columns: every ? ["all"] : typed, byteOrderMark: true };
}

const forms = (): { form: Form; name: string; about: string }[] => [
  { form: "dicom", name: t`DICOM files`, about: t`as they were received, in a zip file` },
  {
    form: "nifti",
    name: t`NIfTI volumes`,
    about: t`of series that are volumes, with BIDS sidecars, in a zip file`,
  },
  { form: "csv", name: t`Table of attributes`, about: t`a CSV file for spreadsheets and statistics` },
];

interface Props {
  choice: Choice;
  change: (choice: Choice) => void;
}

/** In which form, and for tables which rows and columns. */
export function FormFields({ choice, change }: Props) {
  return (
    <>
      <fieldset className="download-forms">
        <legend className="field-label">{t`Form`}</legend>
        {forms().map(({ form, name, about }) => (
          <label key={form} className="download-form">
            <input
              type="radio"
              name="form"
              checked={choice.form === form}
              onChange={() => change({ ...choice, form })}
            />
            <span>
              {name}
              <span className="field-hint"> {about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {choice.form === "csv" && <TableFields choice={choice} change={change} />}
    </>
  );
}

function TableFields({ choice, change }: Props) {
  return (
    <>
      <label className="field">
        <span className="field-label">{t`A row for each`}</span>
        <select
          className="input"
          value={choice.level}
          onChange={(event) => change({ ...choice, level: event.target.value as Level })}
        >
          <option value="instance">{t`image or document`}</option>
          <option value="series">{t({ message: "series", context: "a row for each" })}</option>
          <option value="exam">{t({ message: "exam", context: "a row for each" })}</option>
        </select>
      </label>
      <label className="field">
        <span className="field-label">{t`Columns`}</span>
        <input
          className="input"
          placeholder={t`The usual ones`}
          value={choice.columns}
          disabled={choice.every}
          onChange={(event) => change({ ...choice, columns: event.target.value })}
        />
        <span className="field-hint">{t`Keywords or tags, such as PatientID, SliceThickness or 00180050.`}</span>
      </label>
      <label className="download-form">
        <input
          type="checkbox"
          checked={choice.every}
          onChange={(event) => change({ ...choice, every: event.target.checked })}
        />
        <span>{t`Every attribute there is`}</span>
      </label>
    </>
  );
}
