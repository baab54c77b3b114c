import "./peers.css";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { echo, isCalled, peersQuery, removePeer, type Peer } from "../../api/peers";
import { Icon } from "../../parts/Icon";
import { ListPage } from "../../parts/ListPage";
import { May } from "../../parts/May";
import { RemoveButton } from "../../parts/RemoveButton";
import { useToasts } from "../../parts/toasts";
import { PeerForm } from "./PeerForm";
import { RemoteExams } from "./RemoteExams";
import { TermsForm } from "./TermsForm";
import { Transfers } from "./Transfers";

/** Other systems on the DICOM network: who they are, what they have, what goes to and fro. */
export default function PeersPage() {
  const found = useQuery(peersQuery);
  const peers = found.data ?? [];
  const [edited, setEdited] = useState<Peer | "new">();
  const [searched, setSearched] = useState<string>();
  const [allowed, setAllowed] = useState<string>();
  return (
    <>
      <ListPage
        title={t`Peers`}
        about={t`Systems on the DICOM network that may call Isocenter, and that it calls: scanners, archives, workstations.`}
        query={found}
        count={peers.length}
        empty={{
          icon: "peers",
          title: t`No peers yet`,
          text: t`Add a scanner or an archive to receive from it, search it, fetch from it and send to it.`,
        }}
        heads={[t`Name`, t`AE title`, t`Called at`, t`May`, ""]}
        actions={
          <May action="manage-peers">
            <button type="button" className="button button-primary" onClick={() => setEdited("new")}>
              {t`Add a peer`}
            </button>
          </May>
        }
      >
        {peers.map((peer) => (
          <Row
            key={peer.name}
            peer={peer}
            edit={() => setEdited(peer)}
            search={() => setSearched(peer.name)}
            terms={() => setAllowed(peer.name)}
          />
        ))}
      </ListPage>
      <div className="page peers-below">
        {searched !== undefined && (
          <RemoteExams key={searched} peer={searched} close={() => setSearched(undefined)} />
        )}
        <Transfers />
      </div>
      {allowed !== undefined && <TermsForm peer={allowed} close={() => setAllowed(undefined)} />}
      {edited !== undefined && (
        <PeerForm peer={edited === "new" ? undefined : edited} close={() => setEdited(undefined)} />
      )}
    </>
  );
}

interface RowProps {
  peer: Peer;
  edit: () => void;
  search: () => void;
  terms: () => void;
}

function Row({ peer, edit, search, terms }: RowProps) {
  const called = isCalled(peer);
  return (
    <tr>
      <td>
        <strong>{peer.name}</strong>
      </td>
      <td className="num">{peer.aeTitle}</td>
      <td className="num dim">
        {called ? `${peer.host}:${peer.port}` : t`is not called`}{" "}
        {peer.tls === true && <span className="badge badge-ok">{t`TLS`}</span>}
      </td>
      <td className="dim">{rights(peer)}</td>
      <td>
        <div className="row-actions">
          {called && <Test name={peer.name} />}
          {called && (
            <button type="button" className="button button-small" onClick={search}>
              <Icon name="search" size={14} /> {t`Search`}
            </button>
          )}
          <May action="manage-peers">
            {called && (
              <button type="button" className="button button-small" onClick={terms}>
                {t`Terms`}
              </button>
            )}
            <button type="button" className="button button-small" onClick={edit}>
              {t`Edit`}
            </button>
            <Remove name={peer.name} />
          </May>
        </div>
      </td>
    </tr>
  );
}

function rights(peer: Peer): string {
  const words = [
    peer.mayStore === true ? "store" : "",
    peer.mayQuery === true ? "query" : "",
    peer.mayRetrieve === true ? "retrieve" : "",
  ].filter((word) => word !== "");
  return words.length === 0 ? "nothing" : words.join(", ");
}

function Test({ name }: { name: string }) {
  const toasts = useToasts();
  const test = useMutation({
    mutationFn: () => echo(name),
    onSuccess: (took) => toasts.say(t`${name} answered in ${took} ms.`),
    onError: toasts.fail,
  });
  return (
    <button
      type="button"
      className="button button-small"
      disabled={test.isPending}
      onClick={() => test.mutate()}
    >
      {test.isPending ? t`Calling…` : t`Test`}
    </button>
  );
}

function Remove({ name }: { name: string }) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const remove = useMutation({
    mutationFn: () => removePeer(name),
    onSuccess: () => toasts.say(t`${name} was removed.`),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: peersQuery.queryKey }),
  });
  return (
    <RemoveButton name={name} remove={() => remove.mutate()}>
      <Trans>
        It can&apos;t call Isocenter any more, and nothing more is sent to it or fetched from it. What it has
        sent stays.
      </Trans>
    </RemoveButton>
  );
}
