import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { conflictsQuery } from "../../api/other";
import { DOORS } from "../../format/doors";
import { bytes, moment } from "../../format/units";
import { ListPage } from "../../parts/ListPage";

/** Objects that came a second time under the same UID with other content. The first one stands. */
export default function ConflictsPage() {
  const found = useInfiniteQuery(conflictsQuery);
  const items = found.data?.pages.flatMap((page) => page.conflicts) ?? [];
  return (
    <ListPage
      title="Conflicts"
      about="Objects that arrived under a SOP Instance UID already here, but with other content. The original was not touched; the newcomer is kept beside it."
      query={found}
      count={items.length}
      empty={{
        icon: "ok",
        title: "No conflicts",
        text: "No object has arrived twice with different content.",
      }}
      heads={["SOP Instance UID", "SHA-256", "Size", "From", "Arrived", ""]}
    >
      {items.map((item) => (
        <tr key={item.id}>
          <td className="mono">{item.sopInstanceUid}</td>
          <td className="mono dim" title={item.sha256}>
            {item.sha256.slice(0, 10)}
          </td>
          <td className="num right">{bytes(item.size)}</td>
          <td className="dim">
            {DOORS[item.door] ?? item.door}
            <div className="faint">{item.peer ? `${item.account} at ${item.peer}` : item.account}</div>
          </td>
          <td className="num dim">{moment(item.receivedAt)}</td>
          <td>
            <div className="row-actions">
              <a className="button button-small" href={`/api/v1/conflicts/${item.sha256}/content`} download>
                Newcomer's file
              </a>
              <Link className="button button-small" to={`/exams/${item.studyInstanceUid}`}>
                Open exam
              </Link>
            </div>
          </td>
        </tr>
      ))}
    </ListPage>
  );
}
