import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  decide,
  projectQuery,
  reviewCaseQuery,
  reviewQuery,
  type Project,
  type ReviewGroup,
} from "../../api/projects";
import { count } from "../../format/units";
import { Empty, Failure, Loading } from "../../parts/State";
import { TextField } from "../../parts/TextField";
import { useToasts } from "../../parts/toasts";
import { Decisions } from "./Decisions";
import { Looking } from "./review/Looking";
import { useKeys } from "./review/useKeys";
import type { Box } from "./review/boxes";

/** What the wall was in doubt about, kind by kind: somebody looks at one and decides. */
export function Review({ project }: { project: Project }) {
  const { id } = project;
  const found = useQuery(reviewQuery(id));
  const [chosen, choose] = useState(0);
  if (found.isPending) return <Loading what={t`what is in doubt`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const { groups, decisions } = found.data;
  const at = Math.min(chosen, groups.length - 1);
  const group = groups[at];
  return (
    <div className="project-parts">
      {group === undefined ? (
        <Empty icon="ok" title={t`Nothing is in doubt`}>
          {t`What can only be decided by looking waits here, such as text burned into pixels.`}
        </Empty>
      ) : (
        <div className="review">
          <ul className="review-groups" aria-label={t`Kinds in doubt`}>
            {groups.map((one, index) => (
              <li key={one.sample}>
                <button
                  type="button"
                  className="review-group"
                  aria-current={index === at}
                  onClick={() => choose(index)}
                >
                  <strong>{kindWords(one)}</strong>
                  <span className="dim">
                    {plural(one.instances, { one: "# instance", other: "# instances" })} · {one.detail}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          <Case key={group.sample} project={id} group={group} next={() => choose((at + 1) % groups.length)} />
        </div>
      )}
      <Decisions project={project} decisions={decisions} />
    </div>
  );
}

/** A kind of images, as people name a device. */
export function kindWords({ kind }: Pick<ReviewGroup, "kind">): string {
  const device = [kind.manufacturer, kind.model].filter((part) => part !== "").join(" ");
  const size = kind.columns > 0 ? `${kind.columns} × ${kind.rows}` : "";
  return [kind.modality, device, size].filter((part) => part !== "").join(", ") || t`unknown`;
}

type Action = "release" | "mask" | "withhold";

function Case({ project, group, next }: { project: string; group: ReviewGroup; next: () => void }) {
  const found = useQuery(reviewCaseQuery(project, group.sample));
  const [drawn, setDrawn] = useState<Box[]>();
  const [allAlike, setAllAlike] = useState(true);
  const [note, setNote] = useState("");
  const queries = useQueryClient();
  const toasts = useToasts();
  const boxes = drawn ?? found.data?.boxes ?? [];
  const settle = useMutation({
    mutationFn: (action: Action) => {
      const masked = action === "mask" ? boxes : [];
      return decide(project, { sopInstanceUid: group.sample, allAlike, action, boxes: masked, note });
    },
    onSuccess: () => toasts.say(t`Decided. It passes the policy again.`),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: projectQuery(project).queryKey }),
  });
  const accepted: Action = boxes.length > 0 ? "mask" : "release";
  const ready = found.isSuccess && !settle.isPending;
  useKeys({
    a: () => ready && settle.mutate(accepted),
    x: () => ready && settle.mutate("withhold"),
    n: next,
    Delete: () => setDrawn(boxes.slice(0, -1)),
  });
  if (found.isPending) return <Loading what={t`the image`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const isImage = found.data.frames > 0;
  return (
    <section className="review-case" aria-label={kindWords(group)}>
      {isImage ? (
        <Looking shown={found.data} boxes={boxes} setBoxes={setDrawn} />
      ) : (
        <p className="notice">{t`Accepted, the private attributes of unknown creators are removed and the rest passes.`}</p>
      )}
      <label className="project-check">
        <input type="checkbox" checked={allAlike} onChange={(event) => setAllAlike(event.target.checked)} />
        {t`For all ${count(group.instances)} of this kind, and those to come`}
      </label>
      <TextField
        label={t`Why`}
        value={note}
        set={setNote}
        maxLength={1000}
        hint={t`for whoever reads it later`}
      />
      <div className="review-actions">
        <button
          type="button"
          className="button button-primary"
          aria-keyshortcuts="a"
          disabled={!ready}
          onClick={() => settle.mutate(accepted)}
        >
          {!isImage
            ? t`Accept`
            : boxes.length > 0
              ? plural(boxes.length, { one: "Mask # box and release", other: "Mask # boxes and release" })
              : t`Release as it is`}{" "}
          <kbd>A</kbd>
        </button>
        <button
          type="button"
          className="button"
          aria-keyshortcuts="x"
          disabled={!ready}
          onClick={() => settle.mutate("withhold")}
        >
          {t`Keep back`} <kbd>X</kbd>
        </button>
        <button type="button" className="button" aria-keyshortcuts="n" onClick={next}>
          {t`Next`} <kbd>N</kbd>
        </button>
      </div>
    </section>
  );
}
