import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { membersQuery, removeMember, setMember, type Project } from "../../api/projects";
import { moment } from "../../format/units";
import { Refusal } from "../../parts/Refusal";
import { RemoveButton } from "../../parts/RemoveButton";
import { Failure, Loading } from "../../parts/State";
import { TextField } from "../../parts/TextField";
import { useToasts } from "../../parts/toasts";
import { Choice } from "../policies/Form";
import { roleWords } from "./words";

type Role = "member" | "lead";

/** Who is in the project: accounts, and peers that come by its AE title. */
export function Members({ project }: { project: Project }) {
  const { id, mayLead } = project;
  const found = useQuery(membersQuery(id));
  const queries = useQueryClient();
  const toasts = useToasts();
  const change = useMutation({
    mutationFn: (run: () => Promise<void>) => run(),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: membersQuery(id).queryKey }),
  });
  if (found.isPending) return <Loading what={t`members`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return (
    <div className="project-parts">
      {mayLead && <Add project={id} />}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`Member`}</th>
              <th scope="col">{t`In the project`}</th>
              <th scope="col">{t`Added`}</th>
              {mayLead && (
                <th scope="col">
                  <span className="hidden-visually">{t`Actions`}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {found.data.map(({ member, role, addedBy, addedAt }) => (
              <tr key={member}>
                <td>{member}</td>
                <td>{roleWords(role)}</td>
                <td className="dim num">
                  {moment(addedAt)} {addedBy}
                </td>
                {mayLead && (
                  <td>
                    <div className="row-actions">
                      <button
                        type="button"
                        className="button button-small"
                        onClick={() =>
                          change.mutate(() => setMember(id, member, role === "lead" ? "member" : "lead"))
                        }
                      >
                        {role === "lead" ? t`Make ${member} a member` : t`Make ${member} a lead`}
                      </button>
                      <RemoveButton
                        name={member}
                        remove={() => change.mutate(() => removeMember(id, member))}
                      >
                        <Trans>From now on {member} sees nothing of the project.</Trans>
                      </RemoveButton>
                    </div>
                  </td>
                )}
              </tr>
            ))}
            {found.data.length === 0 && (
              <tr>
                <td className="dim" colSpan={mayLead ? 4 : 3}>
                  {t`Nobody is in it yet.`}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Add({ project }: { project: string }) {
  const [member, setName] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [added, setAdded] = useState(0);
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: () => setMember(project, member.trim(), role),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: membersQuery(project).queryKey });
      setAdded(added + 1);
      setName("");
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form className="project-add" onSubmit={submit}>
      {add.isError && <Refusal error={add.error} />}
      <TextField
        key={added}
        label={t`Add a member`}
        value={member}
        set={setName}
        required
        hint={t`an account, or peer: and the name of a peer’s entry`}
      />
      <Choice
        label={t`In the project`}
        value={role}
        choose={setRole}
        choices={{ member: roleWords("member"), lead: roleWords("lead") }}
      />
      <button type="submit" className="button button-primary" disabled={add.isPending}>
        {t`Add`}
      </button>
    </form>
  );
}
