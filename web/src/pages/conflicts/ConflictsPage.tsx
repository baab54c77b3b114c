import { t } from "@lingui/core/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { conflictsQuery } from "../../api/other";
import { doorWords } from "../../format/doors";
import { bytes, moment } from "../../format/units";
import { ListPage } from "../../parts/ListPage";
import { attributesAddress } from "../attributes/side";

/** Objects that came a second time under the same UID with other content. The first one stands. */
export default function ConflictsPage() {
  const found = useInfiniteQuery(conflictsQuery);
  const items = found.data?.pages.flatMap((page) => page.conflicts) ?? [];
  return (
    <ListPage
      title={t`Conflicts`}
      about={t`Objects that arrived under a SOP Instance UID already here, but with other content. The original was not touched; the newcomer is kept beside it.`}
      query={found}
      count={items.length}
      empty={{
        icon: "ok",
        title: t`No conflicts`,
        text: t`No object has arrived twice with different content.`,
      }}
      heads={[t`SOP Instance UID`, t`SHA-256`, t`Size`, t`From`, t`Arrived`, ""]}
    >
      {items.map((item) => (
        <tr key={item.id}>
          <td className="mono">{item.sopInstanceUid}</td>
          <td className="mono dim" title={item.sha256}>
            {item.sha256.slice(0, 10)}
          </td>
          <td className="num right">{bytes(item.size)}</td>
          <td className="dim">
            {doorWords(item.door)}
            <div className="faint">{item.peer ? t`${item.account} at ${item.peer}` : item.account}</div>
          </td>
          <td className="num dim">{moment(item.receivedAt)}</td>
          <td>
            <div className="row-actions">
              <Link
                className="button button-small"
                to={attributesAddress(item.studyInstanceUid, item.sopInstanceUid, {
                  kind: "conflict",
                  sha256: item.sha256,
                })}
              >
                {t`Compare`}
              </Link>
              <a className="button button-small" href={`/api/v1/conflicts/${item.sha256}/content`} download>
                {t`Newcomer's file`}
              </a>
              <Link className="button button-small" to={`/exams/${item.studyInstanceUid}`}>
                {t`Open exam`}
              </Link>
            </div>
          </td>
        </tr>
      ))}
    </ListPage>
  );
}
