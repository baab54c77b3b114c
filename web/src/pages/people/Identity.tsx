import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { findPersons, joinIdentifiers, personUrl, type Person } from "../../api/records";
import { dicomDate } from "../../format/dicom";
import { Confirm } from "../../parts/Confirm";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { useToasts } from "../../parts/toasts";
import { PersonSearch } from "../records/FindPerson";
import { isOfRecords } from "./LinksOf";
import { aboutPerson, identifierWords, nameOfPerson, namesOf } from "./who";

type Identifier = Person["identifiers"][number];

/** Who it is, by every identifier; joining another record to it, and parting one from it. */
export function Identity({ person }: { person: Person }) {
  const names = namesOf(person);
  const [parted, setParted] = useState<Identifier>();
  const part = useJoining(person, t`Parted. It has a record of its own now.`);
  return (
    <section className="panel person-part" aria-labelledby="identity-title">
      <h2 id="identity-title">{t`Who it is`}</h2>
      {names.length > 1 && <p className="dim">{t`Names: ${names.join("; ")}`}</p>}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`Identifier`}</th>
              <th scope="col">{t`Issuer`}</th>
              <th scope="col">{t`Birth date`}</th>
              <th scope="col">
                <span className="hidden-visually">{t`Actions`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {person.identifiers.map((one) => (
              <tr key={one.id}>
                <td className="num">
                  <strong>{one.value}</strong> {one.kind !== "" && <span className="badge">{one.kind}</span>}
                </td>
                <td>{one.system || <span className="faint">{t`no issuer`}</span>}</td>
                <td className="num">{dicomDate(one.birthDate)}</td>
                <td>
                  {person.identifiers.length > 1 && (
                    <May action="curate">
                      <div className="row-actions">
                        <button type="button" className="button button-small" onClick={() => setParted(one)}>
                          {t`Part…`}
                        </button>
                      </div>
                    </May>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <May action="curate">
        <Joining person={person} />
      </May>
      {parted !== undefined && (
        <Confirm
          title={t`Part this identifier?`}
          action={t`Part`}
          onCancel={() => setParted(undefined)}
          onConfirm={() => {
            const others = person.identifiers.filter(({ id }) => id !== parted.id);
            part.mutate({ pairs: others.map(({ id }) => [parted.id, id]), same: false });
            setParted(undefined);
          }}
        >
          <Trans>
            {identifierWords(parted)} becomes another person, with what was said under it. The decision is
            recorded under your name and stands above every message; it can be taken back by joining again.
          </Trans>
        </Confirm>
      )}
    </section>
  );
}

function Joining({ person }: { person: Person }) {
  const [other, setOther] = useState<Person>();
  const join = useJoining(person, t`Joined. It is one record now.`);
  return (
    <details className="joining">
      <summary>{t`Join another person's record to this one`}</summary>
      <PersonSearch
        label={t`Identifier of the other`}
        found={(persons) => <Candidates persons={persons} person={person} choose={setOther} />}
      />
      {other !== undefined && (
        <Confirm
          title={t`Are they one person?`}
          action={t`Join`}
          onCancel={() => setOther(undefined)}
          onConfirm={() => {
            const [mine, theirs] = [person.identifiers[0], other.identifiers[0]];
            if (mine !== undefined && theirs !== undefined) {
              join.mutate({ pairs: [[mine.id, theirs.id]], same: true });
            }
            setOther(undefined);
          }}
        >
          <dl className="joining-both">
            <div>
              <dt>{nameOfPerson(person)}</dt>
              <dd>{aboutPerson(person)}</dd>
            </div>
            <div>
              <dt>{nameOfPerson(other)}</dt>
              <dd>{aboutPerson(other)}</dd>
            </div>
          </dl>
          <p>
            <Trans>
              Both records become one. The decision is recorded under your name and stands above every
              message; it can be taken back by parting.
            </Trans>
          </p>
        </Confirm>
      )}
    </details>
  );
}

function Candidates(props: { persons: Person[]; person: Person; choose: (person: Person) => void }) {
  const { persons, person, choose } = props;
  return (
    <ul className="found-persons">
      {persons.map((one) => (
        <li key={one.id}>
          <strong>{nameOfPerson(one)}</strong>
          <span className="dim num">{aboutPerson(one)}</span>
          {one.id === person.id ? (
            <span className="badge">{t`this record`}</span>
          ) : (
            <button type="button" className="button button-small" onClick={() => choose(one)}>
              <Icon name="link" size={13} /> {t`Join…`}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** After a decision the record may stand under another number: it is found again by its first identifier. */
function useJoining(person: Person, done: string) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async ({ pairs, same }: { pairs: [number, number][]; same: boolean }) => {
      for (const [one, other] of pairs) await joinIdentifiers(one, other, same);
      const first = person.identifiers[0];
      const found = first === undefined ? [] : await findPersons(first.value);
      return found.find(({ identifiers }) => identifiers.some(({ id }) => id === first?.id))?.id;
    },
    onSuccess: async (id) => {
      toasts.say(done);
      await queries.invalidateQueries({ predicate: ({ queryKey }) => isOfRecords(queryKey[0]) });
      if (id !== undefined && id !== person.id) await navigate(personUrl(id), { replace: true });
    },
    onError: toasts.fail,
  });
}
