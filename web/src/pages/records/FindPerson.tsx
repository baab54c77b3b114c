import { t } from "@lingui/core/macro";
import { useMutation } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { Link } from "react-router";
import { findPersons, personUrl, type Person } from "../../api/records";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { Refusal } from "../../parts/Refusal";
import { aboutPerson, nameOfPerson } from "../people/who";

/** From an identifier to the record of the person who has it. */
export function FindPerson() {
  return (
    <May action="query">
      <Find />
    </May>
  );
}

function Find() {
  return (
    <PersonSearch
      label={t`Record of the patient with the ID`}
      found={(persons) => <Found persons={persons} />}
    />
  );
}

function Found({ persons }: { persons: Person[] }) {
  return (
    <ul className="found-persons">
      {persons.map((person) => (
        <li key={person.id}>
          <Link to={personUrl(person.id)}>{nameOfPerson(person)}</Link>
          <span className="dim num">{aboutPerson(person)}</span>
        </li>
      ))}
    </ul>
  );
}

interface SearchProps {
  label: string;
  found: (persons: Person[]) => React.ReactNode;
}

/** A box for a whole identifier, and what is found by it. */
export function PersonSearch({ label, found }: SearchProps) {
  const [value, setValue] = useState("");
  const look = useMutation({ mutationFn: () => findPersons(value.trim()) });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (value.trim() !== "") look.mutate();
  };
  return (
    <div className="person-search">
      <form onSubmit={submit} role="search" aria-label={label}>
        <label className="field">
          <span className="field-label">{label}</span>
          <input
            className="input"
            type="search"
            autoComplete="off"
            spellCheck={false}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={value.trim() === "" || look.isPending}>
          <Icon name="search" /> {t`Find`}
        </button>
      </form>
      {look.isError && <Refusal error={look.error} />}
      <div role="status">
        {look.data?.length === 0 && (
          <p className="dim">{t`Nobody has this identifier. It is looked for as a whole.`}</p>
        )}
      </div>
      {look.data !== undefined && look.data.length > 0 && found(look.data)}
    </div>
  );
}
