import "./work.css";
import { useState, useSyncExternalStore } from "react";
import { showSegmentation } from "../marks/module";
import { personName } from "../../../src/format/dicom";
import { toolName, valuesInWords } from "../../../src/format/measured";
import { theHost } from "../modules";
import { annotationUid } from "./identity";
import { theDesk } from "./desk";
import { Past } from "./Past";
import { current, subscribe, type Row } from "./store";

/** Everybody's measurements on the exams that are open. */
export function Panel() {
  const { rows, reports, asking, failed, marks } = useSyncExternalStore(subscribe, current);
  const there = rows.filter(({ item, standing }) => !item.removed || standing.kind !== "kept");
  const authors = [...new Set(there.map(({ item }) => (item.own ? "" : item.author)))];
  if (asking) return <p className="iso-work-note">Looking for measurements…</p>;
  return (
    <div className="iso-work">
      {failed.length > 0 && (
        <p className="iso-work-note" role="alert">
          Measurements could not be asked for.{" "}
          <button type="button" onClick={() => void theDesk()?.refresh()}>
            Try again
          </button>
        </p>
      )}
      {there.length === 0 && reports.length === 0 && (
        <p className="iso-work-note">
          None yet. Press D and draw a length on the image: it is kept as soon as you let go.
        </p>
      )}
      {authors.map((author) => (
        <section key={author} aria-label={author === "" ? "Yours" : author}>
          <h3>{author === "" ? "Yours" : author}</h3>
          <ul>
            {there
              .filter(({ item }) => (item.own ? "" : item.author) === author)
              .map((row) => (
                <Line key={row.item.measurement.trackingUid} row={row} />
              ))}
          </ul>
        </section>
      ))}
      {reports.map(({ sop, title, author, measurements }) => (
        <section key={sop} aria-label={title || "Report"}>
          <h3>
            {title || "Report"} {author !== "" && <small>{personName(author)}</small>}
          </h3>
          <ul>
            {measurements.map((one, at) => (
              <li key={at} className="iso-work-line">
                <button type="button" className="iso-work-go" onClick={() => go(`${sop}-${at}-0`)}>
                  <strong>{one.label || "Measurement"}</strong>
                  <span>{valuesInWords(one.values)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {marks.others.length > 0 && (
        <section aria-label="Segmentations of others">
          <h3>Segmentations of others</h3>
          <ul>
            {marks.others.map(({ study, series, label, author }) => (
              <li key={series} className="iso-work-line">
                <button
                  type="button"
                  className="iso-work-go"
                  title="Show it; changing it makes one of your own"
                  onClick={() => void showSegmentation(study, series)}
                >
                  <strong>{label || "Segmentation"}</strong>
                  <span>{author}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Shows the image that it lies on. */
function go(uid: string): void {
  const { measurementService, viewportGridService } = theHost().servicesManager.services;
  if (measurementService.getMeasurement(uid) === undefined) return;
  measurementService.jumpToMeasurement(viewportGridService.getActiveViewportId(), uid);
}

function Line({ row: { study, item, standing } }: { row: Row }) {
  const [past, setPast] = useState(false);
  const [naming, setNaming] = useState(false);
  const { measurement, own } = item;
  const uid = measurement.trackingUid;
  const name = measurement.label || toolName(measurement.tool);
  const remove = () => theHost().commandsManager.runCommand("removeMeasurement", { uid: annotationUid(uid) });
  return (
    <li className="iso-work-line">
      {naming ? (
        <Naming
          label={measurement.label}
          done={(label) => {
            setNaming(false);
            if (label !== undefined) theDesk()?.rename(uid, label);
          }}
        />
      ) : (
        <button type="button" className="iso-work-go" title="Show it" onClick={() => go(annotationUid(uid))}>
          <strong>{name}</strong>
          <span>{valuesInWords(measurement.values)}</span>
        </button>
      )}
      <span className="iso-work-acts">
        {own && (
          <button
            type="button"
            title="Name it"
            aria-label={`Name ${name}`}
            onClick={() => setNaming(!naming)}
          >
            Name
          </button>
        )}
        <button
          type="button"
          aria-expanded={past}
          aria-label={`Earlier ${name}`}
          onClick={() => setPast(!past)}
        >
          Earlier
        </button>
        {own && (
          <button type="button" aria-label={`Remove ${name}`} onClick={remove}>
            Remove
          </button>
        )}
      </span>
      {standing.kind === "refused" && (
        <p role="alert">
          The server doesn’t take it: {standing.why}{" "}
          <button type="button" onClick={() => theDesk()?.drop(uid)}>
            Take it off
          </button>
        </p>
      )}
      {standing.kind === "newer" && (
        <p role="alert">
          You changed it in another window, too.{" "}
          <button type="button" onClick={() => theDesk()?.decide(uid, true)}>
            Keep what is shown here
          </button>{" "}
          <button type="button" onClick={() => theDesk()?.decide(uid, false)}>
            Take the other one
          </button>
        </p>
      )}
      {past && <Past study={study} uid={uid} own={own} version={item.version} />}
    </li>
  );
}

function Naming({ label, done }: { label: string; done: (label: string | undefined) => void }) {
  const [text, setText] = useState(label);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        done(text.trim());
      }}
    >
      <input
        aria-label="Name of the measurement"
        value={text}
        maxLength={200}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- asked for by the press of a button
        autoFocus
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          // The viewer listens to single keys.
          event.stopPropagation();
          if (event.key === "Escape") done(undefined);
        }}
      />
    </form>
  );
}
