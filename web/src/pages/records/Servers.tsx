import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { fhirServersQuery, pollServer, type FhirServer } from "../../api/records";
import { count, exactMoment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { useToasts } from "../../parts/toasts";

/** FHIR servers that are asked for what is new: how it went last, and asking one now. Nothing, where there is none. */
export function Servers() {
  const known = useQuery(fhirServersQuery);
  if (known.data === undefined || known.data.servers.length === 0) return null;
  return (
    <section className="panel records-part" aria-labelledby="servers-title">
      <h2 id="servers-title">{t`FHIR servers`}</h2>
      <ul className="servers">
        {known.data.servers.map((server) => (
          <OneServer key={server.name} server={server} />
        ))}
      </ul>
    </section>
  );
}

function OneServer({ server }: { server: FhirServer }) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const poll = useMutation({
    mutationFn: () => pollServer(server.name),
    onSuccess: () => queries.invalidateQueries({ queryKey: fhirServersQuery.queryKey }),
    onError: toasts.fail,
  });
  return (
    <li aria-label={server.name}>
      <div className="servers-head">
        <strong>{server.name}</strong>
        <Standing server={server} />
        <May action="store">
          <button
            type="button"
            className="button button-small"
            disabled={server.running || poll.isPending}
            onClick={() => poll.mutate()}
          >
            <Icon name="message" size={13} /> {t`Ask now`}
          </button>
        </May>
      </div>
      <p className="dim num servers-about">
        {[
          server.url,
          server.succeededAt ? t`last well ${exactMoment(server.succeededAt)}` : t`not well yet`,
          plural(server.resources, { one: "# resource", other: `${count(server.resources)} resources` }),
          plural(server.intervalMinutes, { one: "every minute", other: "every # minutes" }),
        ].join(" · ")}
      </p>
      {server.error !== "" && (
        <p className="notice notice-warn">
          {server.errorAt ? `${exactMoment(server.errorAt)}: ` : ""}
          {server.error}
        </p>
      )}
    </li>
  );
}

function Standing({ server }: { server: FhirServer }) {
  if (server.running) return <span className="badge">{t`being asked`}</span>;
  if (server.error !== "") return <span className="badge badge-danger">{t`failed`}</span>;
  if (server.succeededAt) return <span className="badge badge-ok">{t`up to date`}</span>;
  return <span className="badge">{t`not asked yet`}</span>;
}
